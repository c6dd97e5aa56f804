"""What changed over time: the desks' backlog and use, the buyers' trust, the merchants' rating and care."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np

from evenhand.analysis.charts import Line, lines_over_time
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.metrics import time_series as series
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.time_series import Series
from evenhand.analysis.report.days import axis_of_days
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit, group_titles, largest
from evenhand.analysis.report.numbers import count, number, percent
from evenhand.analysis.report.texts import texts
from evenhand.locale.formats import date

WEEK = 7
Form = Callable[[float], str]
"""How a value is written."""
Column = tuple[str, Series, Sequence[str], Form]
"""Columns of a table: their title, their values, the names of the lines, how values are written."""


@exhibit(50)
def desks_over_time(run: AnyRun) -> Exhibit:
    """The exhibit with backlog and use of the desks."""
    backlog, used = series.backlog(run), series.utilisation(run)
    names = [tuple(texts.DESKS[name] for name in one.names) for one in (backlog, used)]
    waiting, busy = texts.DESKS_PANELS
    panels = (
        _panel(run, "backlog", waiting, backlog, names[0], texts.BACKLOG_Y, number, texts.BACKLOG_NONE),
        _panel(run, "use", busy, used, names[1], texts.USE_Y, percent, texts.USE_NONE),
    )
    columns: list[Column] = [
        (texts.BACKLOG_COLUMN, backlog, names[0], number),
        (texts.USE_COLUMN, used, names[1], percent),
    ]
    title = texts.DESKS_TITLE
    return Exhibit(
        "desks", title, _desk_sentence(run, backlog, used), panels, _table(run, columns), _note(run)
    )


@exhibit(55)
def claims_over_time(run: AnyRun) -> Exhibit:
    """The exhibit with the claims that are brought forward, by kind."""
    made = series.claims(run)
    names = tuple(texts.CLAIM_KINDS[name] for name in made.names)
    monthly = series.step_of(run) == series.MONTH
    step = "month" if monthly else "week"
    title, y_axis = texts.CLAIMS_PANELS[step], texts.CLAIMS_YS[step]
    panel = _panel(run, "claims", title, made, names, y_axis, number, texts.CLAIMS_NONE)._replace(wide=True)
    total = int(made.n.sum())
    sentence = texts.CLAIMS_EMPTY
    if total:
        shares = zip(made.names, made.n / total, strict=True)
        parts = texts.ITEMS.join(
            texts.CLAIM_PARTS[kind].format(share=percent(float(share))) for kind, share in shares
        )
        sentence = texts.CLAIMS_SENTENCE.format(n=count(total, texts.CASES), parts=parts)
    columns: list[Column] = [(texts.CLAIMS_COLUMN, made, names, number)]
    table = _table(run, columns, int(series.MONTH) if monthly else None)
    return Exhibit("claims", texts.CLAIMS_TITLE, sentence, (panel,), table, _note(run))


@exhibit(60)
def people_over_time(run: AnyRun) -> Exhibit:
    """The exhibit with trust, rating and care."""
    trust, rating, care = series.trust(run), series.rating(run), series.care(run)
    buyers, merchants = group_titles(run, "buyer_group"), group_titles(run, "merchant_group")
    first, second, third = texts.PEOPLE_PANELS
    panels = (
        _panel(run, "trust", first, trust, buyers, texts.TRUST_Y, _index, texts.PEOPLE_NONE),
        _panel(run, "rating", second, rating, merchants, texts.RATING_Y, _index, texts.PEOPLE_NONE),
        _panel(run, "care", third, care, merchants, texts.CARE_Y, _index, texts.PEOPLE_NONE),
    )
    moved = texts.PEOPLE_SENTENCE.format(
        trust=_moved(trust, buyers, texts.TRUST_MOVED, texts.TRUST_STILL),
        rating=_moved(rating, merchants, texts.RATING_MOVED, texts.RATING_STILL),
        care=_moved(care, merchants, texts.CARE_MOVED, texts.CARE_STILL),
    )
    columns: list[Column] = [
        (texts.TRUST_COLUMN, trust, buyers, _index),
        (texts.RATING_COLUMN, rating, merchants, _index),
        (texts.CARE_COLUMN, care, merchants, _index),
    ]
    return Exhibit(
        "people",
        texts.PEOPLE_TITLE,
        moved,
        panels,
        _table(run, columns),
        _note(run, buyer=trust, merchant=rating),
    )


def _index(value: float) -> str:
    return number(value, 3)


def _note(run: AnyRun, **groups: Series) -> str:
    """What the bands are, and whether groups are left out of a chart."""
    notes = [texts.BANDS_NOTE if run.replications > 1 else texts.NO_BANDS_NOTE]
    for side, one in groups.items():
        drawn = len(largest(one.n.tolist()))
        if drawn < len(one.names):
            notes.append(texts.DRAWN_OF[side].format(drawn=drawn, all=len(one.names)))
    return texts.all_of(notes)


def _panel(
    run: AnyRun,
    key: str,
    title: str,
    values: Series,
    names: Sequence[str],
    y_axis: str,
    form: Form,
    none: str,
) -> Panel:
    chosen = [i for i in largest(values.n.tolist()) if np.isfinite(values.mean[i]).any()]
    lines = [Line(names[i], values.days, values.mean[i], values.low[i], values.high[i]) for i in chosen]
    if not lines:
        return Panel(key, title, none, lambda width: empty(width, 120, none))
    said = texts.LINES_ALT.format(title=title, parts=texts.PARTS.join(_say(line, form) for line in lines))
    return Panel(
        key,
        title,
        said,
        lambda width: lines_over_time(
            lines,
            days=axis_of_days(run),
            y_axis=y_axis,
            percent=form is percent,
            floor=0.0,
            ceiling=None if form is number or key == "care" else 1.0,
            from_zero=form is not _index,
            width=width,
        ),
    )


def _say(line: Line, form: Form) -> str:
    known = line.value[np.isfinite(line.value)]
    first, last, high = (form(float(value)) for value in (known[0], known[-1], known.max()))
    return texts.LINE_PART.format(name=line.name, first=first, last=last, high=high)


def _desk_sentence(run: AnyRun, backlog: Series, used: Series) -> str:
    """The fullest desk and the busiest desk."""
    if not len(backlog.names):
        return texts.DESKS_EMPTY
    desk, day = np.unravel_index(np.nanargmax(backlog.mean), backlog.mean.shape)
    form = texts.DESKS_BACKLOG_MEANS if run.replications > 1 else texts.DESKS_BACKLOG
    fullest = form.format(
        desk=texts.DESKS_NAMED[backlog.names[desk]],
        peak=count_of(float(backlog.mean[desk, day])),
        day=date(run.scenario.start + timedelta(int(backlog.days[day]) - 1)),
        end=_cases(float(backlog.mean[desk, -1])),
    )
    weeks = [np.nanmean(row) if np.isfinite(row).any() else np.nan for row in used.mean]
    busy = texts.DESKS_IDLE
    if weeks and np.isfinite(weeks).any():
        most = int(np.nanargmax(weeks))
        name = texts.DESKS_NAMED[used.names[most]]
        busy = texts.DESKS_BUSY.format(desk=name, mean=percent(float(weeks[most])))
    return texts.DESKS_SENTENCE.format(backlog=fullest, busy=busy)


def count_of(cases: float) -> str:
    """A mean number of cases in words: one case, or so many cases."""
    if cases == int(cases):
        return count(int(cases), texts.CASES)
    return texts.CASES(cases).format(n=_cases(cases))


def _cases(cases: float) -> str:
    """A mean number of cases."""
    return number(cases, 0 if cases == int(cases) else 1)


def _moved(values: Series, names: Sequence[str], moved: str, still: str) -> str:
    """The group whose value changed most between the first and the last day."""
    change = np.abs(values.mean[:, -1] - values.mean[:, 0])
    if not np.isfinite(change).any():
        return still
    i = int(np.nanargmax(change))
    first, last = _index(float(values.mean[i, 0])), _index(float(values.mean[i, -1]))
    return still if first == last else moved.format(name=names[i], first=first, last=last)


def _table(run: AnyRun, columns: Sequence[Column], step: int | None = None) -> Table:
    """Values by steps of days, by default by week, or by day where the run is short, with their intervals."""
    step = step or (WEEK if run.days > 2 * WEEK else 1)
    days = sorted({*range(step, run.days + 1, step), run.days})
    head, cells = [texts.DAY], [[str(day)] for day in days]
    for title, values, names, form in columns:
        for i, name in enumerate(names):
            head.append(title.format(name=name))
            for row, day in zip(cells, days, strict=True):
                row.append(_cell(values, i, day, form))
    return Table(tuple(head), [tuple(row) for row in cells])


def _cell(values: Series, line: int, day: int, form: Form) -> str:
    """The value at the end of a day with its interval; empty where the series has no such day."""
    at = np.flatnonzero(values.days == day)
    if not len(at):
        return ""
    mean, low, high = (float(part[line, at[0]]) for part in (values.mean, values.low, values.high))
    if not np.isfinite(low):
        return form(mean)
    return texts.WITH_RANGE.format(value=form(mean), low=form(low), high=form(high))
