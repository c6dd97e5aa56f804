"""Workers: the same function for many items, here, in threads or in processes; the results are the same.

Threads suit the Numba engine, whose loop lets the others run and whose machine code they share.
Processes suit the SimPy engine, which is plain Python; each takes about two seconds to start.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any, Literal, NamedTuple

from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.parallel.protocol import Do, Item, Pulse, Result, Tick
from evenhand.parallel.threads import in_threads

SIMPY_PACE = 4_000
"""Disputes a second under the SimPy engine, roughly; measured at 3,000 to 6,000."""
LEAVE = 0.5
"""Seconds that one may have to wait for an item to end after the work is not wanted any more."""
PROCESSES_REPAY = 8.0
"""Seconds of work from which on processes repay their start."""


class Executor(NamedTuple):
    """Who does the work."""

    size: int
    kind: Literal["alone", "threads", "processes", "cluster"]
    address: str = ""
    """Of the scheduler of a cluster."""


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Asked(NamedTuple):
    """Who may do the work."""

    workers: int | None = None
    """At most so many on this computer; None = one a core."""
    cluster: str | None = None
    """The address of a Dask scheduler, instead."""

    def check(self) -> Asked:
        """Raise UsageError for what cannot be."""
        if self.workers is not None:
            if self.workers < 1:
                raise UsageError(
                    gettext("--workers: must be 1 or more, found {workers}").format(workers=self.workers)
                )
            if self.cluster is not None:
                raise UsageError(gettext("--workers: has no meaning beside --cluster, which has its own"))
        return self


def executor(
    asked: Asked | int | None, engine: str, disputes: float, items: int, *, leave: bool = False
) -> Executor:
    """Who is quickest for so many possible disputes and items; a number asks for at most so many workers.

    Who may want to `leave` at any moment gets processes where an item takes long under the SimPy engine:
    a process can be ended in the middle of it, a thread cannot.
    """
    if isinstance(asked, Asked):
        if asked.cluster is not None:
            return Executor(1, "cluster", asked.cluster)
        asked = asked.workers
    size = min(cores() if asked is None else asked, items)
    if leave and engine == "simpy" and disputes / max(items, 1) / SIMPY_PACE > LEAVE:
        return Executor(max(size, 1), "processes")
    if size < 2:
        return Executor(1, "alone")
    if engine == "numba":
        return Executor(size, "threads")
    if disputes / SIMPY_PACE < PROCESSES_REPAY:
        return Executor(1, "alone")
    return Executor(size, "processes")


def staying(who: Executor) -> Executor:
    """The same workers, unless they are in other processes, to which not every function can travel."""
    return Executor(1, "alone") if who.kind in {"processes", "cluster"} else who


def perform(
    do: Do[Item, Result], items: Iterable[Item], who: Executor, tick: Tick, pulse: Pulse | None = None
) -> Generator[tuple[Item, Result]]:
    """Do all items, and give each with its result as soon as it is done; `tick` is told of every step.

    What a worker raises is raised here. When the iterator is closed, the workers stop. `pulse` is called
    several times a second, here, and may raise; who works alone calls it between two steps.
    Raises evenhand.parallel.processes.Lost where an item kills its process again and again.
    """
    if who.kind == "threads":
        yield from in_threads(do, items, who.size, tick, pulse)
    elif who.kind == "processes":
        from evenhand.parallel.processes import in_processes

        yield from in_processes(do, items, who.size, tick, pulse)
    elif who.kind == "cluster":
        from evenhand.parallel.dask import on_cluster

        yield from on_cluster(do, items, who.address, tick, pulse)
    else:
        step = tick if pulse is None else _Checked(tick, pulse)
        yield from ((item, do(item, step)) for item in items)


def in_order(
    do: Do[Item, Result], items: Iterable[Item], who: Executor, pulse: Pulse | None = None
) -> Generator[Result]:
    """Do all items, and give the results in the order of the items."""
    early: dict[int, Result] = {}
    due = 0
    with closing(perform(_Numbered(do), enumerate(items), who, lambda: None, pulse)) as done:
        for (place, _), result in done:
            early[place] = result
            while due in early:
                yield early.pop(due)
                due += 1


class _Checked:
    """A tick of somebody who works alone: asks, too, whether to go on."""

    def __init__(self, tick: Tick, pulse: Pulse) -> None:
        self._tick, self.check = tick, pulse

    def __call__(self) -> None:
        self.check()
        self._tick()


class _Numbered:
    """A function of items that bear a number; a class, so that it can be sent to a process."""

    def __init__(self, do: Do[Any, Any]) -> None:
        self.do = do

    def __call__(self, item: tuple[int, Any], tick: Tick) -> Any:
        return self.do(item[1], tick)
