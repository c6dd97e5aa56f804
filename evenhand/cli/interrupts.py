"""Ctrl-C and SIGTERM that are heard within a second, whatever the program waits in.

Python hears a signal between two steps of its own only; a compiler or a library can be a minute on its way
to the next. A thread watches for that and ends the process, as the signal would have done in C.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from threading import Event, Thread
from types import FrameType

PATIENCE = 0.8
"""Seconds until Python must have heard of it."""
INTERRUPTED, TERMINATED = 130, 143
_ENDS = {
    signal.SIGINT: (INTERRUPTED, b"evenhand: interrupted\n"),
    signal.SIGTERM: (TERMINATED, b"evenhand: terminated\n"),
}
"""Exit status and last words."""


def watch() -> None:
    """From now on, both signals tidy up and end the process, and end it where it hears nothing.

    Where the shell has had one of them ignored, as Ctrl-C for a job in the background, it stays ignored.
    Call it in the main thread.
    """
    heard = Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        heard.set()
        signal.default_int_handler(number, frame)

    def terminate(number: int, _: FrameType | None) -> None:
        heard.set()
        sys.exit(TERMINATED)

    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    watched = []
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        watched.append(signal.SIGINT)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, terminate)
        watched.append(signal.SIGTERM)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)
    Thread(target=_wait, args=(ours, theirs, heard, watched), daemon=True).start()


def _forget() -> None:
    """A child shares the line, and its signals are its own."""
    with suppress(ValueError):  # not the main thread: it has no line
        signal.set_wakeup_fd(-1)


def _wait(line: socket.socket, _: socket.socket, heard: Event, watched: list[signal.Signals]) -> None:
    """Wait for a signal, then for Python to hear of it; the other end of the line is held open."""
    while numbers := line.recv(64):
        sent = [number for number in watched if number in numbers]
        if not sent:
            continue
        if not heard.wait(PATIENCE):
            _end(*_ENDS[sent[0]])
        heard.clear()


def _end(status: int, said: bytes) -> None:
    with suppress(OSError, ValueError):
        os.write(2, said)
    os._exit(status)
