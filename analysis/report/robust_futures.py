"""The exhibit of all futures: how many lie where, along which belief it turns, and rules that tell where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenhand.analysis.charts.futures import Side, histogram
from evenhand.analysis.charts.responses import ResponseCurve, response_curve
from evenhand.analysis.charts.words import plain
from evenhand.analysis.metrics.written import HUNDREDTHS
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.robust_texts import texts
from evenhand.analysis.robust.answer import Answer, BeliefAxis
from evenhand.analysis.robust.counts import share
from evenhand.analysis.robust.words import restricted, said, sentence
from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals

STEPS = 8
"""Of a belief, in which futures are counted."""


def unit_of(answer: Answer) -> str:
    """The unit of a difference, as the page says it."""
    unit = answer.question.units[answer.question.place(answer.metric)]
    return texts.UNITS.get(unit, gettext(unit))


def scale_of(answer: Answer) -> float:
    """What a difference is multiplied by before it is written."""
    unit = answer.question.units[answer.question.place(answer.metric)]
    return 100.0 if unit in HUNDREDTHS else 1.0


def over_futures(answer: Answer, beliefs: Sequence[BeliefAxis]) -> Exhibit:
    """All futures of one answer."""
    question = answer.question
    metric = gettext(question.metrics[question.place(answer.metric)].title)
    names = {
        "policy": plain(gettext(question.titles[answer.policy])),
        "base": plain(gettext(question.titles[0])),
    }
    key = f"{answer.metric}-{question.policies[answer.policy]}".replace("_", "-")
    neutral = question.metrics[question.place(answer.metric)].direction == "neutral"
    words = (texts.MORE, texts.LESS, texts.WITHIN) if neutral else (texts.BETTER, texts.WORSE, texts.WITHIN)
    shares = (answer.verdicts.better, answer.verdicts.worse, answer.verdicts.within)
    told = [form.format(share=said(one)) for form, one in zip(words, shares, strict=True)]
    sides = [Side(answer.verdicts.each == code, text) for code, text in zip((1, -1, 0), told, strict=True)]
    if not answer.margin and shares[2].value == 0:
        sides = sides[:2]
    difference = question.sign(answer.metric) * scale_of(answer) * answer.gain
    first = Panel(
        f"futures-{key}",
        texts.FUTURES_PANEL,
        texts.FUTURES_ALT.format(n=shares[0].n, metric=metric, better=told[0], worse=told[1], within=told[2]),
        lambda width: histogram(
            difference,
            sides,
            axis=texts.DIFFERENCE_AXIS.format(unit=unit_of(answer)),
            count=texts.COUNT_AXIS,
            width=width,
        ),
    )
    luck = texts.LUCK.format(share=numerals(f"{100 * answer.luck.share:.0f}"))
    left = answer.verdicts.undefined
    missing = texts.UNDEFINED_FUTURES.format(n=numerals(str(left))) if left else ""
    return Exhibit(
        f"over-futures-{key}",
        texts.FUTURES_TITLE.format(metric=metric, **names),
        sentence(answer, beliefs),
        (first, _along(answer, beliefs, key, names["policy"])),
        _rules(answer, beliefs),
        texts.all_of((luck, missing)),
    )


def _along(answer: Answer, beliefs: Sequence[BeliefAxis], key: str, policy: str) -> Panel:
    """The share of futures in which the policy does better, in steps of the strongest belief."""
    place = int(answer.effects.order[0])
    belief, z = beliefs[place], answer.plan.futures[:, place]
    each = answer.verdicts.each
    step = np.clip(((z + 1) / 2 * STEPS).astype(int), 0, STEPS - 1)
    counted = [
        share(int((each[step == k] == 1).sum()), int((each[step == k] != 2).sum())) for k in range(STEPS)
    ]
    middle = (np.arange(STEPS) + 0.5) / STEPS * 2 - 1
    value, low, high = (np.array([getattr(one, end) for one in counted]) for end in ("value", "low", "high"))
    curve = ResponseCurve(middle, 100 * value, 100 * low, 100 * high, (middle, 100 * value))
    title = plain(gettext(belief.title))
    axis = texts.ALONG_X.format(title=title, low=belief.written(-1.0), high=belief.written(1.0))
    return Panel(
        f"along-{key}",
        texts.ALONG_PANEL,
        texts.ALONG_ALT.format(
            policy=policy, title=title, first=f"{100 * value[0]:.0f}", last=f"{100 * value[-1]:.0f}"
        ),
        lambda width: response_curve(
            curve,
            x_axis=axis,
            y_axis=texts.ALONG_Y,
            base=0.0,
            base_word=texts.AS_IT_IS,
            unit=" %",
            reach=(0.0, 100.0),
            width=width,
        ),
    )


def _rules(answer: Answer, beliefs: Sequence[BeliefAxis]) -> Table:
    """Each rule, as unseen futures judge it."""
    rows: list[tuple[str, ...]] = []
    for rule in answer.rules:
        where = "; ".join(restricted(one, beliefs[one.belief]) for one in rule.restrictions)
        seen = texts.PERCENT.format(value=numerals(f"{100 * rule.seen:.0f}"))
        rows.append((where, said(rule.density), said(rule.coverage), said(rule.base), seen))
    if not rows:
        rows.append((texts.NO_RULES, *[texts.NO_INTERVAL] * 4))
    return Table(texts.RULE_HEAD, rows)
