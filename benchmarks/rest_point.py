"""What disputes cost each group of merchants under reference rules: `merchants.groups.*.rest`.

`python -m benchmarks.rest_point` prints it for the shipped market; what it prints is in the file.
"""

from __future__ import annotations

import numpy as np

from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.runner import simulate
from evenhand.sim.sampling.arrivals import market_time
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.people import Rest
from evenhand.sim.scenario.scenario import Scenario

FOLLOW_UP = 60
"""Days after which nearly all disputes about an order have ended."""


def rest_under(
    scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 20, days: int = 180
) -> dict[str, Rest]:
    """Cost and marks of disputes for 1,000 orders by group of merchants, when nobody responds to them.

    Counts disputes about orders before the last `FOLLOW_UP` days. Raises ValueError for a run that is
    no longer than those, and for a group whose disputes cost nothing.
    """
    if days <= FOLLOW_UP:
        raise ValueError(f"days must be more than {FOLLOW_UP}, found {days}")
    frozen = _measurable(scenario)
    run = simulate(
        frozen, policy, seed=seed, replications=replications, days=days, open_loop=True, events=False
    )
    cohort = run.disputes["order_at"] < 24.0 * (days - FOLLOW_UP)
    part = np.array([_part(frozen, Luck(seed, k), days) for k in range(replications)])
    found = {}
    for number, name in enumerate(scenario.merchant_groups):
        mine = cohort & (run.disputes["merchant_group"] == number)
        theirs = run.merchants["merchant_group"] == number
        orders = (run.merchants["orders"] * part[run.merchants["replication"]])[theirs].sum()
        cost, marks = (float(run.disputes[column][mine].sum()) for column in ("care_cost", "mark"))
        if not (orders > 0 and cost > 0 and marks > 0):
            raise ValueError(f"merchants.groups.{name}: disputes cost nothing under {policy.name}")
        found[name] = Rest(cost=1000 * cost / orders, marks=1000 * marks / orders)
    return found


def _measurable(scenario: Scenario) -> Scenario:
    """The scenario with its accounts kept; what they start from is read by nobody in an open loop."""
    behaviour, any_rest = scenario.behaviour, Rest(cost=1.0, marks=1.0)
    accounts = {
        "care": behaviour.care.model_copy(update={"enabled": True}),
        "standing": behaviour.standing.model_copy(update={"enabled": True}),
    }
    groups = {
        name: group.model_copy(update={"rest": group.rest or any_rest})
        for name, group in scenario.merchants.groups.items()
    }
    return scenario.model_copy(
        update={
            "behaviour": behaviour.model_copy(update=accounts),
            "merchants": scenario.merchants.model_copy(update={"groups": groups}),
        }
    )


def _part(scenario: Scenario, luck: Luck, days: int) -> float:
    """Share of the orders of a run that come before its last days."""
    clock = market_time(scenario, luck, days)
    return float(clock[24 * (days - FOLLOW_UP)] / clock[-1])


if __name__ == "__main__":
    from evenhand import scenarios

    for name, rest in rest_under(scenarios.load("tmall"), scenarios.policy("tmall")).items():
        print(f"{name}: {{cost: {rest.cost:.0f}, marks: {rest.marks:.2f}}}")
