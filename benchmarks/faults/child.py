"""Commands in processes of their own, forked from one that has imported everything."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

PATIENCE = 120.0
"""Seconds after which a command hangs; the longest that is right takes a twentieth of it."""
TOLD = {"EVENHAND_TRACEBACK": "1"}
"""What nobody foresaw is a traceback here and not the line that a user reads, so that it is counted."""
MOST_MEMORY = 8 << 30
"""Bytes of address space; what asks for more is told so, and does not take the machine with it."""

INTERRUPTED = 130
READY = "ready"
"""A file that says that the command begins; what is sent before would meet Python and not the command."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["benchmarks.faults.warm", "benchmarks.faults.__main__"])

Command = tuple[str, ...]


class ChildAnswer(NamedTuple):
    """What a command said, and how it ended: None = it did not, negative = by a signal."""

    status: int | None
    out: str
    err: str


class Child:
    """Commands, one after the other until one fails, in a folder."""

    def __init__(self, folder: Path, *commands: Command, largest: int | None = None) -> None:
        """`largest` is how many bytes a file may have."""
        self._said = Path(tempfile.mkdtemp(prefix="said-"))
        self._process = _FORKS.Process(target=_live, args=(folder, self._said, commands, largest))
        self._process.start()
        end = monotonic() + PATIENCE
        while not (self._said / READY).exists() and self._process.is_alive() and monotonic() < end:
            sleep(0.001)

    def kill(self, number: int) -> None:
        """Send it a signal; one that has ended takes no notice."""
        with suppress(ProcessLookupError):
            if self._process.pid is not None and self._process.is_alive():
                os.kill(self._process.pid, number)

    def wait(self, patience: float = PATIENCE) -> ChildAnswer:
        """Its answer, when it has ended or has had its time."""
        self._process.join(patience)
        status = self._process.exitcode
        if status is None:
            self._process.kill()
            self._process.join()
        self._process.close()
        out, err = (self._read(name) for name in ("out", "err"))
        for path in self._said.iterdir():
            path.unlink()
        self._said.rmdir()
        return ChildAnswer(status, out, err)

    def _read(self, name: str) -> str:
        path = self._said / name
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def ask(folder: Path, *commands: Command, largest: int | None = None) -> ChildAnswer:
    """What commands answer that nobody disturbs."""
    return Child(folder, *commands, largest=largest).wait()


def insist(folder: Path, command: Command) -> ChildAnswer:
    """The same; where something stands in the way and --force would replace it, with --force."""
    answer = ask(folder, command)
    if answer.status == 2 and "--force" in answer.err and "--force" not in command:
        return ask(folder, (*command, "--force"))
    return answer


def variables(**extra: str) -> Mapping[str, str]:
    """The environment of a process that cannot be forked, because it is about what is loaded at the start."""
    return {**os.environ, **TOLD, "PYTHONPATH": str(Path(__file__).parents[2]), **extra}


def _live(folder: Path, said: Path, commands: tuple[Command, ...], largest: int | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import resource

    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(said / name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    with suppress(ValueError):  # a lower limit is there already
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    os.environ.update(TOLD)
    os.chdir(folder)
    for command in commands:
        status = _command(said, command)
        if status:
            sys.exit(status)


def _command(said: Path, command: Command) -> str | int | None:
    """Carry out one command as `evenhand` does, from its first line to its last; gives its exit status.

    An interrupt is heard in between only, as in a process of its own, where Python begins and ends by itself.
    """
    from evenhand.__main__ import main

    sys.argv = ["evenhand", *command]
    try:
        (said / READY).touch()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
    except SystemExit as done:
        return done.code
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return 0
