"""Claims firms: whom they file for, what a fee on them does, and that nobody else notices them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from evenhand.analysis import outcomes
from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import Trial
from evenhand.sim.scenario.scenario import Scenario
from tests.support import small
from tests.support.claimants import market
from tests.support.invariants import check
from tests.support.runs import compiled, differing, simpy

DAYS = 60
NEVER_BEFORE = ("opened_at", "filed_at", "expected_chance", "net_gain", "represented", "buyer_fees", "reason")
"""What no desk has touched yet: the luck and the choices of a dispute up to its filing."""


def with_firms(**changes: Any) -> Scenario:
    """The small market with claims as a choice, and firms."""
    some = {"enabled": True, "reach": 0.4, "firms": 6, "cost": 3.0, **changes}
    return market({"behaviour": {"representatives": some}})


def fee(amount: float, **changes: Any) -> Policy:
    """Rules with a fee for claims firms alone."""
    own = {"enabled": True, "fee": amount, **changes}
    return small.policy({"screening": {"represented": own}})


def frozen(scenario: Scenario, policy: Policy, **how: Any) -> Run:
    """Nobody responds to what happens, so that runs differ by what is asked about."""
    chosen = {"days": DAYS, "seed": 8, "open_loop": True, "events": False, **how}
    return compiled(scenario, policy, **chosen)


def firms_of(scenario: Scenario, policy: Policy, run: Run) -> np.ndarray[Any, Any]:
    """The firm at hand for each dispute of a run, -1 for none."""
    trial = Trial.of(Experiment.of(scenario, policy, days=DAYS, seed=8, open_loop=True))
    cases = [np.asarray(trial.world(k).cases["firm"]) for k in range(run.replications)]  # type: ignore[call-overload]
    d = run.disputes
    return np.array([cases[k][n] for k, n in zip(d["replication"], d["dispute"], strict=True)])


@pytest.fixture(scope="module")
def free() -> Run:
    """Firms file, and nobody pays for it."""
    return frozen(with_firms(), small.policy(), replications=4)


def test_both_engines_agree_on_firms_and_money_adds_up() -> None:
    """Fees, credits and an allowance of firms, with everybody responding."""
    policy = fee(12.0, credit=8.0, free=2, period="30 d")
    fast = compiled(with_firms(), policy, days=30, seed=5)
    assert differing(fast, simpy(with_firms(), policy, days=30, seed=5)) == []
    check(fast)
    paid = fast.disputes["firm_fees"]
    assert {0.0, 4.0, 12.0} >= set(paid.tolist()) > {0.0}


def test_without_firms_at_hand_a_dispute_is_as_if_there_were_none(free: Run) -> None:
    """Switching firms off takes what they brought, and leaves the luck and choices of all others."""
    off = frozen(with_firms(enabled=False), small.policy(), replications=4)
    assert not off.disputes["represented"].any()
    alone = firms_of(with_firms(), small.policy(), free) < 0
    keys = [keys_of(free), keys_of(off)]
    there = np.isin(keys[1], keys[0][alone])
    assert np.isin(keys[0][alone], keys[1]).all()
    for name in NEVER_BEFORE:
        np.testing.assert_array_equal(free.disputes[name][alone], off.disputes[name][there], err_msg=name)
    assert free.disputes["represented"].sum() > 50
    assert len(free) > len(off)


def test_a_fee_on_firms_keeps_weak_claims_out_and_touches_nobody_else(free: Run) -> None:
    """Represented filings fall to a part of the same ones, of which firms think better than of those dropped.

    Weak is what a firm can see: evidence and rules. A made-up claim is for the whole amount and may look
    well, so the truth need not be better.
    """
    costly = frozen(with_firms(), fee(40.0, credit=28.0), replications=4)
    alone = [firms_of(with_firms(), small.policy(), run) < 0 for run in (free, costly)]
    direct = [run.disputes["filed_at"][mine] for run, mine in zip((free, costly), alone, strict=True)]
    np.testing.assert_array_equal(*direct)
    before, after = filings(free), filings(costly)
    stay = np.isin(before, after)
    assert np.isin(after, before).all()
    assert 0.1 < stay.mean() < 0.7
    chance = free.disputes["expected_chance"][np.isin(keys_of(free), before)]
    better = stats.ttest_ind(chance[stay], chance[~stay], equal_var=False).confidence_interval(0.95)
    assert better.low > 0
    shares = [outcomes(run, ["represented_share"])["represented_share"].value for run in (free, costly)]
    assert shares[0] > shares[1] > 0


def keys_of(run: Run) -> np.ndarray[Any, Any]:
    """One number for each dispute, the same in all runs of the same worlds."""
    d = run.disputes
    return np.asarray(d["replication"].astype(np.int64) << 32 | d["dispute"])


def filings(run: Run) -> np.ndarray[Any, Any]:
    """The disputes that firms filed."""
    d = run.disputes
    return keys_of(run)[d["represented"].astype(bool) & ~np.isnan(d["filed_at"])]


def test_an_allowance_is_each_firms_own() -> None:
    """Under a fee that nobody can earn, each firm files what is free in each period, and no more."""
    scenario, policy = with_firms(), fee(1e6, free=3, period="30 d")
    run = frozen(scenario, policy)
    d, firm = run.disputes, firms_of(scenario, policy, run)
    mine = d["represented"].astype(bool) & ~np.isnan(d["filed_at"])
    _, times = np.unique(firm[mine], return_counts=True)
    periods = DAYS // 30
    assert 3 < times.max() <= 3 * periods
    assert (d["firm_fees"] == 0).all()
    assert mine.sum() < filings(frozen(scenario, fee(0.0))).size


def test_a_firm_keeps_its_part_of_the_refund(free: Run) -> None:
    """And takes nothing where there is none, or where it does not act."""
    d = free.disputes
    expected = np.where(d["represented"], 0.3 * d["refund"], 0.0)
    np.testing.assert_allclose(d["commission"], expected)
    assert d["commission"].max() > 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"represented": {"enabled": True, "fee": 5, "credit": 6}}, "credit: must not exceed fee 5, found 6"),
        ({"loser_pays": True, "represented": {"enabled": True}}, "leave represented off"),
    ],
)
def test_fees_that_do_not_fit_are_refused(changes: dict[str, Any], said: str) -> None:
    """A policy says what is wrong with it before it runs."""
    with pytest.raises(ValueError, match=said):
        small.policy({"screening": changes})


def test_firms_need_claims_to_be_a_choice() -> None:
    """Where everybody claims anyway there is nothing for a firm to decide about."""
    with pytest.raises(ValueError, match=r"behaviour\.representatives: needs behaviour\.claims"):
        small.scenario({"behaviour": {"representatives": {"enabled": True}}})


READING = {"cost": 2.0, "reading": 6.0}
"""Firms that may file unread: the form costs 2, and to know first what it is worth 6 more."""


@pytest.fixture(scope="module")
def unread() -> Run:
    """Filing is free, so that reading first would cost more than it spares."""
    return frozen(with_firms(**READING), small.policy(), replications=4)


@pytest.fixture(scope="module")
def read() -> Run:
    """A fee makes firms sort out first what would lose."""
    return frozen(with_firms(**READING), fee(15.0, credit=10.5, free=0), replications=4)


def dropped(run: Run) -> np.ndarray[Any, Any]:
    """Which disputes a firm gave up when the merchant had answered."""
    return np.asarray(run.disputes["reason"] == codes.FIRM_DROPPED)


def test_both_engines_agree_on_firms_that_read_and_do_not() -> None:
    """With an allowance under a fee some filings are read and some are not, and firms learn from both."""
    scenario, policy = with_firms(**READING), fee(15.0, credit=10.5, free=2, period="30 d")
    fast = compiled(scenario, policy, days=40, seed=5)
    assert differing(fast, simpy(scenario, policy, days=40, seed=5)) == []
    check(fast)
    filed = fast.disputes["represented"].astype(bool) & ~np.isnan(fast.disputes["filed_at"])
    assert {2.0, 8.0} == set(fast.disputes["firm_work"][filed].tolist())


def test_who_files_unread_drops_what_is_hopeless_later(unread: Run, read: Run) -> None:
    """Free filings are made unread, and given up on the merchant's answer; under a fee none is."""
    assert dropped(unread).sum() > 20
    assert not dropped(read).any()
    d = read.disputes
    filed = d["represented"].astype(bool) & ~np.isnan(d["filed_at"])
    assert filed.any()
    assert (d["firm_work"][filed] == 8.0).all()
    assert (unread.disputes["firm_work"][dropped(unread)] == 2.0).all()


def test_what_is_dropped_has_less_to_it(unread: Run) -> None:
    """A firm that reads late still tells the wrong from the right: more of what it drops is groundless."""
    d = unread.disputes
    kept = d["represented"].astype(bool) & d["answered"].astype(bool) & ~dropped(unread)
    assert d["valid"][dropped(unread)].mean() < d["valid"][kept].mean() - 0.1


def test_a_fee_that_makes_firms_read_stops_more_filings_than_it_costs(unread: Run, read: Run) -> None:
    """The same fee leaves fewer filings where firms did not read before than where they always have."""
    always = {"cost": 8.0, "reading": 0.0}
    before, after = (
        filings(frozen(with_firms(**always), policy, replications=4)).size
        for policy in (small.policy(), fee(15.0, credit=10.5, free=0))
    )
    assert filings(read).size / filings(unread).size < after / before - 0.1


def test_reading_moves_nobody_without_a_firm(free: Run, unread: Run) -> None:
    """Whether firms read is a matter of those at whose side one stands."""
    at_hand = [firms_of(with_firms(), small.policy(), run) < 0 for run in (free, unread)]
    for name in NEVER_BEFORE:
        first, second = free.disputes[name][at_hand[0]], unread.disputes[name][at_hand[1]]
        np.testing.assert_array_equal(first, second, err_msg=name)


def test_a_read_case_that_is_not_filed_has_cost_its_reading(read: Run) -> None:
    """The firm's work is counted where the buyer goes on by himself, and is its loss."""
    d = read.disputes
    let_down = ~d["represented"].astype(bool) & (d["firm_work"] > 0)
    assert let_down.sum() > 20
    assert (d["firm_work"][let_down] == 6.0).all()
