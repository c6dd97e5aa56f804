"""What an expected failure looks like: plain lines on stderr and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from app.usage import UsageError

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130

# Typer brings its own copy of click or uses click itself, depending on its version; the base class of
# all mistakes on a command line is reached in both through the one that it exports.
_Usage: type[Any] = typer.BadParameter.__mro__[1]


@contextmanager
def refused() -> Iterator[None]:
    """What the analysis refuses as a value is a mistake of the user; a misfit keeps its own lines."""
    from sim.fit import DoesNotFit

    try:
        yield
    except DoesNotFit:
        raise
    except ValueError as error:
        raise UsageError(str(error)) from error


def tell(error: BaseException) -> int:
    """Print the lines that an expected failure deserves and give the exit status; raise all others."""
    lines, status = _lines(error)
    try:
        for line in lines:
            print(line, file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        pass  # nobody listens any more
    return status


def _lines(error: BaseException) -> tuple[list[str], int]:
    if isinstance(error, _Usage):
        return [_said(error.format_message())], BAD_INPUT
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        return ["evenhand: interrupted"], INTERRUPTED
    if isinstance(error, UsageError):
        return [_said(str(error))], BAD_INPUT
    if isinstance(error, BrokenPipeError):
        _close_stdout()
        return [], FAILED
    if isinstance(error, OSError):
        return [_said(_reason(error))], FAILED
    if isinstance(error, MemoryError):
        return [_said("out of memory; try fewer days or fewer replications")], FAILED
    return _about_files(error)


def _about_files(error: BaseException) -> tuple[list[str], int]:
    # What was never imported cannot have been raised; the command imports as little as it can.
    scenarios, sim = sys.modules.get("scenarios"), sys.modules.get("sim")
    if (scenarios and isinstance(error, scenarios.BadFile)) or (sim and isinstance(error, sim.DoesNotFit)):
        return str(error).splitlines(), BAD_INPUT
    raise error


def _said(text: str) -> str:
    return f"evenhand: {text}"


def _reason(error: OSError) -> str:
    parts = [str(part) for part in (error.filename, error.strerror) if part]
    return ": ".join(parts) or str(error)


def _close_stdout() -> None:
    """Point stdout at nothing, so that Python does not fail once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
