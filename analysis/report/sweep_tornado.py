"""The tornado exhibit: what each end of each setting does to a measure, one setting at a time."""

from __future__ import annotations

from math import isfinite

from evenhand.analysis.charts.swings import Side, SwingBar, swings
from evenhand.analysis.compare.words import figures
from evenhand.analysis.experiments import Axis, End, Sweep, Swing, tornado
from evenhand.analysis.metrics.written import HUNDREDTHS
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import with_unit
from evenhand.analysis.report.sweep_texts import texts
from evenhand.locale.current import gettext


def unit_of(unit: str) -> str:
    """The unit of a difference, as the page says it."""
    return texts.UNITS.get(unit, gettext(unit))


def minus(text: str) -> str:
    """A number with a real minus sign."""
    return text.replace("-", "−") if text != "-" else texts.UNDEFINED


def moved(sweep: Sweep, metric: str) -> Exhibit:
    """The tornado chart of a measure with its numbers."""
    place = sweep.place(metric)
    title, unit = gettext(sweep.metrics[place].title), sweep.units[place]
    found = tornado(sweep, metric)
    bars = [
        SwingBar(swing.axis.name, _side(swing.axis, swing.low, unit), _side(swing.axis, swing.high, unit))
        for swing in found
    ]
    form = texts.TORNADO_AXIS if sweep.replications > 1 else texts.TORNADO_AXIS_ONE
    axis = form.format(unit=unit_of(unit), worlds=sweep.replications)
    heading = texts.TORNADO_TITLE.format(metric=title)
    parts = "; ".join(
        texts.TORNADO_PART.format(name=bar.name, setting=side.setting, written=side.written)
        for bar in bars
        for side in (bar.low, bar.high)
    )
    panel = Panel(
        f"tornado-{metric.replace('_', '-')}",
        heading,
        texts.TORNADO_ALT.format(metric=title, parts=parts),
        lambda width: swings(bars, low=texts.LOW, high=texts.HIGH, axis=axis, width=width),
        wide=True,
    )
    rows = [row for swing in found for row in _rows(swing, unit)]
    return Exhibit(
        f"moved-{metric.replace('_', '-')}",
        heading,
        _sentence(sweep, metric, found, unit),
        (panel,),
        Table(texts.TORNADO_HEAD, rows),
    )


def _scale(unit: str) -> float:
    return 100.0 if unit in HUNDREDTHS else 1.0


def _side(axis: Axis, end: End, unit: str) -> Side:
    scale = _scale(unit)
    interval = (scale * end.ci[0], scale * end.ci[1]) if end.ci else None
    value, sure = _written(end, unit)
    return Side(axis.written(end.setting), scale * end.difference, interval, f"{value} {sure}".strip())


def _written(end: End, unit: str) -> tuple[str, str]:
    """A difference and its interval in brackets."""
    half = (end.ci[1] - end.ci[0]) / 2 if end.ci else 0.0
    value, *ends = figures((end.difference, *(end.ci or ())), unit, half)
    return minus(value), f"({texts.RANGE.format(low=minus(ends[0]), high=minus(ends[1]))})" if ends else ""


def _rows(swing: Swing, unit: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for end in (swing.low, swing.high):
        value, sure = _written(end, unit)
        rows.append(
            (
                swing.axis.name,
                swing.axis.written(end.setting),
                value,
                sure.strip("()") or texts.NO_INTERVAL,
                unit_of(unit),
                str(end.n),
            )
        )
    return rows


def _sentence(sweep: Sweep, metric: str, found: tuple[Swing, ...], unit: str) -> str:
    """Which setting moves it most, if any does beyond luck."""
    ends = [(swing, end) for swing in found for end in (swing.low, swing.high) if isfinite(end.difference)]
    if all(end.difference == 0 for _, end in ends):
        return texts.TORNADO_FLAT
    sure = [(swing, end) for swing, end in ends if end.ci is None or not end.ci[0] <= 0 <= end.ci[1]]
    if not sure:
        return texts.TORNADO_NONE.format(worlds=sweep.replications)
    swing, end = max(sure, key=lambda pair: abs(pair[1].difference))
    base = sweep.estimate(sweep.design.base, metric)
    value, interval = _written(end, unit)
    return texts.TORNADO_SENTENCE.format(
        name=swing.axis.name,
        setting=swing.axis.written(end.setting),
        written=f"{value} {interval}".strip(),
        unit=unit_of(unit),
        base=with_unit(base.value, unit),
    )
