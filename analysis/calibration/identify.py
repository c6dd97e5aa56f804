"""Which hidden settings a log can tell: what it costs to put one back, and how wide the good trials lie."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from evenhand.analysis.calibration.distances import distances, score
from evenhand.analysis.calibration.journal import Journal
from evenhand.analysis.calibration.knob import Knob
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.search import (
    SearchProblem,
    SearchResult,
    SearchTrial,
    Tell,
    Values,
    search,
)
from evenhand.analysis.runs.steps import Step

RESAMPLES = 40
HALVINGS = 5
"""Times that the way from a value to an end of its range is halved to find where it stops being as good."""
WIDE = 0.5
"""Accepted values over more than this share of the range leave a setting weakly identified."""
FRESH = 1
"""Offset of the search's worlds on which settings are put back: not those that they were tuned on."""
Verdict = Literal["identified", "weakly identified", "not identified"]


class Known(NamedTuple):
    """What a log says of one hidden setting."""

    knob: Knob
    value: float
    low: float
    high: float
    """Least and greatest value that is as good: of trials, and of steps through the range, others held."""
    accepted: int
    """Trials that are as good."""
    width: float
    """Share of the range between them, on its scale."""
    harm: float
    """How much the loss grows when the setting alone is put back to the base's value."""
    kept: bool
    """Not put back in the end."""

    @property
    def verdict(self) -> Verdict:
        """In words."""
        if not self.kept:
            return "not identified"
        return "weakly identified" if self.width > WIDE else "identified"


def tolerance(problem: SearchProblem, values: Values, *, seed: int = 0) -> float:
    """How far the loss moves by luck: one standard deviation, the log and the worlds drawn again.

    Merchants are drawn with replacement, each with all its cases, because these are alike; the worlds make
    as much luck as the log, less what several of them average out.
    """
    made = problem.simulate(values)
    chance = np.random.default_rng(seed)
    losses = [
        score(
            distances(made, drawn_again(problem.log, chance), problem.measures),
            problem.measures,
            behaviour_only=True,
        )
        for _ in range(RESAMPLES)
    ]
    return float(np.std(losses, ddof=1) * np.sqrt(1 + 1 / problem.replications))


def drawn_again(log: Log, chance: np.random.Generator) -> Log:
    """A log of as many merchants, drawn with replacement; disputes without a known merchant stand alone."""
    alone = np.arange(len(log)) + log.merchant.max(initial=-1) + 1
    _, code = np.unique(np.where(log.merchant >= 0, log.merchant, alone), return_inverse=True)
    rows = np.split(np.argsort(code, kind="stable"), np.cumsum(np.bincount(code))[:-1])
    drawn = [rows[i] for i in chance.integers(0, len(rows), len(rows))]
    again = log.where(np.concatenate(drawn))
    renamed = np.repeat(np.arange(len(drawn)), [len(one) for one in drawn])
    return replace(again, merchant=np.where(again.merchant >= 0, renamed, -1))


def put_back(
    problem: SearchProblem, best: Values, allowed: float, tell: Tell
) -> tuple[dict[str, float], Values]:
    """What each setting costs alone, and the values that are left when all that cost nothing are put back.

    The cheapest goes first; it stays back while the whole costs no more than is allowed.
    """
    fresh = replace(problem, seed=problem.seed + FRESH)
    base, start = problem.base, fresh.loss(best)
    harm = {}
    for i, name in enumerate(best):
        tell(Step("putting_back", setting=name), i)
        harm[name] = fresh.loss({**best, name: base[name]}) - start
    kept = dict(best)
    for name in sorted(best, key=harm.__getitem__):
        if harm[name] > allowed:
            break
        without = {**kept, name: base[name]}
        if fresh.loss(without) - start <= allowed:
            kept = without
    return harm, kept


def identify(
    problem: SearchProblem,
    found: SearchResult,
    allowed: float,
    tell: Tell,
    *,
    refine: int = 0,
    journal: Journal | None = None,
) -> tuple[list[Known], Values, SearchResult]:
    """What the log says of each hidden setting, the values to use, and all trials.

    `allowed` is one standard deviation of the loss: settings are put back for less, and values are as good
    whose loss is within two. `refine` more trials are spent on the settings that are left.
    """
    harm, values = put_back(problem, found.best.values, allowed, tell)
    base = problem.base
    left = tuple(knob for knob in problem.knobs if values[knob.name] != base[knob.name])
    if left and refine and not found.stopped:
        narrow = replace(problem, knobs=tuple(knob._replace(guess=values[knob.name]) for knob in left))
        again = search(narrow, refine, tell, journal=journal, name="left")
        values = {**values, **again.best.values}
        more = [SearchTrial({**base, **trial.values}, trial.loss) for trial in again.trials]
        found = SearchResult([*found.trials, *more], again.stopped)
    limit = problem.loss(values) + 2 * allowed
    good = [trial for trial in found.trials if trial.loss <= limit]
    known = []
    for i, knob in enumerate(problem.knobs):
        tried = [values[knob.name], *(trial.values[knob.name] for trial in good)]
        if knob in left:
            tell(Step("trying_range", setting=knob.name), i)
            tried += as_good(problem, values, knob, limit)
        low, high = min(tried), max(tried)
        width = knob.place(high) - knob.place(low)
        known.append(
            Known(knob, values[knob.name], low, high, len(good), width, harm[knob.name], knob in left)
        )
    return known, values, found


def as_good(problem: SearchProblem, values: Values, knob: Knob, limit: float) -> tuple[float, float]:
    """How far down and up one setting can go, all others held, with a loss within a limit."""
    here = knob.place(values[knob.name])

    def good(place: float) -> bool:
        return problem.loss({**values, knob.name: knob.at(place)}) <= limit

    ends = []
    for end in (0.0, 1.0):
        inside, outside = here, end
        if good(end):
            inside = end
        else:
            for _ in range(HALVINGS):
                middle = (inside + outside) / 2
                if good(middle):
                    inside = middle
                else:
                    outside = middle
        ends.append(knob.at(inside))
    return ends[0], ends[1]
