"""The tornado of beliefs: what each does alone to the difference of two policies."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.charts.swings import NARROW, Side, SwingBar, swings
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.words import figures
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.robust_futures import scale_of, unit_of
from evenhand.analysis.report.robust_texts import texts
from evenhand.analysis.report.sweep_tornado import minus
from evenhand.analysis.robust.answer import Answer, BeliefAxis
from evenhand.analysis.robust.break_even import AloneCurve, At
from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals


def alone(answer: Answer, beliefs: Sequence[BeliefAxis]) -> Exhibit:
    """The strongest beliefs one at a time, in the worlds of the base."""
    question = answer.question
    metric = gettext(question.metrics[question.place(answer.metric)].title)
    key = f"{answer.metric}-{question.policies[answer.policy]}".replace("_", "-")
    title = texts.ALONE_TITLE.format(metric=metric)
    axis = texts.ALONE_AXIS.format(unit=unit_of(answer), worlds=answer.plan.alone_worlds)

    def bars(width: float) -> list[SwingBar]:
        return [_bar(answer, curve, beliefs[curve.belief], narrow=width < NARROW) for curve in answer.curves]

    parts = "; ".join(
        texts.ALONE_PART.format(name=bar.name, setting=side.setting, written=side.written)
        for bar in bars(NARROW)
        for side in (bar.low, bar.high)
    )
    panel = Panel(
        f"alone-{key}",
        title,
        texts.ALONE_ALT.format(metric=metric, parts=parts),
        lambda width: swings(bars(width), low=texts.LOW_END, high=texts.HIGH_END, axis=axis, width=width),
        wide=True,
    )
    rows = [row for curve in answer.curves for row in _rows(answer, curve, beliefs[curve.belief])]
    table = Table(texts.ALONE_HEAD, rows)
    return Exhibit(f"one-belief-{key}", title, _sentence(answer, beliefs), (panel,), table, texts.ALONE_NOTE)


def _natural(answer: Answer, one: At) -> tuple[float, tuple[float, float] | None]:
    """A difference in the metric's own direction, and its interval."""
    sign = answer.question.sign(answer.metric)
    ci = None if one.ci is None else tuple(sorted((sign * one.ci[0], sign * one.ci[1])))
    return sign * one.difference, ci  # type: ignore[return-value]  # two ends


def _bar(answer: Answer, curve: AloneCurve, belief: BeliefAxis, *, narrow: bool) -> SwingBar:
    """Both ends; on a narrow page by the short name of the belief."""
    title = plain(belief.name.replace("_", " ")) if narrow else plain(gettext(belief.title))
    low, high = (next(one for one in curve.points if one.z == z) for z in (-1.0, 1.0))
    return SwingBar(title, _side(answer, belief, low), _side(answer, belief, high))


def _side(answer: Answer, belief: BeliefAxis, one: At) -> Side:
    scale = scale_of(answer)
    value, ci = _natural(answer, one)
    ends = None if ci is None else (scale * ci[0], scale * ci[1])
    written, sure = _written(answer, one)
    return Side(belief.written(one.z), scale * value, ends, f"{written} {sure}".strip())


def _written(answer: Answer, one: At) -> tuple[str, str]:
    unit = answer.question.units[answer.question.place(answer.metric)]
    value, ci = _natural(answer, one)
    half = (ci[1] - ci[0]) / 2 if ci else 0.0
    text, *ends = figures((value, *(ci or ())), unit, half)
    sure = texts.RANGE.format(low=minus(ends[0]), high=minus(ends[1])) if ends else ""
    return minus(text), f"({sure})" if sure else ""


def _rows(answer: Answer, curve: AloneCurve, belief: BeliefAxis) -> list[tuple[str, ...]]:
    effects = answer.effects
    unit = answer.question.units[answer.question.place(answer.metric)]
    size = figures([float(effects.size[curve.belief])], unit, 0.0, signed=False)[0]
    above = texts.YES if effects.size[curve.belief] > effects.floor else texts.NO
    at = curve.break_even
    even = texts.NO_INTERVAL if at is None else belief.written(at)
    rows: list[tuple[str, ...]] = []
    for one in curve.points:
        if one.z:
            value, sure = _written(answer, one)
            more = (
                even,
                size,
                above,
                plain(gettext(belief.because)) if belief.because else texts.NO_INTERVAL,
            )
            rows.append(
                (
                    plain(gettext(belief.title)),
                    belief.written(one.z),
                    value,
                    sure.strip("()") or texts.NO_INTERVAL,
                    *more,
                )
            )
    return rows


def _sentence(answer: Answer, beliefs: Sequence[BeliefAxis]) -> str:
    if not answer.curves or not answer.curves[0].width:
        return texts.ALONE_NONE
    first = answer.curves[0]
    belief = beliefs[first.belief]
    at = first.break_even
    told = texts.NO_BREAK_EVEN
    if at is not None:
        told = texts.BREAK_EVEN.format(value=numerals(belief.written(at)), now=numerals(belief.written(0.0)))
    return texts.ALONE_SENTENCE.format(title=plain(gettext(belief.title)), break_even=told)
