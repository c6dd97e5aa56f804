"""An event log as readers and checks see it: cases that come one after the other, each with its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (logs of the world are read as they are written, without a zone)
"""Where the hours of an imported log begin."""


class BadLog(ValueError):
    """A log that cannot be read; the text says what was found, where, and what is allowed."""


class Event(NamedTuple):
    """Something that happened in a case."""

    activity: str
    time: float
    """Hours since the log's start."""
    resource: str
    """Who did it; empty where the log does not say."""


class Case(NamedTuple):
    """One case: its name, its events in the order in which they happened, and what else is known."""

    name: str
    events: tuple[Event, ...]
    attributes: dict[str, Any]


class Log(Protocol):
    """Where cases come from."""

    @property
    def start(self) -> datetime:
        """The moment from which hours are counted."""
        ...

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All cases, one after the other, with those of the attributes that the log has."""
        ...


def hours_since(start: datetime, when: datetime) -> float:
    """A moment as hours of a log; a zone is turned into UTC first."""
    if when.tzinfo is not None:
        when = (when - when.utcoffset()).replace(tzinfo=None)  # type: ignore[operator]  # aware: has one
    return (when - start) / timedelta(hours=1)


def moment(start: datetime, hours: float) -> datetime:
    """Hours of a log as a moment, to the microsecond."""
    return start + timedelta(microseconds=round(hours * 3.6e9))
