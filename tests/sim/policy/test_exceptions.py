"""Exceptions: fields of a policy that are different for some cases, and for no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from tests.support import small
from tests.support.runs import compiled, differing

CLOSED = {"answer": {"silence": "close"}, "windows": {"merchant_evidence": "6 h"}}


def one(changes: dict[str, Any], **when: Any) -> dict[str, Any]:
    """A policy's exceptions with a single one."""
    return {"exceptions": {"one": {"when": when, "changes": changes}}}


def run(changes: dict[str, Any]) -> Run:
    return compiled(small.scenario(), small.policy(changes), seed=7, days=45)


def test_an_exception_that_fits_every_case_is_the_changed_policy() -> None:
    """The same rules said in two ways must give the same disputes, to the last bit."""
    always, plain = run(one(CLOSED, amount_from=1e-9)), run(CLOSED)
    assert [name for name in differing(always, plain) if name != "disputes.exceptions"] == []


def test_an_exception_that_fits_no_case_changes_nothing() -> None:
    """What applies to nobody may not move anybody."""
    assert differing(run(one(CLOSED, amount_from=1e9)), run({})) == []


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"causes": ["late_dispatch"]}, lambda d: d["claimed"] == 2),
        ({"goods_in_hand": True}, lambda d: d["in_hand"]),
        ({"goods_in_hand": False}, lambda d: ~d["in_hand"]),
        ({"amount_from": 100}, lambda d: d["amount"] >= 100),
        ({"amount_below": 100}, lambda d: d["amount"] < 100),
        ({"within": "1 d"}, lambda d: d["inspection"] <= 24),
        (
            {"causes": ["quality_defect"], "amount_from": 50, "amount_below": 200},
            lambda d: (d["claimed"] == 0) & (d["amount"] >= 50) & (d["amount"] < 200),
        ),
    ],
)
def test_an_exception_fits_the_cases_that_it_names_and_no_other(when: dict[str, Any], fits: Any) -> None:
    """The record says which exceptions a dispute was under; they must be those of its own case."""
    d = compiled(
        small.scenario({"causes": {"quality_defect": {"goods_in_hand": 0.5}}}),
        small.policy(one({"review": {"limit": 2}}, **when)),
        seed=7,
        days=45,
    ).disputes
    assert np.array_equal(d["exceptions"] == 1, fits(d))
    assert 0 < (d["exceptions"] == 1).sum() < len(d["exceptions"])
    assert (d["reviews"][d["exceptions"] == 0] <= 1).all()


def test_exceptions_that_fit_together_are_laid_over_each_other_in_their_order() -> None:
    """The later one wins where both speak, and both hold where they do not."""
    policy = small.policy(
        {
            "exceptions": {
                "a": {"when": {"amount_from": 100}, "changes": {"decision": {"standard": 0.7, "band": 1}}},
                "b": {"when": {"goods_in_hand": True}, "changes": {"decision": {"standard": 0.8}}},
            }
        }
    )
    standards = [policy.form(mask, 0).decision for mask in range(4)]
    assert [one.standard for one in standards] == [0.5, 0.7, 0.8, 0.8]
    assert [one.band for one in standards] == [0.2, 1, 0.2, 1]


def test_a_review_has_the_rules_of_its_own_number() -> None:
    """Window, fee, decider and who may ask belong to the review that is asked for."""
    policy = small.policy(
        {
            "review": {"limit": 2, "new_evidence": False, "fee_fixed": 1},
            **one({"review": {"fee_fixed": 5, "who": ["buyer"]}, "windows": {"review": "40 h"}}, review=2),
        }
    )
    r = compiled(small.scenario({"behaviour": {"review_propensity": 1}}), policy, seed=7)
    d, e = r.disputes, r.events
    asked = e["activity"] == codes.REVIEW_REQUESTED
    twice = np.flatnonzero(d["reviews"] == 2)
    assert len(twice) > 5
    for i in twice:
        mine = asked & (e["case"] == d["dispute"][i])
        first, second = e["time"][mine]
        assert e["resource"][mine][1] == 1, "only the buyer may ask for the second"
        ruled = e["time"][(e["case"] == d["dispute"][i]) & (e["activity"] == codes.RULED_EVENT)]
        assert second - ruled[1] <= 40 + 1e-9 < 168
        assert d["buyer_fees"][i] + d["merchant_fees"][i] == pytest.approx(6)
        assert first < ruled[1] <= second


def test_a_court_that_is_jumped_to_is_not_left_again() -> None:
    """A higher court may have smaller panels, and the next appeal stays there."""
    policy = small.policy(
        {
            "decision": {"decider": "panel", "panel": {"size": 3}},
            "review": {
                "decider": "panel",
                "limit": 4,
                "size_factor": 2,
                "size_plus": 1,
                "new_evidence": False,
            },
            **one({"review": {"panel_size": 9}, "decision": {"panel": {"majority": 0.7}}}, seats=15),
        }
    )
    assert [step.seats for step in policy.steps[0]] == [3, 7, 9, 9, 9]
    assert [step.plan.decision.panel.majority for step in policy.steps[0]] == [0.5, 0.5, 0.7, 0.7, 0.7]


def test_a_buyer_with_a_record_is_not_heard_until_the_record_is_forgotten() -> None:
    """The gate counts what happened in its window only."""
    base = {"sanctions": {"strike_for_loss": True, "points_limit": None}}
    gate = one({"screening": {"heard": False}}, strikes_from=1)
    market = small.scenario({"buyers": {"count": 150}})
    ever, short = (
        compiled(market, small.policy({**base, **gate, "screening": {"record_window": window}}), seed=7)
        for window in ("0 h", "5 d")
    )
    shut = [(r.disputes["reason"] == codes.NOT_HEARD).sum() for r in (ever, short)]
    assert shut[0] > 2 * shut[1] > 0
    for r in (ever, short):
        d = r.disputes
        gone = np.flatnonzero(d["reason"] == codes.NOT_HEARD)
        for i in gone[:20]:
            before = (d["buyer"] == d["buyer"][i]) & (d["closed_at"] <= d["filed_at"][i])
            assert (before & ((d["ending"] == codes.RULED) & ~d["upheld"] | d["buyer_found_out"])).any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (one({"review": {"limit": 99}}, review=1), "exceptions: one: review.limit"),
        (one({"revew": {}}, review=1), "exceptions: one: revew"),
        (one({}), "at least one condition"),
        (one({"exceptions": {}}, review=1), "cannot hold exceptions"),
        (
            {
                "review": {"limit": 9},
                "decision": {"panel": {"size": 9}},
                **one({"review": {"size_factor": 9}}, review=5),
            },
            "panels grow to",
        ),
    ],
)
def test_an_exception_that_makes_no_policy_is_refused(changes: dict[str, Any], said: str) -> None:
    """Mistakes in a corner of a rule set are found before the run, not in it."""
    with pytest.raises(ValueError, match=said):
        Policy.model_validate({"title": "Bad rules", **changes})
