"""What people make of policies over time: groundless claims, merchants' care and buyers' trust."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite

import numpy as np

from evenhand.analysis.charts import Line, lines_over_time
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.words import plain
from evenhand.analysis.metrics import time_series as series
from evenhand.analysis.metrics.time_series import Series
from evenhand.analysis.report.comparison_records import Runs
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.days import axis_of_days
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import number
from evenhand.locale.formats import numerals
from evenhand.sim.runs.records import Run

Lines = Callable[[Run], Series]


def behaviour_over_time(runs: Runs) -> Exhibit:
    """The exhibit with groundless claims, problem rate and trust under each policy, step by step."""
    first = next(iter(runs.values()))
    step = series.step_of(first)
    kinds: tuple[tuple[str, Lines, bool], ...] = (
        ("groundless", lambda run: whole_steps(series.claims(run, groundless=True), step), True),
        ("care", lambda run: series.care(run, whole=True), False),
        ("trust", lambda run: series.trust(run, whole=True), False),
    )
    panels, rows, said = [], [], []
    for key, make, counts in kinds:
        found = {plain(name): make(run) for name, run in runs.items()}
        y_axis = (
            texts.BEHAVIOUR_YS[key]
            if not counts
            else texts.BEHAVIOUR_STEPS["month" if step == series.MONTH else "week"]
        )
        panels.append(_lines_panel(key, found, y_axis, first, from_zero=counts))
        said.append(_ended(key, found))
        rows += [row for name, one in found.items() for row in _rows(texts.BEHAVIOUR_PANELS[key], name, one)]
    table = Table(texts.BEHAVIOUR_HEAD, rows)
    note = texts.BEHAVIOUR_NOTE if first.replications > 1 else texts.BEHAVIOUR_NOTE_ONE
    return Exhibit("behaviour", texts.BEHAVIOUR_TITLE, texts.all_of(said), tuple(panels), table, note)


def whole_steps(one: Series, step: float) -> Series:
    """The series without a last step that is cut short, unless it has no other."""
    whole = one.days % step == 0
    if not whole.any():
        return one
    cut = {part: getattr(one, part)[:, whole] for part in ("mean", "low", "high")}
    return replace(one, days=one.days[whole], **cut)


def _lines_panel(key: str, found: Mapping[str, Series], y_axis: str, run: Run, *, from_zero: bool) -> Panel:
    lines = [
        Line(name, one.days, one.mean[0], one.low[0], one.high[0])
        for name, one in found.items()
        if len(one.names) and np.isfinite(one.mean[0]).any()
    ]
    title, nobody = texts.BEHAVIOUR_PANELS[key], texts.BEHAVIOUR_EMPTY[key]
    parts = texts.PARTS.join(
        texts.BEHAVIOUR_PART.format(name=line.name, first=number(_first(line)), last=number(_last(line)))
        for line in lines
    )
    return Panel(
        f"behaviour-{key}",
        title,
        texts.BEHAVIOUR_ALT.format(title=title, parts=parts) if lines else nobody,
        lambda width: (
            lines_over_time(
                lines, days=axis_of_days(run), y_axis=y_axis, floor=0.0, from_zero=from_zero, width=width
            )
            if lines
            else empty(width, 120, nobody)
        ),
    )


def _first(line: Line) -> float:
    return float(line.value[np.isfinite(line.value)][0])


def _last(line: Line) -> float:
    return float(line.value[np.isfinite(line.value)][-1])


def _ended(key: str, found: Mapping[str, Series]) -> str:
    """Where the lines of all policies end."""
    parts = [
        texts.BEHAVIOUR_END.format(name=name, value=number(float(one.mean[0, -1])))
        for name, one in found.items()
        if len(one.names)
    ]
    if not parts:
        return texts.BEHAVIOUR_EMPTY[key]
    return texts.BEHAVIOUR_SENTENCE.format(what=texts.BEHAVIOUR_PANELS[key], parts=texts.listed(parts))


def _rows(title: str, name: str, one: Series) -> list[tuple[str, ...]]:
    """About twelve values, evenly apart, and the last."""
    if not len(one.names):
        return []
    step = max(1, len(one.days) // 12)
    at = sorted({*range(step - 1, len(one.days), step), len(one.days) - 1})
    return [
        (
            title,
            name,
            numerals(f"{one.days[i]:g}"),
            number(float(one.mean[0, i]), 3),
            texts.RANGE.format(low=number(float(one.low[0, i]), 3), high=number(float(one.high[0, i]), 3))
            if isfinite(float(one.low[0, i]))
            else texts.NO_INTERVAL,
        )
        for i in at
    ]
