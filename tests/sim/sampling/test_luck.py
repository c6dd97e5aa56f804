"""Luck comes first: every random quantity has a place of its own, and nothing else can move it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.runner import iterate, replicate
from evenhand.sim.runs.trial import gather
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.streams import Draw, Luck
from evenhand.sim.sampling.world import Extent, draw_world
from tests.support import small
from tests.support.runs import PARTS, compiled, differing, differing_columns, simpy, where

NUMBERS = {
    1: "market.gap",
    2: "market.burst",
    3: "market.orders",
    4: "dispute.happens",
    5: "dispute.merchant",
    6: "dispute.cause",
    7: "dispute.buyer",
    8: "order.amount",
    9: "order.delivery",
    10: "grievance.fault",
    11: "grievance.deserved",
    12: "grievance.claimed_as",
    13: "grievance.goods_in_hand",
    14: "evidence.extent",
    20: "buyer.inspection",
    21: "buyer.composure",
    22: "buyer.skips_negotiation",
    23: "buyer.patience",
    24: "buyer.platform_patience",
    25: "buyer.effort",
    26: "buyer.filing_delay",
    27: "buyer.guess",
    28: "buyer.evidence",
    29: "buyer.holds_kind",
    30: "buyer.withholds",
    31: "buyer.forges",
    32: "buyer.supplements",
    33: "buyer.supplement_delay",
    34: "buyer.supplement",
    35: "buyer.shipping",
    40: "merchant.reply",
    41: "merchant.ignores",
    42: "merchant.guess",
    43: "merchant.evidence",
    44: "merchant.holds_kind",
    45: "merchant.withholds",
    46: "merchant.forges",
    47: "merchant.evidence_delay",
    48: "merchant.stonewalls",
    49: "merchant.extension",
    50: "merchant.concedes",
    51: "merchant.confirming",
    60: "screening.service",
    61: "decision.arbiter",
    62: "decision.service",
    63: "decision.occasion",
    64: "decision.checked",
    65: "decision.detects_buyer",
    66: "decision.detects_merchant",
    67: "mediation.service",
    68: "mediation.reply",
    69: "arbiter.level",
    70: "arbiter.pattern",
    71: "mediation.guess",
    80: "review.buyer_asks",
    81: "review.merchant_asks",
    82: "review.buyer_delay",
    83: "review.merchant_delay",
    84: "review.buyer_finds",
    85: "review.merchant_finds",
    86: "review.buyer_evidence",
    87: "review.merchant_evidence",
    90: "juror.vote_delay",
    91: "juror.turnout",
    92: "juror.side",
    93: "juror.experience",
    94: "juror.impression",
    95: "panel.impression",
    100: "buyer.group",
    101: "buyer.exit_threshold",
    102: "merchant.problem_factor",
    103: "merchant.reply_factor",
    104: "merchant.service_shift",
    105: "merchant.exit_threshold",
    110: "offers.buyer_delay",
    111: "offers.merchant_delay",
    112: "juror.reveals",
    113: "juror.reveal_delay",
    114: "merchant.consents",
    115: "merchant.consent_delay",
    116: "buyer.consents",
    117: "buyer.consent_delay",
    118: "order.goods",
    120: "grievance.severity",
    121: "grievance.dislike",
    140: "claim.made",
    141: "buyer.present",
    142: "buyer.purse",
    143: "buyer.hurt",
    148: "buyer.activity",
    149: "buyer.proneness",
    150: "buyer.serial",
    151: "buyer.starts",
    155: "buyer.own_history",
    156: "buyer.made_up_history",
    157: "claim.firm_offers",
    158: "claim.firm",
    176: "merchant.style",
    177: "merchant.rounding",
    178: "buyer.demand",
    179: "merchant.tone",
    184: "merchant.ill_will",
    188: "buyer.cures",
    189: "buyer.cure_delay",
    190: "buyer.cure_evidence",
    191: "merchant.complies",
    208: "review.buyer_effort",
    209: "review.merchant_effort",
    210: "parties.part",
    211: "parties.part_how",
    212: "merchant.ignoring",
    213: "merchant.grants",
    216: "merchant.granting",
    160: "order.category",
    164: "merchant.answer_cost",
    165: "merchant.first_answer_cost",
    166: "merchant.contest_guess",
    168: "merchant.keeps_desk",
    169: "merchant.vacant",
    170: "merchant.lifetime",
    171: "merchant.succession",
    172: "merchant.comes_back",
    235: "buyer.queue_patience",
    236: "model.own_error",
    237: "model.audited",
    238: "model.request_answered",
    239: "model.request_delay",
    240: "model.request_evidence",
    241: "model.shared_error",
    192: "artefact.buyer_has",
    193: "artefact.merchant_has",
    194: "artefact.platform_sees",
    195: "artefact.weight",
    196: "artefact.brought",
    197: "artefact.false_alarm",
    200: "buyer.clarity",
    201: "buyer.packaging",
    202: "buyer.forged_kind",
    203: "buyer.machine_made",
    204: "merchant.forged_kind",
    205: "merchant.rebuts",
    206: "merchant.rebuttal_delay",
    207: "merchant.rebuttal",
}
"""Only ever grows: a number taken once is taken for ever, or every published result would change."""


def test_the_numbers_of_draws_are_frozen() -> None:
    """A renumbered draw is another world under the same seed."""
    now = {draw.number: name for name, draw in streams.ALL.items()}
    assert {number: now.get(number) for number in NUMBERS} == NUMBERS
    assert len(now) == len(streams.ALL)
    assert set(now) == set(NUMBERS), "a new draw: add its number to the table"


def test_every_draw_says_whose_it_is_and_its_law() -> None:
    """`evenhand draws` lists them; the owner is what its column is indexed by."""
    owners = {"candidate", "dispute", "day", "buyer", "merchant", "arbiter", "model"}
    for draw in streams.ALL.values():
        assert draw.per.split(" x ")[0] in owners
        assert draw.law


@given(
    first=st.integers(0, 10_000), count=st.integers(1, 300), cut=st.integers(0, 300), slot=st.integers(0, 5)
)
def test_a_column_is_the_same_however_it_is_cut_into_blocks(
    first: int, count: int, cut: int, slot: int
) -> None:
    """Block size is a matter of memory, never of results."""
    luck, cut = Luck(7, 1), min(cut, count)
    whole = luck.uniforms(streams.AMOUNT, 0, first + count, slot)[first:]
    parts = [
        luck.uniforms(streams.AMOUNT, first, cut, slot),
        luck.uniforms(streams.AMOUNT, first + cut, count - cut, slot),
    ]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_uniforms_are_those_of_numpys_philox() -> None:
    """The generator is NumPy's own Philox, keyed as the design says; ours only never give 0 or 1."""
    key = np.random.SeedSequence(5, spawn_key=(2,)).generate_state(2, np.uint64)
    bits = np.random.Philox(key=key, counter=[0, streams.PATTERN_NOISE.number, 3, 0])
    theirs = np.random.Generator(bits).random(10_000)
    ours = Luck(5, 2).uniforms(streams.PATTERN_NOISE, 0, 10_000, 3)
    assert np.abs(ours - theirs).max() <= 2.0**-52
    bits = np.random.Philox(key=key, counter=[0, streams.CAUSE.number // 4, 3, 1])
    theirs = np.random.Generator(bits).random((10_000, 4))[:, streams.CAUSE.number % 4]
    assert np.abs(Luck(5, 2).uniforms(streams.CAUSE, 0, 10_000, 3) - theirs).max() <= 2.0**-52
    assert (ours > 0).all()
    assert (ours < 1).all()
    assert stats.kstest(ours, "uniform").pvalue > 0.001


def test_draws_seeds_replications_and_slots_are_independent_of_each_other() -> None:
    """Two columns that went together would make two things in the world go together."""
    n = 4000
    columns = [Luck(1, 0).uniforms(draw, 0, n) for draw in streams.ALL.values()]
    columns += [Luck(2, 0).uniforms(streams.GAP, 0, n), Luck(1, 1).uniforms(streams.GAP, 0, n)]
    columns += [Luck(1, 0).uniforms(streams.GAP, 0, n, slot) for slot in (1, 2, streams.SLOTS_PER_LEVEL)]
    correlation = np.asarray(np.corrcoef(columns))
    np.fill_diagonal(correlation, 0.0)
    pairs = len(columns) * (len(columns) - 1) / 2
    assert np.abs(correlation).max() * np.sqrt(n) < stats.norm.isf(0.001 / pairs)


def test_the_same_seed_gives_the_same_records() -> None:
    """A result that cannot be repeated is not one."""
    scenario, policy = small.scenario(), small.policy()
    one = compiled(scenario, policy, seed=9, days=30)
    assert differing(one, compiled(scenario, policy, seed=9, days=30)) == []
    assert "disputes.amount" in differing(one, compiled(scenario, policy, seed=10, days=30))


def test_replications_do_not_depend_on_who_ran_them_and_in_which_order() -> None:
    """So any number of workers may share them."""
    scenario, policy = small.scenario(), small.policy()
    whole = compiled(scenario, policy, seed=2, replications=3, days=30)
    experiment = Experiment.of(scenario, policy, seed=2, days=30, engine="numba")
    parts = {
        k: replicate(scenario, policy, k, seed=2, days=30, engine="simpy" if k == 1 else "numba")
        for k in (2, 0, 1)
    }
    assert differing(whole, gather(experiment, [parts[k] for k in range(3)])) == []


@pytest.mark.process
def test_more_replications_leave_the_earlier_ones_as_they_were_and_differ_from_them() -> None:
    """One may stop early or go on; each replication is a world of its own."""
    scenario, policy = small.scenario(), small.policy()
    few = list(iterate(scenario, policy, seed=2, replications=2, days=30))
    many = list(iterate(scenario, policy, seed=2, replications=4, days=30))
    for a, b in zip(few, many, strict=False):
        for part in PARTS:
            assert differing_columns(getattr(a, part), getattr(b, part)) == []
    firsts = {part.disputes["order_at"][0] for part in many}
    assert len(firsts) == 4


@pytest.mark.parametrize("changes", [{}, {"decision": {"decider": "panel", "panel": {"size": 5}}}])
def test_a_longer_horizon_leaves_everything_before_the_shorter_one_as_it_was(changes: dict[str, Any]) -> None:
    """Feedback, queues and calendars included: the future does not act on the past."""
    scenario, policy = small.scenario(), small.policy(changes)
    short, long = (compiled(scenario, policy, seed=6, days=days) for days in (35, 60))
    before = long.events["time"] < short.horizon
    assert 0 < before.sum() < len(before)
    assert differing_columns(short.events, where(long.events, before)) == []
    closed = {
        run.days: where(run.disputes, run.disputes["closed_at"] < short.horizon) for run in (short, long)
    }
    assert differing_columns(closed[35], closed[60]) == []


@pytest.mark.parametrize("more", ["rounds", "meetings", "levels", "seats"])
def test_room_for_more_rounds_reviews_or_seats_changes_nothing(more: str) -> None:
    """What one policy could use must not move what another policy gets."""
    scenario = small.scenario()
    policy = small.policy(
        {
            "mediation": {"rounds": 2, "push": 0.2},
            "review": {"decider": "panel"},
            "decision": {"panel": {"size": 5}},
        }
    )
    enough = Extent.of(policy)
    before = getattr(enough, more)
    roomy = enough._replace(**{more: tuple(n + 3 for n in before) if more == "seats" else before + 3})
    one = replicate(scenario, policy, 0, seed=4, days=30, engine="numba")
    other = replicate(scenario, policy, 0, seed=4, days=30, engine="numba", extent=roomy)
    for part in PARTS:
        assert differing_columns(getattr(one, part), getattr(other, part)) == []


def test_more_people_leave_the_traits_of_the_first_ones_as_they_were() -> None:
    """A buyer is who he is, however many others there are; so is an arbiter."""
    many = small.scenario({"buyers": {"count": 3000}, "arbiters": {"count": 20}})
    extent = Extent.of(small.policy())
    a: Any = draw_world(small.scenario(), extent, Luck(1, 0), 10)
    b: Any = draw_world(many, extent, Luck(1, 0), 10)
    assert a.buyers.tobytes() == b.buyers[: len(a.buyers)].tobytes()
    assert a.arbiter_level.tobytes() == b.arbiter_level[:8].tobytes()
    assert a.arbiter_pattern.tobytes() == b.arbiter_pattern[: len(a.arbiter_pattern)].tobytes()


def test_a_draw_that_nobody_has_made_before_moves_no_other() -> None:
    """New draws may be added for ever: reading one does not wind another on."""
    luck = Luck(3, 0)
    before = luck.uniforms(streams.BUYER, 0, 50)
    luck.uniforms(Draw(9999, "a.new.one", "dispute", "uniform"), 0, 1000)
    assert luck.uniforms(streams.BUYER, 0, 50).tobytes() == before.tobytes()


def test_policies_meet_the_same_world() -> None:
    """What no rule can change is the same under every rule: that is what makes comparisons paired."""
    scenario = small.scenario({"behaviour": {"open_loop": True}})
    harsh = small.policy(
        {
            "decision": {"standard": 0.9},
            "negotiation": {"rounds": 1},
            "windows": {"file": "8 d"},
        }
    )
    one = compiled(scenario, small.policy(), seed=5, days=30).disputes
    other = simpy(scenario, harsh, seed=5, days=30).disputes
    drawn = ["dispute", "order_at", "buyer", "merchant", "cause", "amount", "valid", "deserved"]
    drawn += ["buyer_weight", "merchant_weight", "opened_at"]
    assert [name for name in drawn if one[name].tobytes() != other[name].tobytes()] == []
    assert (one["ending"] != other["ending"]).any()


def test_a_policy_compared_with_itself_differs_by_exactly_nothing() -> None:
    """The pairing is right if and only if the difference is zero, with no spread."""
    scenario = small.scenario()
    runs = [compiled(scenario, small.policy(), seed=8, replications=3, days=30) for _ in range(2)]
    refunds = [np.bincount(run.disputes["replication"], run.disputes["refund"]) for run in runs]
    difference = refunds[0] - refunds[1]
    assert difference.mean() == 0.0
    assert difference.std() == 0.0
