"""A job: an order, how far it is, and how it ended; pages read it, its lane writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from evenhand.jobs.event import Event
from evenhand.studio.work.orders import Found, Order

State = Literal["waiting", "running", "stopping", "stopped", "failed", "done"]
ENDED: tuple[State, ...] = ("stopped", "failed", "done")


@dataclass
class Job:
    """One piece of work."""

    key: str
    title: str
    order: Order
    state: State = "waiting"
    stages: dict[str, Event] = field(default_factory=dict)
    """The last event of each stage that is work, in their order."""
    kept: Event | None = None
    """What was kept when it was stopped."""
    found: Found | None = None
    lines: list[str] = field(default_factory=list)
    """Of a failure."""
    began: float = 0.0
    stage_began: float = 0.0
    ended: float = 0.0
    version: int = 0
    """Grows with every change, so that a stream knows when to send."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def event(self) -> Event | None:
        """The last step of work."""
        return next(reversed(self.stages.values()), None)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return (self.ended or monotonic()) - self.began if self.began else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How much longer the stage takes at the pace so far; None while nobody can know."""
        event = self.event
        if self.state != "running" or event is None or not 0 < event.done < event.total:
            return None
        return (monotonic() - self.stage_began) / event.done * (event.total - event.done)

    def begin(self) -> None:
        """It is being done."""
        self.state, self.began = "running", monotonic()
        self.version += 1

    def hear(self, event: Event) -> None:
        """Take in a step."""
        if event.stage == "keep":
            self.kept = event
        else:
            if event.stage not in self.stages:
                self.stage_began = monotonic()
            self.stages[event.stage] = event
        self.version += 1

    def end(self, state: State, found: Found | None = None, lines: list[str] | None = None) -> None:
        """It has ended."""
        self.state, self.found, self.lines, self.ended = state, found, lines or [], monotonic()
        self.version += 1
