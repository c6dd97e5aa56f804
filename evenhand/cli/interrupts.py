"""Ctrl-C and SIGTERM that are heard within a second, whatever the program waits in.

Python hears a signal between two steps of its own only; a compiler or a library can be a minute on its way
to the next. A thread watches for that and ends the process, as the signal would have done in C.
"""

from __future__ import annotations

import _thread
import os
import signal
import socket
import sys
from contextlib import suppress
from threading import Event, Thread, Timer
from types import FrameType

PATIENCE = 0.8
"""Seconds until Python must have heard of it."""
PAUSE = 0.02
"""Seconds until a signal is sent again that nobody could be told of."""
INTERRUPTED, TERMINATED = 130, 143
_ENDS = {
    signal.SIGINT: (INTERRUPTED, b"evenhand: interrupted\n"),
    signal.SIGTERM: (TERMINATED, b"evenhand: terminated\n"),
}
"""Exit status and last words."""
_sent: list[signal.Signals] = []
"""Signals that the handlers have heard of."""


def watch() -> None:
    """From now on, both signals tidy up and end the process, and end it where it hears nothing.

    Where the shell has had one of them ignored, as Ctrl-C for a job in the background, it stays ignored.
    Call it in the main thread.
    """
    heard = Event()

    def hear(number: int, _: FrameType | None) -> None:
        heard.set()
        _sent.append(signal.Signals(number))
        raise _stop(_sent[-1])

    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    watched = []
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, hear)
        watched.append(signal.SIGINT)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, hear)
        watched.append(signal.SIGTERM)
    lose_none()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)
    Thread(target=_wait, args=(ours, theirs, heard, watched), daemon=True).start()


def lose_none() -> None:
    """From now on, a signal whose handler raises where nobody can be told is sent once more.

    Python's own import system is such a place.
    """
    sys.unraisablehook = _again


def meant(error: BaseException) -> BaseException:
    """What an error stands for: the signal, where a library has put an error of its own in its place."""
    known: BaseException | None = error if _sent else None
    while known is not None:
        if _is_of_duckdb(known):
            return _stop(_sent[-1])
        known = known.__cause__ or known.__context__
    return error


def _is_of_duckdb(error: BaseException) -> bool:
    """Whether DuckDB may have made an error of what a handler raised while it worked.

    It does so in two ways: as an error of its own, with a traceback for a text, and as a RuntimeError. Who
    reads a file then takes that for damage, and says so in an error on top.
    """
    own = type(error).__module__ in {"_duckdb", "duckdb"}
    return own or (isinstance(error, RuntimeError) and str(error) == "Query interrupted")


def _stop(number: signal.Signals) -> BaseException:
    """What a signal raises in Python."""
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(TERMINATED)


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Send a signal once more whose handler raised where nobody can be told, as in a destructor."""
    if _sent and isinstance(lost.exc_value, (KeyboardInterrupt, SystemExit)):
        _send_later(_sent[-1])
    elif isinstance(lost.exc_value, KeyboardInterrupt):
        _send_later(signal.SIGINT)  # heard before `watch`
    else:
        sys.__unraisablehook__(lost)


def _send_later(number: signal.Signals) -> None:
    """Not from a hook, where it would be lost again."""
    later = Timer(PAUSE, _send, [number])
    later.daemon = True
    later.start()


def _send(number: signal.Signals) -> None:
    if os.name == "nt":
        _thread.interrupt_main(number)
    else:
        os.kill(os.getpid(), number)


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
