"""The truth about a dispute, which only the simulator knows."""

from __future__ import annotations

from evenhand.explain.choices import choices
from evenhand.explain.dispute import StoryOfDispute
from evenhand.explain.talks import got

DECIDED = ("ruled", "defaulted")
CLOSE = 0.005
"""Shares that differ by less are the same to a reader."""


def hidden(d: StoryOfDispute) -> list[tuple[str, str]]:
    """What was true, who was at fault, what was deserved, what kind of people these are."""
    honesty = d.scenario.buyers.groups[d["buyer_group"]].honesty
    forges = d.scenario.merchants.groups[d["merchant_group"]].forges
    forging = f"the group forges with chance {forges:.2f} where it would lose"
    return [
        ("The claim", _claim(d)),
        *choices(d),
        ("At fault", d["fault"]),
        ("Deserved", d.part(d["deserved"])),
        ("The outcome", _judged(d)),
        *_remedy(d),
        ("The buyer", f"{_habit(d, 'buyer_withholds', 'buyer_forges')}; honesty of the group {honesty:.2f}"),
        ("The merchant", f"{_habit(d, 'merchant_withholds', 'merchant_forged')}; {forging}"),
    ]


def _remedy(d: StoryOfDispute) -> list[tuple[str, str]]:
    """What the buyer got, beside the harm, where talks are about remedies and the dispute is over."""
    if not d.scenario.behaviour.talks.enabled or d["ending"] == "open":
        return []
    return [("The harm", f"{100 * d['severity']:.0f} % of the price"), ("The remedy", got(d))]


def _claim(d: StoryOfDispute) -> str:
    cause, claimed = (d[name].replace("_", " ") for name in ("cause", "claimed"))
    if d["valid"]:
        return f"valid: {cause}"
    return f"not valid: claimed as '{claimed}', the true cause is {cause}"


def _judged(d: StoryOfDispute) -> str:
    """Right or wrong as to who won where there was a decision, and how far the refund was off."""
    if d["ending"] == "open":
        return "still open"
    off = (d["share"] - d["deserved"]) * d["amount"]
    error = f"{d.money(abs(off))} too {'much' if off > 0 else 'little'}"
    if abs(d["share"] - d["deserved"]) < CLOSE:
        error = "what was deserved"
    if d["ending"] not in DECIDED:
        return f"the buyer got {error}, without a decision"
    if d["upheld"] == d["valid"]:
        return f"decided for the right side; the buyer got {error}"
    wrong = "a valid claim was refused" if d["valid"] else "a claim without ground was upheld"
    return f"decided wrongly: {wrong}; the buyer got {error}"


def _habit(d: StoryOfDispute, withholds: str, forged: str) -> str:
    habit = "hides what would hurt" if d[withholds] else "shows everything"
    return f"{habit}; {'forged evidence' if d[forged] else 'forged nothing'} here"
