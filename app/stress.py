"""`evenhand report --stress-des`: the reporting checklist of a run, as far as the run can fill it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from analysis import stress
from app.failures import UsageError
from app.folder import flush
from app.rundir import read_manifest


def carry_out(folder: Path, out: Path | None, *, stress_des: bool, verify: bool) -> None:
    """Print the checklist of a run, or write it to a file. Raises UsageError, OSError."""
    if not stress_des:
        raise UsageError("report: must be told which checklist; there is --stress-des")
    manifest = read_manifest(folder, verify=verify)
    try:
        text = stress.stress_des(manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"'{folder}' cannot be reported: its manifest is damaged") from error
    if out is None:
        print(text, end="")
        return
    _write(out, text)
    print(f"Checklist: {out}")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; one that is there is not replaced."""
    if os.path.lexists(path):
        raise UsageError(f"--out: '{path}' is there already; remove it, or name another")
    beside = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        flush(beside)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
