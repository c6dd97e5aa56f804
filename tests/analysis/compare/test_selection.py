"""Picking the best policy: how often the pick is right, and what the winner does afterwards."""

from __future__ import annotations

import json

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.compare import Selection, Undecidable, selection
from tests.support import small

STUDIES = 2000
MARGIN = 0.25


def contests(rng, rho, studies, k=5, n0=selection.FIRST, budget=600):
    """The whole procedure on many toy studies at once: winners, and replications of all policies together.

    The least favourable means: the last policy is ahead of all others by exactly the margin.
    """
    truth = np.zeros(k)
    truth[-1] = MARGIN
    patience = selection.slack(k, n0)
    total = np.zeros((studies, k))
    still = np.ones((studies, k), bool)
    runs = np.zeros(studies)
    first = []
    for r in range(1, budget + 1):
        shared = rng.standard_normal((studies, 1))
        row = truth + np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.standard_normal((studies, k))
        total += row
        runs += np.where(still.sum(axis=1) > 1, still.sum(axis=1), 0)
        if r <= n0:
            first.append(row)
        if r == n0:
            spread = selection.spreads(np.stack(first, axis=1))
        if r >= n0:
            still = selection.staying(total / r, selection.margins(spread, r, patience, MARGIN), still)
        if (still.sum(axis=1) == 1).all():
            break
    assert (still.sum(axis=1) == 1).all()
    return still.argmax(axis=1), runs


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_best_is_picked_as_often_as_stated(rho):
    """2000 contests in which the best is ahead by just the margin: at least 95 in a hundred are right."""
    winners, _ = contests(np.random.default_rng(20250901), rho, STUDIES)
    assert (winners == 4).mean() >= 0.94


def test_shared_luck_makes_the_contest_short():
    """A toy trial, n0 = 20, took 505 runs without shared luck, 259 with half of it, 101 with most."""
    rng = np.random.default_rng(2)
    runs = [contests(rng, rho, 500, n0=20)[1].mean() for rho in (0.0, 0.5, 0.9)]
    assert runs == pytest.approx([505, 259, 101], rel=0.15)


@pytest.mark.parametrize("k", [2, 10])
def test_two_and_ten_policies_are_picked_from_as_surely(k):
    """The constant knows how many there are."""
    winners, _ = contests(np.random.default_rng(3), 0.5, STUDIES, k=k, budget=1500)
    assert (winners == k - 1).mean() >= 0.94


def test_the_patience_is_kim_and_nelsons_by_hand():
    """k = 5, n0 = 10, 95 %: eta = ((0.025)^(-2/9) - 1) / 2 = 0.63504, h^2 = 18 eta = 11.4307."""
    eta = ((2 * 0.05 / 4) ** (-2 / 9) - 1) / 2
    assert eta == pytest.approx(0.6350, abs=1e-4)
    assert selection.slack(5, 10, 0.95) == pytest.approx(18 * eta)


def test_every_pair_has_its_own_spread():
    """A known tool reads the wrong row for half of the pairs; ours is numpy's variance of each difference."""
    first = np.random.default_rng(4).normal(size=(12, 4)) * [1, 2, 3, 4]
    found = selection.spreads(first)
    for i in range(4):
        for j in range(4):
            assert found[i, j] == pytest.approx(np.var(first[:, i] - first[:, j], ddof=1))
    assert (found.diagonal() == 0).all()


def test_who_has_left_sends_nobody_away():
    """Only policies that are still there are compared with."""
    still = np.array([True, True, False])
    found = selection.staying(np.array([1.0, 1.1, 9.0]), np.full((3, 3), 0.5), still)
    assert found.tolist() == [True, True, False]


HOW = {"days": 20, "engine": "simpy"}
MARKET = {"market": {"orders_per_day": 120}}
HARSH = {"decision": {"standard": 0.9, "band": 0.0}}


@pytest.fixture(scope="module")
def rules():
    """Two that differ a lot in who wins, and one twice."""
    return {"mild": small.policy(), "harsh": small.policy(HARSH), "mild too": small.policy()}


@pytest.fixture(scope="module")
def chosen(rules) -> Selection:
    return analysis.select(small.scenario(MARKET), rules, "wrongful_denial_rate", 0.05, budget=60, **HOW)


@pytest.mark.process
def test_the_winner_is_ahead_and_its_twin_is_named(chosen):
    """The harsh standard refuses more; two policies that never differ are both the best."""
    assert (chosen.winner, chosen.certain, chosen.tied) == ("mild", True, ("mild too",))
    assert chosen.means["mild"] == chosen.means["mild too"] < chosen.means["harsh"]
    assert chosen.replications["harsh"] >= selection.FIRST
    assert "mild is lowest (with mild too, exactly alike) after" in chosen.sentence
    assert "at least 95 % if the best is ahead by 5.0 points or more" in chosen.sentence


@pytest.mark.process
def test_the_winner_is_seen_again_in_worlds_that_did_not_choose_it(chosen, rules):
    """The same worlds would flatter it once more: fresh ones come after those that were used."""
    used = chosen.replications["mild"] + chosen.undefined
    fresh = chosen.fresh.per_replication
    pair = {name: rules[name] for name in ("mild", "harsh")}
    all_of_them = analysis.compare(
        small.scenario(MARKET), pair, replications=used + len(fresh), metrics=["wrongful_denial_rate"], **HOW
    ).values
    mild, n = (all_of_them[column][all_of_them["policy"] == "mild"] for column in ("value", "n"))
    assert fresh.tolist() == mild[used:].tolist()
    before, after = (np.nansum((mild * n)[part]) / n[part].sum() for part in (slice(used), slice(used, None)))
    assert chosen.means["mild"] == pytest.approx(before)
    assert chosen.bias == pytest.approx(after - before)


@pytest.mark.process
def test_the_direction_can_be_turned(rules):
    """Whoever wants the most refusals gets the harsh rules."""
    worst = analysis.select(
        small.scenario(MARKET), rules, "wrongful_denial_rate", 0.05, budget=60, maximise=True, **HOW
    )
    assert (worst.winner, worst.maximise) == ("harsh", True)
    assert worst.bias == pytest.approx(worst.means["harsh"] - worst.fresh.value)


@pytest.mark.process
def test_a_budget_that_ends_too_early_promises_nothing(rules):
    """The best so far is named, and so are those that may be as good."""
    pair = {"mild": rules["mild"], "other": small.policy({"decision": {"standard": 0.51}})}
    found = analysis.select(
        small.scenario(MARKET), pair, "platform_cost_per_dispute", 0.001, budget=12, **HOW
    )
    assert not found.certain
    assert found.replications == {"mild": 12, "other": 12}
    assert "12 worlds were not enough to choose" in found.sentence
    assert "at least" not in found.sentence


@pytest.mark.process
def test_a_selection_is_plain_json(chosen):
    """For programs."""
    document = json.loads(json.dumps(chosen.to_json(), allow_nan=False))["selection"]
    assert (document["winner"], document["certain"], document["tied"]) == ("mild", True, ["mild too"])
    assert document["fresh"]["n"] == chosen.fresh.replications
    assert document["n"] == chosen.replications


@pytest.mark.process
def test_nothing_to_choose_by_is_said(rules):
    """No default ever happens under these rules: there is no share of them."""
    with pytest.raises(Undecidable, match="wrongful_default_share is not defined in any of 12 worlds"):
        analysis.select(small.scenario(MARKET), rules, "wrongful_default_share", 0.1, budget=12, **HOW)


def test_a_time_that_runs_are_too_short_to_see_cannot_choose(rules):
    """To leave such worlds out would flatter slow rules."""
    with pytest.raises(Undecidable, match="p90_hours_to_close cannot be seen in so few days"):
        analysis.select(
            small.scenario(MARKET), rules, "p90_hours_to_close", 1.0, budget=12, days=15, engine="simpy"
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"margin": 0.0}, "margin must be above 0, found 0.0"),
        ({"confidence": 0.3}, "confidence must be between 0.33 and 1, found 0.3"),
        ({"n0": 2}, "n0 must be 3 or more, found 2"),
        ({"budget": 5}, "budget must be 12 or more, found 5"),
        ({"metric": "settled_share"}, "settled_share is neither better high nor low"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(rules, arguments, said):
    """Each with what was found and what is allowed."""
    how = {"metric": "wrongful_denial_rate", "margin": 0.1, **HOW, **arguments}
    with pytest.raises(ValueError, match=said):
        analysis.select(small.scenario(MARKET), rules, **how)


def test_one_policy_needs_no_choice():
    """There must be something to choose from."""
    with pytest.raises(ValueError, match="at least two policies"):
        analysis.select(small.scenario(MARKET), [small.policy()], "wrongful_denial_rate", 0.1, **HOW)
