"""`evenhand explain` tells what people chose after filing, and the sums that they compared."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.explain.after_filing import losers
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.narrative import timeline
from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import patch, waiting
from tests.support.runs import compiled

RULES = patch.lay_over(waiting.CURE, waiting.ANYHOW)


@pytest.fixture(scope="module")
def run() -> Run:
    return compiled(waiting.scenario(), waiting.rules(RULES), seed=13)


def some(run: Run, which: np.ndarray, most: int = 15) -> list[StoryOfDispute]:
    """The first disputes of a kind."""
    found = [find(run, int(number), 0) for number in run.disputes["dispute"][which][:most]]
    assert found
    return found


def said(d: StoryOfDispute) -> str:
    return "; ".join(moment.what for moment in timeline(d))


def test_a_filing_that_went_back_is_told_with_its_reason(run: Run) -> None:
    """The reader learns what the filing lacked, and that it came."""
    for d in some(run, run.disputes["cured"].astype(bool)):
        assert f"to be cured: {codes.REASONS[d['sent_back_for']]}" in said(d)
        assert "brings what his filing lacked" in said(d)


def test_an_end_of_a_wait_is_told_with_its_hazards(run: Run) -> None:
    """Agreement, withdrawal and late performance name the three hazards a day, and when one ends the wait."""
    phrases = {
        codes.AGREED_WHILE_WAITING: "settle (agreed after filing)",
        codes.LOST_INTEREST: "withdraws",
        codes.PERFORMED: "does what it should have done",
    }
    for reason, phrase in phrases.items():
        for d in some(run, run.disputes["reason"] == reason):
            assert phrase in said(d)
            assert f"{100 * d['settle_rate']:.1f} % a day to settle" in said(d)


def test_what_losers_made_of_a_ruling_is_told_with_gain_and_cost(run: Run) -> None:
    """Opinions before and after, the weight of the reasons, and what a review was worth against its cost."""
    asked = (run.disputes["review_by"] > 0) & (run.disputes["reviews"] == 1)
    for d in some(run, asked):
        told = " ".join(losers(d))
        side = ("", "buyer", "merchant")[d["review_by"]]
        assert d.money(d[f"{side}_review_gain"]) in told
        assert d.money(d[f"{side}_review_cost"]) in told
        assert "it asked" in told
    refused = ~np.isnan(run.disputes["buyer_opinion"]) & (run.disputes["buyer_persuaded"] < 0)
    for d in some(run, refused):
        assert "with short reasons (weight 0.42)" in " ".join(losers(d))


def test_an_answer_to_a_notice_is_told_with_its_three_costs() -> None:
    """Consent that is given or lapses names what each way would cost."""
    rules = waiting.rules({"consent": {"of": ["merchant"]}})
    run = compiled(waiting.only("consent"), rules, seed=13)
    for d in some(run, run.disputes["reason"] == codes.NOBODY_CONSENTED):
        assert f"to ignore the notice would cost it {d.money(d['ignoring_cost'])}" in said(d)


def test_without_these_choices_nothing_is_told_of_them() -> None:
    """Where opinions do not move and nobody parts there is no sentence about it."""
    run = compiled(waiting.only("waiting", False), waiting.rules(), seed=13, days=30)
    for d in some(run, ~np.isnan(run.disputes["ruled_at"])):
        assert losers(d) == []
        assert "a day to settle" not in said(d)
