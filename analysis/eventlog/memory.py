"""The event log of a run that is in memory, as `sim.simulate` leaves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import numpy as np

from evenhand.analysis.eventlog.actors import resource_of
from evenhand.analysis.eventlog.log import BadLog, Case, Event
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import ACTIVITIES
from evenhand.sim.runs.records import LABELS, Run


@dataclass(frozen=True)
class MemoryLog:
    """A run with its events. Hours count from the first day of its scenario."""

    run: Run

    @property
    def start(self) -> datetime:
        """Midnight of the scenario's first day."""
        return datetime.combine(self.run.scenario.start, time())

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All disputes with events, replication by replication. Raises BadLog where none were kept."""
        log, records = self.run.events, self.run.disputes
        if not len(log["case"]):
            raise BadLog(gettext("the run kept no events: simulate with events=True"))
        known = [name for name in attributes if name in records]
        rows = {key: row for row, key in enumerate(zip(*_keys(records, "dispute"), strict=True))}
        order = np.lexsort((log["time"], log["case"], log["replication"]))  # stable: ties stay as they came
        replications, numbers = (column[order] for column in _keys(log, "case"))
        changes = np.flatnonzero(np.diff(replications) | np.diff(numbers)) + 1
        for places in np.split(order, changes):
            key = log["replication"][places[0]], log["case"][places[0]]
            row = rows[key]
            events = tuple(self._event(int(at), row) for at in places)
            yield Case(f"{key[0]}-{key[1]}", events, {name: self._value(name, row) for name in known})

    def _event(self, at: int, row: int) -> Event:
        log, records = self.run.events, self.run.disputes
        activity = ACTIVITIES[log["activity"][at]]
        people = int(records["buyer"][row]), int(records["merchant"][row])
        return Event(
            activity, float(log["time"][at]), resource_of(activity, int(log["resource"][at]), *people)
        )

    def _value(self, name: str, row: int) -> Any:
        """A value as it would stand in a file: a word for its number, None for NaN."""
        value = self.run.disputes[name][row].item()
        if name in LABELS or name.endswith("_group"):
            return self.run.labels(name)[value]
        return None if value != value else value  # noqa: PLR0124  (NaN is not itself)


def _keys(columns: Any, case: str) -> tuple[Any, Any]:
    return columns["replication"], columns[case]
