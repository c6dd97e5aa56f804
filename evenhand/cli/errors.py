"""What an expected failure looks like: plain lines on stderr and an exit status, never a traceback."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from evenhand.cli import first_line
from evenhand.cli.click_words import in_language
from evenhand.errors import UsageError
from evenhand.locale.current import gettext

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130
LONGEST = 200
"""Characters of what an unforeseen error says."""

# Typer brings its own copy of click or uses click itself, depending on its version; the base class of
# all mistakes on a command line is reached in both through the one that it exports.
_Usage: type[Any] = typer.BadParameter.__mro__[1]


class Unforeseen(Exception):
    """Something that should not have happened, the error itself as its cause."""


def tell(error: BaseException) -> int:
    """Print the lines that a failure deserves and give the exit status.

    What nobody foresaw is one line too; with the variable EVENHAND_TRACEBACK set it is raised as it is.
    """
    first_line.clear()
    told = _lines(error)
    if told is None:
        if os.environ.get("EVENHAND_TRACEBACK"):
            raise error
        told = [_said(_unforeseen(error.__cause__ if isinstance(error, Unforeseen) else error))], FAILED
    lines, status = told
    try:
        for line in lines:
            print(plain(line), file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        pass  # nobody listens any more
    return status


def plain(text: str) -> str:
    """Escape what could move a terminal's cursor; line ends stay, and spaces that keep words together."""
    text = text.replace("\u00a0", " ")
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def _lines(error: BaseException) -> tuple[list[str], int] | None:
    """The lines and the exit status of a failure that is foreseen."""
    if isinstance(error, _Usage):
        return [_said(in_language(error.format_message()))], BAD_INPUT
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        return [gettext("evenhand: interrupted")], INTERRUPTED
    if isinstance(error, UsageError):
        return [_said(str(error))], BAD_INPUT
    if isinstance(error, BrokenPipeError):
        _close_stdout()
        return [], FAILED
    if isinstance(error, OSError):
        if error.filename is None and error.errno in _OF_STDOUT:
            _close_stdout()
        return [_said(_reason(error))], FAILED
    if _is_short_of_memory(error):
        return [
            _said(gettext("out of memory; try fewer days, fewer replications or fewer --workers"))
        ], FAILED
    return _about_files(error)


def _about_files(error: BaseException) -> tuple[list[str], int] | None:
    # What was never imported cannot have been raised; the command imports as little as it can.
    for name, kind in _BAD_INPUT:
        module = sys.modules.get(name)
        if module is not None and isinstance(error, getattr(module, kind)):
            lines = str(error).splitlines()
            return (lines if kind in _WITH_PLACES else [_said(" ".join(lines))]), BAD_INPUT
    return None


_BAD_INPUT = (
    ("evenhand.scenarios", "BadFile"),
    ("evenhand.own_code", "BadCode"),
    ("evenhand.sim", "DoesNotFit"),
    ("evenhand.sim.jit.mended", "NotCompiled"),
    ("evenhand.analysis.runs.folder", "BadRun"),
    ("evenhand.analysis.eventlog.log", "BadLog"),
    ("evenhand.analysis.calibration.table", "BadLog"),
)
"""Errors that are mistakes in what was given, by the module that they are from."""
_WITH_PLACES = {"BadFile", "DoesNotFit"}
"""Those whose lines begin with a place themselves."""
_OF_STDOUT = {errno.ENOSPC, errno.EBADF, errno.EIO}
_MEMORY = re.compile(
    r"failed to map|cannot allocate memory|out of memory|can't start new thread|bad_alloc", re.IGNORECASE
)


def _is_short_of_memory(error: BaseException) -> bool:
    """Python, NumPy, DuckDB and the loader of libraries each have a word of their own for it."""
    if isinstance(error, MemoryError):
        return True
    kinds = (ImportError, RuntimeError)
    duckdb = sys.modules.get("duckdb")
    foreign = duckdb is not None and isinstance(error, duckdb.Error)
    return (foreign or isinstance(error, kinds)) and bool(_MEMORY.search(str(error)))


def _unforeseen(error: BaseException | None) -> str:
    """What happened and where, in one line, and how to see all of it."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    where = (
        gettext(" at {name}:{lineno}").format(name=Path(frames[-1].filename).name, lineno=frames[-1].lineno)
        if frames
        else ""
    )
    said = " ".join(str(error).split())[:LONGEST]
    return gettext(
        "an error that should not happen: {name}{said}{where}; run it again with "
        "EVENHAND_TRACEBACK=1 to see where, and please report it"
    ).format(name=type(error).__name__, said=f": {said}" if said else "", where=where)


def _said(text: str) -> str:
    return f"evenhand: {text}"


def _reason(error: OSError) -> str:
    parts = [str(part) for part in (error.filename, error.strerror) if part]
    said = ": ".join(parts) or str(error)
    if error.errno == errno.ENOSPC:
        named = (
            said
            if error.filename
            else gettext("{said}, for stdout or the temporary folder").format(said=said)
        )
        return gettext(
            "{named}; make room there, or write elsewhere (--out, and TMPDIR for what is temporary)"
        ).format(named=named)
    return said


def _close_stdout() -> None:
    """Point stdout at nothing, so that Python does not fail once more when it flushes at exit."""
    with suppress(OSError, ValueError):  # it may be no file of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
