"""How far a job is: a bar on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from evenhand.cli import first_line
from evenhand.jobs.event import Event, OnEvent

LINES = 12
"""Lines about steps of the longest stage at most, where there is no terminal."""


@contextmanager
def printed(after: int = 0, told: Callable[[Event], None] | None = None) -> Iterator[OnEvent]:
    """Give the function that shows the events of a job.

    The steps of the first stage count one each, and `after` stages may follow that count as one step.
    `told` is given what is no progress: news of what is kept.
    """
    screen = _Bar() if sys.stderr.isatty() else _Lines()
    show = _Shown(screen, after, told)
    try:
        yield show
    finally:
        screen.close()
        first_line.clear()


@contextmanager
def progress(steps: int) -> Iterator[Callable[[str, int], None]]:
    """Give a function to tell what comes next after so many of the steps, for work that is no job."""
    screen = _Bar() if sys.stderr.isatty() else _Lines()
    screen.steps = steps
    try:
        yield screen.show
    finally:
        screen.close()


class _Shown:
    """Turns events into a text and a place among all steps."""

    def __init__(self, screen: _Bar | _Lines, after: int, told: Callable[[Event], None] | None) -> None:
        self._screen, self._after, self._told = screen, after, told
        self._stages: list[str] = []
        self._first = 0
        """Steps of the first stage."""
        self._compiles = False

    def __call__(self, event: Event) -> None:
        if event.stage == "keep":
            self._screen.close()
            if self._told is not None:
                self._told(event)
        elif event.stage == "compile":
            self._compiles = True
            self._screen.show(str(event), 0)
        else:
            self._work(event)

    def _work(self, event: Event) -> None:
        if not self._stages:
            self._first = event.total
            self._screen.steps = event.total + self._after
        if event.stage not in self._stages:
            self._stages.append(event.stage)
        if event.stage != self._stages[0]:
            place = self._first + self._stages.index(event.stage) - 1
            self._screen.show(str(event), place + event.done / max(event.total, 1))
        elif event.done < event.total and not (self._compiles and event.done == 0):
            self._screen.show(str(event), event.done)


class _Bar:
    """A bar that goes when all is done."""

    def __init__(self) -> None:
        self.steps = 1
        self._bar: Any = None

    def show(self, text: str, place: float) -> None:
        """Show what comes next after so many steps."""
        if self._bar is None:
            first_line.clear()
            from rich import progress as parts
            from rich.console import Console

            columns = (
                parts.SpinnerColumn(),
                parts.TextColumn("{task.description}", markup=False),
                parts.BarColumn(),
                parts.TimeElapsedColumn(),
            )
            self._bar = parts.Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=self.steps)
            self._bar.start()
        self._bar.update(self._task, description=text, completed=place, total=self.steps, refresh=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class _Lines:
    """At most a few lines of each stage."""

    def __init__(self) -> None:
        self.steps = 1
        self._last = ""

    def show(self, text: str, place: float) -> None:
        """Print what comes next after so many steps, if it is new and its turn."""
        every, done = -(-self.steps // LINES), int(place)
        if text != self._last and (done % every == 0 or done >= self.steps - 1):
            print(text, file=sys.stderr, flush=True)
        self._last = text

    def close(self) -> None:
        """Nothing is open."""
