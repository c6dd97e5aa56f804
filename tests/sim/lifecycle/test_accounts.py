"""Everything is accounted for: disputes, money, windows, hearings, records of the parties."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.lifecycle.state import most_events
from evenhand.sim.policy.compile import BUYER, MERCHANT
from evenhand.sim.runs.records import Run
from evenhand.sim.sampling.world_rows import World
from tests.support import claimants, invariants, patch, small, talking, waiting
from tests.support.runs import compiled, words
from tests.support.variants import POLICIES

REFORM = 25
"""Day of the reforms below."""


@cache
def run_of(name: str) -> Run:
    """Two replications under one of the rule sets that between them use every rule."""
    return compiled(small.scenario(), small.policy(POLICIES[name][0]), seed=13, replications=2)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("invariant", invariants.ALL, ids=lambda some: some.__name__)
def test_accounts_are_in_order(invariant: Callable[[Run], None], name: str) -> None:
    """Disputes, money, times, defaults, hearings, reforms: see each invariant's sentence."""
    invariant(run_of(name))


def test_between_them_the_rule_sets_reach_every_ending_and_every_reason() -> None:
    """Invariants say nothing about what never happens."""
    endings: set[str] = set()
    reasons: set[str] = set()
    for name in POLICIES:
        endings |= set(words(run_of(name), "ending").tolist())
        reasons |= set(words(run_of(name), "reason").tolist())
    talked = compiled(talking.scenario(), talking.rules(talking.BY_RIGHT), seed=13)
    reasons |= set(words(talked, "reason").tolist())
    tired = {"law": "exponential", "mean": "3 h"}
    waits = {"buyers": {"groups": {name: {"queue_patience": tired} for name in ("new", "regular", "power")}}}
    run = compiled(small.scenario(waits), small.policy(), seed=3, days=30)
    reasons |= set(words(run, "reason").tolist())
    free = waiting.rules({"consent": {"of": ["merchant"]}, "decision": {"binding": False}})
    reasons |= set(words(compiled(waiting.scenario(), free, seed=13, replications=2), "reason").tolist())
    # Only buyers who weigh what a claim brings stay away from a fee.
    dear = small.policy({"screening": {"filing_fee": 120.0}})
    reasons |= set(words(compiled(claimants.market(), dear, seed=3, days=60), "reason").tolist())
    late = compiled(waiting.only("waiting"), waiting.rules(), seed=3, replications=4)
    reasons |= set(words(late, "reason").tolist())
    firms = {"enabled": True, "reach": 0.4, "cost": 2.0, "reading": 6.0}
    unread = claimants.market({"behaviour": {"representatives": firms}})
    reasons |= set(words(compiled(unread, small.policy(), seed=8, days=60), "reason").tolist())
    assert endings == set(codes_of("ending"))
    assert reasons == set(codes_of("reason"))


def codes_of(column: str) -> tuple[str, ...]:
    """All words of a column."""
    return run_of("as it is").labels(column)


def test_what_has_not_happened_is_nan_and_not_zero() -> None:
    """A zero would be read as a time, a belief or an offer."""
    d = run_of("as it is").disputes
    filed = ~np.isnan(d["filed_at"])
    ruled = ~np.isnan(d["ruled_at"])
    assert 0 < ruled.sum() < filed.sum() < len(filed)
    for name in ("screened_at", "ready_at", "answered_at"):
        assert np.isnan(d[name][~filed]).all()
    for name in ("belief", "term_noise", "standard", "first_share", "last_ruled_at", "final_at"):
        assert np.isnan(d[name][~ruled]).all()
    assert not np.isnan(d["belief"][ruled]).any()


def test_disputes_still_open_at_the_horizon_are_rows_too() -> None:
    """Leaving them out would make every delay look shorter than it is."""
    d = run_of("as it is").disputes
    still = d["ending"] == codes.OPEN
    assert still.sum() > 10
    assert (d["refund"][still] == 0).all()
    assert np.isnan(d["trust_after"][still]).all()


def test_the_room_for_events_grows_with_rounds_reviews_and_levels() -> None:
    """The bound counts five events a decision: request, invitation, no verdict, desk, ruling."""
    policy = small.policy(
        {
            "review": {"limit": 10, "new_evidence": False, "decider": "panel"},
            "windows": {"review": "20 d"},
            "decision": {"decider": "panel", "panel": {"size": 2, "quorum": 2, "voting": "6 h"}},
        }
    )
    torn = {"jurors": {"turnout": 0}, "behaviour": {"review_propensity": 1, "bargaining": {"optimism": 3}}}
    quick = {"staff": 100, "service": {"law": "constant", "value": "0.1 h"}}
    fast = {
        "review_request": {"law": "constant", "value": "1 h"},
        "desks": {"decision": quick, "review": quick},
    }
    run = compiled(patch.scenario({**torn, **fast}), policy, seed=1)
    decisions = [codes.REVIEW_REQUESTED, codes.PANEL_INVITED, codes.NO_VERDICT, codes.HANDED_TO_DESK]
    of_decisions = np.isin(run.events["activity"], [*decisions, codes.RULED_EVENT])
    counts = np.bincount(run.events["case"][of_decisions], minlength=run.disputes["dispute"][-1] + 1)
    d = run.disputes
    final = ~np.isnan(d["final_at"])
    assert d["reviews"][final].max() == 10
    assert np.array_equal(counts[d["dispute"][final]], 5 * d["reviews"][final] + 4)
    invariants.events_are_in_order(run)
    bound = most_events(World(*[0] * len(World._fields))._replace(rounds=3, levels_each=11, hearings=1))  # type: ignore[arg-type]
    assert invariants.most_events_of(run) == bound


@pytest.mark.parametrize("retroactive", [False, True])
def test_a_reform_touches_older_filings_only_if_it_is_retroactive(retroactive: bool) -> None:
    """Nobody is tried under rules made after he filed, unless the reform says so."""
    changes = {"decision": {"standard": 0.9}, "answer": {"silence": "close"}}
    reform = {"starts": REFORM, "retroactive": retroactive, "changes": changes}
    run = compiled(small.scenario(), small.policy({"reforms": [reform]}), seed=13, replications=2)
    before = compiled(small.scenario(), small.policy(), seed=13, replications=2)
    d = run.disputes
    older = d["filed_at"] < 24.0 * REFORM
    late = older & (d["last_ruled_at"] >= 24.0 * REFORM)
    assert late.sum() > 10
    assert (d["version"][late] == retroactive).all()
    assert ((d["standard"][late] > 2) == retroactive).all()
    # Until the reform starts, both runs are the same run.
    early, as_early = (one.events["time"] < 24.0 * REFORM for one in (run, before))
    for name, values in run.events.items():
        assert values[early].tobytes() == before.events[name][as_early].tobytes()


def test_a_window_shortened_between_complaint_and_filing_is_the_shorter_one() -> None:
    """Who files after a reform files under it, and may be too late under it."""
    reform = {"starts": REFORM, "changes": {"windows": {"file": "4 d"}}}
    run = compiled(small.scenario(), small.policy({"reforms": [reform]}), seed=13, replications=3)
    d = run.disputes
    late = d["reason"] == codes.FILED_TOO_LATE
    assert late.sum() > 5
    assert (d["filed_at"] - d["order_at"] - d["delivery"])[late].min() > 96.0
    assert (d["ending"][late] == codes.INADMISSIBLE).all()
    on_time = (d["version"] == 1) & ~np.isnan(d["answered_at"])
    assert (d["filed_at"] - d["order_at"] - d["delivery"])[on_time].max() <= 96.0


def test_a_reform_starts_on_its_day_given_as_a_date_or_as_a_number() -> None:
    """September 26th is day 25 of a run that starts on September 1st."""
    reforms = [{"starts": day, "changes": {"review": {"limit": 0}}} for day in (REFORM, "2025-09-26")]
    runs = [compiled(small.scenario(), small.policy({"reforms": [reform]})) for reform in reforms]
    assert runs[0].disputes["version"].tolist() == runs[1].disputes["version"].tolist()
    assert set(runs[0].disputes["version"].tolist()) == {0, 1}


def test_a_request_cap_hears_the_first_filings_of_a_period_and_no_others() -> None:
    """Who files once too often loses that filing, not the earlier one that still waits for screening."""
    slow = {"desks": {"screening": {"service": {"law": "constant", "value": "2 h"}}}, "buyers": {"count": 60}}
    cap, period = 2, 240.0
    policy = small.policy({"screening": {"request_cap": cap, "request_period": period}})
    d = compiled(patch.scenario(slow), policy, seed=2).disputes
    screened = ~np.isnan(d["screened_at"])
    periods = (d["filed_at"][screened] // period).astype(int)
    refused = (d["reason"] == codes.TOO_MANY_REQUESTS)[screened]
    assert refused.sum() > 20
    filings: dict[tuple[int, int], int] = {}
    rows = sorted(zip(d["filed_at"][screened], d["buyer"][screened], periods, refused, strict=True))
    heard_first = 0
    for _, buyer, number, too_many in rows:
        filings[buyer, number] = filings.get((buyer, number), 0) + 1
        if filings[buyer, number] <= cap:
            assert not too_many
            heard_first += 1
    assert heard_first > 20


def test_a_fee_stays_with_the_loser_of_a_review_where_the_loser_pays() -> None:
    """A request that helped the asker is paid by the other side; one that did not, by the asker."""
    fee = 4.0
    changes = {"review": {"fee_fixed": fee, "loser_pays": True, "new_evidence": False, "limit": 1}}
    run = compiled(small.scenario(), small.policy(changes), seed=4)
    d, e = run.disputes, run.events
    asked = e["activity"] == codes.REVIEW_REQUESTED
    askers = dict(zip(e["case"][asked], e["resource"][asked], strict=True))
    decided = (d["last_ruled_at"] > d["ruled_at"]) & (d["reason"] != codes.GOODS_KEPT)
    seen: set[tuple[int, bool]] = set()
    for i in np.flatnonzero(decided):
        asker, change = int(askers[d["dispute"][i]]), d["share"][i] - d["first_share"][i]
        helped = bool(change > 0 if asker == BUYER else change < 0)
        buyer_pays = (asker == BUYER) != helped
        paid = (d["buyer_fees"][i], d["merchant_fees"][i])
        assert paid == ((fee, 0.0) if buyer_pays else (0.0, fee))
        seen.add((asker, helped))
    assert seen == {(BUYER, True), (BUYER, False), (MERCHANT, True), (MERCHANT, False)}


def test_a_mediator_who_pushes_brings_more_parties_together() -> None:
    """At full push both sides stand at what the file suggests, and everyone who meets settles."""
    agreed = []
    for push in (0.0, 0.4, 1.0):
        policy = small.policy({"mediation": {"rounds": 2, "push": push}})
        d = compiled(small.scenario({"behaviour": {"open_loop": True}}), policy, seed=4).disputes
        met = d["meetings"] > 0
        agreed.append((d["reason"][met] == codes.AGREED_IN_MEDIATION).mean())
        assert (d["meetings"] <= 2).all()
    assert agreed[0] < agreed[1] - 0.02 < agreed[2] - 0.04
    assert agreed[2] == 1.0


def test_goods_go_back_only_where_the_policy_asks_for_them() -> None:
    """A return needs a full refund of goods in hand, of a claim that is not exempt."""
    run = run_of("as it is")
    d, e = run.disputes, run.events
    sent = np.isin(e["activity"], [codes.GOODS_SENT, codes.GOODS_NOT_SENT])
    keys = {(r, i) for r, i in zip(e["replication"][sent], e["case"][sent], strict=True)}
    returns = np.array([(r, i) in keys for r, i in zip(d["replication"], d["dispute"], strict=True)])
    exempt = np.isin(words(run, "claimed"), run.policy.returns.exempt)
    assert returns.sum() > 50
    assert d["in_hand"][returns].all()
    assert not exempt[returns].any()
    kept = d["reason"] == codes.GOODS_KEPT
    assert kept.sum() > 3
    assert (d["refund"][kept] == 0).all()
    assert (d["merchant_freight"][returns & ~kept] == 8.0).all()
    full = (d["ending"] == codes.RULED) & (d["share"] == 1.0) & d["in_hand"] & ~exempt
    assert returns[full].all()


def test_who_reviews_is_another_arbiter_where_the_policy_says_so() -> None:
    """Nobody reviews his own ruling; where the policy does not mind, chance decides."""
    changes: dict[str, Any] = {"new_evidence": False}
    own = {}
    for other in (True, False):
        run = compiled(
            small.scenario(), small.policy({"review": {**changes, "other_arbiter": other}}), replications=3
        )
        ruled = run.events["activity"] == codes.RULED_EVENT
        last: dict[tuple[int, int], int] = {}
        same = again = 0
        rows = zip(*(run.events[name][ruled] for name in ("replication", "case", "resource")), strict=True)
        for replication, case, arbiter in rows:
            if (replication, case) in last:
                again += 1
                same += last[replication, case] == arbiter
            last[replication, case] = arbiter
        assert again > 100
        own[other] = same / again
    assert own[True] == 0.0
    assert 0.04 < own[False] < 0.25


def test_a_buyers_record_is_what_happened_to_his_earlier_filings() -> None:
    """(won - strikes) / (filings + 4), counted by hand at the moment of each ruling."""
    rules = {
        "decision": {"history": {"buyer": 1, "merchant": 0}},
        "review": {"limit": 0},
        "sanctions": {"strike_for_loss": True},
    }
    d = compiled(small.scenario({"buyers": {"count": 100}}), small.policy(rules), seed=4).disputes
    lost = np.isin(d["ending"], [codes.RULED, codes.DEFAULTED]) & ~d["upheld"]
    won = np.isin(d["ending"], [codes.RULED, codes.DEFAULTED]) & d["upheld"]
    strikes = lost.astype(int) + d["buyer_found_out"]
    ruled = np.flatnonzero(~np.isnan(d["ruled_at"]))
    for i in ruled:
        his = d["buyer"] == d["buyer"][i]
        over = his & (d["closed_at"] < d["ruled_at"][i])
        filings = (his & (d["filed_at"] <= d["ruled_at"][i])).sum()
        record = (won[over].sum() - strikes[over].sum()) / (filings + 4)
        assert d["term_history"][i] == pytest.approx(record, abs=1e-12)
    assert np.ptp(d["term_history"][ruled]) > 0.3
