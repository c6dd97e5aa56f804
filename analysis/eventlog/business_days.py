"""Business days on a calendar: when a window that opens now closes, and how much of one has passed.

The same rule as `sim.sampling.business_hours`, for readers of policies and logs: a business day is open
around the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window

DAY = 24.0


@dataclass(frozen=True)
class BusinessDays:
    """Which days are business days; time is in hours since the midnight on which `start` begins."""

    start: date
    weekend: tuple[str, ...] = ("sat", "sun")
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, scenario: Scenario) -> BusinessDays:
        """The business days of a scenario's calendar."""
        calendar = scenario.calendar
        return cls(calendar.start, tuple(calendar.weekend), frozenset(calendar.holidays))

    def is_open(self, day: int) -> bool:
        """Whether a day, counted from the start, is a business day."""
        when = self.start + timedelta(days=day)
        return WEEKDAYS[when.weekday()] not in self.weekend and when not in self.holidays

    def closes(self, now: float, window: Window) -> float:
        """When a window that opens now closes. Without any business day in ten years it is infinite."""
        if not window.business or window.hours == 0:
            return now + window.hours
        left = window.hours
        for begin, end in self._open_from(now):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return float("inf")

    def passed(self, since: float, until: float, window: Window) -> float:
        """Hours between two times as a window counts them: all, or those of business days."""
        if not window.business or until <= since:
            return until - since
        total = 0.0
        for begin, end in self._open_from(since):
            if begin >= until:
                break
            total += min(end, until) - begin
        return total

    def _open_from(self, now: float) -> Iterator[tuple[float, float]]:
        """Open stretches from now on, a day at a time, for ten years."""
        first = int(now // DAY)
        for day in range(first, first + 3660):
            if self.is_open(day):
                yield max(now, day * DAY), (day + 1) * DAY
