"""Response curves: a metric along one setting, on average over what the others were."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.experiments.table import Sweep
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import CONFIDENCE

BINS = 8
"""Stretches into which the points of a design without levels are sorted, at most."""
FEWEST = 3
"""Points in a stretch at least."""


class Response(NamedTuple):
    """A metric along one axis; all columns go by level of the setting."""

    axis: Axis
    setting: Floats
    """The level, or the mean setting of a stretch of points."""
    mean: Floats
    low: Floats
    high: Floats
    """95 % interval; NaN where there is none."""
    points: Ints
    """Points that the mean is over."""
    worlds: Ints
    """Worlds of each of them at least."""
    cloud: tuple[Floats, Floats]
    """Setting and mean of every single point."""


def response(sweep: Sweep, metric: str, axis: str) -> Response:
    """A metric along an axis: the mean over the points at each level, or in each stretch of like settings.

    In a grid every point at a level counts alike, so that the mean is the main effect of the setting,
    and its interval is Student's t over worlds: it covers their luck. In the other designs points are a
    sample of the space: the interval also covers which points happened to fall into the stretch
    (points and worlds are crossed; variances as in a two-way random layout, Searle, Casella & McCulloch
    1992, section 4.3; t with the smaller of the two numbers less one). Raises ValueError for unknown names.
    """
    place, values = sweep.axis(axis), sweep.of(metric)
    rows = sweep.design.spread
    settings = sweep.design.settings[rows, place]
    known = values[rows]
    means = _mean(known, 1)
    sampled = sweep.design.kind != "grid"
    groups = _stretches(settings) if sampled else _levels(settings)
    found = [_cell(known[group], sampled=sampled) for group in groups]
    mean, low, high, worlds = (np.array(column) for column in zip(*found, strict=True))
    return Response(
        sweep.axes[place],
        np.array([settings[group].mean() for group in groups]),
        mean,
        low,
        high,
        np.array([len(group) for group in groups]),
        worlds,
        (settings, means),
    )


def _levels(settings: Floats) -> list[Ints]:
    return [np.flatnonzero(settings == level) for level in np.unique(settings)]


def _stretches(settings: Floats) -> list[Ints]:
    """Points in order of their setting, cut into stretches of about as many; levels where there are few."""
    levels = _levels(settings)
    if len(levels) <= BINS and min(map(len, levels)) >= FEWEST:
        return levels
    count = max(min(BINS, len(settings) // FEWEST), 1)
    return [np.sort(part) for part in np.array_split(np.argsort(settings, kind="stable"), count)]


def _mean(values: Floats, axis: int) -> Floats:
    known = ~np.isnan(values)
    counted = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(total / np.where(counted > 0, counted, np.nan))


def _cell(values: Floats, *, sampled: bool) -> tuple[float, float, float, int]:
    """Mean and interval of some points in some worlds; worlds where a point is undefined are left out."""
    values = values[:, ~np.isnan(values).any(axis=0)]
    points, worlds = values.shape
    if not worlds:
        return np.nan, np.nan, np.nan, 0
    mean = float(values.mean())
    by_world = values.mean(axis=0)
    if worlds < 2 or (sampled and points < 2):
        return mean, np.nan, np.nan, worlds
    variance, freedom = by_world.var(ddof=1) / worlds, worlds - 1
    if sampled:
        by_point = values.mean(axis=1)
        rest = values - by_point[:, None] - by_world + mean
        crossed = (rest**2).sum() / ((points - 1) * (worlds - 1)) / (points * worlds)
        variance = max(variance + by_point.var(ddof=1) / points - crossed, variance)
        freedom = min(points, worlds) - 1
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(variance))
    return mean, mean - half, mean + half, worlds
