"""What a job tells while it works, as data, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from evenhand.analysis.runs.steps import WORDS, Step
from evenhand.locale.current import gettext

Stage = Literal[
    "compile",
    "simulate",
    "count",
    "draw",
    "fit",
    "search",
    "identify",
    "score",
    "align",
    "mix",
    "audit",
    "keep",
]
"""What is being done; `keep` is no work but news of what is kept, or was found damaged."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a job: `done` of `total` steps of a stage are done, and this comes next.

    Stages follow each other, and within one `done` never falls; 0 <= done <= total. `message` is a key of
    `evenhand.analysis.runs.steps.WORDS`, and `parameters` are what its words need.
    """

    stage: Stage
    done: int
    total: int
    message: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The event in the language in force."""
        return gettext(WORDS[self.message]).format(**self.parameters)


OnEvent = Callable[[Event], object]
"""Told of every event, in the thread of the job; what it returns is not looked at."""
Cancelled = Callable[[], bool]
"""Asked several times a second whether the job shall end, from the thread of the job."""


class Stopped(Exception):
    """A job has ended because `cancelled` said so; whole parts are kept, as after Ctrl-C."""


class Watch:
    """Who listens to a job, and who may stop it."""

    def __init__(self, on_event: OnEvent | None = None, cancelled: Cancelled | None = None) -> None:
        self._on_event, self._cancelled = on_event, cancelled
        self._last: Event | None = None

    @property
    def may_leave(self) -> bool:
        """Whether anybody can stop the job: then what takes long is done where it can be left."""
        return self._cancelled is not None

    def check(self) -> None:
        """Raise Stopped where the job is not wanted any more."""
        if self._cancelled is not None and self._cancelled():
            raise Stopped("the job was stopped")

    def say(self, stage: Stage, done: int, total: int, step: Step) -> None:
        """Tell of a step, once, and look whether to go on."""
        self.check()
        self.note(stage, done, total, step)

    def note(self, stage: Stage, done: int, total: int, step: Step) -> None:
        """Tell of a step that is news even to who has stopped the job."""
        event = Event(stage, min(done, total), total, step.key, step.parameters)
        if event != self._last:
            self._last = event
            if self._on_event is not None:
                self._on_event(event)

    def steps(self, stage: Stage, step: Step) -> Callable[[int, int], None]:
        """A function of done and total that tells of a stage whose words stay the same."""
        return lambda done, total: self.say(stage, done, total, step)
