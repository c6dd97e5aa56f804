"""What everybody who does work agrees on: a function of an item that tells of its steps, and news of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Tick = Callable[[], None]
"""Told of a step that is done; raises `Stopped` where nobody waits for the rest."""
Do = Callable[[Item, Tick], Result]


Pulse = Callable[[], None]
"""Called several times a second while others work; what it raises ends the work, and is raised where it
was asked for."""
PULSE = 0.1
"""Seconds between two pulses."""


class Stopped(BaseException):
    """The work is not wanted any more."""


def go_on(tick: Tick) -> None:
    """Raise `Stopped` where nobody waits for the rest; for long steps, between one tick and the next."""
    check: Pulse | None = getattr(tick, "check", None)
    if check is not None:
        check()


class News(NamedTuple):
    """What a worker has to say to whoever asked for the work."""

    what: Literal["step", "done", "failed", "leaves"]
    item: Any = None
    result: Any = None
    """Of what is done; the error of what failed."""
