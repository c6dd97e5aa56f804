"""Previews: rules and their base in a few paired worlds, in words, while somebody edits."""

from __future__ import annotations

import json
from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from evenhand import scenarios, sim
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.words import figures, unit_of
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.numbers import with_unit
from evenhand.analysis.runs.atomic import whole
from evenhand.locale.current import gettext
from evenhand.scenarios import Loaded, plan_key
from evenhand.sim.policy.compatibility import misfits
from evenhand.storage.version import versions
from evenhand.studio.folder import ENDINGS, Folder
from evenhand.studio.work.board import Board
from evenhand.studio.work.job import Job
from evenhand.studio.work.orders import Found, PreviewOrder, difference

ROUGH, BETTER = 8, 24
"""Worlds at once, and when nothing else is asked for."""
COUNTED = (30, 45, 60, 90, 120)
"""Days that are counted behind the start-up of the scenario: as few as the windows of the rules allow."""
SEED = 1
SHOWN = (
    "wrongful_denial_rate",
    "wrongful_grant_rate",
    "effective_denial_rate",
    "default_share",
    "filed_share",
    "median_hours_to_close",
    "platform_cost_per_dispute",
)


class Row(NamedTuple):
    """A measure in words."""

    title: str
    before: str
    after: str
    change: str
    interval: str
    word: str
    """better, worse, moved, may be luck, exactly 0, not known."""
    mark: str
    """The same as a sign, and as the name of its look."""


class Preview(NamedTuple):
    """What is known of an edit so far."""

    key: str
    job: Job | None
    found: Found | None
    days: int
    counted: int

    @property
    def rows(self) -> list[Row]:
        """The measures, in the language in force."""
        return [row(difference(one)) for one in (self.found or {}).get("differences", ())]

    @property
    def nothing_moved(self) -> bool:
        """Whether every measure is exactly the same in every world."""
        said = [difference(one).verdict for one in (self.found or {}).get("differences", ())]
        return bool(said) and all(one in ("identical", "not known") for one in said) and "identical" in said


class Previews:
    """Previews by their content; results are kept in the cache of the folder."""

    def __init__(self, folder: Folder, board: Board) -> None:
        self._folder, self._board = folder, board
        self._orders: OrderedDict[str, PreviewOrder] = OrderedDict()
        self._lock = Lock()

    def begin(self, rules: Loaded, base: Loaded, market: Loaded) -> Preview:
        """Preview rules against their base in a market; what is known already is not simulated again.

        Raises DoesNotFit where they cannot run there.
        """
        order = _order(rules, base, market)
        key = _key(order)
        with self._lock:
            self._orders[key] = order
            self._orders.move_to_end(key)
            while len(self._orders) > 50:
                self._orders.popitem(last=False)
        if self._kept(key, BETTER) is None and self._kept(key, ROUGH) is None:
            self._board.preview(f"{key}-{ROUGH}", order)
        return self.look(key)

    def look(self, key: str) -> Preview:
        """How far a preview is; the better of two results. Raises KeyError for one that nobody has begun."""
        with self._lock:
            order = self._orders[key]
        rough, better = (self._job(key, worlds) for worlds in (ROUGH, BETTER))
        found = self._kept(key, BETTER) or self._kept(key, ROUGH)
        counted = order.days - int(order.scenario.start_up // 24)
        return Preview(key, better or rough, found, order.days, counted)

    def refine(self, key: str) -> None:
        """Have more worlds simulated, once there is a first result and nothing else to do."""
        with self._lock:
            order = self._orders[key]
        if self._kept(key, BETTER) is None and self._kept(key, ROUGH) is not None:
            self._board.refine(f"{key}-{BETTER}", order._replace(worlds=BETTER))

    def is_final(self, preview: Preview) -> bool:
        """Whether nothing more will come by itself."""
        if preview.found is not None and preview.found["worlds"] == BETTER:
            return True
        return preview.job is not None and preview.job.state in ("stopped", "failed")

    def _job(self, key: str, worlds: int) -> Job | None:
        return self._board.job(f"{key}-{worlds}")

    def _kept(self, key: str, worlds: int) -> Found | None:
        """A result, from a job that has ended or from the cache."""
        job = self._job(key, worlds)
        path = self._folder.cache / "previews" / f"{key}-{worlds}.json"
        if job is not None and job.found is not None:
            if not path.exists():
                with suppress(OSError), whole(path) as unfinished:
                    unfinished.write_text(json.dumps(job.found), encoding="utf-8")
            return job.found
        return _read(path)


def markets(folder: Folder) -> list[tuple[str, str]]:
    """Scenarios that rules can be tried in, with their titles: the user's, then those that are shipped."""
    own = [(one.name, one.title) for one in folder.files() if one.kind == "scenario" and one.checked.loaded]
    shipped = [(one.name, gettext(one.title)) for one in scenarios.available() if one.kind == "scenario"]
    return own + shipped


def market_of(folder: Folder, name: str) -> Loaded:
    """A scenario by its choice. Raises BadFile, NoSuch."""
    if not name.endswith(ENDINGS):
        return _shipped_market(name)
    return scenarios.read(folder.file(name), "scenario")


@lru_cache(maxsize=8)
def _shipped_market(name: str) -> Loaded:
    return scenarios.read(name, "scenario")


def row(one: Difference) -> Row:
    """A difference in words."""
    metric = METRICS[one.metric]
    word, mark = _judged(one, metric.direction)
    values = (one.difference, *(one.ci or ()))
    written = figures(values, one.unit, one.half_width) if isfinite(one.difference) else ["-"]
    unit = unit_of(one.unit)
    return Row(
        gettext(metric.title),
        with_unit(one.baseline_value, one.unit),
        with_unit(one.policy_value, one.unit),
        gettext("{value} {unit}").format(value=written[0], unit=unit) if unit else written[0],
        gettext("{low} to {high}").format(low=written[1], high=written[2]) if len(written) == 3 else "",
        word,
        mark,
    )


def _judged(one: Difference, direction: str) -> tuple[str, str]:
    """What a difference means, as a word and as the name of a mark."""
    if one.verdict == "identical":
        return gettext("exactly 0"), "same"
    if one.verdict == "not known":
        return gettext("not known"), "none"
    if one.verdict == "not told apart":
        return gettext("may be luck"), "luck"
    if direction == "neutral":
        return (gettext("more") if one.verdict == "higher" else gettext("fewer")), "moved"
    if one.verdict == direction:
        return gettext("better"), "better"
    return gettext("worse"), "worse"


def _order(rules: Loaded, base: Loaded, market: Loaded) -> PreviewOrder:
    scenario, policy, below = market.model, rules.model, base.model
    assert isinstance(scenario, sim.Scenario)
    assert isinstance(policy, sim.Policy)
    assert isinstance(below, sim.Policy)
    days = _days(scenario, below, policy)
    sim.Experiment.of(scenario, below, days=days, engine="numba").under(policy)  # says what does not fit
    return PreviewOrder(scenario, below, policy, SHOWN, ROUGH, days, SEED)


def _days(scenario: sim.Scenario, *rules: sim.Policy) -> int:
    """The shortest run that counts some days and that no window of the rules is too long for."""
    begins, longest = int(scenario.start_up // 24), scenario.days
    for counted in COUNTED:
        days = begins + counted
        if days < longest and not any(misfits(scenario, one, days) for one in rules):
            return days
    return longest


def _key(order: PreviewOrder) -> str:
    """The same numbers have the same key, whatever is written beside them."""
    return plan_key(
        order.scenario,
        [order.base, order.rules],
        seed=order.seed,
        days=order.days,
        replications=order.worlds,
        versions={**versions(), "measures": ",".join(order.metrics)},
    )[:24]


def _read(path: Path) -> Found | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not {difference(one).metric for one in found["differences"]} <= METRICS.keys():
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, dict) else None
