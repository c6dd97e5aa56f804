"""Talks about remedies in words: what was proposed, why, and what either side made of it."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.explain.dispute import StoryEvent, StoryOfDispute
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.lifecycle.codes import GROUNDS
from evenhand.sim.scenario.vocabulary import REMEDIES

WORDS = {
    "nothing": gettext_noop("nothing"),
    "return": gettext_noop("the whole price for the goods"),
    "refund": gettext_noop("the whole price, the goods may stay"),
    "partial": gettext_noop("part of the price"),
    "replacement": gettext_noop("a replacement"),
    "repair": gettext_noop("a repair"),
    "coupon": gettext_noop("a coupon"),
}
SENT_AGAIN = gettext_noop("to send the goods again")
"""A repair where the buyer has nothing that could be repaired."""


class Proposed(NamedTuple):
    """An offer as its event tells of it: remedy, ground, and the next best remedy or ''."""

    remedy: str
    ground: str
    runner_up: str


def proposed(event: StoryEvent) -> Proposed | None:
    """The offer of an event; None where the talks are about shares."""
    if event.resource < 0:
        return None
    rest, remedy = divmod(event.resource, 8)
    second, ground = divmod(rest, 8)
    return Proposed(REMEDIES[remedy], GROUNDS[ground], REMEDIES[second - 1] if second else "")


def named(d: StoryOfDispute, remedy: str) -> str:
    """A remedy in words."""
    if remedy == "repair" and not d["in_hand"]:
        return gettext(SENT_AGAIN)
    return gettext(WORDS[remedy])


def offered(d: StoryOfDispute, event: StoryEvent, last: bool) -> str:
    """What the merchant proposes in a round, and why; of the last one the money that was weighed."""
    offer = proposed(event)
    assert offer is not None
    second = gettext("; next best {named}").format(named=named(d, offer.runner_up)) if offer.runner_up else ""
    text = gettext("proposes {named} ({ground}{second}), {style}").format(
        named=named(d, offer.remedy), ground=gettext(offer.ground), second=second, style=gettext(d["style"])
    )
    return f"{text}: {weighed(d)}" if last else text


def weighed(d: StoryOfDispute) -> str:
    """The sums behind the last offer: believed need and limit against ask and worth."""
    need, limit, ask, worth = (d.money(d[f"offer_{name}"]) for name in ("need", "limit", "ask", "worth"))
    return gettext(
        "it believes he needs {need} and would spend {limit}; he asks {ask}, to him it is worth {worth}"
    ).format(need=need, limit=limit, ask=ask, worth=worth)


def settlement(d: StoryOfDispute) -> str:
    """What was agreed upon: a sum, or goods."""
    if d["remedy"] == "partial":
        return str(d.part(d["share"]))
    return named(d, d["remedy"]) if d["reason"] != "goods not sent back" else named(d, "return")


def got(d: StoryOfDispute) -> str:
    """What the buyer has in the end, what it is worth to him, and what it cost the merchant."""
    worth, cost = d.money(d["buyer_value"]), d.money(d["merchant_cost"])
    return gettext("{named}; worth {worth} to the buyer, at a cost of {cost} to the merchant").format(
        named=named(d, d["remedy"]), worth=worth, cost=cost
    )
