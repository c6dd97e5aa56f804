"""Ctrl-C that is heard within a second, whatever the program waits in.

Python hears it between two steps of its own only; a compiler or a library can be a minute on its way to
the next. A thread watches for that and ends the process, as the signal would have done in C.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from threading import Event, Thread
from types import FrameType

PATIENCE = 0.8
"""Seconds until Python must have heard of it."""
INTERRUPTED = 130


def watch() -> None:
    """From now on, end the process with status 130 where it does not hear Ctrl-C; for the main thread.

    Where the shell has had interrupts ignored, as for a job in the background, nothing changes.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    heard = Event()

    def hear(number: int, frame: FrameType | None) -> None:
        heard.set()
        signal.default_int_handler(number, frame)

    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, hear)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)
    Thread(target=_wait, args=(ours, theirs, heard), daemon=True).start()


def _forget() -> None:
    """A child shares the line, and its signals are its own."""
    with suppress(ValueError):  # not the main thread: it has no line
        signal.set_wakeup_fd(-1)


def _wait(line: socket.socket, _: socket.socket, heard: Event) -> None:
    """Wait for the signal, then for Python to hear of it; the other end of the line is held open."""
    while numbers := line.recv(64):
        if signal.SIGINT not in numbers:
            continue
        if not heard.wait(PATIENCE):
            _end()
        heard.clear()


def _end() -> None:
    with suppress(OSError, ValueError):
        os.write(2, b"evenhand: interrupted\n")
    os._exit(INTERRUPTED)
