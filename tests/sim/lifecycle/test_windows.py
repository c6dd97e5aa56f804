"""Windows to the hour: what comes exactly at the end is in time, what comes after is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import BUYER, MERCHANT
from evenhand.sim.runs.records import Columns, Run
from tests.support import court, patch
from tests.support.runs import compiled

DAY = 24.0
JUST_LATE = 24.000001


def after(hours: float) -> dict[str, Any]:
    """A delay that is always the same."""
    return {"law": "constant", "value": hours}


def live(scenario: dict[str, Any], policy: dict[str, Any]) -> Run:
    """A court where every delay is nought but those given; 60 days, some 1400 cases."""
    both = patch.lay_over(court.POLICY, policy)
    return compiled(court.scenario(scenario), court.policy(both), seed=2, days=60)


def started(columns: Columns, name: str) -> Any:
    """Cases whose window, which opened at this stamp, has closed well before the horizon."""
    return columns[name] < 24.0 * 55


def buyers(**traits: Any) -> dict[str, Any]:
    return {"buyers": {"groups": {"all": traits}}}


def merchants(**traits: Any) -> dict[str, Any]:
    return {"merchants": {"groups": {"all": traits}}}


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
def test_the_merchants_evidence(delay: float, in_time: bool) -> None:
    """Answers at the deadline are heard; one second later the merchant was silent."""
    d = live(merchants(reply=after(delay)), {"windows": {"merchant_evidence": "24 h"}}).disputes
    mine = started(d, "screened_at")
    assert (d["answered"][mine] == in_time).all()
    assert ((d["silence"] == MERCHANT)[mine] == (not in_time)).all()


@pytest.mark.parametrize(("delay", "in_time"), [(2 * DAY, True), (2 * JUST_LATE, False)])
def test_an_extension_adds_its_hours(delay: float, in_time: bool) -> None:
    """A window of one day and an extension of one more end after two."""
    policy = {"windows": {"merchant_evidence": "24 h"}, "answer": {"extension_share": 1, "extension": "24 h"}}
    d = live(merchants(reply=after(delay)), policy).disputes
    assert (d["answered"][started(d, "screened_at")] == in_time).all()


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
@pytest.mark.parametrize("window", ["escalate", "file"])
def test_filing(window: str, delay: float, in_time: bool) -> None:
    """Who files exactly when the window closes has filed; who would later has lapsed."""
    d = live(buyers(filing_delay=after(delay)), {"windows": {window: "24 h"}}).disputes
    mine = started(d, "opened_at")
    assert (np.isnan(d["filed_at"]) != in_time)[mine].all()
    assert not (d["ending"] == codes.INADMISSIBLE).any(), "screening reads the same engine"
    if not in_time:
        assert (d["ending"][mine] == codes.LAPSED).all()
        expected = codes.ESCALATION_CLOSED if window == "escalate" else codes.FILE_WINDOW_CLOSED
        assert (d["reason"][mine] == expected).all()
        assert np.allclose((d["closed_at"] - d["opened_at"])[mine], DAY)


TALKS = {"negotiation": {"rounds": 1, "silence": "refund"}}


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
def test_the_merchants_reply_in_talks(delay: float, in_time: bool) -> None:
    """A reply at the end of its window is one; a later one is a silence, and here a refund."""
    both = patch.lay_over(buyers(patience=after(900)), merchants(reply=after(delay)))
    run = live(both, {**TALKS, "windows": {"merchant_reply": "24 h"}})
    mine = started(run.disputes, "opened_at")
    assert ((run.disputes["reason"] != codes.SILENT_IN_TALKS)[mine] == in_time).all()
    assert (run.events["activity"] == codes.REPLIED).any() == in_time


def test_the_end_of_the_talks_is_not_the_end_of_the_merchants_window() -> None:
    """Talks that end after a day leave a merchant with two days to reply no default."""
    both = patch.lay_over(buyers(patience=after(900)), merchants(reply=after(36)))
    run = live(both, {**TALKS, "windows": {"merchant_reply": "48 h", "negotiate": "24 h"}})
    assert not (run.disputes["ending"] == codes.DEFAULTED).any()
    mine = started(run.disputes, "opened_at")
    assert np.allclose((run.disputes["talks_over_at"] - run.disputes["opened_at"])[mine], DAY)


@pytest.mark.parametrize(("patience", "waits"), [(DAY, True), (24 - 1e-6, False)])
def test_patience_that_ends_with_the_reply_has_lasted(patience: float, waits: bool) -> None:
    """The buyer hears an offer that comes in the moment he would have given up."""
    both = patch.lay_over(buyers(patience=after(patience)), merchants(reply=after(DAY)))
    run = live(both, {**TALKS, "windows": {"merchant_reply": "72 h"}})
    kinds = set(run.events["activity"].tolist())
    assert (codes.REPLIED in kinds) == waits
    assert (codes.LOST_PATIENCE in kinds) != waits


@pytest.mark.parametrize(("patience", "stays"), [(DAY, True), (24 - 1e-6, False)])
def test_a_buyer_who_stays_until_the_answer_has_stayed(patience: float, stays: bool) -> None:
    """A withdrawal needs to come before the answer, not with it."""
    both = patch.lay_over(buyers(platform_patience=after(patience)), merchants(reply=after(DAY)))
    d = live(both, {"windows": {"merchant_evidence": "72 h"}}).disputes
    mine = started(d, "filed_at")
    assert ((d["ending"] == codes.WITHDRAWN)[mine] != stays).all()


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
def test_the_buyers_rebuttal(delay: float, in_time: bool) -> None:
    """More evidence counts if it comes while the buyer may be heard."""
    evidence = {"evidence": {"supplement_share": 1, "supplement_delay": after(delay)}}
    d = live(evidence, {"windows": {"buyer_evidence": "24 h"}, "answer": {"supplement": True}}).disputes
    assert (d["supplemented"][started(d, "answered_at")] == in_time).all()


RETURNS = {
    "answer": {"silence": "buyer_wins"},
    "returns": {"required": True, "exempt": []},
    "windows": {"ship": "24 h", "confirm": "24 h"},
}
SILENT = merchants(never_replies=1)


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
def test_sending_the_goods_back(delay: float, in_time: bool) -> None:
    """Goods sent on the last second are refunded, goods kept longer are not."""
    d = live({**SILENT, "shipping": after(delay)}, RETURNS).disputes
    mine = started(d, "filed_at")
    assert ((d["refund"] > 0)[mine] == in_time).all()
    assert ((d["reason"] == codes.GOODS_KEPT)[mine] != in_time).all()


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
def test_confirming_the_goods(delay: float, in_time: bool) -> None:
    """The refund comes with the confirmation, or with the end of its window."""
    run = live({**SILENT, "confirming": after(delay)}, RETURNS)
    kinds = set(run.events["activity"].tolist())
    assert (codes.RETURN_CONFIRMED in kinds) == in_time
    assert (codes.CONFIRMATION_LAPSED in kinds) != in_time
    mine = started(run.disputes, "filed_at")
    assert (run.disputes["refund"] > 0)[mine].all()


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
@pytest.mark.parametrize("side", ["buyer", "merchant"])
def test_asking_for_a_review(side: str, delay: float, in_time: bool) -> None:
    """A request at the end of the window is heard; where both ask at once, it is the buyer's."""
    share = 0.5 if side == "buyer" else 1.0
    scenario = {"review_request": after(delay), "behaviour": {"review_propensity": 1}}
    rules = {
        "windows": {"review": "24 h"},
        "review": {"limit": 1, "new_evidence": False, "who": [side]},
        "decision": {"band": 9, "partial_share": share},
    }
    run = live(scenario, rules)
    mine = started(run.disputes, "ruled_at")
    assert ((run.disputes["reviews"] == 1)[mine] == in_time).all()


def test_where_both_ask_for_a_review_at_once_it_is_the_buyers() -> None:
    """A tie of requests has one answer, and the same one in every run."""
    scenario = {"review_request": after(DAY), "behaviour": {"review_propensity": 1}}
    rules = {"review": {"limit": 1, "new_evidence": False}, "decision": {"band": 9}}
    e = live(scenario, rules).events
    asked = e["resource"][e["activity"] == codes.REVIEW_REQUESTED]
    assert len(asked) > 1000
    assert (asked == BUYER).all()


@pytest.mark.parametrize(("delay", "in_time"), [(DAY, True), (JUST_LATE, False)])
@pytest.mark.parametrize("early_stop", [True, False])
def test_voting(early_stop: bool, delay: float, in_time: bool) -> None:
    """Votes that come in as the window closes are counted, later ones are not."""
    rules = {
        "decision": {
            "decider": "panel",
            "panel": {
                "size": 5,
                "voting": "24 h",
                "quorum": 5,
                "fallback": "buyer",
                "early_stop": early_stop,
            },
        }
    }
    d = live({"jurors": {"vote_delay": after(delay)}}, rules).disputes
    mine = started(d, "ready_at")
    assert (d["votes"][mine] == (5 if in_time else 0)).all()
    assert np.allclose((d["ruled_at"] - d["ready_at"])[mine], DAY)


@pytest.mark.parametrize(("delay", "meets"), [(DAY, 2), (JUST_LATE, 1)])
def test_mediation(delay: float, meets: int) -> None:
    """The parties meet again if the time to think ends within the window."""
    both = {**merchants(reply=after(delay)), "desks": {"mediation": court.ALWAYS}}
    both["behaviour"] = {"bargaining": {"optimism": 5}}
    rules = {"windows": {"mediate": "24 h", "merchant_evidence": "9 d"}, "mediation": {"rounds": 2}}
    d = live(both, rules).disputes
    mine = started(d, "ready_at")
    assert (d["ending"][mine] == codes.RULED).all()
    assert (d["meetings"][mine] == meets).all()
