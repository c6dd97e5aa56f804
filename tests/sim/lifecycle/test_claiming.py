"""Claims are a choice by expected net gain: its numbers from the records, its signs from worlds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from evenhand.sim.policy.policy import merge
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.compile_scenario import weights_of
from evenhand.sim.sampling.evidence import decay_table, faded
from evenhand.sim.sampling.parties import weighed
from evenhand.sim.scenario.vocabulary import CAUSES, REMORSE, REPAIR, REPLACEMENT
from tests.support import small
from tests.support.claimants import EVEN, ON, claims, interval, lived, market
from tests.support.runs import compiled, differing, simpy
from tests.support.signs import claims as signs
from tests.support.signs.effect import hold

IGNORANT: dict[str, Any] = {
    "buyers": {"groups": {name: {"knowledge": 0.0} for name in ("new", "regular", "power")}},
    "behaviour": {"open_loop": True},
}
"""Nobody knows rules, nothing is learnt: everybody expects what is told at the start."""


def test_both_engines_are_equal_to_the_bit_where_claims_are_a_choice() -> None:
    """Tables and plain sums only: no mathematical library can make the engines differ."""
    world = market({"behaviour": {"claims": {"leaves": 0.1, "returns": 0.3, "leaves_hurt": 0.5}}})
    rules = small.policy({"screening": {"filing_fee": 15.0, "abuse_limit": 1}})
    how: dict[str, Any] = {"seed": 8, "replications": 2, "days": 60}
    assert differing(compiled(world, rules, **how), simpy(world, rules, **how)) == []


def test_switched_off_the_settings_of_claims_move_nothing() -> None:
    """Off is the model without them: not one bit of any record depends on what stands there."""
    changed = {"behaviour": {"claims": {**ON["behaviour"]["claims"], "enabled": False, "leaves": 0.5}}}
    how: dict[str, Any] = {"seed": 8, "replications": 2, "days": 60}
    one, other = (compiled(small.scenario(changes), small.policy(), **how) for changes in ({}, changed))
    assert differing(one, other) == []
    assert np.isnan(one.disputes["expected_chance"]).all()
    assert not one.merchants["silent"].any()


def test_the_choice_touches_nobody_elses_luck() -> None:
    """A claim at the same position has the same price and delivery, whether or not it was a choice."""
    off, on = (
        compiled(small.scenario(changes), small.policy(), seed=4, days=60)
        for changes in ({}, {"behaviour": {"claims": {"enabled": True}}})
    )
    _, here, there = np.intersect1d(off.disputes["position"], on.disputes["position"], return_indices=True)
    assert len(here) > 100
    for name in ("amount", "delivery", "merchant"):
        np.testing.assert_array_equal(off.disputes[name][here], on.disputes[name][there])


def test_whole_goods_for_a_real_harm_are_told_of_and_trusted_as_granted() -> None:
    """A replacement is what was hoped for: it is told of as a claim granted, and trust rises as after one."""
    changes = {
        "buyers": {"groups": {name: {"knowledge": 0.0} for name in ("new", "regular", "power")}},
        "behaviour": {
            "talks": {"enabled": True},
            "trust": {"rate": 0.5, "outcome_weight": 1.0, "process_weight": 0.0},
            "claims": {"own_weight": 9e11, "silence_costs": 0.0, "good_order": 0.0},
        },
    }
    run = compiled(market(changes), small.policy(), seed=6, replications=2, days=400)
    d = run.disputes
    goods = np.isin(d["remedy"], (REPLACEMENT, REPAIR))
    valid = d["valid"] & ~np.isnan(d["closed_at"])
    got = np.where(goods, 1.0, d["share"])[valid].mean()
    told = d["expected_chance"][(d["cause"] < REMORSE) & (d["order_at"] > 300 * 24)].mean()
    assert goods[valid].mean() > 0.05
    assert told == pytest.approx(got, abs=0.03)
    assert abs(told - d["share"][valid].mean()) > 0.05
    buyer = d["replication"].astype(np.int64) * 1_000_000 + d["buyer"]
    unfiled = valid & np.isnan(d["filed_at"])
    order = np.flatnonzero(~np.isnan(d["closed_at"]))
    order = order[np.argsort(d["closed_at"][order], kind="stable")]
    first = order[np.unique(buyer[order], return_index=True)[1]]
    mine = first[goods[first] & unfiled[first]]
    assert len(mine) > 20
    start = np.array([group.trust for group in run.scenario.buyers.groups.values()])[d["buyer_group"][mine]]
    assert d["trust_after"][mine] == pytest.approx(start + 0.5 * (1.0 - start))


def test_the_net_gain_is_what_the_equation_says() -> None:
    """Gain = chance x value - trouble - fee of those who expect to file, all from one row of records."""
    world = market(merge(IGNORANT, {"behaviour": {"claims": {"own_weight": 9e11}}}))  # nor by what was before
    rules = small.policy({"screening": {"filing_fee": 10.0}, "returns": {"freight": "buyer", "exempt": []}})
    run = compiled(world, rules, seed=5, replications=2, days=60)
    d, settings = run.disputes, world.behaviour.claims
    kinds = settings.kinds()
    kind = np.maximum(d["cause"] - REMORSE + 1, 0)
    chance = np.array([one.chance for one in kinds])[kind]
    np.testing.assert_allclose(d["expected_chance"], chance, rtol=1e-9)
    back = d["in_hand"].astype(bool)
    spare, bonus, effort = (
        np.array([getattr(one, name) for one in kinds])[kind] for name in ("spare", "bonus", "effort")
    )
    returned = np.minimum(d["loss"] + spare, 1.0) - rules.returns.freight_cost / d["amount"]
    value = np.where(back, returned, 1.0) + bonus
    cost = effort * d["effort"] + settings.escalated * rules.screening.filing_fee
    np.testing.assert_allclose(d["net_gain"], chance * value - cost / d["amount"], rtol=1e-9, atol=1e-12)


def test_declared_rates_are_those_of_the_claims_made_at_rest() -> None:
    """The inversion by quadrature: with the reference chances, as many claims as without the choice."""
    calm = {"market": {"burst_shape": None}, "buyers": EVEN["buyers"]}
    # Of a price in hand all that is granted goes back, and the loss decides; nothing else is at stake.
    on = market(merge(merge(IGNORANT, calm), {"behaviour": {"claims": {"returned": 1.0}}}))
    off = market(merge(merge(IGNORANT, calm), {"behaviour": {"claims": {"enabled": False}}}))
    rules = small.policy({"returns": {"exempt": []}})
    made, declared = (lived(one, rules, 1, replications=10) for one in (on, off))
    for kind in ("valid", "remorse", "made up"):
        ratio = claims(made, kind) / claims(declared, kind)
        low, high = interval(ratio)
        assert low - 0.02 < 1.0 < high + 0.02, f"{kind}: {ratio.mean():.3f} [{low:.3f}, {high:.3f}]"


def test_who_does_not_claim_is_counted_and_claims_no_more_than_could() -> None:
    """Voice and silence together are all grievances: as many as when everybody claims."""
    everybody = {"behaviour": {"claims": {"valid": {"low": 1.0, "high": 1.0}}}}
    some, every = (
        lived(market(merge(IGNORANT, changes)), small.policy(), 1, replications=10)
        for changes in ({"behaviour": {"claims": {"valid": {"low": 0.3, "high": 0.9}}}}, everybody)
    )
    assert not every.merchants["silent"].any()
    silent = np.bincount(some.merchants["replication"], weights=some.merchants["silent"])
    voice = claims(some, "valid") / (claims(some, "valid") + silent)
    assert 0.3 < voice.mean() < 0.9
    ratio = claims(some, "valid") / claims(every, "valid")
    low, high = interval(ratio)
    assert low - 0.02 < 1.0 < high + 0.02, f"declared are claims, not grievances: [{low:.3f}, {high:.3f}]"
    lost, d = some.merchants["silent_loss"], some.disputes
    heard = (d["loss"] * d["amount"])[d["valid"].astype(bool)]
    assert ((lost > 0) == (some.merchants["silent"] > 0)).all()
    assert 0 < lost.sum() / silent.sum() < heard.mean(), "who loses more is heard more often"


def test_the_table_of_decay_is_the_exponential() -> None:
    """Stages look it up; 1 at 0, 0 far out, never off by more than 4e-5."""
    world: Any = SimpleNamespace(decay=decay_table().tolist())
    u = np.linspace(0, 15.99, 4001)
    found = np.array([faded(world, float(one)) for one in u])
    assert np.abs(found - np.exp(-u)).max() < 4e-5
    assert (faded(world, -1.0), faded(world, 16.0)) == (1.0, 0.0)


def test_a_buyer_is_found_as_likely_as_his_own_weight() -> None:
    """The guide shortens the way and changes nobody: the same as the search in the rising sum."""
    weight = np.random.default_rng(1).lognormal(0, 1.5, 500)
    weight[::7] = 0.0
    each, u = weights_of(weight), np.random.default_rng(2).random(5000)
    found = [weighed(each, float(one)) for one in u]
    np.testing.assert_array_equal(found, np.searchsorted(each.ends, u * np.asarray(each.ends)[-1], "right"))


def test_serial_claimers_make_the_share_that_their_rate_gives() -> None:
    """Half a per cent of buyers, 80 times as prone: 80 x .005 against the rest, about two sevenths."""
    run = lived(market(IGNORANT), small.policy())
    luck = [streams.Luck(41, k) for k in range(run.replications)]
    serial = np.stack([one.uniforms(streams.BUYER_SERIAL, 0, 2000) < 0.005 for one in luck])
    mine = run.disputes["cause"] > REMORSE
    share = serial[run.disputes["replication"][mine], run.disputes["buyer"][mine]].mean()
    assert 0.2 < share < 0.4


@pytest.mark.process
def test_presence_is_at_rest_from_the_start() -> None:
    """Buyers leave and come back: as many claims as without, because candidates make up for those away."""
    still, moving = (
        lived(
            market(merge(IGNORANT, {"behaviour": {"claims": {"leaves": leaves, "returns": 0.2}}})),
            small.policy(),
        )
        for leaves in (0.0, 0.1)
    )
    for year in (0, 1):
        ratio = claims(moving, "valid", year) / claims(still, "valid", year)
        low, high = interval(ratio)
        assert low - 0.02 < 1.0 < high + 0.02, f"year {year}: {ratio.mean():.3f} [{low:.3f}, {high:.3f}]"


def test_who_cannot_pay_the_fee_does_not_file() -> None:
    """A purse below every fee keeps all out, one above them nobody; free filing asks for none."""
    poor = market({"behaviour": {"claims": {"purse": {"median": 1.0, "sigma": 0.0}}}})
    rich = market({"behaviour": {"claims": {"purse": {"median": 1e6, "sigma": 0.0}}}})
    fee, free = (small.policy({"screening": {"filing_fee": one}}) for one in (5.0, 0.0))
    for world, rules, kept_out in ((poor, fee, True), (rich, fee, False), (poor, free, False)):
        run = compiled(world, rules, seed=3, days=90)
        reasons = np.asarray(run.labels("reason"))[run.disputes["reason"]]
        assert ("fee beyond the buyer's means" in reasons) == kept_out
        assert np.isfinite(run.disputes["filed_at"]).any() != kept_out


def test_sign_1_generous_rules_breed_groundless_claims() -> None:
    """Nothing refunded < as it is < all refunded unheard, remorse and made-up claims alike."""
    hold(signs.generous_rules())


@pytest.mark.process
def test_sign_1_what_generous_rules_breed_grows_as_word_spreads() -> None:
    """More in the second year than in the first, beside the same worlds as it is."""
    hold(signs.word_spreads())


def test_sign_2_goods_that_are_kept_are_claimed_for_more_often() -> None:
    """A refund with the goods is worth the price, without them only what they are worth less."""
    hold(signs.kept_goods())


def test_sign_5_fees_keep_out_small_claims_and_loser_pays_the_groundless() -> None:
    """A flat fee costs valid filings too, small ones most; where losers pay, the groundless fall more."""
    hold(signs.fees())


@pytest.mark.process
def test_sign_6_a_gate_works_where_abuse_is_concentrated() -> None:
    """Three strikes shut out serial claimers; where everybody is alike hardly anybody gets so far."""
    hold(signs.gate())


def test_sign_13_under_constant_rules_claims_come_to_rest() -> None:
    """Second and third year do not differ by more than noise and a few per cent."""
    hold(signs.rest())


def test_groundless_causes_are_three() -> None:
    """The kinds of claims are the grievances as one, and each groundless cause by itself."""
    assert CAUSES[REMORSE:] == ("remorse", "opportunistic", "malicious")
