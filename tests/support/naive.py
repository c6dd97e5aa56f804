"""Working time counted by hand, day by day and minute by minute: slow, and plainly right."""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.sim.scenario.deciders import Desk
from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window


def date_of(scenario: Scenario, hour: float) -> date:
    """The day of the calendar that an hour of the run falls on."""
    return scenario.start + timedelta(days=int(hour // 24))


def is_business_day(scenario: Scenario, day: date) -> bool:
    return WEEKDAYS[day.weekday()] not in scenario.calendar.weekend and day not in scenario.calendar.holidays


def is_open(scenario: Scenario, desk: Desk | None, hour: float) -> bool:
    """Whether a desk works in the moment after this hour; without a desk: whether business goes on."""
    day = date_of(scenario, hour)
    if desk is None:
        return is_business_day(scenario, day)
    works = WEEKDAYS[day.weekday()] in desk.days
    works = works and (desk.works_on_holidays or day not in scenario.calendar.holidays)
    return works and desk.opens <= hour % 24 < desk.closes


def window_closes(scenario: Scenario, window: Window, start: float) -> float:
    """When a window ends that opens at `start`, by walking over the days."""
    if not window.business:
        return start + window.hours
    left, now = window.hours, start
    while True:
        midnight = 24.0 * (now // 24 + 1)
        if is_business_day(scenario, date_of(scenario, now)):
            if left <= midnight - now:
                return now + left
            left -= midnight - now
        elif left == 0:
            return now
        now = midnight
