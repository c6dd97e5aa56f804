"""Why people did what they did in a dispute: each choice with the sums that were compared."""

from __future__ import annotations

from evenhand.explain.dispute import StoryOfDispute, chance
from evenhand.explain.talks import Proposed, named, proposed
from evenhand.locale.current import gettext
from evenhand.sim.scenario.claims import ClaimKind

Choice = tuple[str, str]
"""What was chosen, and why."""
TAKEN = ("agreed in talks", "agreed in mediation", "offers of both sides met")


def choices(d: StoryOfDispute) -> list[Choice]:
    """To claim, to offer, to take it or go on, to answer: those that were choices in this run, in order."""
    return [*_claimed(d), *_offered(d), *_answered(d)]


def kind_of_claim(d: StoryOfDispute) -> tuple[str, ClaimKind]:
    """What kind of claim it is in truth, and how buyers respond to what such a claim is worth."""
    kinds = d.scenario.behaviour.claims
    name = "valid" if d["valid"] else d["cause"]
    kind: ClaimKind = getattr(kinds, name)
    return name, kind


def likely(gain: float, kind: ClaimKind) -> float:
    """The share of those with such a reason who claim at this net gain; see `ClaimKind`."""
    return kind.low + (kind.high - kind.low) * chance((gain - kind.middle) / kind.slope)


def _claimed(d: StoryOfDispute) -> list[Choice]:
    """Why the buyer claimed at all, where that is a choice."""
    if not d.happened("expected_chance"):
        return []
    gain, (name, kind) = d["net_gain"], kind_of_claim(d)
    what = {"valid": gettext("with a real grievance"), "remorse": gettext("who have changed their minds")}
    who = what.get(
        name,
        gettext("with {what} {name} claim").format(
            what="an" if name == "opportunistic" else "a", name=gettext(name)
        ),
    )
    net = (
        gettext("to gain {gain}").format(gain=d.money(gain * d["amount"]))
        if gain >= 0
        else gettext("to lose {gain}").format(gain=d.money(-gain * d["amount"]))
    )
    text = gettext(
        "because he expected to be granted {expected_chance} and, trouble, fees and risk off, "
        "{net} by it: {share} of the price, where {share_2} of buyers {who} claim (half of those "
        "who can be moved do at {share_3})"
    ).format(
        expected_chance=d.part(d["expected_chance"]),
        net=net,
        share=_share(gain),
        share_2=_share(likely(gain, kind)),
        who=who,
        share_3=_share(kind.middle),
    )
    barred = gettext("; his record bars him from the platform, and he knew") if d["gated"] else ""
    return [(gettext("The buyer claimed"), text + barred)]


def _offered(d: StoryOfDispute) -> list[Choice]:
    """Why the merchant offered what it did in the end, and what the buyer made of that."""
    if not d.happened("offer_need"):
        return []
    last = _last_offer(d)
    need, limit, ask, worth = (d.money(d[f"offer_{name}"]) for name in ("need", "limit", "ask", "worth"))
    if last is None:  # made with others present: the log has its sums, and not the remedy
        why = gettext("because it thought that he needed {need}, and would spend {limit} at most").format(
            need=need, limit=limit
        )
        found = [
            (
                gettext("The merchant's last offer"),
                gettext("was worth {worth} to the buyer, {why}").format(worth=worth, why=why),
            )
        ]
    else:
        found = [
            (
                gettext("The merchant offered {named}").format(named=named(d, last.remedy)),
                _why(d, last, need, limit),
            )
        ]
    if d["reason"] not in TAKEN:
        return [
            *found,
            (
                gettext("The buyer did not take it"),
                gettext("because it was worth {worth} to him, and he asked {ask}").format(
                    worth=worth, ask=ask
                ),
            ),
        ]
    if d["offer_worth"] >= d["offer_ask"]:
        return [
            *found,
            (
                gettext("The buyer took it"),
                gettext("because it was worth {worth} to him, and he asked {ask}").format(
                    worth=worth, ask=ask
                ),
            ),
        ]
    why = gettext("though it was worth only {worth} to him, and he asked {ask}").format(worth=worth, ask=ask)
    return [
        *found,
        (
            gettext("The buyer took it"),
            gettext("as what he had called for, and better than going on, {why}").format(why=why),
        ),
    ]


def _last_offer(d: StoryOfDispute) -> Proposed | None:
    """The remedy that the sums on record are about; None where the log does not name it."""
    if d.count("mediation met") or d.count("offers laid open"):
        return None
    made = [offer for event in d.events if event.activity == "replied" and (offer := proposed(event))]
    return made[-1] if made else None


def _why(d: StoryOfDispute, offer: Proposed, need: str, limit: str) -> str:
    """The ground of an offer, with what it was measured by."""
    second = (
        gettext("; next best was {named}").format(named=named(d, offer.runner_up)) if offer.runner_up else ""
    )
    granted = gettext("nothing within that was worth the {need} that it thought he needed").format(need=need)
    if offer.runner_up:
        cheapest = named(d, offer.runner_up)
        granted = gettext(
            "the cheapest worth the {need} that it thought he needed ({cheapest}) costs little less"
        ).format(need=need, cheapest=cheapest)
    grounds = {
        "nothing needed": gettext(
            "because it thought that he had nothing to expect, and needed no more than {need}"
        ).format(need=need),
        "cheapest believed to do": (
            gettext(
                "because that was the cheapest remedy worth the {need} that it thought he needed, within "
                "the {limit} that it would spend at most{second}"
            ).format(need=need, limit=limit, second=second)
        ),
        "demand granted": (
            gettext(
                "because he had called for it, within the {limit} that it would spend at most; {granted}"
            ).format(limit=limit, granted=granted)
        ),
        "most within the limit": (
            gettext(
                "because nothing worth the {need} that it thought he needed was within the {limit} that "
                "it would spend at most: it is the most that was"
            ).format(need=need, limit=limit)
        ),
    }
    return grounds[offer.ground]


def _answered(d: StoryOfDispute) -> list[Choice]:
    """Whether the merchant contested the filing, where that is a choice."""
    if not d.happened("answer_saves"):
        return []
    saves, costs = d.money(d["answer_saves"]), d.money(d["answer_costs"])
    if d["answer_saves"] <= d["answer_costs"]:
        return [
            (
                gettext("The merchant did not contest"),
                gettext("because an answer would save only {saves}, and cost {costs}").format(
                    saves=saves, costs=costs
                ),
            )
        ]
    worth = gettext("because an answer would save {saves}, as it expected, and cost {costs}").format(
        saves=saves, costs=costs
    )
    if d["answered"]:
        return [(gettext("The merchant contested"), worth)]
    but = (
        gettext("but missed the window, or left it by mistake")
        if d.silent
        else gettext("but there was no need to, or no time")
    )
    if d.count("conceded"):
        but = gettext("but conceded: the case seemed lost when it came to it")
    return [(gettext("The merchant meant to contest"), f"{worth}, {but}")]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
