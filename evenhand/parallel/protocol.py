"""What everybody who does work agrees on: a function of an item that tells of its steps, and news of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Tick = Callable[[], None]
"""Told of a step that is done; raises `Stopped` where nobody waits for the rest."""
Do = Callable[[Item, Tick], Result]


class Stopped(BaseException):
    """The work is not wanted any more."""


class News(NamedTuple):
    """What a worker has to say to whoever asked for the work."""

    what: Literal["step", "done", "failed", "leaves"]
    item: Any = None
    result: Any = None
    """Of what is done; the error of what failed."""
