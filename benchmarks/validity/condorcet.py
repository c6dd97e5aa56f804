"""Condorcet (1785): a majority is better than its members, and what they all see wrongly stays wrong."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, norm

from benchmarks.validity.finding import CLOSE, Figure, PublishedStudy, over_worlds
from benchmarks.validity.worlds import court, court_rules, lived

SIZES = (1, 3, 11, 31, 101)
CHANCE = 0.6
"""That one juror sees the case rightly."""
NOISE, SHARED, GAP = 1.0, 0.8, 0.4
"""Of the second part: a juror's own noise, the noise that all share, and how clear the case is."""
DAYS = 120


def study(worlds: int) -> PublishedStudy:
    """Panels of growing size, with independent jurors and with a shared impression."""
    gap = norm.ppf(CHANCE) * NOISE
    figures = [
        _panel(
            f"right, {many(size)} each right in {100 * CHANCE:.0f} %",
            size,
            gap,
            0.0,
            worlds,
            float(binom.sf(size // 2, size, CHANCE)),
        )
        for size in SIZES
    ]
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    each = binom.sf(SIZES[-1] // 2, SIZES[-1], norm.cdf((GAP + SHARED * points) / NOISE))
    expected = float(weights @ each / weights.sum())
    figures.append(
        _panel(f"right, {many(SIZES[-1])} who share an impression", SIZES[-1], GAP, SHARED, worlds, expected)
    )
    return PublishedStudy(
        key="condorcet",
        title="Panels of jurors",
        source="Condorcet (1785), closed form",
        published=(
            "Accuracy grows with the size of a panel as the binomial law says; a bias that all jurors "
            "share does not average out."
        ),
        how=(
            "A court in which every case leans to its right side by the same weight, so that each juror "
            "is right with a known chance; verdicts of panels of 1 to 101 jurors against the closed form."
        ),
        assumed=("jurors of even ability, who all vote", "no lean to their own side"),
        figures=tuple(figures),
        reason=(
            "The verdict is a count of independent votes around what the file and a shared impression "
            "say, and that is the theorem's premise."
        ),
        worlds=worlds,
    )


def many(size: int) -> str:
    """So many jurors."""
    return f"{size} juror{'s' if size > 1 else ''}"


def _panel(name: str, size: int, gap: float, shared: float, worlds: int, expected: float) -> Figure:
    scenario = court({"jurors": {"noise_sd": NOISE, "shared_sd": shared}})
    rules = court_rules(
        {
            "decision": {"decider": "panel", "panel": {"size": size, "early_stop": False}},
            "burden": {"prior": 1 / (1 + np.exp(-gap)), "weight": 0.0},
        }
    )
    right, counts = [], []
    for disputes in lived(scenario, rules, worlds, DAYS):
        ruled = ~np.isnan(disputes["ruled_at"])
        right.append(float(disputes["upheld"][ruled].mean()))
        counts.append(int(ruled.sum()))
    return over_worlds(
        name, f"{100 * expected:.1f} %", right, counts, "share", (expected - CLOSE, expected + CLOSE)
    )
