"""What single real systems do: consent, offers side by side, fees at risk, platforms that pay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import patch, small
from tests.support.runs import compiled, words

DAYS = 60


def run(changes: dict[str, Any], world: dict[str, Any] | None = None, seed: int = 7) -> Run:
    return compiled(patch.scenario(world), small.policy(changes), seed=seed, days=DAYS)


def when(r: Run, activity: int) -> dict[int, float]:
    """The time of an activity by dispute, the last one."""
    mine = r.events["activity"] == activity
    return dict(zip(r.events["case"][mine].tolist(), r.events["time"][mine].tolist(), strict=True))


def test_without_consent_in_its_window_a_case_lapses() -> None:
    """An office that needs both sides' consent closes most cases by silence (EU ODR: 85 %)."""
    consent = {"consent": {"of": ["buyer", "merchant"]}, "windows": {"consent": "5 d"}}
    r = run(consent, {"behaviour": {"merchant_consents": 0.4}})
    d = r.disputes
    admitted, given, lapsed = (
        when(r, activity) for activity in (codes.ADMITTED, codes.CONSENT_GIVEN, codes.CONSENT_LAPSED)
    )
    assert not set(given) & set(lapsed)
    assert len(lapsed) > len(given) > 10
    assert all(given[case] <= admitted[case] + 120 for case in given)
    assert all(lapsed[case] == pytest.approx(admitted[case] + 120) for case in lapsed)
    gone = d["reason"] == codes.NOBODY_CONSENTED
    assert (words(r, "ending")[gone] == "lapsed").all()
    assert (d["refund"][gone] == 0).all()
    assert (d["decider"][gone] == codes.BY_NOBODY).all()
    willing = run(consent, {"behaviour": {"merchant_consents": 1.0, "buyer_consents": 1.0}})
    assert (willing.disputes["reason"] == codes.NOBODY_CONSENTED).sum() < 0.3 * gone.sum()


def test_offers_that_meet_end_a_dispute_and_the_officers_becomes_the_ruling() -> None:
    """Three offers stand side by side: two that meet settle, and what is left is the officer's."""
    r = run(
        {
            "offers": {"enabled": True, "officer_needs": "either"},
            "windows": {"offers": "1 d", "accept": "2 d"},
        }
    )
    d = r.disputes
    reason = d["reason"]
    met, taken = reason == codes.OFFERS_MET, reason == codes.OFFICERS_OFFER
    assert met.sum() > 10 < taken.sum()
    assert np.array_equal(d["share"][met], d["offer"][met])
    assert np.array_equal(d["share"][taken], d["officer_share"][taken])
    assert (words(r, "ending")[met | taken] == "settled").all()
    ruled = ~np.isnan(d["ruled_at"]) & d["answered"]
    assert ruled.sum() > 10
    assert np.array_equal(d["first_share"][ruled], d["officer_share"][ruled])
    officer = when(r, codes.OFFICER_OFFERED)
    waited = [d["ruled_at"][i] - officer[d["dispute"][i]] for i in np.flatnonzero(ruled)]
    assert waited == pytest.approx([48] * len(waited))


def test_fewer_take_the_officers_offer_where_both_must() -> None:
    """One side's consent is easier to have than that of both, who disagreed before."""
    early = {"windows": {"offers": 0}, "negotiation": {"rounds": 1}}
    both, either = (
        run({"offers": {"enabled": True, "officer_needs": needs}, **early}).disputes["reason"]
        for needs in ("both", "either")
    )
    assert (either == codes.OFFICERS_OFFER).sum() > 2 * (both == codes.OFFICERS_OFFER).sum() > 0


def test_the_loser_of_a_ruling_bears_the_greater_fee_and_the_winner_none() -> None:
    """A deposit comes back to whoever was right to pay it."""
    r = run(
        {"screening": {"filing_fee": 6, "loser_pays": True}, "answer": {"fee": 9}, "review": {"limit": 0}}
    )
    d = r.disputes
    ruled = d["ending"] == codes.RULED
    answered, won = d["answered"], d["upheld"]
    due = np.where(answered, 9, 6)
    assert (ruled & won).sum() > 10 < (ruled & ~won).sum()
    assert d["buyer_fees"][ruled & won] == pytest.approx(0)
    assert d["merchant_fees"][ruled & won] == pytest.approx(due[ruled & won])
    assert d["merchant_fees"][ruled & ~won] == pytest.approx(0)
    assert d["buyer_fees"][ruled & ~won] == pytest.approx(due[ruled & ~won])


def test_nobody_pays_where_the_merchants_deposit_is_missing() -> None:
    """Who does not deposit loses at once; no court has worked, so the other's fee goes back (Kleros)."""
    deposits = {
        "screening": {"filing_fee": 6, "loser_pays": True},
        "answer": {"fee": 9, "silence": "buyer_wins"},
    }
    d = run(deposits).disputes
    over = ~np.isnan(d["closed_at"])  # what is still on its way back is paid for when it is there
    silent = (d["reason"] == codes.SILENT_AFTER_FILING) & over
    assert silent.sum() > 5
    assert (d["buyer_fees"][silent] == 0).all()
    assert (d["merchant_fees"][silent] == 0).all()


def test_a_merchant_does_not_pay_more_for_an_answer_than_it_can_save() -> None:
    """Where hearing costs money, small cases are lost by silence."""
    free, dear = (run({"answer": {"fee": fee, "silence": "buyer_wins"}}).disputes for fee in (0, 60))
    small_ones = [(d["amount"] < 60) & ~np.isnan(d["filed_at"]) for d in (free, dear)]
    assert free["answered"][small_ones[0]].sum() > 20
    assert dear["answered"][small_ones[1]].sum() == 0
    assert (dear["merchant_fees"][dear["answered"]] >= 60).all()


def test_a_review_that_must_be_matched_is_won_by_the_asker_if_it_is_not() -> None:
    """Who does not put up the fee loses without a hearing, and the asker has the fee back."""
    r = run({"review": {"limit": 1, "fee_fixed": 10, "match_share": 4, "new_evidence": False}})
    d = r.disputes
    forfeited, matched = d["reason"] == codes.FEE_UNMATCHED, when(r, codes.FEE_MATCHED_EVENT)
    assert forfeited.sum() > 5 < len(matched)
    assert (d["reviews"][forfeited] == 0).all()
    assert d["buyer_fees"][forfeited] + d["merchant_fees"][forfeited] == pytest.approx(0)
    assert (d["share"][forfeited] != d["first_share"][forfeited]).all()
    again = (d["reviews"] == 1) & (d["last_ruled_at"] > d["ruled_at"])
    paid = d["buyer_fees"][again] + d["merchant_fees"][again]
    assert set(paid.round(6)) == {10.0, 40.0}, "the fee of the side that lost the review is gone"


def test_an_answer_without_the_required_proof_loses() -> None:
    """No tracking number, no defence: whatever else the merchant shows (eBay, PayPal)."""
    r = run({"answer": {"required": ["dispatch_record"]}, "review": {"limit": 0}})
    d = r.disputes
    slot = 1 << 4
    heard = d["answered"] & (d["ending"] == codes.RULED)
    has = (d["merchant_kinds"] & slot > 0) & d["merchant_showed"] | d["merchant_forged"]
    assert (heard & ~has).sum() > 10 < (heard & has).sum()
    assert d["upheld"][heard & ~has].all()
    assert (d["decider"][heard & ~has] == codes.BY_RULE).all()
    assert not d["upheld"][heard & has].all()


def test_a_clear_case_is_decided_before_the_merchant_is_asked() -> None:
    """Refund-only: the buyer's file is enough, and the merchant's evidence comes with its review."""
    rules = {"decision": {"automatic": {"enabled": True, "ex_parte": True, "max_amount": 400}}}
    r = run({**rules, "review": {"who": ["merchant"], "deference": 0}})
    d = r.disputes
    ex_parte = ~np.isnan(d["ruled_at"]) & ~d["answered"] & (d["silence"] == 0)
    assert unheard.sum() > 20
    assert d["first_upheld"][ex_parte].all()
    assert (d["ruled_at"][ex_parte] == d["screened_at"][ex_parte]).all()
    reviewed = ex_parte & (d["reviews"] == 1) & (d["last_ruled_at"] > d["ruled_at"])
    assert d["merchant_showed"][reviewed].any()
    assert not d["merchant_showed"][ex_parte & (d["reviews"] == 0)].any()
    assert not d["upheld"][reviewed].all()


def test_goods_may_go_back_without_a_reason_at_the_buyers_freight() -> None:
    """The statutory right: refused on the merits, refunded for the goods; the merchant has not lost."""
    r = run({"returns": {"no_reason": True, "freight": "merchant"}, "review": {"limit": 0}})
    d = r.disputes
    free = d["no_reason"] & (d["ending"] == codes.RULED)
    assert free.sum() > 20
    assert (d["share"][free] == 1).all()
    assert d["in_hand"][free].all()
    assert not d["upheld"][free & (d["first_share"] == 0)].any()
    assert (d["buyer_freight"][free] == 8).all()
    kept = (d["reason"] == codes.GOODS_KEPT) & ~d["upheld"]
    assert kept.sum() > 0
    assert (d["refund"][kept] == 0).all()
    won = d["upheld"] & (d["ending"] == codes.RULED) & (d["merchant_freight"] > 0)
    assert (d["buyer_freight"][won] == 0).all()


def test_the_platform_makes_good_what_a_review_takes_back() -> None:
    """The buyer keeps the refund, the merchant is spared, and the sum is the platform's."""
    changes = {"review": {"who": ["merchant"], "new_evidence": False}, "returns": {"required": False}}
    d = run({**changes, "funding": {"platform_after_review": True}}).disputes
    spared = (d["spared"] > 0) & (d["ending"] == codes.RULED)
    assert spared.sum() > 5
    assert np.array_equal(d["share"][spared], d["first_share"][spared])
    assert d["platform_paid"][spared] == pytest.approx((d["spared"] * d["amount"])[spared])
    assert not d["upheld"][spared & (d["spared"] == d["share"])].any()
    plain = run(changes).disputes
    assert plain["platform_paid"].sum() == plain["spared"].sum() == 0


def test_the_platform_pays_up_to_its_cap() -> None:
    """A fund of 50 a case leaves the rest to the merchant."""
    d = run({"funding": {"payer": "platform", "platform_cap": 50}}).disputes
    decided = np.isin(d["ending"], [codes.RULED, codes.DEFAULTED]) & (d["refund"] > 0)
    assert d["platform_paid"][decided] == pytest.approx(np.minimum(d["refund"], 50)[decided])
    assert d["merchant_paid"][decided] == pytest.approx(np.maximum(d["refund"] - 50, 0)[decided])


def test_a_merchant_who_would_not_pay_neither_concedes_nor_asks_for_a_review() -> None:
    """Whose money is at stake decides who fights for it."""
    ours, theirs = (
        run({"funding": {"payer": payer}, "sanctions": {"points_loss": 0}}).disputes
        for payer in ("merchant", "platform")
    )
    conceded = [(d["reason"] == codes.MERCHANT_CONCEDED).sum() for d in (ours, theirs)]
    assert conceded[0] > 5
    assert conceded[1] == 0


def test_a_ruling_that_nobody_will_contest_is_carried_out_at_once() -> None:
    """Money that moves at once is not held back by the window for an appeal that never comes."""
    held, quick = (run({"review": {"suspends": suspends}}).disputes for suspends in (True, False))
    waits = []
    for d in (held, quick):
        alone = (d["reviews"] == 0) & (d["ending"] == codes.RULED)
        waits.append((d["final_at"] - d["ruled_at"])[alone])
    assert waits[0] == pytest.approx(7 * 24.0)
    assert (waits[1] == 0).all()


def test_the_platform_steps_in_where_no_buyer_need_ask() -> None:
    """Automatic escalation: no talks that failed are abandoned for their trouble."""
    r = run({"negotiation": {"escalation": "automatic", "required": False}})
    d = r.disputes
    assert not np.isin(d["ending"], [codes.ABANDONED, codes.LAPSED]).any()
    stepped, filed = when(r, codes.STEPPED_IN), when(r, codes.FILED)
    assert set(stepped) == set(filed)
    assert all(stepped[case] == filed[case] for case in filed)


def test_a_merchant_who_concedes_has_not_answered_and_pays_for_no_answer() -> None:
    """To give in is no defence: the record must not call it one, and nobody is billed for it."""
    r = run({"answer": {"fee": 3.0}}, {"behaviour": {"concede_share": 1.0}})
    d = r.disputes
    conceded, answered = when(r, codes.CONCEDED), when(r, codes.ANSWERED)
    gave_in = np.isin(d["dispute"], list(conceded))
    assert len(conceded) > 10 < len(answered)
    assert not d["answered"][gave_in].any()
    assert (d["merchant_fees"][gave_in] == 0).all()
    assert np.isfinite(d["answered_at"][gave_in]).all()
    assert d["answered"][np.isin(d["dispute"], list(answered))].all()
