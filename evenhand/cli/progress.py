"""How far a run is: a bar on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str, int], None]
"""Told what happens next, and how many steps are done."""
LINES = 12
"""Lines about replications at most, where there is no terminal."""


@contextmanager
def progress(steps: int) -> Iterator[Tell]:
    """Give the function to tell; it says what comes next after so many of the steps."""
    if sys.stderr.isatty():
        with _bar(steps) as tell:
            yield tell
    else:
        yield _lines(steps)


@contextmanager
def _bar(steps: int) -> Iterator[Tell]:
    from rich import progress as parts
    from rich.console import Console

    columns = (
        parts.SpinnerColumn(), parts.TextColumn("{task.description}", markup=False), parts.BarColumn(),
        parts.TimeElapsedColumn(),
    )  # fmt: skip
    with parts.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=steps)

        def tell(what: str, done: int) -> None:
            bar.update(task, description=what, completed=done, refresh=True)

        yield tell


def _lines(steps: int) -> Tell:
    every = -(-steps // LINES)
    last = ""

    def tell(what: str, done: int) -> None:
        nonlocal last
        if what != last and (done % every == 0 or done >= steps - 1):
            print(what, file=sys.stderr, flush=True)
        last = what

    return tell
