"""The truth about a dispute, which only the simulator knows."""

from __future__ import annotations

from evenhand.explain.choices import choices
from evenhand.explain.dispute import StoryOfDispute
from evenhand.explain.talks import got
from evenhand.locale.current import gettext
from evenhand.locale.words import in_words

DECIDED = ("ruled", "defaulted")
CLOSE = 0.005
"""Shares that differ by less are the same to a reader."""


def hidden(d: StoryOfDispute) -> list[tuple[str, str]]:
    """What was true, who was at fault, what was deserved, what kind of people these are."""
    honesty = d.scenario.buyers.groups[d["buyer_group"]].honesty
    forges = d.scenario.merchants.groups[d["merchant_group"]].forges
    forging = gettext("the group forges with chance {forges:.2f} where it would lose").format(forges=forges)
    return [
        (gettext("The claim"), _claim(d)),
        *choices(d),
        (gettext("At fault"), gettext(d["fault"])),
        (gettext("Deserved"), d.part(d["deserved"])),
        (gettext("The outcome"), _judged(d)),
        *_remedy(d),
        (
            gettext("The buyer"),
            gettext("{habit}; honesty of the group {honesty:.2f}").format(
                habit=_habit(d, "buyer_withholds", "buyer_forges"), honesty=honesty
            ),
        ),
        (gettext("The merchant"), f"{_habit(d, 'merchant_withholds', 'merchant_forged')}; {forging}"),
    ]


def _remedy(d: StoryOfDispute) -> list[tuple[str, str]]:
    """What the buyer got, beside the harm, where talks are about remedies and the dispute is over."""
    if not d.scenario.behaviour.talks.enabled or d["ending"] == "open":
        return []
    return [
        (gettext("The harm"), gettext("{severity:.0f} % of the price").format(severity=100 * d["severity"])),
        (gettext("The remedy"), got(d)),
    ]


def _claim(d: StoryOfDispute) -> str:
    cause, claimed = (in_words(d[name]) for name in ("cause", "claimed"))
    if d["valid"]:
        return gettext("valid: {cause}").format(cause=cause)
    return gettext("not valid: claimed as '{claimed}', the true cause is {cause}").format(
        claimed=claimed, cause=cause
    )


def _judged(d: StoryOfDispute) -> str:
    """Right or wrong as to who won where there was a decision, and how far the refund was off."""
    if d["ending"] == "open":
        return gettext("still open")
    off = (d["share"] - d["deserved"]) * d["amount"]
    error = gettext("{off} too {what}").format(
        off=d.money(abs(off)), what=gettext("much") if off > 0 else gettext("little")
    )
    if abs(d["share"] - d["deserved"]) < CLOSE:
        error = gettext("what was deserved")
    if d["ending"] not in DECIDED:
        return gettext("the buyer got {error}, without a decision").format(error=error)
    if d["upheld"] == d["valid"]:
        return gettext("decided for the right side; the buyer got {error}").format(error=error)
    wrong = (
        gettext("a valid claim was refused") if d["valid"] else gettext("a claim without ground was upheld")
    )
    return gettext("decided wrongly: {wrong}; the buyer got {error}").format(wrong=wrong, error=error)


def _habit(d: StoryOfDispute, withholds: str, forged: str) -> str:
    habit = gettext("hides what would hurt") if d[withholds] else gettext("shows everything")
    return gettext("{habit}; {what} here").format(
        habit=habit, what=gettext("forged evidence") if d[forged] else gettext("forged nothing")
    )
