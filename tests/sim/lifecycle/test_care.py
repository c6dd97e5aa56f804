"""Care follows what disputes cost a merchant, both ways, and rests where the declared rates are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.engine.simpy_engine import as_python
from evenhand.sim.lifecycle.care import moved, running_cost
from evenhand.sim.lifecycle.initial_state import fresh_people
from evenhand.sim.lifecycle.state import MarketState, MerchantState
from evenhand.sim.runs.trial import staff_of
from evenhand.sim.sampling.evidence import decay_table, faded
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, bare_frame, peopled
from evenhand.sim.sampling.world_rows import Merchant
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import N_VALID
from tests.support import respond, small
from tests.support.runs import compiled, differing, simpy
from tests.support.signs import care as signs
from tests.support.signs.effect import hold

LUCK = ("amount", "delivery", "inspection", "buyer", "cause", "claimed", "severity", "category", "effort")
"""Columns that nothing but luck decides."""


def fresh(scenario: Scenario) -> tuple[Any, Any]:
    """A world and its people before the first dispute, as Python rows."""
    luck = Luck(5, 0)
    bare = bare_frame(scenario, Extent.of(small.policy()), 60, None)
    frame = peopled(bare, scenario, draw_people(scenario, luck), luck, 60)
    state = fresh_people(frame, staff_of(scenario))
    world = as_python(frame, {"merchants": Merchant}, ("decay", "market_time"))
    return world, as_python(state, {"merchants": MerchantState, "market": MarketState})


def test_what_fades_is_an_exponential() -> None:
    """The table is looked up with straight lines between its steps: within .0001 of the law, 0 far out."""
    world: Any = type("World", (), {"decay": decay_table().tolist()})
    for u in np.linspace(0, 15.99, 333):
        assert faded(world, float(u)) == pytest.approx(np.exp(-u), abs=1e-4)
    assert faded(world, 16.0) == faded(world, 1e9) == 0.0


@pytest.mark.parametrize(("cost", "expected"), [(1.0, 0.0), (0.5, 1.0), (2.0, -1.0), (0.0, 1.0)])
def test_a_step_leads_to_where_care_costs_what_it_saves(cost: float, expected: float) -> None:
    """At the rest point nothing moves; dearer disputes bring care, cheaper ones let it slacken."""
    after = moved(1.0, 0.1, cost, 1.0, 0.3, 2.0)
    assert np.sign(after - 1.0) == expected
    assert abs(after - 1.0) <= 0.1 + 1e-12, "no step is longer than the time that has passed allows"


def test_care_keeps_within_its_bounds() -> None:
    """Candidates are drawn at the ceiling, so no merchant may go beyond it."""
    assert moved(1.9, 1.0, 0.001, 50.0, 0.3, 2.0) == 2.0
    assert moved(0.31, 1.0, 50.0, 0.001, 0.3, 2.0) == 0.3


def test_repeated_steps_come_to_rest_at_the_cube_root() -> None:
    """Where cost is l x and care k / x^2, rest is x = (k / l)^(1/3): eight times the loss halves x."""
    level = 1.0
    for _ in range(400):
        level = moved(level, 0.1, 8.0 * level, 1.0, 0.01, 5.0)
    assert level == pytest.approx(0.5, rel=1e-9)


def test_declared_rates_are_the_rest_point_of_every_merchant() -> None:
    """The inversion is exact: at the start every merchant believes what makes it stay where it is."""
    world, state = fresh(respond.scenario(respond.CARE, respond.STANDING))
    for m, merchant in enumerate(world.merchants):
        assert running_cost(m, world, state) == pytest.approx(merchant.care_cost, rel=1e-9)


def test_merchants_slacken_when_the_platform_pays() -> None:
    """Sign 3: who does not pay for problems takes less care, who pays takes more."""
    hold(signs.who_pays())


def test_points_bring_care_down_to_a_floor() -> None:
    """Sign 4: a hundred times the points, more care; and never less problems than the floor allows."""
    hold(signs.points())


def test_care_off_is_as_if_there_were_no_such_thing() -> None:
    """The switch is whole: other settings of care are read by nobody while it is off."""
    other = {"behaviour": {"care": {"enabled": False, "floor": 0.9, "own_cost": 0.9, "ceiling": 4.0}}}
    one, two = (
        compiled(small.scenario(change), small.policy(), seed=3, days=60, replications=2)
        for change in ({}, other)
    )
    assert differing(one, two) == []


def test_care_moves_nobody_elses_luck() -> None:
    """What a candidate is belongs to its position; care decides which of them happen."""
    runs = [
        compiled(respond.scenario(part), small.policy(), seed=3, days=90)
        for part in (respond.CARE, {"behaviour": {"care": {"enabled": False}}})
    ]
    rows = [dict(zip(run.disputes["position"].tolist(), range(len(run)), strict=True)) for run in runs]
    both = sorted(rows[0].keys() & rows[1].keys())
    assert len(both) > 100
    one, two = ([mine[position] for position in both] for mine in rows)
    same = runs[0].disputes["cause"][one] == runs[1].disputes["cause"][two]
    valid = (runs[0].disputes["cause"][one] < N_VALID) & same
    for name in LUCK:
        mine, theirs = (run.disputes[name][at][valid] for run, at in zip(runs, (one, two), strict=True))
        assert mine.tobytes() == theirs.tobytes(), name


def test_in_an_open_loop_care_and_shops_stay() -> None:
    """Accounts are kept, but nobody acts on them."""
    run = compiled(respond.scenario(), small.policy(), seed=3, days=90, open_loop=True)
    assert (run.merchants["problem"] == 1.0).all()
    assert run.merchants["exits"].sum() == 0
    assert (run.disputes["care_cost"] != 0.0).any()


@pytest.mark.process
def test_both_engines_agree_to_the_bit_on_merchants_who_respond() -> None:
    """SimPy runs the same stages as the Numba engine, with every part switched on."""
    market = respond.scenario()
    one, two = (run(market, small.policy(), seed=9, days=90) for run in (simpy, compiled))
    assert one.merchants["exits"].sum() > 0
    assert differing(one, two) == []
