"""Workers: the same function for many items, here, in threads or in processes; the results are the same.

Threads suit the compiled clock, whose loop lets the others run and whose machine code they share.
Processes suit the SimPy clock, which is plain Python; each takes about two seconds to start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from queue import SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from typing import Any, Literal, NamedTuple, TypeVar

from app.failures import UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")
Tick = Callable[[], None]
"""Told of a step that is done; raises `Stopped` where nobody waits for the rest."""
Do = Callable[[Item, Tick], Result]

SIMPY_PACE = 4_000
"""Disputes a second under the SimPy clock, roughly; measured at 3,000 to 6,000."""
PROCESSES_REPAY = 8.0
"""Seconds of work from which on processes repay their start."""


class Stopped(BaseException):
    """The work is not wanted any more."""


class Crew(NamedTuple):
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
                raise UsageError(f"--workers: must be 1 or more, found {self.workers}")
            if self.cluster is not None:
                raise UsageError("--workers: has no meaning beside --cluster, which has its own")
        return self


def crew(asked: Asked | int | None, clock: str, disputes: float, items: int) -> Crew:
    """Who is quickest for so many possible disputes and items; a number asks for at most so many workers."""
    if isinstance(asked, Asked):
        if asked.cluster is not None:
            return Crew(1, "cluster", asked.cluster)
        asked = asked.workers
    size = min(cores() if asked is None else asked, items)
    if size < 2:
        return Crew(1, "alone")
    if clock == "compiled":
        return Crew(size, "threads")
    if disputes / SIMPY_PACE < PROCESSES_REPAY:
        return Crew(1, "alone")
    return Crew(size, "processes")


class News(NamedTuple):
    """What a worker has to say to whoever asked for the work."""

    what: Literal["step", "done", "failed", "leaves"]
    item: Any = None
    result: Any = None
    """Of what is done; the error of what failed."""


def perform(
    do: Do[Item, Result], items: Iterable[Item], who: Crew, tick: Tick
) -> Generator[tuple[Item, Result]]:
    """Do all items, and give each with its result as soon as it is done; `tick` is told of every step.

    What a worker raises is raised here. When the iterator is closed, the workers stop.
    Raises app.processes.Lost where an item kills its process again and again.
    """
    if who.kind == "threads":
        yield from _in_threads(do, items, who.size, tick)
    elif who.kind == "processes":
        from app.processes import in_processes

        yield from in_processes(do, items, who.size, tick)
    elif who.kind == "cluster":
        from app.cluster import on_cluster

        yield from on_cluster(do, items, who.address, tick)
    else:
        yield from ((item, do(item, tick)) for item in items)


def in_order(do: Do[Item, Result], items: Iterable[Item], who: Crew) -> Generator[Result]:
    """Do all items, and give the results in the order of the items."""
    early: dict[int, Result] = {}
    due = 0
    with closing(perform(_Numbered(do), enumerate(items), who, lambda: None)) as done:
        for (place, _), result in done:
            early[place] = result
            while due in early:
                yield early.pop(due)
                due += 1


class _Numbered:
    """A function of items that bear a number; a class, so that it can be sent to a process."""

    def __init__(self, do: Do[Any, Any]) -> None:
        self.do = do

    def __call__(self, item: tuple[int, Any], tick: Tick) -> Any:
        return self.do(item[1], tick)


def _in_threads(
    do: Do[Item, Result], items: Iterable[Item], size: int, tick: Tick
) -> Iterator[tuple[Item, Result]]:
    desk = _Desk(do, items, size)
    threads = [Thread(target=desk.work, daemon=True) for _ in range(size)]
    try:
        for thread in threads:
            thread.start()
        while size:
            one = desk.news.get()
            if one.what == "step":
                tick()
            elif one.what == "done":
                yield one.item, one.result
                desk.room.release()
            elif one.what == "failed":
                raise one.result
            else:
                size -= 1
    finally:
        desk.close()
        for thread in threads:
            thread.join()


class _Desk:
    """Where threads take items from and leave their news."""

    def __init__(self, do: Do[Any, Any], items: Iterable[Any], size: int) -> None:
        """For so many threads; twice as many items may be begun or done whose results nobody has used."""
        self.news: SimpleQueue[News] = SimpleQueue()
        self.stop = Event()
        self.room = Semaphore(2 * size)
        self._size = size
        self._do, self._source, self._taking = do, iter(items), Lock()

    def work(self) -> None:
        """The life of a thread: one item after the other."""
        try:
            for item in self._items():
                self.news.put(News("done", item, self._do(item, self._step)))
            self.news.put(News("leaves"))
        except BaseException as error:  # noqa: BLE001 (raised again where the work was asked for)
            self.news.put(News("failed", result=error))

    def close(self) -> None:
        """Nothing more is wanted; who waits for room must hear of it."""
        self.stop.set()
        self.room.release(self._size)

    def _items(self) -> Iterator[Any]:
        while self.room.acquire() and not self.stop.is_set():
            with self._taking:
                try:
                    item = next(self._source)
                except StopIteration:
                    return
            yield item

    def _step(self) -> None:
        if self.stop.is_set():
            raise Stopped
        self.news.put(News("step"))
