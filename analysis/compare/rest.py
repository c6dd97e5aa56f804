"""Rest: whether what is measured has a trend in the last half of the time that is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evenhand.analysis.compare.multiple import holm
from evenhand.analysis.compare.rest_series import COUNTS, MEANS, WEEK, Weekly, weekly
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import CONFIDENCE, t_band
from evenhand.analysis.metrics.written import plain_json
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.locale.formats import numerals

LEVEL = 0.05
"""Chance of a warning, over all series together, where nothing has a trend."""
FEWEST_WORLDS, FEWEST_WEEKS = 5, 4
_ROUNDING = 1e-12
TITLES = COUNTS | MEANS


@dataclass(frozen=True)
class Trend:
    """How a series moved from the first to the last week of the last half, along its straight line.

    `change` is a share of the mean level where the series is `relative` (a count), else in its own unit;
    `ci` its 95 % interval over worlds, `p` that of a t test that its mean is 0, `p_adjusted` for all series.
    """

    name: str
    relative: bool
    change: float
    ci: tuple[float, float]
    p: float
    p_adjusted: float = float("nan")

    @property
    def moves(self) -> bool:
        """Whether there is a trend beyond noise."""
        return self.p_adjusted < LEVEL

    def __str__(self) -> str:
        def form(x: float) -> str:
            written = numerals(f"{100 * x:+.1f}" if self.relative else f"{x:+.3f}")
            return gettext("{value} %").format(value=written) if self.relative else written

        low, high = map(form, self.ci)
        return gettext("{series} {change} ({low} to {high})").format(
            series=gettext(TITLES[self.name]), change=form(self.change), low=low, high=high
        )


@dataclass(frozen=True)
class Rest:
    """What the test for rest found over the days `since` to `until` of a run."""

    since: int
    until: int
    worlds: int
    trends: tuple[Trend, ...]
    untested: str = ""
    """Why nothing was tested; empty where it was."""

    @property
    def moving(self) -> tuple[Trend, ...]:
        """Series with a trend; surest first."""
        return tuple(sorted((one for one in self.trends if one.moves), key=lambda one: one.p))

    @property
    def sentence(self) -> str:
        """A warning for a reader; empty where there is no trend, or nothing was tested."""
        if not self.moving:
            return ""
        return gettext(
            "Not at rest from day {since} to {until}: {moving}. These measures depend on when one looks. "
            "(t tests of slopes over {worlds} worlds, {level} % for all {series} series together by Holm.)"
        ).format(
            since=self.since,
            until=self.until,
            moving=gettext("; ").join(map(str, self.moving)),
            worlds=self.worlds,
            level=f"{100 * LEVEL:.0f}",
            series=len(self.trends),
        )

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data, in English; null where a number is not known."""
        rows = [
            {
                "series": one.name,
                "change": one.change,
                "relative": one.relative,
                "ci": list(one.ci),
                "p": one.p,
                "p_adjusted": one.p_adjusted,
                "moves": one.moves,
            }
            for one in self.trends
        ]
        with language(ENGLISH):
            warning = self.sentence
        found: dict[str, Any] = plain_json(
            {
                "since": self.since,
                "until": self.until,
                "worlds": self.worlds,
                "level": LEVEL,
                "at_rest": None if self.untested else not self.moving,
                "untested": self.untested or None,
                "warning": warning or None,
                "trends": rows,
            }
        )
        return found


def rest(run: AnyRun) -> Rest:
    """Test the last half of the counted time of a run for trends, in weekly values.

    In each world a line is fitted to each series by least squares, weeks weighted by what they count; worlds
    are independent, so the mean slope has Student's t, whatever the correlation from week to week (the
    method of replications: Law 2015, section 9.5.2). Holm's adjustment keeps the chance of any false warning
    at `LEVEL`. Nothing is tested with fewer than five worlds or four weeks.
    """
    first, last = (int(hour // 24) for hour in run.counted.hours(run.horizon))
    middle = first + (last - first + 1) // 2
    weeks = (last - middle) // WEEK
    if run.replications < FEWEST_WORLDS:
        return Rest(
            middle,
            last,
            run.replications,
            (),
            f"needs {FEWEST_WORLDS} worlds or more",
        )
    if weeks < FEWEST_WEEKS:
        return Rest(
            middle,
            last,
            run.replications,
            (),
            f"needs {2 * FEWEST_WEEKS} weeks or more",
        )
    found = [one for one in map(_trend, weekly(run, middle, last)) if one is not None]
    adjusted = holm(np.array([one.p for one in found]))
    trends = tuple(
        Trend(one.name, one.relative, one.change, one.ci, one.p, float(p))
        for one, p in zip(found, adjusted, strict=True)
    )
    return Rest(last - weeks * WEEK, last, run.replications, trends)


def _trend(series: Weekly) -> Trend | None:
    """The trend of one series; None where too few worlds have any of it, or it does not change at all."""
    from scipy.special import stdtr

    change = changes(series.top, series.bottom)
    if series.relative:
        change = change / (series.top.sum() / series.bottom.sum()) if series.top.sum() else change * np.nan
    known = change[~np.isnan(change)]
    if len(known) < FEWEST_WORLDS or np.ptp(known) <= _ROUNDING:
        return None
    band = t_band(known, CONFIDENCE)
    error = known.std(ddof=1) / np.sqrt(len(known))
    p = 2.0 * stdtr(len(known) - 1, -abs(float(band.mean)) / error)
    return Trend(
        series.name, series.relative, float(band.mean), (float(band.low), float(band.high)), float(p)
    )


def changes(top: Floats, bottom: Floats) -> Floats:
    """Rise of the fitted line from the first to the last week, in each world; NaN where it has no line.

    Formula: with weights n, values v and weeks t, (T - 1) sum n (t - m) v / sum n (t - m)^2, m the weighted
    mean of t: weighted least squares. Shapes (worlds, weeks) -> (worlds,).
    """
    week = np.arange(top.shape[1], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = week - (bottom @ week / bottom.sum(axis=1))[:, None]
        squares = (bottom * apart**2).sum(axis=1)
        slope = (top * apart).sum(axis=1) / np.where(squares > 0, squares, np.nan)
    return np.asarray((len(week) - 1) * slope)
