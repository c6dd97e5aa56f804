"""A merchant answers a filing if that is expected to save more than it costs."""

from __future__ import annotations

import numpy as np

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import MERCHANT
from evenhand.sim.runs.records import Run
from tests.support import respond, small
from tests.support.runs import compiled, differing

DEAR = {"first_cost": {"median": 90, "sigma": 1.1}, "answer_cost": {"median": 20, "sigma": 0.5}}
DEFAULTS = {"answer": {"silence": "buyer_wins"}}


def run(**contest: object) -> Run:
    """The small market where silence loses, with these settings of contests."""
    changes = {"behaviour": {"contest": {"enabled": True, "accidents": 0.0, **contest}}}
    return compiled(respond.scenario(respond.CARE, changes), small.policy(DEFAULTS), seed=4, days=120)


def test_who_answers_expected_to_gain_by_it() -> None:
    """The record holds the two sums that were compared, and they say who answered."""
    disputes = run(**DEAR).disputes
    asked = ~np.isnan(disputes["answer_saves"])
    gains = disputes["answer_saves"] > disputes["answer_costs"]
    assert (asked & gains).sum() > 20
    assert (asked & ~gains).sum() > 20
    assert gains[disputes["answered"]].all()
    silent = asked & ~gains & (disputes["silence"] == MERCHANT)
    assert silent.any()


def test_dear_answers_let_small_cases_go() -> None:
    """Ten times the cost of an answer, fewer answers; what still is contested is larger."""
    cheap, dear = run().disputes, run(**DEAR).disputes
    shares = [one["answered"].sum() / (~np.isnan(one["filed_at"])).sum() for one in (cheap, dear)]
    assert shares[1] < shares[0]
    amounts = [np.median(one["amount"][one["answered"]]) for one in (cheap, dear)]
    assert amounts[1] > amounts[0]


def test_nobody_defends_another_ones_money() -> None:
    """Where the platform pays and there are no points, an answer saves a merchant nothing."""
    nothing = small.policy(
        {
            **DEFAULTS,
            "funding": {"payer": "platform"},
            "sanctions": {"points_loss": 0.0, "points_default": 0.0},
        }
    )
    found = compiled(respond.scenario(respond.CONTEST), nothing, seed=4, days=60)
    assert not found.disputes["answered"].any()


def test_all_mistakes_leave_every_filing_unanswered() -> None:
    """The floor of accidents is a chance of its own."""
    assert not run(accidents=1.0).disputes["answered"].any()


def test_giving_in_is_a_choice_where_contesting_is_one() -> None:
    """The coin of `concede_share` decides nothing there; to give in must cost no more than to answer."""
    never, always = (
        compiled(
            respond.scenario(respond.CONTEST, {"behaviour": {"concede_share": share}}),
            small.policy(),
            seed=4,
            days=60,
        )
        for share in (0.0, 1.0)
    )
    assert differing(never, always) == []


def test_points_make_merchants_give_in() -> None:
    """Who fears the points of a loss and of silence gives in to more; without them hardly anybody does."""
    found = []
    for points in (0.0, 40.0):
        rules = small.policy({"sanctions": {"points_loss": points, "points_default": points}})
        d = compiled(respond.scenario(respond.CONTEST), rules, seed=4, days=60).disputes
        found.append((d["reason"] == codes.MERCHANT_CONCEDED).sum() / (~np.isnan(d["filed_at"])).sum())
    assert found[1] > found[0] + 0.05, found
