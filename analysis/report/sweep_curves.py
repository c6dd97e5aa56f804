"""The curves exhibit: a measure along each setting."""

from __future__ import annotations

from math import isfinite

import numpy as np

from evenhand.analysis.charts.responses import ResponseCurve, reach_of, response_curve
from evenhand.analysis.experiments import Response, Sweep, response
from evenhand.analysis.metrics.written import HUNDREDTHS
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import with_unit
from evenhand.analysis.report.sweep_texts import texts
from evenhand.locale.current import gettext


def curves(sweep: Sweep, metric: str) -> Exhibit:
    """The response curves of a measure with their numbers."""
    place = sweep.place(metric)
    title, unit = gettext(sweep.metrics[place].title), sweep.units[place]
    found = [response(sweep, metric, axis.name) for axis in sweep.axes]
    drawn = [_curve(one, unit) for one in found]
    reach = reach_of(drawn)
    panels = tuple(
        _panel(sweep, metric, one, curve, reach, number)
        for number, (one, curve) in enumerate(zip(found, drawn, strict=True), 1)
    )
    parts = "; ".join(
        texts.CURVE_PART.format(
            name=one.axis.name, first=with_unit(one.mean[0], unit), last=with_unit(one.mean[-1], unit)
        )
        for one in found
    )
    form = texts.CURVE_NOTE_GRID if sweep.design.kind == "grid" else texts.CURVE_NOTE
    return Exhibit(
        f"curves-{metric.replace('_', '-')}",
        texts.CURVE_TITLE.format(metric=title),
        texts.CURVE_SENTENCE.format(parts=parts),
        panels,
        Table(texts.CURVE_HEAD, [row for one in found for row in _rows(one, unit)]),
        form.format(worlds=sweep.replications) if sweep.replications > 1 else "",
    )


def _curve(one: Response, unit: str) -> ResponseCurve:
    """A curve as the chart wants it: shares in points."""
    scale = 100.0 if unit in HUNDREDTHS else 1.0
    return ResponseCurve(
        one.setting, scale * one.mean, scale * one.low, scale * one.high, (one.cloud[0], scale * one.cloud[1])
    )


def _panel(
    sweep: Sweep, metric: str, one: Response, curve: ResponseCurve, reach: tuple[float, float], number: int
) -> Panel:
    place = sweep.place(metric)
    title, unit = gettext(sweep.metrics[place].title), sweep.units[place]
    sign = " %" if unit in HUNDREDTHS else ""
    return Panel(
        f"curve-{metric.replace('_', '-')}-{number}",
        one.axis.name,
        texts.CURVE_ALT.format(
            metric=title,
            name=one.axis.name,
            first=one.axis.written(one.setting[0]),
            last=one.axis.written(one.setting[-1]),
            low=with_unit(one.mean[0], unit),
            high=with_unit(one.mean[-1], unit),
        ),
        lambda width: response_curve(
            curve,
            x_axis=one.axis.heading,
            y_axis=title if sign else f"{title}, {gettext(unit)}",
            base=one.axis.base,
            base_word=texts.AS_IT_IS,
            log=one.axis.scale == "log",
            unit=sign,
            reach=reach,
            width=width,
        ),
    )


def _rows(one: Response, unit: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for place, setting in enumerate(one.setting):
        low, high = one.low[place], one.high[place]
        sure = texts.NO_INTERVAL
        if isfinite(low):
            sure = texts.RANGE.format(low=with_unit(low, unit), high=with_unit(high, unit))
        rows.append(
            (
                f"{one.axis.name} {one.axis.written(float(np.round(setting, 6)))}",
                with_unit(one.mean[place], unit),
                sure,
                f"{one.points[place]:,}",
                f"{one.worlds[place]:,}",
            )
        )
    return rows
