"""The process that does the work: warm, one order after the other, and ended without harm at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from threading import Thread
from typing import Any, Literal, NamedTuple

from evenhand.errors import UsageError
from evenhand.held_signals import held
from evenhand.jobs.event import Stopped
from evenhand.locale.current import gettext
from evenhand.parallel.processes import end_with_parent
from evenhand.studio.work.orders import Order

TRIES = 100
_SPAWN = multiprocessing.get_context("spawn")


class News(NamedTuple):
    """What a child has to say."""

    what: Literal["warm", "event", "done", "stopped", "failed"]
    said: Any = None
    """The event, what was found, or the lines of a failure."""


class Child:
    """A process that waits for orders; it is warm before it takes the first."""

    def __init__(self, folder: Path) -> None:
        self.line, theirs = _SPAWN.Pipe()
        self.unwanted: Flag = _SPAWN.Event()
        # not a daemon, which could have no workers of its own
        self.process: BaseProcess = _SPAWN.Process(target=_live, args=(theirs, self.unwanted, str(folder)))
        with held(signal.SIGINT):  # Ctrl-C is for the parent, which decides
            self.process.start()
        theirs.close()

    def give(self, order: Order) -> None:
        """Have it carry an order out; what becomes of it comes on the line."""
        self.unwanted.clear()
        with suppress(OSError):  # it has died: the line says so when it is read
            self.line.send_bytes(_packed(order))

    def ask_to_stop(self) -> None:
        """Ask it to give up its order."""
        self.unwanted.set()

    def terminate(self) -> None:
        """End it with SIGTERM."""
        self.process.terminate()

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.join()
        self.line.close()


def _packed(order: Order) -> memoryview:
    """An order as bytes; a page may just be filling in what a shared model remembers: then once more."""
    for _ in range(TRIES):
        with suppress(RuntimeError):
            return ForkingPickler.dumps(order)
    return ForkingPickler.dumps(order)


def _live(line: Connection, unwanted: Flag, folder: str) -> None:
    """Warm up, then carry out what is asked for until the parent has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=end_with_parent, daemon=True).start()
    os.chdir(folder)  # paths in messages are as the user would write them
    with suppress(EOFError, OSError):
        _warm()
        line.send(News("warm"))
        while True:
            line.send(_carried_out(line.recv(), line, unwanted))


def _warm() -> None:
    """Have the machine code ready; where it cannot be made, the first order says why."""
    from evenhand import scenarios, sim

    with suppress(Exception):
        rules = scenarios.policy("tmall")
        sim.warm(sim.Experiment.of(scenarios.load("tmall_unresponsive"), rules, engine="numba"))
        import evenhand.analysis.report  # noqa: F401 (matplotlib takes a second to load)


def _carried_out(order: Order, line: Connection, unwanted: Flag) -> News:
    try:
        return News("done", order.carry_out(lambda event: line.send(News("event", event)), unwanted.is_set))
    except Stopped:
        return News("stopped")
    except Exception as error:  # noqa: BLE001 (told to the user)
        return News("failed", lines_of(error))


def lines_of(error: Exception) -> list[str]:
    """What a person reads of a failure: mistakes with their places, or what happened and where."""
    from evenhand.scenarios import BadFile
    from evenhand.sim import DoesNotFit

    if isinstance(error, (BadFile, DoesNotFit, UsageError)):
        return str(error).splitlines()
    if isinstance(error, OSError):
        return [": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return [
        gettext("an error that should not happen: {name}: {error}{where}; please report it").format(
            name=type(error).__name__, error=error, where=where
        )
    ]
