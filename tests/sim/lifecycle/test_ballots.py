"""Votes under seal, votes in sight of each other, and votes with money on them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import court, patch
from tests.support.runs import compiled, differing_columns

DAYS = 120


def judge(panel: dict[str, Any], prior: float = 0.5, **changes: Any) -> Run:
    """Rulings of panels in the court; every case has the same prior and no evidence."""
    world = patch.lay_over({"jurors": {"bias": 0}}, changes)
    policy = court.policy(
        {
            "decision": {"decider": "panel", "panel": {"size": 5, "early_stop": False, **panel}},
            "burden": {"prior": prior, "weight": 0},
        }
    )
    return compiled(court.scenario(world), policy, seed=5, days=DAYS)


def ruled(run: Run) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return ~np.isnan(run.disputes["ruled_at"])


def test_sealed_votes_are_the_same_votes_opened_later() -> None:
    """With a seal that everybody opens, who votes what is as before; only the verdict comes later."""
    delays = {"jurors": {"vote_delay": {"law": "constant", "value": "5 h"}}}
    plain, sealed = judge({}, **delays), judge({"reveal": "9 h"}, **delays)
    both = ruled(plain) & ruled(sealed)
    assert both.sum() > 1000
    for name in ("votes_buyer", "votes_merchant", "upheld"):
        assert np.array_equal(plain.disputes[name][both], sealed.disputes[name][both])
    later = (sealed.disputes["ruled_at"] - plain.disputes["ruled_at"])[both]
    assert later == pytest.approx(np.full(len(later), 5.0))


def test_a_vote_that_is_not_opened_is_no_vote() -> None:
    """A juror who commits and does not reveal counts as absent, and loses the stake like one."""
    run = judge(
        {"reveal": "9 h", "stake": 10}, jurors={"reveals": 0.6, "vote_delay": {"law": "constant", "value": 2}}
    )
    d, done = run.disputes, ruled(run)
    cast = (d["votes_buyer"] + d["votes_merchant"])[done]
    assert cast.mean() == pytest.approx(3, abs=0.1)
    decided = done & (d["decider"] == codes.BY_PANEL)
    winning = np.where(d["upheld"], d["votes_buyer"], d["votes_merchant"])[decided]
    assert d["stakes_lost"][decided] == pytest.approx(10 * (5 - winning))
    assert (d["ruled_at"] - d["ready_at"])[done & (d["votes"] < 5)] == pytest.approx(11)


def test_jurors_who_see_the_votes_before_theirs_follow_them() -> None:
    """Herding makes panels agree more often than their own impressions would."""
    hidden, seen = (judge({"visible": visible}, jurors={"herding": 2.0}) for visible in (False, True))
    torn = [
        (np.minimum(r.disputes["votes_buyer"], r.disputes["votes_merchant"])[ruled(r)] == 2).mean()
        for r in (hidden, seen)
    ]
    assert torn[0] == pytest.approx(20 / 32, abs=0.03)  # of 5 fair coins
    assert torn[1] < 0.6 * torn[0]
    alone = judge({"visible": True}, jurors={"herding": 0.0})
    assert differing_columns(alone.disputes, hidden.disputes) == []


def test_a_stake_pulls_votes_to_the_verdict_that_the_file_lets_expect() -> None:
    """P(vote for the buyer) is Phi((gap + pull x money x (2 p - 1)) / noise), p the chance of the file."""
    prior, pull, stake, slashed, fee = 0.6, 0.2, 8.0, 0.5, 2.0
    gap = np.log(prior / (1 - prior))
    for money, panel in ((0.0, {}), (6.0, {"stake": stake, "slashed": slashed, "fee": fee})):
        d = judge(panel, prior, jurors={"stake_pull": pull}).disputes
        done = ~np.isnan(d["ruled_at"])
        votes = d["votes_buyer"][done].sum(), d["votes"][done].sum()
        p = norm.cdf(gap + pull * money * (2 * prior - 1))
        assert abs(votes[0] / votes[1] - p) < 4 * np.sqrt(p * (1 - p) / votes[1])


def test_without_the_pull_money_moves_no_vote_and_is_still_on_record() -> None:
    """Stakes and fees are paid whether or not they move anybody."""
    plain = judge({}).disputes
    d = judge({"stake": 10, "slashed": 0.4, "fee": 3}).disputes
    done = ~np.isnan(d["ruled_at"])
    by_panel = done & (d["decider"] == codes.BY_PANEL)
    winning = np.where(d["upheld"], d["votes_buyer"], d["votes_merchant"])[by_panel]
    assert d["stakes_lost"][by_panel] == pytest.approx(4 * (5 - winning))
    assert d["juror_pay"][done] == pytest.approx(3 * d["votes"][done])
    moved = set(differing_columns(plain, d))
    assert moved == {"juror_pay", "stakes_lost"}


def test_panels_wait_for_jurors_who_have_sat_too_often() -> None:
    """A pool of 30 whose jurors may sit once in 12 hours fills 6 panels of 5 in each period."""
    run = judge({"cap": 1, "cap_period": "12 h"}, jurors={"pool": 60}, market={"orders_per_day": 48})
    free = judge({}, jurors={"pool": 60}, market={"orders_per_day": 48})
    half = judge(
        {"cap": 1, "cap_period": "12 h", "eligible": 0.5}, jurors={"pool": 60}, market={"orders_per_day": 48}
    )
    for r, most in ((run, 12), (half, 6)):
        invited = r.events["time"][r.events["activity"] == codes.PANEL_INVITED]
        assert np.bincount((invited // 12).astype(int)).max() == most
        assert (r.events["activity"] == codes.PANEL_WAITS).sum() > 100
    assert not (free.events["activity"] == codes.PANEL_WAITS).any()
    started = [r.events["case"][r.events["activity"] == codes.PANEL_INVITED] for r in (run, free)]
    assert np.array_equal(started[0], started[1][: len(started[0])]), "first come, first served"


def test_exercises_count_as_experience() -> None:
    """Cases judged before the first vote take the lean off a juror like any others."""
    jurors = {
        "buyer_share": 1.0,
        "bias": 1.0,
        "lean_half": 10,
        "pool": 100_000_000,
        "experience": {"law": "constant", "value": 0},
    }
    for training, lean in ((0, 1.0), (30, 0.25)):
        d = judge({"training": training}, jurors=jurors).disputes
        done = ~np.isnan(d["ruled_at"])
        share = d["votes_buyer"][done].sum() / d["votes"][done].sum()
        assert share == pytest.approx(norm.cdf(lean), abs=0.015)
