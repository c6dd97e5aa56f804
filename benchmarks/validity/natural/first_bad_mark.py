"""N5: the first bad mark that everybody sees (sellers on eBay)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import DAY, Mask, by_group, paired, world_of
from evenhand.sim.runs.records import Columns

Floats = NDArray[np.float64]
FIRST, WEEKS = 98, 26
"""Day at which the first week ends that is looked at, and how many follow."""
CLEAN = 60
"""Days without a mark after which the next one is a first one."""
MARK = 0.5
"""What counts as a mark: a filing that is upheld or settled, not one that is refused."""
BEFORE, AFTER = 3, 4
"""Weeks over which growth is taken, before the mark and from its week on."""
GROUPS = ("small", "medium")


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Weekly growth of sales around first and second marks, and how soon the second one comes.

    Sales at the end of each week are those of runs that end there: a longer run of a world is the same one,
    continued.
    """
    found = Measured()
    ends = [FIRST + 7 * week for week in range(WEEKS + 1)]
    runs = [paired(experiment.sets, worlds, day) for day in ends]
    scenario = world_of(experiment.sets["rated"])
    for weeks in zip(*runs, strict=True):
        parts = [week["rated"] for week in weeks]
        merchants = by_group(scenario, parts[-1].merchants, *GROUPS)
        stayed = merchants & (parts[-1].merchants["exits"] == parts[0].merchants["exits"])
        sales = np.array([part.merchants["sales"] for part in parts], np.float64)
        first, second, hazards = _around(parts[-1].disputes, stayed, sales)
        drops = [before - after for before, after in first]
        later = [before - after for before, after in second]
        growth = np.array(first).reshape(-1, 2)
        n = len(first)
        found.add("fall of weekly growth at the first mark", float(np.mean(drops)) if n else np.nan, n)
        found.add("hazard of the next mark against the first", *hazards)
        smaller = float(np.mean(drops) - np.mean(later)) if n and later else np.nan
        found.add("fall at the first mark less that at the second", smaller, len(later))
        for name, column in (("before", 0), ("after", 1)):
            found.add(f"weekly growth {name}", float(growth[:, column].mean()) if n else np.nan, n)
    return found


def _around(
    disputes: Columns, merchants: Mask, sales: Floats
) -> tuple[list[tuple[float, float]], list[tuple[float, float]], tuple[float, float]]:
    """Growth before and after first and second marks, and the excess hazard of the second with its n."""
    with np.errstate(divide="ignore"):
        logs = np.log(sales)
    last = FIRST + 7 * WEEKS
    first: list[tuple[float, float]] = []
    second: list[tuple[float, float]] = []
    counts, exposed = np.zeros(2), np.zeros(2)
    marked = (disputes["mark"] >= MARK) & ~np.isnan(disputes["closed_at"])
    for m in np.flatnonzero(merchants):
        days = np.sort(disputes["closed_at"][marked & (disputes["merchant"] == m)]) / DAY
        clean_from, state = FIRST - CLEAN, 0
        for day in [*days[days < last], last]:
            begins = max(clean_from + (CLEAN if state == 0 else 0), FIRST)
            if state == 0 and day - clean_from < CLEAN:  # not yet clean: it begins again
                clean_from = day
                continue
            exposed[state] += max(0.0, min(day, begins + CLEAN if state else day) - begins)
            if day == last:
                break
            within = state == 0 or day - clean_from <= CLEAN
            if within:
                counts[state] += 1
                (second if state else first).extend(_growth(logs[:, m], day))
            state, clean_from = (1, day) if within and state == 0 else (0, day)
    if not counts[0] or not exposed[1]:
        return first, second, (float("nan"), int(counts.sum()))
    rates = counts / exposed
    return first, second, (float(rates[1] / rates[0] - 1.0), int(counts.sum()))


def _growth(logs: Floats, day: float) -> list[tuple[float, float]]:
    """Mean weekly growth before the week of a mark and from it on; empty near the ends, or with a stop."""
    week = int(np.ceil((day - FIRST) / 7))  # its end is the first snapshot after the mark
    if week - 1 - BEFORE < 0 or week - 1 + AFTER > WEEKS:
        return []
    before = (logs[week - 1] - logs[week - 1 - BEFORE]) / BEFORE
    after = (logs[week - 1 + AFTER] - logs[week - 1]) / AFTER
    return [(float(before), float(after))] if np.isfinite(before) and np.isfinite(after) else []


EXPERIMENT = NaturalExperiment(
    key="N5",
    title="the first bad mark that everybody sees",
    sources=(
        Source(
            "M1", "Cabral & Hortaçsu, Journal of Industrial Economics 58(1) 2010, abstract", "peer-reviewed"
        ),
    ),
    published=(
        "With a seller's first negative feedback weekly sales go from +5 % to −8 % growth; the next one "
        "comes 25 % sooner, and later ones matter less."
    ),
    standing="partly fitted",
    set_by=(
        "`behaviour.standing.elasticity` names this paper as its source; that a prototype with it loses 9 to "
        "15 % of sales at a small shop was known"
    ),
    sets={"rated": RuleSet(world={"market": {"festivals": []}})},
    counted=(
        f"The policy tmall, no festivals. Shops of the groups {' and '.join(GROUPS)} that stay; sales at the "
        f"end of {WEEKS} weeks from day {FIRST} on. A mark is a filing upheld or settled, the first one "
        f"after {CLEAN} clean days. Growth is the mean of {BEFORE} weeks before the week of the mark and of "
        f"{AFTER} from it on; hazards are marks per day at risk, at most {CLEAN} days after the first."
    ),
    assumed=(
        "all buyers look at the standing; the share of those who do is in the elasticity",
        "four weeks on either side, which the abstract does not say",
    ),
    lacking=(
        "growth of young sellers' sales by reputation earned: only newcomers grow, and not for their record",
    ),
    quantities=(
        Quantity("fall of weekly growth at the first mark", "13 points", "points", (0.08, 0.18), 1),
        Quantity("hazard of the next mark against the first", "25 % sooner", "change", (0.1, 0.4), 1),
        Quantity("fall at the first mark less that at the second", "above 0", "points", sign=1),
        Quantity("weekly growth before", "+5 %", "change"),
        Quantity("weekly growth after", "−8 %", "change"),
    ),
    measure=measure,
    reason=(
        "A mark stops growth, the first more than the second; whether the next mark comes sooner "
        "cannot be told. The fall is below the band: shops here have some marks already when the clean "
        "days begin, peers count as 100 orders, and one more mark weighs less than the first on an "
        "empty page. Growth before the mark is that of old marks that fade, not of a young seller."
    ),
)
