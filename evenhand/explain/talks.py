"""Talks about remedies in words: what was proposed, why, and what either side made of it."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.explain.dispute import StoryEvent, StoryOfDispute
from evenhand.sim.lifecycle.codes import GROUNDS
from evenhand.sim.scenario.vocabulary import REMEDIES

WORDS = {
    "nothing": "nothing",
    "return": "the whole price for the goods",
    "refund": "the whole price, the goods may stay",
    "partial": "part of the price",
    "replacement": "a replacement",
    "repair": "a repair",
    "coupon": "a coupon",
}
SENT_AGAIN = "to send the goods again"
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
        return SENT_AGAIN
    return WORDS[remedy]


def offered(d: StoryOfDispute, event: StoryEvent, last: bool) -> str:
    """What the merchant proposes in a round, and why; of the last one the money that was weighed."""
    offer = proposed(event)
    assert offer is not None
    second = f"; next best {named(d, offer.runner_up)}" if offer.runner_up else ""
    text = f"proposes {named(d, offer.remedy)} ({offer.ground}{second}), {d['style']}"
    return f"{text}: {weighed(d)}" if last else text


def weighed(d: StoryOfDispute) -> str:
    """The sums behind the last offer: believed need and limit against ask and worth."""
    need, limit, ask, worth = (d.money(d[f"offer_{name}"]) for name in ("need", "limit", "ask", "worth"))
    return f"it believes he needs {need} and would spend {limit}; he asks {ask}, to him it is worth {worth}"


def settlement(d: StoryOfDispute) -> str:
    """What was agreed upon: a sum, or goods."""
    if d["remedy"] == "partial":
        return str(d.part(d["share"]))
    return named(d, d["remedy"]) if d["reason"] != "goods not sent back" else named(d, "return")


def got(d: StoryOfDispute) -> str:
    """What the buyer has in the end, what it is worth to him, and what it cost the merchant."""
    worth, cost = d.money(d["buyer_value"]), d.money(d["merchant_cost"])
    return f"{named(d, d['remedy'])}; worth {worth} to the buyer, at a cost of {cost} to the merchant"
