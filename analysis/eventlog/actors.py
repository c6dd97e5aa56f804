"""Who acts in each activity of the simulator's log; the number beside it has a meaning of its own."""

from __future__ import annotations

from evenhand.analysis.eventlog.log import Event
from evenhand.sim.lifecycle.activities import ACTIVITIES, TABLE
from evenhand.sim.runs.records import SIDES
from evenhand.sim.scenario.vocabulary import DESKS


def resource_of(activity: str, number: int, buyer: int, merchant: int) -> str:
    """Who acted, by name: 'buyer 17', 'merchant 3', 'arbiter 2', 'decision desk', 'panel', 'platform'.

    `number` is the event's own: an arbiter, a desk, a count of votes or seats, a side, or -1.
    """
    known = TABLE[ACTIVITIES.index(activity)]
    if known.number == "arbiter":
        return f"arbiter {number}"
    if known.number == "desk":
        return f"{DESKS[number]} desk"
    if known.number == "panel":
        return "panel"
    actor = SIDES[number] if known.number == "side" else known.actor
    return {"buyer": f"buyer {buyer}", "merchant": f"merchant {merchant}"}.get(actor, actor)


def role_of(event: Event) -> str:
    """Whose act an event is: the buyer's, the merchant's or the platform's."""
    word = event.resource.partition(" ")[0]
    return word if word in {"buyer", "merchant"} else "platform"
