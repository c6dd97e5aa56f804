"""Signs 7 and 8, the part of evidence: what a careful party gains by care, and a merchant by its records."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle.codes import OPEN
from evenhand.sim.runs.records import Columns
from evenhand.sim.runs.runner import simulate
from tests.support import patch, small, talking
from tests.support.evidence import POLICY, SCENARIO
from tests.support.signs.effect import Effect, Floats

WORLDS, DAYS = 12, 90
STILL: dict[str, Any] = {"behaviour": {"open_loop": True}}
PROMPT, SLOW = ({"law": "exponential", "mean": hours} for hours in ("6 h", "200 h"))
CARE = {
    "knowledge of the rules": ({"knowledge": 0.95}, {"knowledge": 0.05}),
    "prompt inspection": ({"promptness": PROMPT}, {"promptness": SLOW}),
    "kept packaging": ({"keeps_packaging": 1.0}, {"keeps_packaging": 0.0}),
    "calm": ({"composure": 1.0}, {"composure": 0.2}),
    "clarity": ({"clarity": 1.0}, {"clarity": 0.0}),
}
"""What a buyer may take care of, and how he is without it."""
RECORDS = ({"record_keeping": 1.6}, {"record_keeping": 0.3})
ANSWERS = ({"reply": PROMPT}, {"reply": SLOW})
"""The same of a merchant."""
MERITS: dict[str, tuple[tuple[dict[str, Any], ...], dict[str, Any]]] = {
    "records": (RECORDS, {}),
    "prompt answers where silence loses": (ANSWERS, {"answer": {"silence": "buyer_wins"}}),
    "prompt answers where no talks come first": (ANSWERS, {"negotiation": {"rounds": 0}}),
}
"""Merits of a merchant, and the rules under which they are looked at."""


def run(
    changes: dict[str, Any], policy: dict[str, Any] | None = None, market: dict[str, Any] | None = None
) -> Columns:
    """All disputes of some worlds in which people do not change, of another market if one is given."""
    scenario = patch.scenario(
        patch.lay_over(patch.lay_over(patch.lay_over(market or {}, SCENARIO), STILL), changes)
    )
    rules = small.policy(patch.lay_over(POLICY, policy or {}))
    return simulate(scenario, rules, seed=31, replications=WORLDS, days=DAYS, events=False).disputes


def by_world(values: NDArray[Any], among: NDArray[np.bool_], d: Columns) -> Floats:
    """Means of values over some disputes, world by world."""
    return np.array([float(values[among & (d["replication"] == k)].mean()) for k in range(WORLDS)])


def remedy(d: Columns) -> Floats:
    """What an honest buyer gets of what he deserves, on average, by world."""
    got = np.divide(d["share"], d["deserved"], out=np.zeros(len(d["share"])), where=d["valid"])
    return by_world(got, d["valid"], d)


def loss(d: Columns) -> Floats:
    """What a merchant in the right gives up of the amount, on average, by world."""
    return by_world(d["share"], ~d["valid"], d)


def worth(d: Columns) -> Floats:
    """What an honest buyer has from a dispute about remedies, as a share of the price, by world."""
    return by_world(d["buyer_value"] / d["amount"], d["valid"] & (d["ending"] != OPEN), d)


def cost(d: Columns) -> Floats:
    """What a dispute about remedies costs a merchant in the right, as a share of the price, by world."""
    return by_world(d["merchant_cost"] / d["amount"], ~d["valid"] & (d["ending"] != OPEN), d)


def everybody(side: str, **traits: Any) -> dict[str, Any]:
    """Changes that give all groups of a side the same traits."""
    return {side: {"groups": dict.fromkeys(small.SCENARIO[side]["groups"], traits)}}


def careful_buyer(care: str) -> Effect:
    """How much more of what he deserves an honest buyer gets by care."""
    more, less = (remedy(run(everybody("buyers", **traits))) for traits in CARE[care])
    return Effect.over(f"remedy of an honest buyer: {care}", more - less, "points", above=0.0)


def careful_buyer_in_talks(care: str) -> Effect:
    """The same where talks are about remedies, as a share of the price."""
    more, less = (worth(run(everybody("buyers", **traits), market=talking.CHANGES)) for traits in CARE[care])
    return Effect.over(f"worth to an honest buyer in talks: {care}", more - less, "points", above=0.0)


def merchant_of(merit: str) -> Effect:
    """How much less of the amount a merchant in the right gives up by a merit."""
    kinds, rules = MERITS[merit]
    more, less = (loss(run(everybody("merchants", **traits), rules)) for traits in kinds)
    return Effect.over(f"loss of a merchant in the right: {merit}", more - less, "points", below=0.0)


def records_in_talks() -> Effect:
    """The same of records where talks are about remedies, as a share of the price."""
    more, less = (cost(run(everybody("merchants", **traits), market=talking.CHANGES)) for traits in RECORDS)
    return Effect.over("cost to a merchant in the right in talks: records", more - less, "points", below=0.0)


def answers_in_talks() -> list[Effect]:
    """What prompt answers are worth where talks come first and silence only counts against a merchant."""
    found = []
    for where, market, measured in (("", None, loss), (" about remedies", talking.CHANGES, cost)):
        more, less = (measured(run(everybody("merchants", **traits), market=market)) for traits in ANSWERS)
        what = f"loss of a merchant in the right: prompt answers, with talks{where} first"
        found.append(Effect.over(what, more - less, "points", below=0.0))
    return found
