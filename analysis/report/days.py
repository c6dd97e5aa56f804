"""The axis of days of a run: its dates, its festivals, and the days that are not counted."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.charts.dates import Days, Span
from evenhand.analysis.charts.words import plain
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.report.texts import texts
from evenhand.locale.current import gettext
from evenhand.sim.runs.cohort import Counted


def axis_of_days(run: AnyRun) -> Days:
    """What days since the start of a run mean, under its scenario."""
    market, start = run.scenario.market, run.scenario.start
    spans = [
        Span((one.first - start).days, (one.last - start).days + 1.0, plain(gettext(one.name)))
        for one in sorted(market.festivals, key=lambda one: -one.factor)
    ]
    since = Counted.of(run.scenario, run.cohort).since / 24.0
    before = Span(0.0, since, texts.UNCOUNTED) if np.isfinite(since) and since > 0 else None
    return Days(start, tuple(spans), before)
