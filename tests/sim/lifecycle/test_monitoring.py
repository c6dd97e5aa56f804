"""Rules that count: filings for each order, credits, clocks of the buyer and of the platform itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import court, patch, small
from tests.support.runs import compiled, differing

MONTH = 24.0 * 30


def monitored(days: int = 150, replications: int = 2, scenario: Any = None, **rules: Any) -> Run:
    """A small market under monitoring by months."""
    changes = {"sanctions": {"points_limit": None, "monitoring": {"period": "30 d", **rules}}}
    return compiled(
        scenario or small.scenario(), small.policy(changes), seed=4, days=days, replications=replications
    )


def filings(run: Run, merchant: int, replication: int) -> np.ndarray[Any, Any]:
    """Hours of the filings against a merchant, rising."""
    d = run.disputes
    mine = (d["merchant"] == merchant) & (d["replication"] == replication) & ~np.isnan(d["filed_at"])
    return np.sort(d["filed_at"][mine])


def test_a_merchant_is_monitored_after_a_month_with_too_many_filings_and_only_then() -> None:
    """Whether a filing is charged follows from the filings of the month before, counted by hand.

    With a rate of almost nothing the minimum alone decides, so that no count of orders enters.
    """
    run = monitored(rate=1e-9, minimum=4, fee=50)
    d = run.disputes
    seen = {True: 0, False: 0}
    for replication in range(2):
        for merchant in range(12):
            hours = filings(run, merchant, replication)
            each = np.bincount((hours / MONTH).astype(int), minlength=6)
            for at in hours:
                month = int(at / MONTH)
                above = month > 0 and each[month - 1] >= 4
                row = (d["filed_at"] == at) & (d["replication"] == replication) & (d["merchant"] == merchant)
                assert d["monitored"][row].all() == above
                seen[bool(above)] += 1
    assert min(seen.values()) > 50
    filed = ~np.isnan(d["filed_at"])
    assert (d["monitored"] <= filed).all()
    assert np.array_equal(d["merchant_fees"] >= 50, d["monitored"])


def test_orders_are_those_of_the_month() -> None:
    """The threshold is a rate: between a rate that all exceed and one that none does, it sorts by rate.

    In a market whose sales do not move, the expected orders of a month are known in closed form.
    """
    even = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1.0)
    scenario = small.scenario(
        {"behaviour": {"open_loop": True}, "market": {"burst_shape": None, "weekdays": even}}
    )
    rate = 0.02
    run = monitored(scenario=scenario, rate=rate, fee=1, replications=1)
    size = np.arange(1, 61) ** -0.8
    orders = 300 * 30 * size / size.sum()
    d, checked = run.disputes, 0
    for merchant in range(60):
        hours = filings(run, merchant, 0)
        each = np.bincount((hours / MONTH).astype(int), minlength=6)
        for at in hours[hours > MONTH]:
            month = int(at / MONTH)
            expected = each[month - 1] >= rate * orders[merchant] and each[month - 1] > 0
            if abs(each[month - 1] - rate * orders[merchant]) > 0.05:
                assert d["monitored"][d["filed_at"] == at].all() == expected
                checked += 1
    assert checked > 200


def test_a_month_above_costs_points_and_sales() -> None:
    """A merchant above is suspended for as long as the rules say, on the day its month is judged."""
    run = monitored(rate=1e-9, minimum=4, points=3, suspended_for="10 d")
    e = run.events
    judged, suspended = (e["activity"] == one for one in (codes.MERCHANT_MONITORED, codes.MERCHANT_SUSPENDED))
    assert judged.sum() > 20
    assert np.array_equal(e["time"][judged], e["time"][suspended])
    free = monitored(rate=1e-9, minimum=4)
    assert run.merchants["orders"].sum() < free.merchants["orders"].sum()
    assert (run.merchants["points"] - free.merchants["points"]).sum() > 0


def test_nobody_is_monitored_by_rules_that_monitor_nobody() -> None:
    """Off is off: the other settings of monitoring are then of no consequence, to the bit."""
    policy = small.policy({"sanctions": {"monitoring": {"fee": 50, "points": 5, "minimum": 1}}})
    plain = compiled(small.scenario(), small.policy(), seed=3)
    assert differing(plain, compiled(small.scenario(), policy, seed=3)) == []


def test_credits_go_back_to_who_was_right() -> None:
    """A fee of 30 with a credit of 20: winners have paid 10, losers 30; of the merchants' too."""
    fees = {"filing_fee": 30, "filing_credit": 20, "merchant_fee": 40, "merchant_credit": 25}
    policy = small.policy({"screening": {**fees, "minimum_evidence": 0}, "review": {"limit": 0}})
    d = compiled(small.scenario(), policy, seed=3, replications=2).disputes
    decided = ~np.isnan(d["filed_at"]) & np.isin(d["ending"], (codes.RULED, codes.DEFAULTED))
    won = d["upheld"]
    for side, whole, credit, right in (("buyer", 30, 20, won), ("merchant", 40, 25, ~won)):
        assert (d[f"{side}_fees"][decided & right] == whole - credit).all()
        assert (d[f"{side}_fees"][decided & ~right] == whole).all()
    assert (decided & won).sum() > 20 < (decided & ~won).sum()
    with pytest.raises(ValueError, match="filing_credit: must not exceed filing_fee 10, found 20"):
        small.policy({"screening": {"filing_fee": 10, "filing_credit": 20}})


def test_a_buyer_who_may_have_the_fee_back_files_sooner() -> None:
    """What is at risk is the fee less the credit times the chance to win: more file for the same fee."""
    filed = [
        (
            ~np.isnan(
                compiled(
                    small.scenario(),
                    small.policy({"screening": {"filing_fee": 30, "filing_credit": credit}}),
                    seed=3,
                    replications=4,
                ).disputes["filed_at"]
            )
        ).sum()
        for credit in (0, 30)
    ]
    assert filed[1] > 1.1 * filed[0], filed


def test_no_filing_is_taken_before_its_day_or_after_a_window_from_payment() -> None:
    """Both count from the order where the rules say so, and from the delivery where they do not."""
    for start in ("payment", "delivery"):
        policy = small.policy(
            {
                "screening": {"earliest": "9 d", "counts_from": start, "minimum_evidence": 0},
                "windows": {"file": "10 d", "escalate": "60 d"},
            }
        )
        run = compiled(small.scenario(), policy, seed=3, replications=2)
        d = run.disputes
        filed = ~np.isnan(d["filed_at"])
        begins = d["order_at"] + (d["delivery"] if start == "delivery" else 0.0)
        after = (d["filed_at"] - begins)[filed]
        talked = ~d["skips"][filed]
        assert (after[talked] >= 9 * 24 - 1e-6).all()
        assert (after[talked] <= 10 * 24 + 1e-6).all()
        assert np.isclose(after, 9 * 24).mean() > 0.2, "who would have filed sooner waits for the day"
        assert (d["ending"] == codes.LAPSED).any()


def test_lent_money_keeps_buyers_waiting() -> None:
    """With a provisional credit nobody gives up while the platform or the merchant takes its time."""
    impatient = {
        "buyers": {
            "groups": {
                name: {
                    "platform_patience": {"law": "exponential", "mean": "20 h"},
                    "queue_patience": {"law": "exponential", "mean": "10 h"},
                }
                for name in ("new", "regular", "power")
            }
        }
    }
    gone = []
    for lent in (False, True):
        policy = small.policy({"funding": {"provisional": lent}})
        d = compiled(patch.scenario(impatient), policy, seed=3, replications=2).disputes
        gone.append(((d["ending"] == codes.WITHDRAWN).sum(), (~np.isnan(d["left_at"])).sum()))
    assert min(gone[0]) > 20
    assert gone[1] == (0, 0)


@pytest.mark.parametrize("overdue", ["buyer_wins", "close"])
def test_a_platform_that_does_not_take_a_case_up_in_time_has_decided(overdue: str) -> None:
    """Nobody waits longer than the deadline for the work to begin; who does is decided by the silence."""
    desk = {"staff": 1, "service": {"law": "exponential", "mean": 1.4}}
    scenario = court.scenario({"desks": {"decision": desk}})
    policy = court.policy({"decision": {"deadline": "6 h", "overdue": overdue}})
    run = compiled(scenario, policy, seed=1, days=60)
    d = run.disputes
    late = d["reason"] == codes.DECIDER_OVERDUE
    assert 0.1 < late.mean() < 0.6
    assert (d["ending"][late] == codes.DEFAULTED).all()
    assert (d["upheld"][late] == (overdue == "buyer_wins")).all()
    assert np.allclose(d["closed_at"][late] - d["ready_at"][late], 6.0)
    ruled = ~np.isnan(d["ruled_at"])
    assert ((d["ruled_at"] - d["decision_hours"] - d["ready_at"])[ruled] <= 6.0 + 1e-6).all()


def test_lower_classes_are_served_first_whatever_the_discipline() -> None:
    """Small cases in class 1, the others in class 0: no small one begins while another waits."""
    desk = {"staff": 1, "service": {"law": "exponential", "mean": 0.9}}
    policy = court.policy(
        {
            "decision": {"discipline": "smallest_amount"},
            "exceptions": {
                "small": {"when": {"amount_below": 100}, "changes": {"decision": {"priority": 1}}}
            },
        }
    )
    d = compiled(court.scenario({"desks": {"decision": desk}}), policy, seed=3).disputes
    ruled = ~np.isnan(d["ruled_at"])
    joined, begun = d["ready_at"][ruled], (d["ruled_at"] - d["decision_hours"])[ruled]
    small_one, amount = d["amount"][ruled] < 100, d["amount"][ruled]
    key = np.where(small_one, 1e10, 0.0) + amount
    chosen = np.flatnonzero(begun > joined + 1e-6)
    assert small_one[chosen].sum() > 100
    for i in chosen:
        in_line = (joined < begun[i] - 1e-6) & (begun > begun[i] + 1e-6)
        assert (key[in_line] >= key[i]).all()
