"""Signals: whatever a command is busy with, it ends in words, and what was half written is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import duckdb
import pytest

from benchmarks.faults import things
from evenhand.cli import interrupts
from evenhand.errors import UsageError
from tests.support.app_files import COMMAND, HEARS, PATIENCE, ROOT, finished

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

WRITING = """
import os, signal
from evenhand.cli import interrupts
from evenhand.errors import UsageError
from evenhand.analysis.runs import atomic
flush = atomic.flush
def signalled(path):
    os.kill(os.getpid(), signal.{name})
    flush(path)
atomic.flush = signalled
"""
"""The signal comes when a file is there under its hidden name, and not yet under its own."""
LOADING = """
import os, signal, sys
class Signalled:
    def find_spec(self, name, path=None, target=None):
        if name == "evenhand.cli.options":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Signalled())
"""
"""The signal comes while the command is imported."""
TASKS = {
    "calibrate": things.FIT,
    "export": ("export", "run", "--to", "csv", "--out", "log-out.csv"),
    "export ocel": ("export", "run", "--to", "ocel", "--out", "log.sqlite"),
    "query": ("query", "run", "from disputes", "--out", "rows.csv"),
    "query parquet": ("query", "run", "from disputes", "--out", "rows.parquet"),
    "gate": ("gate", "expect.yaml", "--accept", "first"),
}
STATUS = {"SIGINT": 130, "SIGTERM": 143}


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    """The files of a user, and a finished run."""
    folder = things.written(Path(tmp_path_factory.mktemp("here")), Random(1))
    finished(folder / "run", replications=1, days=20)
    return folder


def command(folder: Path, *words: str, first: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with some code before it."""
    return subprocess.run(
        [sys.executable, "-c", f"{HEARS}\n{first}\n{COMMAND}", *words],
        cwd=folder,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.process
@pytest.mark.parametrize("name", STATUS)
@pytest.mark.parametrize("task", TASKS)
def test_a_command_that_is_stopped_while_it_writes_leaves_nothing(task, name, here):
    """Ctrl-C and a scheduler's polite request both leave everything as it was."""
    before = contents(here)
    done = command(here, *TASKS[task], first=WRITING.format(name=name))
    assert done.returncode == STATUS[name], done.stderr
    assert "Traceback" not in done.stderr
    assert contents(here) == before


def test_ctrl_c_while_the_program_is_loaded_is_a_line(tmp_path):
    """On a busy machine that takes a while, and people change their minds at once."""
    done = command(tmp_path, "list", first=LOADING)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "evenhand: interrupted\n")


LOST = """
import os, signal, sys, time
from evenhand.cli import interrupts
from evenhand.errors import UsageError

class Awkward:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)

signal.signal(signal.SIGINT, signal.default_int_handler)
interrupts.watch()
try:
    del_me = Awkward()
    del del_me
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(7)
"""
"""A destructor in which the signal is heard: Python prints what it raises there, and goes on."""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_that_is_heard_in_a_destructor_is_not_lost():
    """The program stops all the same, and no traceback is printed."""
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=ROOT, capture_output=True, check=False, timeout=50
    )
    assert (done.returncode, done.stderr) == (7, b"")


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.Error("Traceback ...\nSystemExit: 143")]
)
@pytest.mark.parametrize(("number", "kind"), [("SIGINT", KeyboardInterrupt), ("SIGTERM", SystemExit)])
def test_what_duckdb_makes_of_a_signal_is_the_signal(number, kind, error, monkeypatch):
    """It raises an error of its own where a handler raises while it works."""
    monkeypatch.setattr(interrupts, "_sent", [])
    assert interrupts.meant(error) is error
    monkeypatch.setattr(interrupts, "_sent", [signal.Signals[number]])
    assert isinstance(interrupts.meant(error), kind)
    damaged = UsageError("is damaged")
    damaged.__cause__ = error
    assert isinstance(interrupts.meant(damaged), kind)
    other = RuntimeError("x")
    assert interrupts.meant(other) is other
