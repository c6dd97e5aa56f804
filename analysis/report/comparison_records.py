"""What takes the records of single disputes: time to close by policy, and who bears the wrongful losses."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

import numpy as np

from evenhand.analysis.charts import survival_curves
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.lorenz import Bearer, lorenz_curves
from evenhand.analysis.charts.words import plain
from evenhand.analysis.fairness import FAIRNESS, ClusterEstimate, Study, lorenz
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.survival import Curve, survival, times_until
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import duration, integer, interval, percent
from evenhand.locale.formats import numerals
from evenhand.sim.runs.records import Run

Runs = Mapping[str, Run]
"""Runs of the same worlds, by the names of their policies."""
STARTS = ("opened_at", "filed_at")


def time_to_close(runs: Runs) -> Exhibit:
    """Survival of open disputes by policy, of all and of those filed."""
    curves = [{plain(name): _followed(run, start) for name, run in runs.items()} for start in STARTS]
    panels = tuple(
        _time_panel(title, key, nobody, x, found)
        for title, key, nobody, x, found in zip(
            texts.TIME_PANELS, STARTS, texts.TIME_EMPTY, texts.TIME_X, curves, strict=True
        )
    )
    rows = [
        (name, who, integer(one.curve.n), _reached(one.half), _reached(one.most))
        for who, found in zip(texts.TIME_WHO, curves, strict=True)
        for name, one in found.items()
    ]
    said = texts.all_of(map(_halves, texts.TIME_WHO, texts.TIME_EMPTY, curves))
    return Exhibit("time", texts.TIME_TITLE, said, panels, Table(texts.TIME_HEAD, rows), texts.TIME_NOTE)


class Times(NamedTuple):
    """A survival curve, and when half and nine in ten had ended, as the metrics have it."""

    curve: Curve
    half: Estimate
    most: Estimate


def _followed(run: Run, start: str) -> Times:
    return Times(survival(run, start=start), *times_until(run, (0.5, 0.9), start=start)[""])


def _reached(time: Estimate) -> str:
    """The time by which a share has ended, in words where it was not reached."""
    if time.n == 0:
        return texts.UNDEFINED
    return duration(time.value) if isfinite(time.value) else texts.TIME_LONGER


def _time_panel(title: str, key: str, nobody: str, x: str, found: Mapping[str, Times]) -> Panel:
    some = any(one.curve.n for one in found.values())
    curves = {name: one.curve for name, one in found.items()}
    parts = texts.PARTS.join(
        texts.TIME_MEDIAN.format(name=name, median=_reached(one.half)) for name, one in found.items()
    )
    return Panel(
        f"time-{key.replace('_', '-')}",
        title,
        texts.TIME_ALT.format(title=title, parts=parts) if some else nobody,
        lambda width: (
            survival_curves(curves, x_axis=x, y_axis=texts.TIME_Y, risk=texts.TIME_RISK, width=width)
            if some
            else empty(width, 120, nobody)
        ),
    )


def _halves(who: str, nobody: str, found: Mapping[str, Times]) -> str:
    """The medians of all policies in a sentence."""
    if not any(one.curve.n for one in found.values()):
        return nobody
    parts = []
    for name, one in found.items():
        median = one.half.value
        form = texts.TIME_PART if isfinite(median) else texts.TIME_PART_LONGER
        parts.append(form.format(name=name, median=duration(median)))
    return texts.TIME_SENTENCE.format(who=who, parts=texts.listed(parts))


def wrongful_losses(runs: Runs) -> Exhibit:
    """Lorenz curves of both sides' wrongful losses by policy."""
    panels, rows, said = [], [], []
    for side, title in texts.LOSS_PANELS.items():
        bearers, tops = [], {}
        for name, run in runs.items():
            study = Study(run)
            gini = _only(FAIRNESS["loss_gini"](study, side=side), f"loss_gini_{side}")
            top = _only(FAIRNESS["loss_concentration"](study, side=side), f"loss_top_share_{side}")
            bearers.append(Bearer(plain(name), *lorenz(run, side), gini.value, gini.n))
            tops[plain(name)] = top.value
            rows.append(
                (
                    title,
                    plain(name),
                    integer(gini.n),
                    _index(gini.value),
                    _ends(gini),
                    percent(top.value),
                    interval(top),
                )
            )
        panels.append(_loss_panel(side, title, bearers, tops))
        said.append(_loss_sentence(side, tops))
    head = Table(texts.LOSS_HEAD, rows)
    sentence = texts.LOSS_SENTENCE.format(buyers=said[0], merchants=said[1])
    return Exhibit("losses", texts.LOSS_TITLE, sentence, tuple(panels), head, texts.LOSS_NOTE)


def _only(answer: Mapping[str, ClusterEstimate], name: str) -> ClusterEstimate:
    return answer[name]


def _index(value: float) -> str:
    return numerals(f"{value:.2f}") if isfinite(value) else texts.UNDEFINED


def _ends(one: ClusterEstimate) -> str:
    if one.ci is None:
        return texts.NO_INTERVAL
    return texts.RANGE.format(low=_index(one.ci[0]), high=_index(one.ci[1]))


def _loss_panel(side: str, title: str, bearers: list[Bearer], tops: Mapping[str, float]) -> Panel:
    parts = texts.PARTS.join(
        texts.LOSS_PART.format(name=one.name, gini=_index(one.gini), top=percent(tops[one.name]))
        for one in bearers
    )
    return Panel(
        f"losses-{side}",
        title,
        texts.LOSS_ALT[side].format(parts=parts),
        lambda width: lorenz_curves(
            bearers,
            x_axis=texts.LOSS_X,
            y_axis=texts.LOSS_Y,
            even=texts.LOSS_EVEN,
            gini=texts.LOSS_GINI,
            undefined=texts.LOSS_UNDEFINED,
            width=width,
        ),
    )


def _loss_sentence(side: str, tops: Mapping[str, float]) -> str:
    known = {name: top for name, top in tops.items() if np.isfinite(top)}
    if not known:
        return texts.LOSS_NOBODY[side]
    parts = [texts.LOSS_TOP.format(name=name, top=percent(top)) for name, top in known.items()]
    return texts.LOSS_WORST[side].format(parts=texts.listed(parts))
