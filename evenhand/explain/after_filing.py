"""Choices after filing in words: what a filing lacked, what ends a wait, what losers make of a ruling."""

from __future__ import annotations

from evenhand.explain.dispute import StoryOfDispute
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import REASONS


def sent_back(d: StoryOfDispute) -> str:
    """Why the filing went back."""
    return gettext("sends the filing back, to be cured: {what}").format(
        what=gettext(REASONS[d["sent_back_for"]])
    )


def of_the_wait(d: StoryOfDispute) -> str:
    """The hazards of the last wait, and after how long one of them was to end it; '' where nobody parts."""
    if not d.happened("parts_after"):
        return ""
    hazards = ", ".join(
        gettext("{what:.1f} % a day to {name}").format(what=100 * d[f"{name}_rate"], name=gettext(name))
        for name in ("settle", "withdraw", "perform")
    )
    return gettext(" ({hazards}: to end {parts_after:.1f} days after the wait began)").format(
        hazards=hazards, parts_after=d["parts_after"] / 24
    )


def persuaded(d: StoryOfDispute, side: str) -> str:
    """What a ruling did to the opinion of a side; '' where opinions do not move."""
    if not d.happened(f"{side}_opinion"):
        return ""
    reasons = d.policy.decision.reasons
    weight = getattr(d.scenario.behaviour.after_filing.opinions.reasons, reasons)
    moved = d[f"{side}_persuaded"]
    if not moved:
        return gettext("the last ruling went as the {side} saw it").format(side=gettext(side))
    before = d[f"{side}_opinion"]
    return gettext(
        "the {side} saw the case at {before:+.2f} nats above the standard when it was last ruled "
        "on; rulings with {reasons} reasons (weight {weight:.2f}) have moved it by {moved:+.2f} "
        "in all"
    ).format(side=gettext(side), before=before, reasons=gettext(reasons), weight=weight, moved=moved)


def review_choice(d: StoryOfDispute, side: str) -> str:
    """What a side compared when it thought of a review; '' where it did not."""
    if not d.happened(f"{side}_review_gain"):
        return ""
    gain, cost = d.money(d[f"{side}_review_gain"]), d.money(d[f"{side}_review_cost"])
    asks = (
        gettext("asked")
        if d["review_by"] == ("", "buyer", "merchant").index(side)
        else gettext("did not ask")
    )
    return gettext("a review was worth {gain} to the {side} and would cost {cost}: it {asks}").format(
        gain=gain, side=gettext(side), cost=cost, asks=asks
    )


def losers(d: StoryOfDispute) -> list[str]:
    """Sentences on what either side made of the rulings; none where opinions do not move."""
    said = [text for side in ("buyer", "merchant") for text in (persuaded(d, side), review_choice(d, side))]
    return [gettext("{all}.").format(all=f"{text[0].upper()}{text[1:]}") for text in said if text]


def of_the_notice(d: StoryOfDispute) -> str:
    """The three costs that a merchant who was asked for consent compared; '' where it was a coin."""
    if not d.happened("ignoring_cost"):
        return ""
    ignoring, judged = d.money(d["ignoring_cost"]), d.money(d["judged_cost"])
    settling = d.money(d["settling_cost"]) if d.happened("settling_cost") else gettext("not to be had")
    return gettext(
        " (to ignore the notice would cost it {ignoring}, to be judged {judged}, to settle {settling})"
    ).format(ignoring=ignoring, judged=judged, settling=settling)
