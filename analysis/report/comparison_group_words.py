"""Differences by group in words: a sentence for each policy, and one for each gap."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.by_group import ByGroup, Gap, InGroup
from evenhand.analysis.compare.difference import LEVEL, Difference
from evenhand.analysis.compare.words import figures, with_word, worlds_of
from evenhand.analysis.report.comparison_differences import minus
from evenhand.analysis.report.comparison_texts import texts
from evenhand.locale.current import gettext

FORMS = {"not told apart": "unsure", "not known": "unknown"}
"""What is said of a verdict, where it is not named like it."""


def form_of(verdict: str, one: Difference) -> str:
    """Which words a verdict has; an interval beside nothing needs to hear why it proves nothing."""
    form = FORMS.get(verdict, verdict)
    return "allowed" if form == "unsure" and one.p < LEVEL else form


def levels(one: Difference) -> list[str]:
    """Both values with their unit, the baseline's first, as exact as the difference."""
    values = (one.baseline_value, one.policy_value)
    return [minus(x) for x in figures(values, one.unit, one.half_width, signed=False, level=True)]


def sentence(found: ByGroup, groups: Sequence[InGroup]) -> str:
    """What a policy does in each group of a metric, in one sentence; groups are of one policy."""
    first = groups[0].difference
    known = [one for one in groups if isfinite(one.difference.difference)]
    return texts.GROUPS_SENTENCE.format(
        policy=plain(gettext(found.policies[first.policy])),
        baseline=plain(gettext(found.policies[first.baseline])),
        metric=gettext(first.title),
        parts=texts.listed([_part(found, one) for one in known or groups]),
    )


def _part(found: ByGroup, one: InGroup) -> str:
    difference, group = one.difference, plain(gettext(found.titles[one.group]))
    verdict = difference.verdict
    form = texts.GROUPS_SAID[form_of(verdict, difference)]
    if difference.ci is None:
        return form.format(group=group)
    sure = verdict in {"higher", "lower"}
    numbers = (difference.difference, *difference.ci)
    value, *ends = figures(
        (abs(numbers[0]), *sorted(map(abs, numbers[1:]))) if sure else numbers,
        difference.unit,
        difference.half_width,
        signed=not sure,
    )
    return form.format(
        group=group,
        amount=minus(with_word(value, difference.unit)),
        low=minus(ends[0]),
        high=minus(ends[1]),
        family=difference.family,
    )


def gap_sentence(found: ByGroup, one: Gap) -> str:
    """A gap before and after, its change with the interval, and whether it is narrower."""
    change = one.difference
    names = {
        "group": plain(gettext(found.titles[one.group])),
        "reference": plain(gettext(found.titles[one.reference])),
    }
    if not isfinite(change.difference):
        return texts.GROUPS_GAP_NONE.format(**names)
    value, *ends = (
        minus(x) for x in figures((change.difference, *(change.ci or ())), change.unit, change.half_width)
    )
    before, after = (with_word(x, change.unit) for x in gap_levels(change))
    said = {**names, "before": before, "after": after, "change": with_word(value, change.unit)}
    if not ends:
        return texts.GROUPS_GAP_FEW.format(**said, worlds=worlds_of(change.n))
    verdict = texts.GAP_VERDICTS[form_of(one.verdict, change)].format(family=change.family)
    return texts.GROUPS_GAP_SENTENCE.format(**said, low=ends[0], high=ends[1], verdict=verdict)


def gap_levels(one: Difference) -> list[str]:
    """Both gaps with their sign and without their unit, the baseline's first."""
    return [minus(x) for x in figures((one.baseline_value, one.policy_value), one.unit, one.half_width)]
