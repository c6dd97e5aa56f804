"""`evenhand explain` says why people claimed, offered, took it and answered, with what they compared."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import sim
from evenhand.explain.choices import choices, kind_of_claim, likely
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.truth import hidden
from evenhand.sim.runs.records import Run
from tests.support import handmade, respond, small


@pytest.fixture(scope="module")
def run() -> Run:
    market = respond.everything({"market": {"orders_per_day": 150}})
    return sim.simulate(market, small.policy(), seed=3, days=25, engine="simpy")


def some(run: Run, which: np.ndarray, most: int = 30) -> list[StoryOfDispute]:
    """The first disputes of a kind."""
    return [find(run, int(number), 0) for number in run.disputes["dispute"][which][:most]]


def test_every_claim_is_told_with_chance_gain_and_how_many_would(run: Run) -> None:
    """What was expected, what it was worth, and the share of such buyers who claim at that gain."""
    told = some(run, np.ones(len(run), np.bool_), 100)
    assert len({d["cause"] for d in told}) > 4
    for d in told:
        what, why = choices(d)[0]
        assert what == "The buyer claimed"
        assert why.startswith("because ")
        assert d.part(d["expected_chance"]) in why
        assert d.money(abs(d["net_gain"]) * d["amount"]) in why
        _, kind = kind_of_claim(d)
        assert f"{100 * likely(d['net_gain'], kind):.0f} %" in why
        assert kind.low <= likely(d["net_gain"], kind) <= kind.high
        assert ("The buyer claimed", why) in hidden(d)


def test_offers_and_their_answer_are_told_with_the_sums_on_record(run: Run) -> None:
    """Taken only if worth what was asked, or called for; and said so."""
    d = run.disputes
    talked = some(run, ~np.isnan(d["offer_need"]), 200)
    taken = 0
    for one in talked:
        offered, answer = choices(one)[1:3]
        assert offered[0].startswith("The merchant offered ")
        assert one.money(one["offer_need"]) in offered[1]
        assert one.money(one["offer_worth"]) in answer[1]
        assert one.money(one["offer_ask"]) in answer[1]
        took = one["reason"] == "agreed in talks"
        assert answer[0] == ("The buyer took it" if took else "The buyer did not take it")
        if took:
            taken += 1
            assert answer[1].startswith("because it was worth") == (one["offer_worth"] >= one["offer_ask"])
    assert 0 < taken < len(talked)


def test_who_contests_says_what_an_answer_saves_and_costs(run: Run) -> None:
    """Contested if and only if it was expected to pay, accidents and late ones named as such."""
    heads = set()
    for d in some(run, ~np.isnan(run.disputes["answer_saves"]), 300):
        what, why = choices(d)[-1]
        heads.add(what)
        assert d.money(d["answer_saves"]) in why
        assert d.money(d["answer_costs"]) in why
        pays = d["answer_saves"] > d["answer_costs"]
        assert (what == "The merchant did not contest") == (not pays)
        assert (what == "The merchant contested") == (pays and d["answered"])
    assert heads >= {"The merchant contested", "The merchant did not contest"}


def test_what_was_no_choice_is_not_told() -> None:
    """In a market without these mechanisms the records have no sums, and the story no choices."""
    assert choices(find(handmade.run([handmade.row("ruled")]), 0, 0)) == []
