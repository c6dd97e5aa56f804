"""Desks that cannot keep up are said, with the staff they need; those that can are left in peace."""

from __future__ import annotations

from math import factorial, isclose
from typing import Any

import numpy as np
import pytest

from evenhand import analysis, scenarios, sim
from evenhand.analysis.metrics.cautions import cautions
from evenhand.analysis.metrics.chunks import all_cells
from evenhand.analysis.metrics.overload import flow, of_flow, overloads, staff_for
from evenhand.scenarios.catalogue import shipped
from evenhand.sim.lifecycle.codes import DECISION
from evenhand.sim.policy.compatibility import DoesNotFit
from tests.support import small

SLOW_DESK = {"desks": {"decision": {"staff": 1, "service": {"median": "12 h"}}}}
"""A tenth of what comes can be decided."""


def _run(changes: dict[str, Any] | None = None, **how: Any) -> sim.Run:
    how = {"days": 40, "seed": 3, "engine": "simpy", **how}
    return sim.simulate(small.scenario(changes), small.policy(), **how)


def _wait(staff: int, load: float) -> float:
    """Chance to wait in M/M/c: Erlang's second formula."""
    full = load**staff / factorial(staff) * staff / (staff - load)
    return float(full / (sum(load**k / factorial(k) for k in range(staff)) + full))


def test_a_desk_with_a_tenth_of_its_staff_cannot_keep_up() -> None:
    """Came and possible are those of the records; the staff needed carry the work and its square root."""
    run = _run(SLOW_DESK)
    (one,) = overloads(run)
    handed = run.disputes["handed_at"]
    half = (handed >= 24 * (40 - 14)) & (handed < 24 * 40)
    assert one.desk == "decision"
    assert isclose(one.came, half.sum() / 8)  # ten working days in two weeks, less two holidays
    assert one.done < one.came
    assert one.staff == 1
    work = run.disputes["decision_hours"]
    done = (run.disputes["ruled_at"] >= 24 * 26) & (work > 0)
    offered = half.sum() * work[done].mean() / 72  # nine open hours on eight days
    assert one.needed == int(np.ceil(offered + offered**0.5))
    assert one.sentence.startswith("The decision desk cannot keep up:")
    assert f"{one.needed} staff would do instead of 1 (Erlang C" in one.sentence
    assert one.as_json()["sentence"] == one.sentence


def test_with_the_staff_that_are_needed_it_keeps_up() -> None:
    """What the warning recommends is enough."""
    (one,) = overloads(_run(SLOW_DESK))
    more = {"desks": {"decision": {**SLOW_DESK["desks"]["decision"], "staff": one.needed}}}
    assert overloads(_run(more)) == ()


@pytest.mark.parametrize("load", [1.0, 2.5, 8.0, 40.0, 90.0])
def test_with_the_root_of_the_load_more_about_one_in_five_waits(load: float) -> None:
    """Halfin and Whitt (1981): load + root of the load keeps the chance to wait near .22, at any size."""
    assert 0.1 < _wait(staff_for(load), load) < 0.34


@pytest.mark.process
def test_a_run_in_pieces_and_worlds_add_up() -> None:
    """Flows are sums, so a comparison that reads one world at a time finds what the whole run does."""
    whole = _run(SLOW_DESK, replications=2, days=30)
    flows = [flow(cells) for cells in all_cells(whole, everything=True)]
    rules = {"slow": small.policy(), "same": small.policy()}
    found = analysis.compare(
        small.scenario(SLOW_DESK),
        rules,
        seed=3,
        replications=2,
        days=30,
        engine="simpy",
        metrics=["disputes"],
    )
    (mine,) = of_flow(np.sum(flows, axis=0), 2)
    world = next(iter(found.overloads))
    assert found.overloads[world] == {"slow": (mine,), "same": (mine,)}
    assert [one["desk"] for one in found.to_json()["warnings"]] == ["decision", "decision"]


def test_a_busy_desk_that_keeps_up_is_left_in_peace() -> None:
    """A load below 1 has a line, and the line does not grow."""
    assert overloads(_run()) == ()


def test_one_week_of_a_festival_is_no_overload() -> None:
    """A desk that falls behind in one week and makes up for it can keep up."""
    row = np.zeros((4, 6 + 10))
    row[DECISION, :6] = [300, 300, 300, 25, 225, 250]  # 50 cases a week possible
    row[DECISION, 6:] = [30, 200, 30, 30, 30, 50, 50, 50, 50, 50]
    assert of_flow(row, 1) == ()
    row[DECISION, 6:11] = 70
    assert [one.desk for one in of_flow(row, 1)] == ["decision"]


def test_a_cohort_whose_disputes_are_open_is_said() -> None:
    """Endings of a cohort that ends with the run are not known, and metrics of endings leave them out."""
    short = _run(cohort="20..40")
    assert [one.as_json()["kind"] for one in cautions(short, analysis.outcomes(short))] == [
        "cohort_without_follow_up"
    ]
    followed = _run(cohort="0..5", days=60)
    assert cautions(followed, analysis.outcomes(followed)) == ()


@pytest.mark.process
@pytest.mark.parametrize("name", shipped("policy"))
def test_no_shipped_policy_is_accused_in_a_market_with_staff_enough(name: str) -> None:
    """A warning that comes where all is well is soon not read."""
    try:
        run = sim.simulate(small.scenario(), scenarios.policy(name), days=60, seed=2, replications=2)
    except DoesNotFit:  # the windows of one policy are longer than the run
        run = sim.simulate(small.scenario(), scenarios.policy(name), days=120, seed=2)
    assert overloads(run) == ()
