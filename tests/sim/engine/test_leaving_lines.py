"""Lines that people leave, and desks whose staff changes: one closed form, and two engines that agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.engine.event_queue import NOBODY, SLOT
from evenhand.sim.engine.priority_queue import join, without, without_first
from evenhand.sim.lifecycle import codes
from evenhand.sim.sampling.shifts import shifts_of, staff_by_day
from tests.support import court, patch, small
from tests.support.invariants import check
from tests.support.runs import compiled, differing, simpy

WARM = 24.0 * 20
"""Hours until a desk that started empty looks like one that has always been there."""
REPLICATIONS = 32
GROUPS = ("new", "regular", "power")


def erlang_a(staff: int, service: float, patience: float) -> tuple[float, float, float]:
    """Share who leave, share who wait, and mean number in line of M/M/c + M at one arrival an hour.

    The steady state of a birth-death process (Palm 1946; Garnett, Mandelbaum and Reiman 2002): with n in
    the system people go at min(n, c) / service + max(n - c, 0) / patience an hour.
    """
    weights = [1.0]
    for n in range(1, 400):
        weights.append(weights[-1] / (min(n, staff) / service + max(n - staff, 0) / patience))
    share = np.array(weights) / np.sum(weights)
    waiting = np.maximum(np.arange(len(share)) - staff, 0)
    in_line = float(share @ waiting)
    return in_line / patience, float(share[staff:].sum()), in_line


@pytest.mark.process
@pytest.mark.parametrize(("staff", "load", "patience"), [(1, 0.8, 2.0), (1, 1.3, 3.0), (3, 1.1, 4.0)])
def test_those_who_leave_a_line_are_as_many_as_erlang_a_says(
    staff: int, load: float, patience: float
) -> None:
    """Waits in one line go together, so the error comes from the means of 32 replications.

    It is at most a twentieth of what is estimated, or the test would pass on anything.
    """
    scenario = court.scenario(
        {
            "desks": {"decision": {"staff": staff, "service": {"law": "exponential", "mean": staff * load}}},
            "buyers": {"groups": {"all": {"queue_patience": {"law": "exponential", "mean": patience}}}},
        }
    )
    run = compiled(scenario, court.policy(), seed=1, replications=REPLICATIONS, days=200, events=False)
    d = run.disputes
    seen = (d["ready_at"] > WARM) & (d["ready_at"] < run.horizon - WARM)
    left = ~np.isnan(d["left_at"])
    assert (d["reason"][left] == codes.TIRED_OF_WAITING).all()
    out = np.where(left, d["left_at"], d["ruled_at"] - d["decision_hours"])
    waited = np.maximum(out - d["ready_at"], 0.0)
    leaves, waits, in_line = erlang_a(staff, staff * load, patience)
    for values, theory in ((left, leaves), (waited > 1e-9, waits), (waited, in_line)):  # Little: rate 1
        each = [values[seen & (d["replication"] == k)].mean() for k in range(REPLICATIONS)]
        error = np.std(each, ddof=1) / np.sqrt(REPLICATIONS)
        assert error < theory / 20
        assert abs(np.mean(each) - theory) < 3.5 * error, (np.mean(each), theory, error)


def patient(median: str) -> dict[str, Any]:
    law = {"law": "lognormal", "median": median, "sigma": 1.0}
    return {
        "buyers": {"groups": {name: {"queue_patience": law} for name in GROUPS}},
        "desks": {"decision": {"staff": 1, "service": {"median": "3 h"}}, "review": {"staff": 1}},
    }


CONSTANT = {"law": "constant", "value": "24 h"}
WORLDS: dict[str, dict[str, Any]] = {
    "a day": patient("24 h"),
    "ties": {
        **patient("24 h"),
        "buyers": {"groups": {name: {"queue_patience": CONSTANT} for name in GROUPS}},
        "desks": {
            name: {"service": {"law": "constant", "value": "2 h"}, "staff": 1, "opens": 0, "closes": 24}
            for name in ("screening", "decision", "review")
        },
    },
    "at once": {
        "buyers": {"groups": {name: {"queue_patience": {"law": "constant", "value": 0}} for name in GROUPS}}
    },
    "shifts": {
        "desks": {
            "decision": {
                "staff": 1,
                "service": {"median": "3 h"},
                "shifts": [
                    {"first": "2025-09-05", "last": "2025-09-11", "staff": 4},
                    {"first": "2025-09-12", "last": "2025-09-20", "staff": 2},
                ],
            }
        }
    },
    "nights": {"desks": {"decision": {"opens": 21, "closes": 5}, "screening": {"opens": 13, "closes": 1}}},
}


@pytest.mark.parametrize("name", WORLDS)
def test_both_engines_agree_where_people_leave_lines_and_staff_changes(name: str) -> None:
    """Two heaps more, and what is due at one hour in both, must not be told apart by anything but order."""
    scenario, policy = patch.scenario(WORLDS[name]), small.policy({"review": {"new_evidence": False}})
    fast = compiled(scenario, policy, seed=3, days=45)
    assert differing(fast, simpy(scenario, policy, seed=3, days=45)) == []
    check(fast)
    if "queue_patience" in str(WORLDS[name]):
        assert (~np.isnan(fast.disputes["left_at"])).sum() > 5


def test_patience_moves_nobody_who_would_not_have_left() -> None:
    """With the patience of years everything is as without any, to the bit."""
    policy = small.policy()
    without_any = compiled(small.scenario(), policy, seed=2)
    years = {
        "buyers": {
            "groups": {name: {"queue_patience": {"law": "constant", "value": "9000 d"}} for name in GROUPS}
        }
    }
    assert differing(without_any, compiled(small.scenario(years), policy, seed=2)) == []


def test_more_staff_for_a_festival_shorten_its_waits_only() -> None:
    """Shifts are known by date: before the first of them nothing is different."""
    slow = {"desks": {"decision": {"staff": 1, "service": {"median": "3 h"}}}}
    shifts = [{"first": "2025-09-20", "last": "2025-10-20", "staff": 6}]
    more = patch.lay_over(slow, {"desks": {"decision": {"shifts": shifts}}})
    policy = small.policy({"review": {"limit": 0}})
    few, many = (compiled(patch.scenario(one), policy, seed=1, replications=4) for one in (slow, more))
    since = 24.0 * 19
    before = few.events["time"] < since
    assert np.array_equal(few.events["time"][before], many.events["time"][many.events["time"] < since])
    waits = [run.disputes["ruled_at"] - run.disputes["ready_at"] for run in (few, many)]
    wait = [
        np.nanmean(one[run.disputes["ready_at"] > since]) for one, run in zip(waits, (few, many), strict=True)
    ]
    assert wait[1] < wait[0] / 2, wait
    scenario = patch.scenario(more)
    assert staff_by_day(scenario, codes.DECISION, 60).tolist() == [1] * 19 + [6] * 31 + [1] * 10
    assert shifts_of(scenario, 60)["at"].tolist() == [19 * 24.0, 50 * 24.0]


def test_no_more_begin_than_are_on_duty() -> None:
    """Who goes home finishes the case at hand; nobody begins another in the place of one who has gone."""
    shifts = [
        {"first": "2025-09-11", "last": "2025-09-20", "staff": 5},
        {"first": "2025-09-25", "last": "2025-10-30", "staff": 3},
    ]
    desk = {"staff": 1, "shifts": shifts, "service": {"law": "exponential", "mean": 2.6}}
    scenario = court.scenario({"desks": {"decision": desk}})
    run = compiled(scenario, court.policy(), seed=4, days=45)
    d, staff = run.disputes, staff_by_day(scenario, codes.DECISION, 45)
    ruled = d["ruled_at"][~np.isnan(d["ruled_at"])]
    begun = ruled - d["decision_hours"][~np.isnan(d["ruled_at"])]
    most = np.zeros(45, int)
    for moment in begun:
        at_work = ((begun <= moment + 1e-9) & (ruled > moment + 1e-9)).sum()
        day = int((moment + 1e-9) / 24)
        assert at_work <= staff[day]
        most[day] = max(most[day], at_work)
    assert (most[[5, 12, 30]] == [1, 5, 3]).all(), "as many as there are, where there is enough to do"
    assert run.desks["staff"][codes.DECISION] == 3


@pytest.mark.parametrize("seed", range(4))
def test_a_heap_gives_up_any_of_its_members(seed: int) -> None:
    """Whoever leaves, from wherever in the heap, the others come out in the order they would have."""
    luck, n = np.random.default_rng(seed), 300
    slots, child, before = np.zeros(n, SLOT), np.zeros(n, np.int32), np.zeros(n, np.int32)
    rows, line, there = slots.view(np.recarray), NOBODY, {}
    for step in range(4 * n):
        free = [d for d in range(n) if d not in there]
        if luck.random() < 0.55 and free:
            d, priority = int(luck.choice(free)), float(luck.integers(0, 5))
            line = join(rows, child, before, line, d, priority, step)
            there[d] = (priority, step)
        elif there and luck.random() < 0.5:
            d = int(luck.choice(list(there)))
            line = without(rows, child, before, line, d)
            del there[d]
        elif there:
            assert there[line] == min(there.values())
            del there[line]
            line = without_first(rows, child, before, line)
    while there:
        assert there[line] == min(there.values())
        del there[line]
        line = without_first(rows, child, before, line)
    assert line == NOBODY
