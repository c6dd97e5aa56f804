"""How often intervals of a comparison hold the truth, and where they do not: the table of docs/methods.md.

`python -m benchmarks.intervals` prints it, from toy studies whose truth is known; `--studies` is how many.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from evenhand.analysis.compare import selection
from evenhand.analysis.compare.multiple import holm, simultaneous
from evenhand.analysis.compare.paired import moments, paired_t
from evenhand.analysis.compare.sequential import half_widths, precise, stopping_time
from evenhand.analysis.gate.looks import looks
from evenhand.analysis.gate.tost import equivalent, paired
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import contributions, t_band

SEED, STUDIES = 20_251_201, 1_000
COLUMNS = 27
"""As many as a comparison of four policies in nine metrics has."""
MEAN = float(np.exp(0.5))
"""Of a lognormal with sigma 1."""
Draw = Callable[[np.random.Generator, int, int], Floats]
"""From a generator, worlds and columns to differences around 0."""


class Line(NamedTuple):
    """A line of the table: what is tried, how often it should hold, and how it is measured."""

    what: str
    nominal: str
    measured: Callable[[int], float]
    """From a number of studies to the share that held."""
    times: float = 1.0
    """Studies, for each of a usual line."""


def normal(rng: np.random.Generator, n: int, columns: int) -> Floats:
    """Differences of the bell's shape."""
    return np.asarray(rng.standard_normal((n, columns)))


def lognormal(rng: np.random.Generator, n: int, columns: int) -> Floats:
    """Differences with one long tail: lognormal with sigma 1, skewness 6, less its mean."""
    return np.asarray(rng.lognormal(0.0, 1.0, (n, columns)) - MEAN)


def lognormal_common(rng: np.random.Generator, n: int, columns: int) -> Floats:
    """The same with columns that move together: correlation 0.5 of their logarithms."""
    shared = rng.standard_normal((n, 1))
    return np.asarray(np.exp(np.sqrt(0.5) * (shared + rng.standard_normal((n, columns)))) - MEAN)


def common(rng: np.random.Generator, n: int, columns: int) -> Floats:
    """Differences that move together: correlation 0.8."""
    shared = rng.standard_normal((n, 1))
    return np.asarray(np.sqrt(0.8) * shared + np.sqrt(0.2) * rng.standard_normal((n, columns)))


def together(draw: Draw, n: int, studies: int, columns: int = COLUMNS, seed: int = SEED) -> float:
    """Share of studies in which the simultaneous intervals hold the truth in all columns at once."""
    rng, held = np.random.default_rng(seed), 0
    for _ in range(studies):
        values = draw(rng, n, columns)
        held += bool((np.abs(moments(values).mean) <= simultaneous(values)).all())
    return held / studies


def alone(draw: Draw, n: int, studies: int, seed: int = SEED) -> float:
    """Share of paired-t intervals that hold the truth."""
    rng = np.random.default_rng(seed)
    values = draw(rng, n, studies)
    found = paired_t(values, np.zeros_like(values))
    return float((np.abs(found.mean) <= found.half).mean())


def stopped(draw: Draw, target: float, studies: int, first: int = 10, seed: int = SEED) -> float:
    """Share of studies, each stopped as soon as it is precise enough, whose interval holds the truth."""
    rng = np.random.default_rng(seed)
    values = draw(rng, 400, studies)
    met = precise(values[..., None], [target], first)
    met[: first - 1] = False
    at = stopping_time(met)
    done = at > 0
    last, who = at[done] - 1, np.flatnonzero(done)
    mean = (values.cumsum(axis=0) / np.arange(1, 401)[:, None])[last, who]
    return float((np.abs(mean) <= half_widths(values)[last, who]).mean())


def pooled(worlds: int, studies: int, seed: int = SEED) -> float:
    """Share of jackknife intervals of a pooled ratio that hold it, where busy worlds have higher rates."""
    rng, held = np.random.default_rng(seed), 0
    for _ in range(studies):
        load = rng.gamma(4.0, 0.25, worlds)
        cases = np.maximum(rng.poisson(100 * load), 1)
        rates = rng.binomial(cases, np.clip(0.1 + 0.2 * load, 0, 1)) / cases
        band = t_band(contributions(rates, cases))
        held += bool(band.low <= 0.1 + 0.2 * 1.25 <= band.high)  # E[load^2] / E[load] = 1.25
    return held / studies


def any_false(n: int, studies: int, seed: int = SEED) -> float:
    """Share of studies without any difference in which Holm's p finds one."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(studies):
        values = normal(rng, n, COLUMNS)
        found += bool((holm(paired_t(values, np.zeros_like(values)).p) < 0.05).any())
    return found / studies


def chosen(rho: float, studies: int, k: int = 5, seed: int = SEED) -> float:
    """Share of selections among k policies that pick the best, ahead by the margin of a quarter sd."""
    rng, right = np.random.default_rng(seed), 0
    patience, margin = selection.slack(k), 0.25
    for _ in range(studies):
        shared = rng.standard_normal((4_000, 1))
        values = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.standard_normal((4_000, k))
        values[:, 0] += margin
        right += _select(values, patience, margin) == 0
    return right / studies


def _select(values: Floats, patience: float, margin: float) -> int:
    still, spread = np.ones(values.shape[1], np.bool_), selection.spreads(values[: selection.FIRST])
    means = values.cumsum(axis=0) / np.arange(1, len(values) + 1)[:, None]
    for r in range(selection.FIRST, len(values) + 1):
        allowed = selection.margins(spread, r, patience, margin)
        still = selection.staying(means[r - 1], allowed, still)
        if still.sum() == 1 or r >= selection.last_round(spread, still, patience, margin):
            break
    return int(np.where(still, means[r - 1], -np.inf).argmax())


def passed(
    true: float, sd: float, studies: int, start: int = 10, budget: int = 40, seed: int = SEED
) -> float:
    """Share of builds that a gate with margin 1 passes at one of its looks."""
    rng, plan = np.random.default_rng(seed), looks(start, budget)
    values = true + sd * rng.standard_normal((budget, studies))
    done = np.zeros(studies, np.bool_)
    for n in plan:
        done |= np.asarray(equivalent(paired(np.zeros((n, studies)), values[:n], len(plan)), 1.0))
    return float(done.mean())


def lines() -> list[Line]:
    """Every line of the table."""
    shapes: dict[str, Draw] = {
        "normal": normal,
        "normal, correlation .8": common,
        "lognormal": lognormal,
        "lognormal, correlation .5": lognormal_common,
    }
    worlds = (10, 30, 100)
    paired_ts = [
        Line(f"paired t, {name}, n = {n}", ".95", partial(alone, shapes[name], n), 20.0)
        for name in ("normal", "lognormal")
        for n in worlds
    ]
    sets = [
        Line(f"simultaneous, {COLUMNS} columns, {name}, n = {n}", ".95", partial(together, draw, n))
        for name, draw in shapes.items()
        for n in worlds
    ]
    stops = [
        Line(f"stopping rule, normal, begun with {m}", ".95", partial(stopped, normal, 0.8, first=m))
        for m in (3, 10, 20)
    ]
    ratios = [Line(f"pooled ratio, jackknife, {n} worlds", ".95", partial(pooled, n)) for n in (10, 30)]
    best = [
        Line(f"selection picks the best of 5, correlation {rho:g}", "at least .95", partial(chosen, rho), 0.2)
        for rho in (0.0, 0.9)
    ]
    gates = [
        Line(
            f"gate passes, sd 1, true change {true:g} of a margin of 1",
            "at most .05" if true >= 1 else "the more the better",
            partial(passed, true, 1.0),
        )
        for true in (0.0, 0.5, 1.0)
    ]
    false = Line("any false finding by Holm, n = 30", "at most .05", partial(any_false, 30))
    tail = Line("stopping rule, lognormal, begun with 10", ".95", partial(stopped, lognormal, 0.5))
    return [*paired_ts, *sets, false, *stops, tail, *ratios, *best, *gates]


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=STUDIES)
    studies = parser.parse_args().studies
    print("| what | held | should |\n|---|---|---|")
    for one in lines():
        print(
            f"| {one.what} | {one.measured(max(int(one.times * studies), 1)):.3f} | {one.nominal} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
