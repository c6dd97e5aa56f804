"""Workers as spawned processes: one that dies is replaced, and its item is done again."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

from evenhand.held_signals import held
from evenhand.locale.current import gettext
from evenhand.parallel.protocol import PULSE, Do, Item, News, Pulse, Result, Tick

LIVES = 3
"""How often an item may take its process with it before everybody stops."""
_SPAWN = multiprocessing.get_context("spawn")


class Lost(RuntimeError):
    """A process died again and again at the same item."""


class Hand:
    """A process that does one item after the other."""

    def __init__(self, do: Do[Any, Any]) -> None:
        self.line, theirs = _SPAWN.Pipe()
        self.process: BaseProcess = _SPAWN.Process(target=_work, args=(theirs, do), daemon=True)
        with held(signal.SIGINT):  # never heard there, not even while Python loads its modules
            self.process.start()
        theirs.close()  # so that the line ends when the process does
        self.number: int | None = None
        """The place of the item that it is doing."""

    def give(self, number: int, item: object) -> None:
        """Have it do an item; if it has died meanwhile, the line says so when it is read."""
        self.number = number
        with suppress(OSError):
            self.line.send(item)

    def end(self) -> int | None:
        """End it at once; gives its exit status."""
        self.process.kill()
        self.process.join()
        self.line.close()
        return self.process.exitcode


def in_processes(
    do: Do[Item, Result], items: Iterable[Item], size: int, tick: Tick, pulse: Pulse | None = None
) -> Iterator[tuple[Item, Result]]:
    """Do all items in `size` processes. Raises what they raise, what `pulse` does, and Lost."""
    source = enumerate(items)
    busy: dict[int, tuple[Item, int]] = {}
    """Items that are being done, and how often that was begun."""
    hands: list[Hand] = []

    def next_item(hand: Hand) -> None:
        number, item = next(source, (None, None))
        hand.number = number
        if number is None:
            return
        busy[number] = item, 1  # type: ignore[assignment]
        hand.give(number, item)

    try:
        for _ in range(size):
            hands.append(Hand(do))
            next_item(hands[-1])
        while busy:
            for hand in _heard(hands, pulse):
                assert hand.number is not None
                try:
                    news: News = hand.line.recv()
                except (EOFError, OSError):
                    hands.remove(hand)
                    hands.append(_replacement(hand, do, busy))
                    continue
                if news.what == "step":
                    tick()
                elif news.what == "failed":
                    raise news.result
                else:
                    item, _ = busy.pop(hand.number)
                    next_item(hand)
                    yield item, news.result
    finally:
        for hand in hands:
            hand.end()


def _heard(hands: list[Hand], pulse: Pulse | None) -> list[Hand]:
    """Those who have something to say; with a pulse, perhaps nobody for now."""
    lines = [hand.line for hand in hands if hand.number is not None]
    ready = wait(lines, None if pulse is None else PULSE)
    if pulse is not None:
        pulse()
    return [hand for hand in hands if hand.line in ready]


def _replacement(dead: Hand, do: Do[Any, Any], busy: dict[int, tuple[Any, int]]) -> Hand:
    """Another process for the item of one that died. Raises Lost when that was tried often enough."""
    number, status = dead.number, dead.end()
    assert number is not None
    item, begun = busy[number]
    if begun == LIVES:
        how = (
            gettext("killed by signal {status}").format(status=-status)
            if status and status < 0
            else gettext("exit status {status}").format(status=status)
        )
        raise Lost(
            gettext("a worker process died {lives} times at the same job ({how}); is memory short?").format(
                lives=LIVES, how=how
            )
        )
    busy[number] = item, begun + 1
    hand = Hand(do)
    hand.give(number, item)
    return hand


def _work(line: Connection, do: Do[Any, Any]) -> None:
    """The life of a process: an item, its news, and the next, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches all; the parent decides
    Thread(target=end_with_parent, daemon=True).start()

    def step() -> None:
        line.send(News("step"))

    with suppress(EOFError, OSError):
        while True:
            item = line.recv()
            try:
                news = News("done", result=do(item, step))
            except BaseException as error:  # noqa: BLE001 (raised again where the work was asked for)
                error.add_note("in a worker process:\n" + traceback.format_exc().rstrip())
                news = News("failed", result=error)
            _send(line, news)


def _send(line: Connection, news: News) -> None:
    """Send a result; an error that cannot travel is told in words."""
    if news.what == "failed":
        try:
            pickle.loads(pickle.dumps(news.result))  # noqa: S301 (our own bytes)
        except Exception:  # noqa: BLE001 (errors may be made in any way)
            news = News("failed", result=RuntimeError("\n".join(news.result.__notes__)))
    line.send(news)


def end_with_parent() -> None:
    """Do no work for a parent that was killed: its place in the run may be taken by another."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
