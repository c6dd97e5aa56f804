"""What can be ordered: frozen values that travel to the process that does the work."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Protocol

from evenhand import jobs, scenarios, sim
from evenhand.analysis.compare.difference import Difference
from evenhand.errors import UsageError
from evenhand.jobs.background import assumed_of, background_of
from evenhand.jobs.event import Cancelled, OnEvent
from evenhand.jobs.remembered import Remembered
from evenhand.locale.current import gettext, language
from evenhand.scenarios import BadFile, Problem
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.plan import Order as RunAsked
from evenhand.storage.plan import at_least, check_counted, for_days, read_and_check

Found = dict[str, Any]
"""What an order gives: plain data."""


class Order(Protocol):
    """Something that can be done and stopped."""

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Do it. Raises Stopped, BadFile, DoesNotFit, UsageError, OSError."""


class RunOrder(NamedTuple):
    """A run of a policy in a scenario, kept in a folder with its report."""

    asked: RunAsked
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Run, measure, report, as `evenhand run` does."""
        with language(self.lang):
            plan, files = read_and_check(self.asked)
            said = background_of(*files, self.asked.policy)
            found = jobs.run(
                plan.experiment(), self.out, background=said, on_event=on_event, cancelled=cancelled
            )
        return {"folder": found.folder.name}


class ResumeOrder(NamedTuple):
    """The rest of a run that was stopped."""

    folder: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Go on, as `evenhand run --resume` does."""
        with language(self.lang):
            found = jobs.resume(self.folder, on_event=on_event, cancelled=cancelled)
        return {"folder": found.folder.name}


class CompareOrder(NamedTuple):
    """A comparison of policies in the same worlds, kept in a folder with its page."""

    policies: tuple[str, ...]
    scenario: str
    replications: int
    days: int | None
    seed: int
    by: tuple[str, ...]
    out: Path
    lang: str

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Compare with the first policy, as `evenhand compare` does."""
        with language(self.lang):
            market, rules, files = self.read()
            experiment = sim.Experiment.of(
                for_days(market, self.days),
                rules[0],
                seed=self.seed,
                replications=self.replications,
                days=self.days,
                events=False,
                lives=len(rules),
            )
            found = jobs.compare(
                experiment,
                rules,
                baseline=rules[0].name or "policy",
                by=self.by,
                out=self.out,
                assumed=assumed_of(files),
                on_event=on_event,
                cancelled=cancelled,
            )
        assert found.folder is not None
        return {"folder": found.folder.name}

    def read(self) -> tuple[sim.Scenario, list[sim.Policy], list[scenarios.Loaded]]:
        """Read and check everything. Raises BadFile with all mistakes of all files, UsageError."""
        if len(set(self.policies)) < 2:
            raise UsageError(gettext("compare: needs two policies or more, found one"))
        at_least("--replications", self.replications, 2, MOST_REPLICATIONS)
        at_least("--seed", self.seed, 0, MOST_SEED)
        if self.days is not None:
            at_least("--days", self.days, 1, MOST_DAYS)
        files: list[scenarios.Loaded] = []
        problems: list[Problem] = []
        for place, name in enumerate((self.scenario, *self.policies)):
            try:
                files.append(scenarios.read(name, "policy" if place else "scenario"))
            except BadFile as error:
                problems += error.problems
        if problems:
            raise BadFile(problems)
        market, *rules = (one.model for one in files)
        assert isinstance(market, sim.Scenario)
        for one in files[1:]:
            scenarios.check_pair(files[0], one, self.days or market.days)
        check_counted(for_days(market, self.days), self.days, None)
        return market, [one for one in rules if isinstance(one, sim.Policy)], files


class PreviewOrder(NamedTuple):
    """A few paired worlds of rules and their base, measured and forgotten."""

    scenario: sim.Scenario
    base: sim.Policy
    rules: sim.Policy
    metrics: tuple[str, ...]
    worlds: int
    days: int
    seed: int

    def carry_out(self, on_event: OnEvent, cancelled: Cancelled) -> Found:
        """Compare the two; gives every difference as plain data, and the seconds that it took."""
        since = monotonic()
        experiment = sim.Experiment.of(
            self.scenario,
            self.base,
            seed=self.seed,
            replications=self.worlds,
            days=self.days,
            engine="numba",
            events=False,
            lives=2,
        )
        found = jobs.compare(
            experiment,
            {"base": self.base, "rules": self.rules},
            baseline="base",
            metrics=self.metrics,
            remembered=_REMEMBERED,
            on_event=on_event,
            cancelled=cancelled,
        )
        differences = [asdict(one) for one in found.comparison.differences]
        return {"differences": differences, "seconds": monotonic() - since, "worlds": self.worlds}


_REMEMBERED = Remembered()
"""Of the process that previews."""


def difference(found: Found) -> Difference:
    """A difference again, from its plain data."""
    ends = {name: None if found[name] is None else tuple(found[name]) for name in ("ci", "simultaneous_ci")}
    return Difference(**{**found, **ends})
