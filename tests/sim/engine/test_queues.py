"""Desks are queues: closed forms, conservation, disciplines and working hours."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from tests.support import court, small
from tests.support.naive import date_of, is_business_day, is_open, window_closes
from tests.support.runs import compiled

LOAD = 24.0
"""Filings a day: one an hour."""


def desk(staff: int, load: float) -> dict[str, Any]:
    """A desk around the clock with exponential service and this utilisation at one filing an hour."""
    return {"desks": {"decision": {"staff": staff, "service": {"law": "exponential", "mean": staff * load}}}}


def erlang_c(staff: int, load: float) -> float:
    """Chance that a case has to wait in M/M/c (Erlang 1917); `load` is the utilisation."""
    a = staff * load
    busy = a**staff / factorial(staff) / (1 - load)
    return busy / (sum(a**k / factorial(k) for k in range(staff)) + busy)


WARM = 24.0 * 20
"""Hours until a desk that started empty looks like one that has always been there."""


@pytest.mark.process
@pytest.mark.parametrize("days", [300, pytest.param(4000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("staff", "load"), [(1, 0.5), (1, 0.7), (2, 0.7), (5, 0.8)])
def test_waits_at_a_desk_match_erlang_c(staff: int, load: float, days: int) -> None:
    """One arbiter is M/M/1, c are M/M/c: share who wait and mean wait, within 3.5 standard errors.

    Waits in one queue go together, so the error comes from the means of 32 replications. It is at
    most a tenth of what is estimated, or the test would pass on anything.
    """
    scenario = court.scenario(desk(staff, load))
    run = compiled(scenario, court.policy(), seed=1, replications=32, days=days, events=False)
    d = run.disputes
    seen = ~np.isnan(d["ruled_at"]) & (d["ready_at"] > WARM)
    wait = d["ruled_at"] - d["ready_at"] - d["decision_hours"]
    mean_wait = erlang_c(staff, load) * staff * load / (staff * (1 - load))
    for values, theory in ((wait, mean_wait), (wait > 1e-9, erlang_c(staff, load))):
        found = np.array([values[seen & (d["replication"] == k)].mean() for k in range(32)])
        error = found.std(ddof=1) / np.sqrt(32)
        assert error < theory / 10
        assert abs(found.mean() - theory) < 3.5 * error, (found.mean(), theory, error)


@pytest.mark.parametrize(
    "sizes", [{}, {"desks": {"decision": {"staff": 1}}}, {"desks": {"screening": {"staff": 3}}}]
)
def test_littles_law_holds_on_every_run(sizes: dict[str, Any]) -> None:
    """Cases in the system = rate x time in it, exactly: the log and the records tell one story."""
    run = compiled(small.scenario(sizes), small.policy({"decision": {"decider": "desk"}}), seed=5)
    d, e = run.disputes, run.events
    came = e["time"][e["activity"] == codes.FILED]
    filed = ~np.isnan(d["filed_at"])
    went = d["closed_at"][filed & ~np.isnan(d["closed_at"])]
    at = np.sort(np.concatenate([came, went, [run.horizon]]))
    inside = np.searchsorted(np.sort(came), at[:-1], "right") - np.searchsorted(
        np.sort(went), at[:-1], "right"
    )
    mean_inside = float(inside @ np.diff(at)) / run.horizon
    stay = np.where(np.isnan(d["closed_at"]), run.horizon, d["closed_at"])[filed] - d["filed_at"][filed]
    rate = len(came) / run.horizon
    assert mean_inside == pytest.approx(rate * stay.mean(), rel=1e-9)
    assert mean_inside > 1


@pytest.mark.parametrize("staff", [1, 2])
def test_who_waits_or_is_served_at_the_end_is_who_was_handed_over_and_not_ruled(staff: int) -> None:
    """No case is lost at a desk."""
    scenario = small.scenario({"desks": {"decision": {"staff": staff, "service": {"median": "6 h"}}}})
    run = compiled(scenario, small.policy({"review": {"limit": 0}}), seed=2)
    handed = (run.events["activity"] == codes.HANDED_TO_DESK).sum()
    ruled = (run.events["activity"] == codes.RULED_EVENT).sum()
    desks = run.desks
    assert handed - ruled == desks["busy"][codes.DECISION] + desks["waiting"][codes.DECISION]
    assert (desks["busy"] <= desks["staff"]).all()
    assert desks["waiting"][codes.DECISION] > 0
    assert ((desks["waiting"] == 0) | (desks["busy"] == desks["staff"])).all(), (
        "nobody waits beside a free desk"
    )


@pytest.mark.parametrize(
    "discipline", ["fifo", "largest_amount", "smallest_amount", "oldest_order", "shortest"]
)
def test_the_next_case_is_the_one_that_the_discipline_names(discipline: str) -> None:
    """Whenever one of the staff takes a case, no other in line should have come first."""
    scenario = court.scenario(
        {
            "desks": {"decision": {"staff": 2, "service": {"law": "exponential", "mean": 1.9}}},
            "market": {"delivery": {"law": "exponential", "mean": "5 d"}},
        }
    )
    d = compiled(scenario, court.policy({"decision": {"discipline": discipline}}), seed=3).disputes
    ruled = ~np.isnan(d["ruled_at"])
    key = {
        "fifo": d["ready_at"],
        "largest_amount": -d["amount"],
        "smallest_amount": d["amount"],
        "oldest_order": d["order_at"],
        "shortest": d["decision_hours"],
    }[discipline][ruled]
    joined, begun = d["ready_at"][ruled], (d["ruled_at"] - d["decision_hours"])[ruled]
    chosen = np.flatnonzero(begun > joined + 1e-6)
    assert len(chosen) > 300
    for i in chosen:
        in_line = (joined < begun[i] - 1e-6) & (begun > begun[i] + 1e-6)
        assert (key[in_line] >= key[i]).all()


def test_a_desk_rules_in_its_working_hours_only() -> None:
    """Nobody rules at night, on a Sunday or on a holiday, and every working hour is counted."""
    scenario, policy = small.scenario(), small.policy({"review": {"limit": 0}})
    run = compiled(scenario, policy, seed=1, replications=2)
    ruled = run.events["time"][run.events["activity"] == codes.RULED_EVENT]
    assert len(ruled) > 300
    moment = 1e-6
    for hour in ruled:
        assert is_open(scenario, scenario.desks.decision, hour - moment)
    days = {date_of(scenario, hour) for hour in ruled}
    assert not days & set(scenario.calendar.holidays)


def test_an_overloaded_desk_works_all_the_hours_of_its_staff_and_no_more() -> None:
    """Work done between the first case and the last ruling fills the hours that were open between them."""
    scenario = small.scenario({"desks": {"decision": {"staff": 1, "service": {"median": "6 h"}}}})
    run = compiled(scenario, small.policy({"review": {"limit": 0}}), seed=1)
    d = run.disputes
    first, last = np.nanmin(d["ready_at"]), np.nanmax(d["ruled_at"])
    minutes = np.arange(first, last, 1 / 60)
    opened = sum(is_open(scenario, scenario.desks.decision, at) for at in minutes) / 60
    assert 0.9 * opened < d["decision_hours"].sum() < opened + 0.1


def test_windows_in_business_days_close_on_business_days() -> None:
    """Three business days from a Friday noon end on a Wednesday noon, holidays left out."""
    scenario = small.scenario()
    policy = small.policy(
        {"windows": {"merchant_evidence": "3 business days"}, "answer": {"extension_share": 0}}
    )
    run = compiled(scenario, policy, seed=2, replications=3)
    d, e = run.disputes, run.events
    screened = {(r, i): at for r, i, at in zip(d["replication"], d["dispute"], d["screened_at"], strict=True)}
    mine = e["activity"] == codes.STAYED_SILENT
    assert mine.sum() > 50
    for r, i, at in zip(e["replication"][mine], e["case"][mine], e["time"][mine], strict=True):
        assert at == pytest.approx(window_closes(scenario, policy.windows.merchant_evidence, screened[r, i]))
        assert is_business_day(scenario, date_of(scenario, at - 1e-6))
