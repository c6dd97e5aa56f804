"""Sign 13 in the shipped market of people who respond: at rest from the start."""

from __future__ import annotations

from typing import Any

from evenhand import scenarios
from evenhand.analysis import rest
from evenhand.sim.runs.runner import simulate
from evenhand.sim.scenario.scenario import Scenario
from tests.support.signs.effect import Effect

TENTH = {"orders_per_day": 300.0, "buyers": 2000, "merchants": 32}
LEAST = 7
"""Series that are tested, or more."""


def people(orders_per_day: float, buyers: int, merchants: int) -> Scenario:
    """The shipped market of people who respond, in another size."""
    whole = scenarios.load("tmall")
    sized: dict[str, Any] = {
        "market": whole.market.model_copy(update={"orders_per_day": orders_per_day}),
        "buyers": whole.buyers.model_copy(update={"count": buyers}),
        "merchants": whole.merchants.model_copy(update={"count": merchants}),
    }
    return whole.model_copy(update=sized)


def rest_of_a_market() -> list[Effect]:
    """How many weekly series have a trend in the second of two years, in a tenth of the market."""
    rules, how = scenarios.policy("tmall"), {"days": 730, "seed": 13, "replications": 5, "events": False}
    found = rest(simulate(people(**TENTH), rules, engine="numba", **how))  # type: ignore[arg-type]
    assert len(found.trends) >= LEAST, "too few series were tested"
    moving = float(len(found.moving))
    what = f"of {len(found.trends)} weekly series, those with a trend in the second year (Holm, 5 %)"
    return [Effect(what, moving, moving, moving, found.worlds, "number", above=-0.5, below=0.5)]
