"""Signs 7, 8 and 15 in talks about remedies: tone costs both sides, and remedies follow the harm."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import REMORSE
from tests.support import small, talking
from tests.support.runs import compiled
from tests.support.signs.effect import Effect, Floats

DEAF: dict[str, Any] = {"evidence": {"hostile_factor": 1.0}}
"""Tone does nothing to evidence."""


def worth_by_world(run: Run, which: NDArray[np.bool_], values: NDArray[Any]) -> Floats:
    """Mean of values over some disputes, replication by replication."""
    r = run.disputes["replication"]
    kept = which & (run.disputes["ending"] != codes.OPEN)
    return np.bincount(r[kept], values[kept], run.replications) / np.bincount(
        r[kept], minlength=run.replications
    )


def buyers_worth(run: Run) -> Floats:
    """What honest buyers got, as a share of the price, by world; less the trouble of filing."""
    d = run.disputes
    spent = np.where(np.isnan(d["filed_at"]), 0.0, d["effort"])
    return worth_by_world(run, d["valid"], (d["buyer_value"] - spent) / d["amount"])


def paired(changes: dict[str, Any], other: dict[str, Any]) -> tuple[Run, Run]:
    """Two markets with the same luck, people frozen."""
    one, two = (
        compiled(talking.scenario(some), talking.rules(), seed=31, replications=12, days=45, open_loop=True)
        for some in (changes, other)
    )
    return one, two


def groups(side: str, **traits: Any) -> dict[str, Any]:
    """Traits of all groups of a side."""
    return {side: {"groups": dict.fromkeys(small.SCENARIO[side]["groups"], traits)}}


def calm() -> list[Effect]:
    """What calm is worth to an honest buyer, evidence apart."""
    calm, hostile = paired(DEAF | groups("buyers", composure=1.0), DEAF | groups("buyers", composure=0.0))
    gained = buyers_worth(calm) - buyers_worth(hostile)
    return [Effect.over("worth to an honest buyer, calm less hostile", gained, "points", above=0.0)]


def courtesy() -> list[Effect]:
    """What rudeness costs a merchant over honest grievances, and how many more are filed."""
    polite, rude = paired(groups("merchants", hostile=0.0), groups("merchants", hostile=1.0))
    costs, filed = [], []
    for run in (polite, rude):
        d, habits = run.disputes, run.scenario.behaviour
        asked = ~np.isnan(d["filed_at"])
        each = asked * (habits.bargaining.merchant_cost + habits.talks.rating_cost) + d["merchant_fees"]
        costs.append(worth_by_world(run, d["valid"], (d["merchant_cost"] + each) / d["amount"]))
        filed.append(worth_by_world(run, d["valid"], asked))
    return [
        Effect.over("honest grievances filed, rude less polite", filed[1] - filed[0], "points", above=0.0),
        Effect.over("cost to the merchant, rude less polite", costs[1] - costs[0], "points", above=0.0),
    ]


def remedies() -> list[Effect]:
    """How much more those have in the end who deserve more.

    A small harm is not in this order but among settlers: rulings give the whole price for it, or nothing.
    """
    run = compiled(talking.scenario(), talking.rules(), seed=31, replications=12, days=45)
    d = run.disputes
    harm, settled = d["severity"], d["ending"] == codes.SETTLED
    full, half = d["valid"] & (harm >= 0.6), d["valid"] & (harm >= 0.2) & (harm < 0.6)
    little, made_up = d["valid"] & (harm < 0.2), d["cause"] > REMORSE
    value = d["buyer_value"] / d["amount"]
    return [
        Effect.over(
            f"remedy: {what}",
            worth_by_world(run, more, value) - worth_by_world(run, less, value),
            "points",
            above=0.0,
        )
        for what, more, less in (
            ("deserved full less half", full, half),
            ("half less made-up claims", half, made_up),
            ("full less half, settled", full & settled, half & settled),
            ("full less small, settled", full & settled, little & settled),
        )
    ]
