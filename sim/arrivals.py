"""When candidates for a grievance arise: a Poisson process in the market's own time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim import draws
from sim.draws import Luck
from sim.scenario import Scenario

Floats = NDArray[np.float64]


def day_weights(scenario: Scenario, luck: Luck, days: int) -> Floats:
    """Orders of each day relative to an ordinary one: weekday, festivals, and the common burst."""
    market = scenario.market
    weekday = np.asarray(market.weekdays.weights())
    weekday = weekday / weekday.mean()
    weights = weekday[(scenario.start.weekday() + np.arange(days)) % len(weekday)]
    for festival in market.festivals:
        first, last = ((day - scenario.start).days for day in (festival.first, festival.last))
        weights[max(first, 0) : max(last + 1, 0)] *= festival.factor
    if market.burst_shape is not None:
        u = luck.uniforms(draws.BURST, 0, days)
        weights *= gammaincinv(market.burst_shape, u) / market.burst_shape
    return np.asarray(weights)


def market_time(scenario: Scenario, luck: Luck, days: int) -> Floats:
    """The market's time at the start of every hour, in ordinary days; shape (24 x days + 1,)."""
    hours = np.asarray(scenario.market.hours)
    each = (day_weights(scenario, luck, days)[:, None] * (hours / hours.sum())[None, :]).reshape(-1)
    return np.concatenate([[0.0], np.cumsum(each)])


def arrival_hours(clock: Floats, rate: float, luck: Luck, most: int) -> Iterator[Floats]:
    """Hours at which candidates arise, at `rate` for one unit of market time, until its end.

    They come in blocks of at most `most`, whose size moves no time: the sum runs on from one to the
    next. The i-th candidate keeps its luck whatever the rate and the horizon are; they only move its
    time.
    """
    end = clock[-1] * rate
    total, first = 0.0, 0
    while total < end:
        left = end - total
        count = min(most, int(left + 4.0 * np.sqrt(left)) + 16)  # few blocks draw what comes too late
        gaps = -np.log1p(-luck.uniforms(draws.GAP, first, count))
        gaps[0] += total
        sums = np.cumsum(gaps)
        total, first = float(sums[-1]), first + count
        arrived = sums[: np.searchsorted(sums, end, "left")] / rate
        starts = np.searchsorted(arrived, clock, "left")  # hours are fewer than arrivals, and both rise
        hour = np.repeat(np.arange(len(clock)), np.diff(starts, append=len(arrived)))
        hours = np.asarray(hour + (arrived - clock[hour]) / (clock[hour + 1] - clock[hour]))
        yield np.asarray(np.minimum(hours, len(clock) - 1.0))
