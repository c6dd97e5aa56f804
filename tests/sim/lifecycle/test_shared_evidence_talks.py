"""Shared evidence where talks are about remedies and answers are a choice: all see the same artefacts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.scenario.vocabulary import VALID_CAUSES, kinds_mask
from tests.support import claimants, patch, respond, small, talking
from tests.support.evidence import POLICY, SCENARIO
from tests.support.runs import compiled, differing, simpy
from tests.support.signs.artefacts import IN_TALKS, STILL, talks_with

DECIDERS: dict[str, dict[str, Any]] = {
    "desk": {},
    "model": {"decision": {"decider": "model", "model": {"sure_from": 0.7, "audit_share": 0.2}}},
    "mediation": {"mediation": {"rounds": 2, "push": 0.3, "give_up": 0.5}},
}


def market(*changes: dict[str, Any]) -> dict[str, Any]:
    """Changes to the small scenario: talks, contests, shared evidence, and what else is asked for."""
    whole = talking.CHANGES
    for some in (respond.CONTEST, SCENARIO, *changes):
        whole = patch.lay_over(whole, some)
    return whole


@pytest.mark.parametrize("decider", DECIDERS)
def test_both_engines_agree_to_the_bit(decider: str) -> None:
    """With talks, contests and claims on beside shared evidence, whoever decides."""
    scenario = patch.scenario(market(claimants.ON))
    policy = small.policy(patch.lay_over(POLICY, DECIDERS[decider]))
    one = compiled(scenario, policy, seed=5, days=40)
    assert differing(one, simpy(scenario, policy, seed=5, days=40)) == []
    for column in ("rebutted", "uncooperative", "platform_saw", "buyer_forges", "unclear"):
        assert one.disputes[column].any(), column


def test_what_a_policy_does_with_evidence_is_not_read_where_it_is_separate() -> None:
    """The same bits under a policy with all of it and under one with nothing, with talks and without."""
    mute = {"evidence": {"model": "separate"}}
    for changes in (patch.lay_over(SCENARIO, mute), market(mute)):
        scenario = patch.scenario(changes)
        with_it, without = (
            compiled(scenario, small.policy(some), seed=5, days=40)
            for some in (POLICY, {"decision": {"checks": {}}})
        )
        assert differing(with_it, without) == []
        shared = compiled(
            patch.scenario(patch.lay_over(changes, {"evidence": {"model": "shared"}})),
            small.policy(POLICY),
            seed=5,
            days=40,
        )
        assert {"disputes.term_buyer", "disputes.upheld"} <= set(differing(shared, without))


def test_talks_weigh_one_thing_once_whoever_shows_it() -> None:
    """Sign 14 in talks: offers, limits and hopes are the same to the bit, whichever side has the chat log."""
    one, two, three = (talks_with(*holders) for holders in ((1, 0), (0, 1), (1, 1)))
    before = np.isnan(one["filed_at"]) & np.isnan(two["filed_at"]) & np.isnan(three["filed_at"])
    assert (before & (one["ending"] == codes.SETTLED)).sum() > 80
    for other in (two, three):
        for name in IN_TALKS:
            assert one[name][before].tobytes() == other[name][before].tobytes(), name
    nobody = talks_with(0, 0)
    assert (nobody["offer_limit"][before] != one["offer_limit"][before]).mean() > 0.5


def test_a_merchant_that_lacks_what_is_asked_for_saves_less_by_an_answer() -> None:
    """What a refusal to cooperate costs lowers what an answer saves, of those who lack it and of nobody else.

    A kind that does not bear on the claim is not asked for.
    """
    still = patch.scenario(market(STILL))
    merciful, strict = (
        compiled(
            still,
            small.policy(patch.lay_over(POLICY, {"answer": {"non_cooperation": weight}})),
            seed=5,
            days=40,
            events=False,
        ).disputes
        for weight in (0.0, 2.0)
    )
    asked = ~np.isnan(merciful["answer_saves"]) & ~np.isnan(strict["answer_saves"])
    lacks = merciful["merchant_kinds"] & kinds_mask("dispatch_record") == 0
    assert (asked & lacks).sum() > 50
    assert (asked & ~lacks).sum() > 50
    less = strict["answer_saves"] < merciful["answer_saves"]
    assert less[asked & lacks].all()
    same = strict["answer_saves"] == merciful["answer_saves"]
    assert same[asked & ~lacks & ~merciful["merchant_withholds"]].all()
    elsewhere = {"causes": {cause: {"evidence": {"dispatch_record": 0.0}} for cause in VALID_CAUSES}}
    idle = compiled(patch.scenario(market(STILL, elsewhere)), small.policy(POLICY), seed=5, days=40).disputes
    assert idle["answered"].any()
    assert not idle["uncooperative"].any()


def test_what_only_the_merchant_holds_is_known_once_it_answers() -> None:
    """Buyers whom nobody answers in talks go by their own evidence: a merchant's records move no filing."""
    for never, alike in ((1.0, True), (0.0, False)):
        filed = []
        for records in (0.2, 1.6):
            traits = {"never_replies": never, "record_keeping": records}
            groups = {"flagship": traits, "small": traits}
            scenario = patch.scenario(market(STILL, {"merchants": {"groups": groups}}))
            d = compiled(scenario, small.policy(POLICY), seed=5, days=40).disputes
            filed.append(~np.isnan(d["filed_at"]))
        assert (filed[0].tobytes() == filed[1].tobytes()) == alike, never
