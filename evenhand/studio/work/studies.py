"""Orders of studies: a sweep, a search, a goal, and what holds in plausible futures."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from evenhand import jobs, sim
from evenhand.analysis.experiments import Kind, design
from evenhand.errors import UsageError, refused
from evenhand.jobs import robust_order, search_order, sweep_axes
from evenhand.jobs.event import Cancelled, OnEvent
from evenhand.jobs.parameter_sweep import USUAL
from evenhand.locale.current import gettext, language
from evenhand.sim.runs.experiment import choose_engine
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.plan import at_least, check_counted, for_days, read_both
from evenhand.studio.work.orders import Found


class SearchOrder(NamedTuple):
    """A search, kept in a folder with its page and its candidates as files."""

    asked: search_order.Order
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Search, judge and draw, as `evenhand search` does; goes on where it was stopped."""
        with language(self.lang), refused(), search_order.no_library():
            plan = search_order.check(self.asked)
            found = jobs.search(
                plan.experiment,
                plan.turned.levers,
                plan.aims,
                bases=plan.bases,
                budget=plan.budget,
                fresh=self.asked.fresh,
                business=plan.turned.business,
                out=self.out,
                workers=plan.asked,
                on_event=on_event,
                cancelled=cancelled,
            )
        return {"folder": found.folder.name, "page": "search"}


class GoalOrder(NamedTuple):
    """The smallest change that reaches a target, kept in a folder with the change as a file."""

    asked: search_order.Order
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Look for it, as `evenhand goal` does; goes on where it was stopped."""
        with language(self.lang), refused():
            plan, wanted = search_order.check_goal(self.asked)
            found = jobs.goal(
                plan.experiment,
                wanted,
                plan.turned.levers,
                bases=plan.bases,
                fresh=self.asked.fresh,
                business=plan.turned.business,
                out=self.out,
                workers=plan.asked,
                on_event=on_event,
                cancelled=cancelled,
            )
        return {"folder": found.folder.name, "page": "goal"}


class RobustOrder(NamedTuple):
    """In what share of plausible futures a conclusion holds, kept in a folder with its page."""

    asked: robust_order.Order
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Ask the futures, as `evenhand robust` does; goes on where it was stopped."""
        with language(self.lang), refused():
            asking, base = robust_order.check(self.asked)
            found = jobs.robust(
                asking,
                out=self.out,
                asked=self.asked.asked,
                base=base,
                on_event=on_event,
                cancelled=cancelled,
            )
        return {"folder": found.folder.name, "page": "assumptions"}


class SweepOrder(NamedTuple):
    """A sweep of settings of one set of rules, kept in a folder with its page and its pictures."""

    policy: str
    scenario: str
    vary: tuple[str, ...]
    design: Kind
    points: int | None
    replications: int
    days: int | None
    seed: int
    metrics: tuple[str, ...]
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Sweep and draw, as `evenhand sweep` does; goes on where it was stopped."""
        with language(self.lang), refused():
            experiment, varied, points = self.read()
            found = jobs.sweep(
                experiment,
                varied.axes,
                business=varied.business,
                design_kind=self.design,
                points=points,
                days=self.days,
                show=self.metrics,
                out=self.out,
                on_event=on_event,
                cancelled=cancelled,
            )
        return {"folder": found.folder.name, "page": "sweep"}

    def read(self) -> tuple[sim.Experiment, sweep_axes.Varied, int]:
        """Read and check everything. Raises BadFile, UsageError, DoesNotFit."""
        if not self.vary:
            raise UsageError(gettext("--vary: choose at least one setting"))
        at_least("--replications", self.replications, 1, MOST_REPLICATIONS)
        at_least("--seed", self.seed, 0, MOST_SEED)
        if self.days is not None:
            at_least("--days", self.days, 1, MOST_DAYS)
        world, rules = read_both(self.scenario, self.policy)
        assert isinstance(world.model, sim.Scenario)
        assert isinstance(rules.model, sim.Policy)
        market = for_days(world.model, self.days)
        check_counted(market, self.days, None)
        varied = sweep_axes.read(self.vary, market, rules.model)
        points = USUAL[self.design] if self.points is None else self.points
        with refused():
            look = design(self.design, varied.axes, points, self.seed)
            days = self.days or market.days
            experiment = sim.Experiment.of(
                market,
                rules.model,
                seed=self.seed,
                replications=self.replications,
                days=days,
                engine=choose_engine(market, days, self.replications * len(look)),
                events=False,
            )
        return experiment, varied, points
