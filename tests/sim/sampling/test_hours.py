"""Working hours and business days, against a count by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.sim.jit.structs import to_rows
from evenhand.sim.sampling.business_hours import (
    BUSINESS,
    after_open_hours,
    calendar_days,
    draw_up,
    open_hours,
    when_open,
)
from evenhand.sim.sampling.world_rows import Day
from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window
from evenhand.sim.scenario.vocabulary import DESKS
from tests.support import small
from tests.support.naive import is_open, window_closes

DAYS = 21
STEP = 0.25
"""Hours: everything opens and closes on a quarter of an hour here."""


def world_of(scenario: Scenario) -> Any:
    """As much of a world as the calendars need."""
    days = to_rows(draw_up(scenario, DAYS), Day)
    return SimpleNamespace(days=days, habits=SimpleNamespace(days=calendar_days(DAYS)))


@st.composite
def calendars(draw: st.DrawFn) -> Scenario:
    """Scenarios with any weekend, holidays and hours of the decision desk."""
    opens = draw(st.integers(0, 95)) * STEP
    closes = draw(st.integers(int(opens / STEP) + 1, 96)) * STEP
    weekdays = st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=6)
    return small.scenario(
        {
            "calendar": {
                "start": f"2025-09-{draw(st.integers(1, 28)):02d}",
                "weekend": draw(weekdays),
                "holidays": [f"2025-10-{day:02d}" for day in draw(st.lists(st.integers(1, 18), max_size=4))],
            },
            "desks": {
                "decision": {
                    "opens": opens,
                    "closes": closes,
                    "works_on_holidays": draw(st.booleans()),
                    "days": draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1)),
                }
            },
        }
    )


DECISION = DESKS.index("decision") + 1
MOMENTS = st.integers(0, int(DAYS * 24 / STEP)).map(lambda quarter: quarter * STEP)


@pytest.mark.process
@given(calendars(), MOMENTS, st.sampled_from([BUSINESS, DECISION]))
def test_open_hours_are_those_that_one_counts_by_hand(scenario: Scenario, now: float, calendar: int) -> None:
    """A quarter of an hour at a time, weekends, nights and holidays left out."""
    desk = scenario.desks.decision if calendar == DECISION else None
    counted = sum(STEP for quarter in np.arange(0.0, now, STEP) if is_open(scenario, desk, float(quarter)))
    assert open_hours(world_of(scenario), calendar, now) == pytest.approx(counted)


@given(calendars(), MOMENTS, st.sampled_from([BUSINESS, DECISION]))
def test_when_open_takes_back_what_open_hours_gives(scenario: Scenario, now: float, calendar: int) -> None:
    """In working hours the two are inverse; outside, the answer is the last moment of work."""
    world = world_of(scenario)
    hours = open_hours(world, calendar, now)
    assume(hours > 0)
    then = when_open(world, calendar, hours)
    assert open_hours(world, calendar, then) == pytest.approx(hours)
    assert then <= now + 1e-9
    desk = scenario.desks.decision if calendar == DECISION else None
    if now > 0 and is_open(scenario, desk, now - STEP):
        assert then == pytest.approx(now)


@given(calendars(), MOMENTS, st.integers(0, 60))
def test_business_windows_close_when_a_walk_over_the_days_says(
    scenario: Scenario, start: float, quarters: int
) -> None:
    """Weekends and holidays do not count; a window that opens on one starts with the next business day."""
    window = Window(quarters * 4 * STEP, business=True)
    assume(len(scenario.calendar.weekend) < 7)
    expected = window_closes(scenario, window, start)
    closes = max(after_open_hours(world_of(scenario), BUSINESS, start, window.hours), start)
    assert closes == pytest.approx(expected)


@given(calendars(), MOMENTS, st.floats(0, 40), st.floats(0, 40))
def test_work_done_in_two_parts_takes_as_long_as_in_one(
    scenario: Scenario, start: float, first: float, second: float
) -> None:
    """Service times add, nights and weekends between them or not."""
    world = world_of(scenario)
    whole = after_open_hours(world, DECISION, start, first + second)
    middle = after_open_hours(world, DECISION, start, first)
    parts = after_open_hours(world, DECISION, middle, second)
    assert open_hours(world, DECISION, parts) == pytest.approx(open_hours(world, DECISION, whole), abs=1e-6)


def test_later_starts_and_longer_work_never_end_earlier() -> None:
    """The map is monotone in both, so queues cannot overtake themselves."""
    world = world_of(small.scenario())
    starts = np.linspace(0, DAYS * 24, 400)
    ends = [after_open_hours(world, DECISION, start, 3.0) for start in starts]
    assert (np.diff(ends) >= 0).all()
    longer = [after_open_hours(world, DECISION, 30.0, hours) for hours in np.linspace(0, 60, 400)]
    assert (np.diff(longer) > 0).all()


def test_three_business_days_from_a_friday_end_on_a_wednesday() -> None:
    """September 5th 2025 is a Friday; 3 business days later is the 10th, at the same hour."""
    world = world_of(small.scenario())
    friday_noon = 4 * 24 + 12.0
    assert after_open_hours(world, BUSINESS, friday_noon, 72.0) == friday_noon + 5 * 24
    saturday = 5 * 24 + 3.0
    assert after_open_hours(world, BUSINESS, saturday, 24.0) == 8 * 24.0, "the whole of Monday"


def test_work_beyond_the_calendar_still_ends() -> None:
    """What starts before the horizon ends somewhere, even after the last day that is drawn up."""
    world = world_of(small.scenario())
    assert after_open_hours(world, DECISION, 10.0, 1e7) > 1e6
