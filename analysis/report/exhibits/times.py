"""Time to close: survival curves by buyer and by merchant group, those still open censored."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from evenhand.analysis.charts import survival_curves
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.survival import Curve, survival, times_until
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit, group_titles, largest
from evenhand.analysis.report.numbers import count, duration, integer, percent
from evenhand.analysis.report.texts import texts

AFTER = (1, 3, 7, 14, 30, 60)
"""Days at which the table says how many are still open."""
Hours = tuple[float, float]
"""Hours until half and nine in ten have closed, NaN where that was not seen; as the metrics have them."""


@exhibit(20)
def time_to_close(run: AnyRun) -> Exhibit:
    """The exhibit with both sets of curves."""
    everybody, all_hours = survival(run), _hours(run)[texts.ALL]
    sides = {side: _curves(run, f"{side}_group") for side in ("buyer", "merchant")}
    hours = {side: _hours(run, f"{side}_group") for side in sides}
    panels = tuple(_panel(side, curves, hours[side]) for side, curves in sides.items())
    note = texts.all_of(_note(side, curves) for side, curves in sides.items())
    title = texts.TIME_TITLE
    table = _table(run, {texts.ALL: (everybody, all_hours)} | _named(sides, hours))
    return Exhibit("time", title, _sentence(everybody.n, all_hours, hours), panels, table, note)


def _curves(run: AnyRun, column: str) -> dict[str, Curve]:
    """Curves by the groups' titles."""
    return dict(zip(group_titles(run, column), survival(run, column).values(), strict=True))


def _hours(run: AnyRun, column: str | None = None) -> dict[str, Hours]:
    """Hours until half and nine in ten have closed, by the groups' titles."""
    found = times_until(run, (0.5, 0.9), column)
    titles = group_titles(run, column) if column else [texts.ALL]
    return {
        title: (half.value, most.value) for title, (half, most) in zip(titles, found.values(), strict=True)
    }


def _named(
    sides: Mapping[str, Mapping[str, Curve]], hours: Mapping[str, Mapping[str, Hours]]
) -> dict[str, tuple[Curve, Hours]]:
    """The groups of both sides by names that say whose they are."""
    forms = {"buyer": texts.BUYER_GROUP, "merchant": texts.MERCHANT_GROUP}
    return {
        forms[side].format(name=name): (curve, hours[side][name])
        for side, curves in sides.items()
        for name, curve in curves.items()
    }


def _drawn(curves: Mapping[str, Curve]) -> dict[str, Curve]:
    """The groups with most cases, as many as can be told apart."""
    names = list(curves)
    return {names[i]: curves[names[i]] for i in largest([curve.n for curve in curves.values()])}


def _note(side: str, curves: Mapping[str, Curve]) -> str:
    """Whether groups are left out of the chart."""
    drawn = len(_drawn(curves))
    if drawn == len(curves):
        return ""
    return texts.DRAWN_OF[side].format(drawn=drawn, all=len(curves))


def _panel(side: str, curves: Mapping[str, Curve], hours: Mapping[str, Hours]) -> Panel:
    drawn = _drawn(curves)
    nobody = not any(curve.n for curve in curves.values())
    title = {"buyer": texts.BUYERS, "merchant": texts.MERCHANTS}[side]
    medians = texts.PARTS.join(_median(name, hours[name][0]) for name, curve in drawn.items() if curve.n)
    said = texts.TIME_ALT[side].format(medians=medians)
    return Panel(
        f"time-{side}",
        title,
        texts.TIME_EMPTY if nobody else said,
        lambda width: (
            empty(width, 120, texts.TIME_EMPTY)
            if nobody
            else survival_curves(
                drawn, x_axis=texts.TIME_X, y_axis=texts.TIME_Y, risk=texts.TIME_RISK, width=width
            )
        ),
    )


def _median(name: str, median: float) -> str:
    if isnan(median):
        return texts.TIME_NO_MEDIAN.format(name=name)
    return texts.TIME_MEDIAN.format(name=name, median=duration(median))


def _sentence(n: int, hours: Hours, sides: Mapping[str, Mapping[str, Hours]]) -> str:
    """How long half took, and how far the groups of either side are apart."""
    if n == 0:
        return texts.TIME_EMPTY
    ranges = [_range(side, groups) for side, groups in sides.items() if len(groups) > 1]
    half, most = hours
    said = texts.TIME_HALF if isnan(most) else texts.TIME_HALF_AND_MOST
    if isnan(half):
        said = texts.TIME_NOT_HALF
    form = (texts.TIME_SENTENCE, texts.TIME_ONE_SIDE, texts.TIME_BOTH_SIDES)[len(ranges)]
    one, other = ranges[:1] or [""], ranges[1:] or [""]
    return form.format(all=said.format(half=duration(half), most=duration(most)), one=one[0], other=other[0])


def _range(side: str, hours: Mapping[str, Hours]) -> str:
    """From the fastest to the slowest group of a side."""
    known = {name: median for name, (median, _) in hours.items() if not isnan(median)}
    if not known:
        return texts.TIME_NONE[side]
    fastest, slowest = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    low, high = duration(known[fastest]), duration(known[slowest])
    if len(known) == 1:
        return texts.TIME_ONE[side].format(fastest=fastest, low=low)
    if low == high:
        return texts.TIME_SAME[side].format(low=low)
    return texts.TIME_RANGE[side].format(low=low, high=high, fastest=fastest, slowest=slowest)


def _table(run: AnyRun, named: Mapping[str, tuple[Curve, Hours]]) -> Table:
    """Medians of all groups, and the share still open after some days."""
    days = [day for day in AFTER if day <= run.days]
    after = (texts.TIME_AFTER.format(days=count(day, texts.N_DAYS)) for day in days)
    rows = [
        (
            name,
            integer(curve.n),
            *map(duration, hours),
            *(percent(float(share)) for share in curve.at([24.0 * day for day in days])),
        )
        for name, (curve, hours) in named.items()
    ]
    return Table((*texts.TIME_HEAD, *after), rows)
