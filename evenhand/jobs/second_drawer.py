"""A second process that makes and draws every other exhibit of a report, where there is a core for it.

Charts are drawn by Python alone, which uses one core. The process is started while replications are still
simulated, so that what it has to load is there when the records are. As a program, this file is that process.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from evenhand.jobs.compilation import is_frozen
from evenhand.locale.current import language, tag

if TYPE_CHECKING:
    from evenhand.analysis.report.page import Drawn, Later
    from evenhand.analysis.runs.stored import Stored

_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from evenhand.jobs.second_drawer import main; main()"
FIRST, EVERY = 1, 2
"""The second process takes the exhibits at these places: every other one."""


class SecondDrawer:
    """The other process; None of its failures is one of the report: what it does not give is made here."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(  # noqa: S603 (this program itself)
            [sys.executable, "-c", _CHILD, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._drawn: dict[int, Drawn] | None = None

    def begin(self, run: Stored) -> Mapping[int, Later]:
        """Have it draw its share of the report of a run; gives what waits for each exhibit."""
        from evenhand.analysis.report.exhibits import exhibits

        assert self._child.stdin is not None
        with suppress(OSError):  # it has ended, which is seen when its exhibits are asked for
            pickle.dump((replace(run), tag()), self._child.stdin)  # a copy that has opened nothing
            self._child.stdin.close()
        return {place: partial(self._exhibit, run, place) for place in range(FIRST, len(exhibits()), EVERY)}

    def _exhibit(self, run: Stored, place: int) -> Drawn:
        from evenhand.analysis.report.page import draw_one

        if self._drawn is None:
            self._drawn = self._answer()
        return self._drawn.get(place) or draw_one(run, place)

    def _answer(self) -> dict[int, Drawn]:
        assert self._child.stdout is not None
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            found: dict[int, Drawn] = pickle.load(self._child.stdout)  # noqa: S301 (of our own child)
            return found
        return {}

    def end(self) -> None:
        """End it, whatever it does."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


@contextmanager
def second_drawer(wanted: bool) -> Iterator[SecondDrawer | None]:
    """Give a second process that draws, or None where there is none."""
    drawer = None
    if wanted and sys.executable and not is_frozen():
        with suppress(OSError):
            drawer = SecondDrawer()
    try:
        yield drawer
    finally:
        if drawer is not None:
            drawer.end()


def main() -> None:
    """Load what draws, wait for a run on stdin, and give its exhibits on stdout."""
    from evenhand.analysis.report.exhibits import exhibits
    from evenhand.analysis.report.page import draw_one

    places = range(FIRST, len(exhibits()), EVERY)
    out: Any = sys.stdout.buffer
    try:
        run, lang = pickle.load(sys.stdin.buffer)  # noqa: S301 (of our own parent)
    except EOFError:
        return  # the parent has ended, or does not want it
    with language(lang):
        found = {place: draw_one(run, place) for place in places}
    pickle.dump(found, out)
    out.flush()
