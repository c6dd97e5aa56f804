"""Workers as threads of this process, which take the next item as soon as they are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Lock, Semaphore, Thread
from typing import Any

from evenhand.parallel.protocol import PULSE, Do, Item, News, Pulse, Result, Stopped, Tick


def in_threads(
    do: Do[Item, Result], items: Iterable[Item], size: int, tick: Tick, pulse: Pulse | None = None
) -> Iterator[tuple[Item, Result]]:
    """Do all items in `size` threads. Raises what they raise, and what `pulse` does."""
    desk = _Desk(do, items, size)
    threads = [Thread(target=desk.work, daemon=True) for _ in range(size)]
    try:
        for thread in threads:
            thread.start()
        while size:
            try:
                one = desk.news.get(timeout=None if pulse is None else PULSE)
            except Empty:
                one = None
            if pulse is not None:
                pulse()
            if one is None:
                continue
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
            step = _Step(self)
            for item in self._items():
                self.news.put(News("done", item, self._do(item, step)))
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


class _Step:
    """What a thread is given to tell of its steps, and to ask whether it shall go on."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    def __call__(self) -> None:
        self.check()
        self._desk.news.put(News("step"))

    def check(self) -> None:
        """Raise `Stopped` where nobody waits for the rest."""
        if self._desk.stop.is_set():
            raise Stopped
