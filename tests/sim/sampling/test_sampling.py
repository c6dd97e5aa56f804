"""Luck drawn for one dispute at a time is the luck of its columns, whoever asks for it, and when."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

from evenhand.sim.jit.struct_pointer import by_address
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.eager import draw_rows
from evenhand.sim.sampling.inverse_cdf import quantiles
from evenhand.sim.sampling.parties import draw_parties
from evenhand.sim.sampling.philox import lucky
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import SLOTS_PER_LEVEL, Draw, Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import with_record
from tests.support import small
from tests.support.columns import PLACES, uniforms_at

EXTENT = Extent(rounds=12, meetings=2, levels=3, seats=(0, 3, 2), accords=1, sealed=1)
LUCK = Luck(2**40 + 3, 5)


@pytest.fixture(scope="module")
def world() -> Any:
    return draw_world(small.scenario(), EXTENT, LUCK, 30)


@pytest.mark.parametrize(
    ("column", "draw"),
    [
        ("happens", streams.HAPPENS),
        ("ignore_luck", streams.IGNORES),
        ("stonewall_luck", streams.STONEWALLS),
        ("concede_luck", streams.CONCEDES),
        ("merchant_forge_luck", streams.MERCHANT_FORGES),
    ],
)
def test_uniforms_of_a_dispute_are_those_of_numpys_philox(world: Any, column: str, draw: Draw) -> None:
    """Compiled code works Philox out for itself; a bit of difference would be another world."""
    assert world.cases[column].tobytes() == uniforms_at(LUCK, draw, world.cases["position"]).tobytes()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_level_has_a_slot_of_its_own(world: Any, level: int) -> None:
    """A review is another occasion."""
    column = world.levels["check_luck"][level :: EXTENT.levels]
    assert column.tobytes() == uniforms_at(LUCK, streams.CHECKED, world.cases["position"], level).tobytes()


@pytest.mark.parametrize("round_", [0, 7, 8, 11])
def test_rounds_beyond_those_that_are_remembered_have_their_own_luck(world: Any, round_: int) -> None:
    """The last step of a generator is kept for a few slots only; for the others it is worked out anew."""
    law = small.scenario().buyers.groups
    u = uniforms_at(LUCK, streams.PATIENCE, world.cases["position"], round_)
    found = world.talks["patience"][round_ :: EXTENT.rounds]
    group = world.buyers["group"][world.cases["buyer"]]
    for number, traits in enumerate(law.values()):
        mine = group == number
        assert found[mine].tobytes() == quantiles(traits.patience, u[mine]).tobytes()


def test_seats_have_their_slots_by_level(world: Any) -> None:
    """The first decision has no panel here, the reviews have three jurors and two."""
    scenario, n, positions = small.scenario(), len(world.cases), world.cases["position"]
    votes = world.votes.reshape(n, 5)
    for seat, slot in enumerate(
        [SLOTS_PER_LEVEL + s for s in range(3)] + [2 * SLOTS_PER_LEVEL + s for s in range(2)]
    ):
        buyers = uniforms_at(LUCK, streams.SIDE, positions, slot) < scenario.jurors.buyer_share
        np.testing.assert_array_equal(votes["own_side"][:, seat], np.where(buyers, 1.0, -1.0))
        stays = uniforms_at(LUCK, streams.TURNOUT, positions, slot) >= scenario.jurors.turnout
        assert (votes["delay"][stays, seat] == 1e9).all()


@numba.njit
def _parties_of(world: Any, numbers: Any, positions: Any) -> None:
    there = by_address(world)
    for d in range(len(positions)):
        draw_parties(there, d, numbers[d], positions[d])


@pytest.mark.process
def test_parties_are_the_same_in_whatever_order_they_are_asked_for(world: Any) -> None:
    """They are drawn some arrivals ahead, and only the last eight are remembered."""
    n = len(world.cases)
    asked = np.array([5, 4, 6, 0, 13, 12, 5, n - 1, 0, 7, 8, 9, 1])
    positions = world.cases["position"][asked]
    found = draw_rows(world, LUCK, Arrivals(np.zeros(len(asked)), positions))
    _parties_of(with_record(found._replace(parameters=lucky(found.parameters, LUCK))), asked, positions)
    for name in ("merchant", "cause", "buyer", "happens"):
        assert found.cases[name].tolist() == world.cases[name][asked].tolist(), name


def test_a_world_drawn_again_with_other_luck_and_back_is_the_same(world: Any) -> None:
    """What is remembered of a generator belongs to one luck only."""
    coming = Arrivals(world.cases["order_at"], world.cases["position"])
    other = draw_rows(world, Luck(1, 1), coming)
    assert other.cases.tobytes() != world.cases.tobytes()
    again = draw_rows(other, LUCK, coming)
    for table in ("cases", "talks", "meetings", "accords", "levels", "votes"):
        assert getattr(again, table).tobytes() == getattr(world, table).tobytes(), table


def test_parties_are_those_that_the_columns_say(world: Any) -> None:
    """The merchant by the position, the cause by the rising sum of the merchant's rates."""
    people = draw_people(small.scenario(), LUCK)
    merchant = world.cases["position"] // PLACES
    np.testing.assert_array_equal(world.cases["merchant"], merchant)
    rising = np.cumsum(people.cause_rate, axis=1)[merchant]
    u = uniforms_at(LUCK, streams.CAUSE, world.cases["position"]) * rising[:, -1]
    np.testing.assert_array_equal(world.cases["cause"], (rising <= u[:, None]).sum(axis=1))
