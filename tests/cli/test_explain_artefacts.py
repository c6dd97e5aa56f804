"""`evenhand explain` where evidence is shared: each artefact with its holders, its weight and its fate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evenhand import sim
from evenhand.explain.artefacts import artefacts
from evenhand.explain.decision import terms
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.evidence import brought
from tests.support import small
from tests.support.evidence import POLICY, SCENARIO


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.simulate(small.scenario(SCENARIO), small.policy(POLICY), seed=4, replications=2, days=40)


def disputes(run: sim.Run) -> Iterator[StoryOfDispute]:
    """Every third dispute."""
    numbers = zip(run.disputes["dispute"][::3], run.disputes["replication"][::3], strict=True)
    return (find(run, int(number), int(replication)) for number, replication in numbers)


def test_the_weights_told_are_those_that_counted(run: sim.Run) -> None:
    """They are worked out again from the luck: those of a side add up to what is on record of it."""
    for d in disputes(run):
        for side in ("buyer", "merchant"):
            told = sum(thing.weight for thing in artefacts(d) if side in thing.holders)
            assert told == pytest.approx(d[f"{side}_weight"])


def test_what_the_platform_saw_weighs_what_the_decider_added(run: sim.Run) -> None:
    """The term of the platform is the sum of the records that are told as seen by it."""
    seen = 0
    for d in disputes(run):
        if d.happened("belief"):
            told = [thing.weight for thing in artefacts(d) if thing.fate == "seen by the platform"]
            assert sum(told) == pytest.approx(d["term_platform"])
            assert {term.name: term.nats for term in terms(d)}["platform"] == d["term_platform"]
            seen += len(told)
    assert seen > 20


def test_every_artefact_is_told_with_who_holds_it_and_what_became_of_it(run: sim.Run) -> None:
    """A reader sees why a piece did not come before the decider; all fates occur."""
    fates: set[str] = set()
    for d in disputes(run):
        rows = brought(d)
        for thing in artefacts(d):
            assert thing.holders
            fates.update(thing.fate.split("; "))
            assert any(thing.kind in what and thing.fate in what for _, what, _ in rows)
        forged = [what for _, what, _ in rows if what.startswith("a forged")]
        assert len(forged) == int(d["buyer_forges"]) + int(d["merchant_forged"])
    assert {
        "seen by the platform",
        "shown by the buyer",
        "shown by the merchant",
        "not seen",
        "kept back by the buyer, whom it hurts",
        "kept back by the merchant, whom it hurts",
        "kept back by the buyer, who shows a forged one",
        "not brought by the buyer",
        "added by the buyer's rebuttal",
        "in the buyer's hands",
        "in the merchant's hands",
    } == fates
