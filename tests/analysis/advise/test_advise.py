"""Advice: what it moves is declared, what it does not move stays, and its effect is the closed form's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from evenhand import scenarios
from evenhand.analysis.advise import advice_to, advise, advise_dispute
from evenhand.analysis.advise.checklist import SIDES, chosen, simulated
from evenhand.analysis.advise.treatment import PEOPLE, Treated, as_advised, changed, followed
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.sampling.world import Extent, draw_world
from tests.support import court, small

STRENGTH, STANDARD, AMOUNT = 1.2, 0.6, 100.0


def world_of(days: int = 20) -> Any:
    scenario, policy = small.scenario(), small.policy()
    about = Experiment.of(scenario, policy, seed=3, days=days, engine="simpy", events=False, open_loop=True)
    return scenario, draw_world(scenario, Extent.of(policy), about.luck(0), days, True)


@pytest.mark.parametrize("side", SIDES)
def test_every_piece_says_what_it_stands_for_and_moves_columns_that_there_are(side):
    """A piece of advice is a setting of the shipped market and columns of a world, or says why not."""
    _, world = world_of()
    market = scenarios.load("tmall")
    assert len(advice_to(side)) >= 10
    for piece in advice_to(side):
        assert piece.title
        assert piece.says
        assert piece.source
        assert piece.cost
        assert bool(piece.unsimulated) != bool(piece.columns or piece.sets)
        for table in piece.tables:
            there = set(getattr(world, table).dtype.names)
            named = {*piece.columns.get(table, ()), *(one.column for one in piece.sets if one.table == table)}
            assert named <= there, piece.key
        if piece.settings:
            assert as_advised(market, piece) != market, piece.key


@pytest.mark.parametrize("side", SIDES)
def test_who_is_not_advised_keeps_every_column(side):
    """With nobody treated the world is the same; with one person only the cases of that person change."""
    _, world = world_of()
    people, cases = len(getattr(world, PEOPLE[side])), len(world.cases)
    nobody = Treated(np.zeros(people, bool), np.zeros(cases, bool))
    one = np.arange(people) == world.cases[side][0]
    somebody = Treated(one, one[world.cases[side]])
    for piece in simulated(side):
        other = world if piece.columns else None
        assert not changed(world, followed(world, other, [piece], nobody), [piece], side).any()
        after = followed(world, other, [piece], somebody)
        assert not changed(world, after, [piece], side)[~somebody.cases].any()


def test_the_effect_of_better_evidence_is_that_of_signal_detection():
    """Who holds evidence of strength d instead of none wins with probability Phi((d^2 / 2 - tau) / d).

    Without any evidence the belief is 0, below a standard of proof of 0.6, and the claim is lost; evidence of
    a valid claim is N(d^2 / 2, d^2) in nats (Green & Swets 1966). Money moves by that share of the amount.
    """
    market = court.scenario(
        {
            "market": {"amount": {"median": AMOUNT, "sigma": 0}},
            "causes": {"quality_defect": {"evidence": {"photo": STRENGTH}}},
            "evidence": {"held_by_buyer": {"photo": 0.6}},
        }
    )
    rules = court.policy({"decision": {"standard": STANDARD}})
    found = advise(market, rules, "buyer", pieces=["keep_evidence"], replications=3, days=100, engine="simpy")
    effect = found.pieces[0].effects["valid", "money"]
    tau = np.log(STANDARD / (1 - STANDARD))
    share = float(ndtr((STRENGTH**2 / 2 - tau) / STRENGTH))
    error = AMOUNT * np.sqrt(share * (1 - share) / effect.n)
    assert effect.n > 300
    assert effect.mean == pytest.approx(AMOUNT * share, abs=4 * error)
    assert found.pieces[0].rivalry["money"].mean == pytest.approx(0, abs=1e-9)
    assert found.pieces[0].touched == pytest.approx(0.3, abs=0.05)


def test_an_unknown_piece_group_or_cause_is_refused():
    """With what may have been meant."""
    with pytest.raises(ValueError, match="did you mean 'file_soon'"):
        chosen("buyer", ("file_son",))
    with pytest.raises(ValueError, match=r"buyer\.group: must be one of"):
        advise(small.scenario(), small.policy(), "buyer", group="nobody", days=20, engine="simpy")


def test_one_dispute_is_turned_by_the_evidence_that_it_lacked():
    """A valid claim without evidence is lost by the distance to the standard; with a photo it may be won."""
    market = court.scenario(
        {
            "causes": {"quality_defect": {"evidence": {"photo": 4.0}}},
            "evidence": {"held_by_buyer": {"photo": 0.6}},
        }
    )
    about = Experiment.of(
        market,
        court.policy({"decision": {"standard": STANDARD}}),
        seed=1,
        days=20,
        engine="simpy",
        events=False,
    )
    world = draw_world(market, Extent.of(about.policy), about.luck(0), about.days, True)
    cases: Any = world.cases
    lost = np.flatnonzero(cases["valid"] & (cases["buyer_strength"] == 0))
    found = [advise_dispute(about, "buyer", 0, int(one)) for one in lost[:8]]
    turned = [one for one in found if one.smallest is not None]
    assert turned
    for one in turned:
        assert [piece.key for piece in one.smallest.pieces] == ["keep_evidence"]
        assert one.before.refund == 0
        assert one.smallest.outcome.refund == 1
    missing = np.log(STANDARD / (1 - STANDARD))
    assert all(one.missing == pytest.approx(missing) for one in found)
