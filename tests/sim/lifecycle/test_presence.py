"""Buyers who leave and come back: how many are recorded, and that only what is about them moves it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand import analysis
from evenhand.sim.engine.simpy_engine import as_python
from evenhand.sim.lifecycle.initial_state import fresh_people
from evenhand.sim.lifecycle.presence import MONTH, buying_at_the_end, chance_present, hours_buying
from evenhand.sim.lifecycle.state import BuyerState
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import staff_of
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, bare_frame, peopled
from evenhand.sim.sampling.world_rows import Buyer
from evenhand.sim.scenario.scenario import Scenario
from tests.support import small
from tests.support.claimants import market
from tests.support.runs import compiled

NAMES = ("buyer_exits_per_month", "buyers_let_down_per_month", "buyer_returns_per_month")
DAYS = 90
REFUSED = small.policy({"screening": {"heard": False}})
"""Nobody who files is heard."""


def coming_and_going(leaves: float, hurt: float = 0.0) -> Scenario:
    """The small market whose buyers leave at this rate a month and come back at 0.2."""
    return market({"behaviour": {"claims": {"leaves": leaves, "returns": 0.2, "leaves_hurt": hurt}}})


def lived(scenario: Scenario, policy: Any = None, **how: Any) -> Run:
    """A quarter of it, the same worlds each time."""
    how = {"seed": 3, "days": DAYS, "replications": 4, "events": False} | how
    return compiled(scenario, policy or small.policy(), **how)


def values(run: Run) -> tuple[float, ...]:
    """Leave, are let down, come back."""
    found = analysis.outcomes(run, NAMES)
    return tuple(found[name].value for name in NAMES)


def test_nobody_leaves_where_the_mechanism_is_off() -> None:
    """With no rate of leaving 0 leave; who is let down or comes back is undefined then, with n = 0."""
    run = lived(coming_and_going(0.0, hurt=1.0))
    found = analysis.outcomes(run, NAMES)
    assert found["buyer_exits_per_month"].value == 0.0
    assert all(np.isnan(found[name].value) and found[name].n == 0 for name in NAMES[1:])
    assert (run.buyers["active"] == run.buyers["buyers"]).all()


def test_at_rest_as_many_leave_as_come_back_and_as_many_as_the_rates_say() -> None:
    """Nobody let down: leaves x returns / (leaves + returns) of all buyers each way, within 2 %."""
    left, hurt, back = values(lived(coming_and_going(0.1)))
    flow = 0.1 * 0.2 / 0.3 * (365 / 12 * 24) / MONTH
    assert hurt == 0.0
    assert left == pytest.approx(flow, rel=0.02)
    assert back == pytest.approx(flow, rel=0.02)


def test_who_is_let_down_leaves_the_more_the_less_he_is_heard() -> None:
    """The part that rules can move: none without such a chance, more under rules that hear nobody."""
    kind, harsh = (lived(coming_and_going(0.02, hurt=1.0), rules) for rules in (None, REFUSED))
    hurt = [run.buyers["let_down"].reshape(4, -1).sum(axis=1) for run in (kind, harsh)]
    assert hurt[0].sum() > 0
    assert (hurt[1] > hurt[0]).all(), hurt
    assert values(harsh)[0] > values(kind)[0] > values(lived(coming_and_going(0.02)))[0]
    frozen = lived(coming_and_going(0.02, hurt=1.0), REFUSED, open_loop=True)
    assert frozen.buyers["let_down"].sum() == 0, "an open loop lets nobody down"


def test_each_group_has_its_own() -> None:
    """Who is let down is of a group, and the groups of a world add up to all its buyers."""
    run = lived(coming_and_going(0.02, hurt=1.0), REFUSED, replications=1)
    split = analysis.outcomes_by(run, "buyer_group", NAMES)
    whole = analysis.outcomes(run, NAMES)
    for name in NAMES:
        parts = [one[name] for one in split.values()]
        assert sum(part.n for part in parts) == whole[name].n == run.scenario.buyers.count
        total = sum(part.value * part.n for part in parts)
        assert total == pytest.approx(whole[name].value * whole[name].n)


def test_only_counted_days_count() -> None:
    """A third of the days has about a third of the departures, and the same rate a month."""
    whole = lived(coming_and_going(0.1, hurt=1.0))
    part = lived(coming_and_going(0.1, hurt=1.0), cohort=Cohort(30, 60))
    assert part.buyers["exits"].sum() == pytest.approx(whole.buyers["exits"].sum() / 3, rel=0.1)
    assert values(part)[2] == pytest.approx(values(whole)[2], rel=0.1)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(("seen", "now"), [(0.0, 500.0), (200.0, 900.0), (800.0, 3000.0), (1300.0, 1300.0)])
def test_expected_hours_of_buying_are_the_integral_of_the_chance_to_buy(
    active: bool, seen: float, now: float
) -> None:
    """By the stage and after a run alike, within the straight lines of the table, as far as they count."""
    scenario, luck = coming_and_going(0.3), Luck(5, 0)
    bare = bare_frame(scenario, Extent.of(small.policy()), 60, None, (240.0, 1200.0))
    frame = peopled(bare, scenario, draw_people(scenario, luck), luck, 60)
    state = fresh_people(frame, staff_of(scenario))
    became: Any = state.buyers
    became["seen_at"], became["active"] = seen, active
    world = as_python(frame, {"buyers": Buyer}, ("decay",))
    rows = as_python(state, {"buyers": BuyerState})
    hours = np.arange(seen, now, 0.5) + 0.25
    chances = np.array([chance_present(0, float(hour), world, rows) for hour in hours])
    expected = 0.5 * chances[(hours >= 240) & (hours < 1200)].sum() if len(hours) else 0.0
    assert hours_buying(0, now, world, rows) == pytest.approx(expected, abs=0.5)
    assert buying_at_the_end(frame, state, now)[0] == pytest.approx(expected, abs=0.5)
