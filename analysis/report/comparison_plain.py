"""A comparison in three plain sentences: who is better or worse off, what it costs, and what to mind."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.why import words as why_words
from evenhand.analysis.compare.words import figures, unit_of, with_word
from evenhand.analysis.report.comparison_differences import chosen, clearest, judgement, minus
from evenhand.analysis.report.comparison_group_words import levels
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.numbers import integer
from evenhand.analysis.runs.background import Assumed
from evenhand.locale.current import gettext

SIDES = {
    "buyers": (
        "effective_denial_rate",
        "wrongful_denial_rate",
        "buyer_loss_per_dispute",
        "median_hours_to_close",
        "p90_hours_to_close",
    ),
    "merchants": ("merchant_missed_share", "wrongful_grant_rate", "merchant_loss_per_dispute"),
}
"""Measures of what each side gets; whichever is clearest is told."""
COSTS = ("platform_cost_per_dispute", "social_cost_per_order")
FEW_WORLDS = 10
"""Worlds below which a reader is told that there are few."""


def plain_words(
    comparison: Comparison, scenario: str, policy: str, assumed: Sequence[Assumed] = ()
) -> list[str]:
    """Three sentences about a policy beside the baseline, in the language in force."""
    found = chosen(comparison, scenario, policy)
    return [
        _for_whom(found),
        _costs(found),
        texts.all_of(_mind(comparison, found, scenario, policy, assumed)),
    ]


def _for_whom(found: Sequence[Difference]) -> str:
    """The clearest difference for the better and for the worse of each side."""
    told = []
    for judged, form in texts.PLAIN_FOR.items():
        for side, names in SIDES.items():
            mine = [one for one in found if one.metric in names and judgement(one) == judged]
            one = clearest(mine)
            if one is not None:
                told.append(form.format(who=texts.PLAIN_SIDES[side], change=_change(one)))
    if told:
        return texts.all_of(told)
    return texts.PLAIN_NOBODY.format(worlds=texts.worlds(max((one.n for one in found), default=0)))


def _change(one: Difference) -> str:
    """A difference with both levels, its interval in words, and how many worlds and cases it rests on."""
    assert one.ci
    before, after = levels(one)
    ends = sorted(map(abs, one.ci))
    amount, low, high = (
        minus(x) for x in figures((abs(one.difference), *ends), one.unit, one.half_width, signed=False)
    )
    n = texts.worlds(one.n)
    if one.cases is not None:
        n = texts.PLAIN_N.format(worlds=n, cases=texts.CASES(one.cases).format(n=integer(one.cases)))
    form = texts.PLAIN_RISES if one.difference > 0 else texts.PLAIN_FALLS
    unit = unit_of(one.unit)
    return form.format(
        title=gettext(one.title),
        before=before,
        after=after,
        amount=with_word(amount, one.unit),
        low=low,
        high=with_word(high, one.unit) if unit else high,
        n=n,
    )


def _costs(found: Sequence[Difference]) -> str:
    known = [one for one in found if one.metric in COSTS and one.ci]
    told = [_change(one) for one in known if judgement(one) != "unsure"]
    if told:
        return texts.PLAIN_COSTS.format(changes=texts.PARTS.join(told))
    return texts.PLAIN_NO_COSTS if known else texts.PLAIN_COSTS_UNKNOWN


def _mind(
    comparison: Comparison,
    found: Sequence[Difference],
    scenario: str,
    policy: str,
    assumed: Sequence[Assumed],
) -> list[str]:
    """What a reader must not overlook, the gravest first."""
    said = []
    if any((where, whose) == (scenario, policy) for where, whose, _ in comparison.warnings):
        said.append(texts.PLAIN_OVERLOAD)
    way = comparison.way(policy, scenario)
    missed = [one for one in found if one.metric == "merchant_missed_share" and judgement(one) != "unsure"]
    if way is not None and missed:
        meaning = why_words.SILENCE_MEANS[way.silence]
        said.append(texts.PLAIN_SILENCE.format(meaning=meaning))
    worlds = max((one.n for one in found), default=0)
    if worlds < FEW_WORLDS:
        said.append(texts.PLAIN_FEW_WORLDS.format(worlds=texts.worlds(worlds)))
    unsure = sum(judgement(one) == "unsure" for one in found)
    said.append(texts.PLAIN_UNSURE.format(n=integer(unsure), all=integer(len(found))))
    mine = [one for one in assumed if one.name == (scenario if one.kind == "scenario" else policy)]
    n, of = sum(one.n for one in mine), sum(one.of for one in mine)
    if of:
        said.append(texts.PLAIN_ASSUMED.format(n=integer(n), all=integer(of)))
    return [plain(one) for one in said]
