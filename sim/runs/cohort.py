"""Cohorts: which disputes of a run are counted, and in which of its days things are counted at all.

A run simulates everything; what comes before the scenario's start-up is over, or outside a cohort, stays in
the records and is not counted. Disputes of a cohort are followed to the end of the run.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import NDArray

from evenhand.locale.current import gettext
from evenhand.sim.scenario.scenario import Scenario

By = Literal["order", "filing"]
_TEXT = re.compile(r"\s*(\d+)\s*\.\.\s*(\d+)\s*(?::\s*(\w+)\s*)?")


class Cohort(NamedTuple):
    """Disputes about orders, or filed, on the days `first` to `until` of a run; the last one is left out.

    Day 0 is the first day of the run, start-up included.
    """

    first: int
    until: int
    by: By = "order"

    def __str__(self) -> str:
        return f"{self.first}..{self.until}" + (f":{self.by}" if self.by != "order" else "")

    @classmethod
    def read(cls, text: Any) -> Self:
        """Read a cohort as people write it, `30..120` or `30..120:filing`. Raises ValueError."""
        if isinstance(text, cls):
            return text
        found = _TEXT.fullmatch(text) if isinstance(text, str) else None
        by: Any = (found and found[3]) or "order"
        if found is None or by not in get_args(By):
            raise ValueError(
                gettext("must be days such as '30..120' or '30..120:filing', found {text!r}").format(
                    text=text
                )
            )
        return cls(int(found[1]), int(found[2]), by)

    def check(self, scenario: Scenario, days: int) -> Self:
        """Itself, where it lies in a run of so many days. Raises ValueError."""
        begins = int(scenario.start_up // 24)
        if self.first >= self.until:
            raise ValueError(gettext("cohort: must end after it begins, found {cohort}").format(cohort=self))
        if self.first < begins:
            raise ValueError(
                gettext(
                    "cohort: must not begin before day {begins}, the end of start-up, found {cohort}"
                ).format(begins=begins, cohort=self)
            )
        if self.until > days:
            raise ValueError(
                gettext("cohort: must end by day {days}, the end of the run, found {cohort}").format(
                    days=days, cohort=self
                )
            )
        return self


class Counted(NamedTuple):
    """The hours of a run in which things are counted, and what puts a dispute among them."""

    since: float
    until: float
    by: By = "order"

    @classmethod
    def of(cls, scenario: Scenario, cohort: Cohort | None = None) -> Self:
        """What a scenario and a cohort leave; without a cohort all orders after start-up."""
        if cohort is None:
            return cls(scenario.start_up, np.inf)
        return cls(24.0 * cohort.first, 24.0 * cohort.until, cohort.by)

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.since <= 0.0 and self.until == np.inf

    def hours(self, horizon: float) -> tuple[float, float]:
        """First and last hour, within a run of this length."""
        return self.since, min(self.until, horizon)

    def disputes(self, columns: Any) -> NDArray[np.bool_]:
        """Which of the rows of disputes are counted."""
        at = columns["order_at" if self.by == "order" else "filed_at"]
        return np.asarray((at >= self.since) & (at < self.until))
