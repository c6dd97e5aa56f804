"""The scenario `nyc_mediation` against the 4,491 real cases that it is set to resemble."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand import scenarios
from evenhand.sim.scenario.vocabulary import ENDINGS
from tests.support.runs import compiled

LOG = Path(__file__).parents[3] / "shared" / "data" / "nyc_mediation_2015_2016.csv"
BANDS = ((0, 7), (8, 14), (15, 21), (22, 30), (31, 45), (46, 60), (61, 10_000))
WARM_UP_DAYS = 60
"""The log is sampled on the day of closing, so a run is read from when its pipeline has filled."""


class Closed(NamedTuple):
    """Closed cases: whole days from registration to closing, who won, whether nobody answered."""

    days: NDArray[np.float64]
    won: NDArray[np.bool_]
    unanswered: NDArray[np.bool_]

    def won_by_band(self) -> NDArray[np.float64]:
        inside = [(self.days >= low) & (self.days <= high) for low, high in BANDS]
        return np.array([self.won[band].mean() for band in inside])


@pytest.fixture(scope="module")
def real() -> Closed:
    if not LOG.exists():
        pytest.skip("the mediation log is not beside the project")
    with LOG.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Closed(
        np.array([float(row["duration_days"]) for row in rows]),
        np.array([row["consumer_won"] == "1" for row in rows]),
        np.array([row["result_code"] == "NVR" for row in rows]),
    )


@pytest.fixture(scope="module")
def simulated() -> Closed:
    run = compiled(
        scenarios.load("nyc_mediation"),
        scenarios.policy("mediation"),
        seed=20150102,
        replications=6,
        events=False,
    )
    d = run.disputes
    closing = np.floor(d["closed_at"] / 24)
    days = closing - np.floor(d["filed_at"] / 24)
    counted = ~np.isnan(days) & (closing >= WARM_UP_DAYS)
    won = (d["share"] > 0) & np.isin(d["ending"], [ENDINGS.index("settled"), ENDINGS.index("ruled")])
    unanswered = d["ending"] == ENDINGS.index("defaulted")
    return Closed(days[counted], won[counted], unanswered[counted])


def test_as_many_consumers_win(real: Closed, simulated: Closed) -> None:
    """Share of closed complaints that ended with something for the consumer."""
    assert abs(simulated.won.mean() - real.won.mean()) < 0.03


def test_it_takes_as_long(real: Closed, simulated: Closed) -> None:
    """Median days from registration to closing."""
    assert abs(np.median(simulated.days) - np.median(real.days)) <= 3


def test_durations_are_distributed_alike(real: Closed, simulated: Closed) -> None:
    """Greatest distance between the two distribution functions of whole days."""
    grid = np.arange(0, 200)
    ours = (simulated.days[:, None] <= grid).mean(axis=0)
    theirs = (real.days[:, None] <= grid).mean(axis=0)
    assert np.abs(ours - theirs).max() < 0.10


def test_as_many_merchants_never_answer(real: Closed, simulated: Closed) -> None:
    """Closed for no answer of the business."""
    assert abs(simulated.unanswered.mean() - real.unanswered.mean()) < 0.015


def test_winning_fades_with_time_as_it_does_there(real: Closed, simulated: Closed) -> None:
    """Early cases are won far more often; beyond the first two weeks every later band less."""
    ours, theirs = simulated.won_by_band(), real.won_by_band()
    assert np.abs(ours - theirs).mean() < 0.08
    assert np.corrcoef(ours, theirs)[0, 1] > 0.85
    assert ours[:2].mean() - ours[-2:].mean() > 0.25
