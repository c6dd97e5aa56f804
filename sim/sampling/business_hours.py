"""Working hours and business days: a piecewise linear map between calendar time and open time.

A calendar is a row of days, each open once, from `opens` to `closes`, which may lie in the next day, but
not after that one opens. Calendar 0 has the business
days, open around the clock; calendar k + 1 has the hours of desk k. Both directions use comparisons
and + - only, so that both engines get the same bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.compile import jit
from evenhand.sim.jit.structs import table
from evenhand.sim.sampling.world_rows import Day, World
from evenhand.sim.scenario.deciders import Desk
from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import DESKS

BUSINESS = 0
_BEYOND = 1200
"""Days of calendar kept after the horizon, so that what starts before it has somewhere to end."""


def calendar_days(horizon_days: int) -> int:
    """How many days the calendars hold."""
    return horizon_days + _BEYOND


def _open_days(scenario: Scenario, count: int, desk: Desk | None) -> NDArray[np.float64]:
    """Opening and closing hour of each day, (0, 0) where closed; shape (count, 2)."""
    start = scenario.calendar.start
    weekday = (start.weekday() + np.arange(count)) % len(WEEKDAYS)
    holiday = np.zeros(count, np.bool_)
    after = np.array([(day - start).days for day in scenario.calendar.holidays], np.int64)
    holiday[after[(after >= 0) & (after < count)]] = True
    if desk is None:
        works, span = [name not in scenario.calendar.weekend for name in WEEKDAYS], (0.0, 24.0)
    else:
        closes = desk.closes if desk.closes > desk.opens else desk.closes + 24.0
        works, span = [name in desk.days for name in WEEKDAYS], (desk.opens, closes)
        holiday &= not desk.works_on_holidays
    return np.where((np.array(works)[weekday] & ~holiday)[:, None], span, 0.0)


def draw_up(scenario: Scenario, horizon_days: int) -> NDArray[np.void]:
    """All calendars of a scenario, one after the other, as `Day` rows."""
    count = calendar_days(horizon_days)
    desks = [getattr(scenario.desks, name) or scenario.desks.decision for name in DESKS]
    midnight = 24.0 * np.arange(count)
    parts = []
    for desk in [None, *desks]:
        hours = _open_days(scenario, count, desk)
        before = np.concatenate([[0.0], np.cumsum(hours[:, 1] - hours[:, 0])[:-1]])
        parts.append(
            table(Day, count, opens=midnight + hours[:, 0], closes=midnight + hours[:, 1], before=before)
        )
    return np.concatenate(parts)


@jit
def open_hours(world: World, calendar: int, now: float) -> float:
    """Open hours of a calendar from the start of the run until now."""
    day = int(now / 24.0)
    if day >= world.habits.days:
        day = world.habits.days - 1
    row = world.days[calendar * world.habits.days + day]
    if day > 0:
        eve = world.days[calendar * world.habits.days + day - 1]
        if now < eve.closes:  # the night of the day before is not over
            row = eve
    if now <= row.opens:
        return row.before
    if now >= row.closes:
        return row.before + (row.closes - row.opens)
    return row.before + (now - row.opens)


@jit
def when_open(world: World, calendar: int, hours: float) -> float:
    """The earliest calendar time at which a calendar has been open for so many hours."""
    first = calendar * world.habits.days
    low, high = 0, world.habits.days - 1
    while low < high:  # the last day with fewer open hours before it
        middle = (low + high + 1) // 2
        if world.days[first + middle].before < hours:
            low = middle
        else:
            high = middle - 1
    row = world.days[first + low]
    return row.opens + (hours - row.before)


@jit
def after_open_hours(world: World, calendar: int, now: float, hours: float) -> float:
    """The calendar time when a calendar has been open for `hours` more than now."""
    return when_open(world, calendar, open_hours(world, calendar, now) + hours)


@jit
def service_takes(desk: int, now: float, hours: float, world: World) -> float:
    """Hours until a service of so many working hours is over at a desk, nights and weekends included."""
    end = after_open_hours(world, desk + 1, now, hours)
    return end - now if end > now else 0.0
