"""What disputes cost each group of merchants, and buyers' trust, under reference rules: `rest` and `worn`.

`python -m benchmarks.rest_point` prints it for `tmall`; what it prints is in the file.
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


def worn_under(
    scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 4, days: int = 120
) -> float:
    """Trust that a claim costs its buyer on average: `behaviour.claims.worn`.

    Looks at the first claim of each buyer, which finds the declared trust, where nothing else moves trust.
    Counts claims about orders before the last `FOLLOW_UP` days; open ones are left out.
    """
    claims = scenario.behaviour.claims.model_copy(update={"good_order": 0.0, "silence_costs": 0.0})
    behaviour = scenario.behaviour.model_copy(update={"claims": claims})
    still = scenario.model_copy(update={"behaviour": behaviour, "start_up": 0.0})
    run = simulate(still, policy, seed=seed, replications=replications, days=days, events=False)
    d = run.disputes
    closed = np.flatnonzero(~np.isnan(d["trust_after"]) & (d["order_at"] < 24.0 * (days - FOLLOW_UP)))
    closed = closed[np.argsort(d["closed_at"][closed], kind="stable")]
    buyer = d["replication"][closed].astype(np.int64) * scenario.buyers.count + d["buyer"][closed]
    first = closed[np.unique(buyer, return_index=True)[1]]
    declared = np.array([group.trust for group in scenario.buyers.groups.values()])
    return float((declared[d["buyer_group"][first]] - d["trust_after"][first]).mean())


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
            "start_up": 0.0,
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

    people, rules = scenarios.load("tmall"), scenarios.policy("tmall")
    for name, rest in rest_under(people, rules, replications=4, days=150).items():
        print(f"{name}: {{cost: {rest.cost:.0f}, marks: {rest.marks:.2f}}}")
    print(f"worn: {worn_under(people, rules, replications=2):.4f}")
