"""What futures say, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.robust.counts import Share
from evenhand.analysis.robust.prim import FlipRule, Restriction
from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals
from evenhand.locale.words import Text, Words

if TYPE_CHECKING:
    from evenhand.analysis.robust.answer import Answer, BeliefAxis


class RobustWords(Words):
    """The words of what futures say."""

    SHARE = Text("{value} % ({low} to {high} %)")
    NONE = Text("none (at most {high} %)")
    ALL = Text("all (at least {low} %)")
    UNKNOWN = Text("an unknown share")
    BETTER = Text(
        "In {share} of the {n} futures called plausible, “{policy}” does better than “{base}” on “{metric}”"
    )
    HIGHER = Text(
        "In {share} of the {n} futures called plausible, “{policy}” has more of “{metric}” than “{base}”"
    )
    WITHIN = Text(", and in {share} the two are within {margin} of each other")
    STOP = Text("{text}.")
    FLIPS = Text(
        "The verdict of most flips where {rule}: in {density} of unseen futures there, in {base} % of all."
    )
    FLIPS_ALSO = Text("And where {rule}: in {density} of unseen futures there.")
    NO_RULE = Text("No few beliefs tell where the verdict of most flips.")
    NEVER = Text("The verdict is the same in all of them.")
    AND = Text(" and ")
    BETWEEN = Text("“{title}” is between {low} and {high}")
    BELOW = Text("{words} ({high} or less)")
    ABOVE = Text("{words} ({low} or more)")
    TWO = Text("{first} {second}")


words = RobustWords()


def sentence(answer: Answer, beliefs: Sequence[BeliefAxis]) -> str:
    """In what share of the futures a policy does better, and where it flips; never a probability."""
    question, found = answer.question, answer.verdicts
    metric = question.metrics[question.place(answer.metric)]
    form = words.HIGHER if metric.direction == "neutral" else words.BETTER
    text = form.format(
        share=said(found.better),
        n=numerals(f"{found.better.n:,}"),
        policy=plain(gettext(question.titles[answer.policy])),
        base=plain(gettext(question.titles[0])),
        metric=gettext(metric.title),
    )
    if answer.margin > 0:
        unit = question.units[question.place(answer.metric)]
        width = with_word(figures([answer.margin], unit, 0.0, signed=False)[0], unit)
        text += words.WITHIN.format(share=said(found.within), margin=width)
    return words.TWO.format(first=words.STOP.format(text=text), second=flips(answer, beliefs))


def flips(answer: Answer, beliefs: Sequence[BeliefAxis]) -> str:
    """Where the verdict of most futures fails."""
    if not answer.flipped.any():
        return words.NEVER
    if not answer.rules:
        return words.NO_RULE
    first, *others = answer.rules
    told = words.FLIPS.format(
        rule=rule(first, beliefs), density=said(first.density), base=numerals(f"{100 * first.base.value:.0f}")
    )
    for one in others:
        more = words.FLIPS_ALSO.format(rule=rule(one, beliefs), density=said(one.density))
        told = words.TWO.format(first=told, second=more)
    return told


def rule(one: FlipRule, beliefs: Sequence[BeliefAxis]) -> str:
    """The restrictions of a rule, as a person says them."""
    return words.AND.join(restricted(part, beliefs[part.belief]) for part in one.restrictions)


def restricted(part: Restriction, belief: BeliefAxis) -> str:
    """One restriction: which end of the belief, and up to which value of its first setting."""
    low, high = belief.written(part.low), belief.written(part.high)
    if part.low <= -1:
        return words.BELOW.format(words=plain(gettext(belief.low)), high=high)
    if part.high >= 1:
        return words.ABOVE.format(words=plain(gettext(belief.high)), low=low)
    return words.BETWEEN.format(title=plain(gettext(belief.title)), low=low, high=high)


def said(share: Share) -> str:
    """A share with its interval; at either end the one-sided bound."""
    if not share.n:
        return words.UNKNOWN
    low, high = (numerals(f"{100 * end:.0f}") for end in (share.low, share.high))
    if share.value == 0:
        return words.NONE.format(high=numerals(f"{100 * share.high:.1f}"))
    if share.value == 1:
        return words.ALL.format(low=numerals(f"{100 * share.low:.1f}"))
    return words.SHARE.format(value=numerals(f"{100 * share.value:.0f}"), low=low, high=high)
