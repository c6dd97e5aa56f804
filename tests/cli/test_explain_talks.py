"""`evenhand explain` tells of remedies: what was proposed, why, the sums that were weighed, the end."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.narrative import timeline
from evenhand.explain.talks import WORDS, proposed
from evenhand.explain.truth import hidden
from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import talking
from tests.support.runs import compiled


@pytest.fixture(scope="module")
def run() -> Run:
    return compiled(talking.scenario(), talking.rules(talking.BY_RIGHT), seed=13, days=30)


def some(run: Run, which: np.ndarray, most: int = 20) -> list[StoryOfDispute]:
    """The first disputes of a kind."""
    return [find(run, int(number), 0) for number in run.disputes["dispute"][which][:most]]


def test_every_offer_is_told_with_its_remedy_and_its_reason(run: Run) -> None:
    """The event of an offer has remedy, ground and runner-up in its number; the last one has the sums too."""
    talked = some(run, run.disputes["rounds"] >= 2)
    assert len(talked) == 20
    for d in talked:
        said = [m.what for m, e in zip(timeline(d)[2:], d.events, strict=False) if e.activity == "replied"]
        offers = [offer for event in d.events if event.activity == "replied" and (offer := proposed(event))]
        assert len(said) == len(offers) == d["rounds"]
        for what, offer in zip(said, offers, strict=True):
            assert what.startswith("proposes ")
            assert offer.ground in what
            assert d["style"] in what
        assert all("would spend" not in what for what in said[:-1])
        for name in ("need", "limit", "ask", "worth"):
            assert d.money(d[f"offer_{name}"]) in said[-1]


def test_what_was_taken_was_worth_what_was_asked_or_had_been_asked_for(run: Run) -> None:
    """The sums that the story tells explain the choice."""
    agreed = run.disputes["reason"] == codes.AGREED_IN_TALKS
    for d in some(run, agreed, 200):
        last = [offer for event in d.events if event.activity == "replied" and (offer := proposed(event))][-1]
        assert d["offer_worth"] > 0
        assert d["offer_worth"] >= d["offer_ask"] or last.ground == "demand granted"


def test_settlements_and_truth_name_the_remedy(run: Run) -> None:
    """A share of 0 would look like nothing where the buyer has got a replacement."""
    replaced = run.disputes["reason"] == codes.AGREED_IN_TALKS
    replaced &= run.disputes["remedy"] == 4
    for d in some(run, replaced):
        assert any(WORDS["replacement"] in m.what and "settle" in m.what for m in timeline(d))
        rows = dict(hidden(d))
        assert rows["The remedy"].startswith(WORDS["replacement"])
        assert rows["The harm"] == f"{100 * d['severity']:.0f} % of the price"
