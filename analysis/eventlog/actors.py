"""Who acts in each activity of the simulator's log; the number beside it has a meaning of its own."""

from __future__ import annotations

from typing import Literal

from analysis.eventlog.log import Event
from sim.causes import DESKS
from sim.records import SIDES

Actor = Literal["buyer", "merchant", "platform"]
ACTORS: dict[str, Actor] = {
    **dict.fromkeys(
        (
            "complained", "lost patience", "filed", "abandoned", "lapsed", "withdrew", "supplemented",
            "settled", "offer taken", "goods sent", "goods not sent", "buyer left",
        ),
        "buyer",
    ),
    **dict.fromkeys(
        (
            "replied", "reply window closed", "answered", "stayed silent", "conceded", "return confirmed",
            "confirmation lapsed", "merchant left", "consent given", "consent lapsed",
        ),
        "merchant",
    ),
    **dict.fromkeys(
        (
            "talks closed", "admitted", "not admitted", "mediation met", "mediation closed",
            "handed to desk", "panel invited", "ruled", "ruled by rule", "panel ruled", "no verdict",
            "forgery found", "ruling final", "refunded", "closed", "merchant suspended",
            "platform stepped in", "offers laid open", "officer offered", "panel waits", "fee matched",
            "fee not matched",
        ),
        "platform",
    ),
}  # fmt: skip
"""Who did it, or failed to; `review requested` is told by its number. What is not here is the platform's."""


def resource_of(activity: str, number: int, buyer: int, merchant: int) -> str:
    """Who acted, by name: 'buyer 17', 'merchant 3', 'arbiter 2', 'decision desk', 'panel', 'platform'.

    `number` is the event's own: an arbiter, a desk, a count of votes or seats, a side, or -1.
    """
    if activity in {"ruled", "officer offered"}:
        return f"arbiter {number}"
    if activity == "handed to desk":
        return f"{DESKS[number]} desk"
    if activity in {"panel invited", "panel waits", "panel ruled", "no verdict"}:
        return "panel"
    actor = SIDES[number] if activity == "review requested" else ACTORS.get(activity, "platform")
    return {"buyer": f"buyer {buyer}", "merchant": f"merchant {merchant}"}.get(actor, actor)


def role_of(event: Event) -> str:
    """Whose act an event is: the buyer's, the merchant's or the platform's."""
    word = event.resource.partition(" ")[0]
    return word if word in {"buyer", "merchant"} else "platform"
