"""Compiling where it can be left: a child that is killed, and code that is there afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evenhand import jobs
from evenhand.jobs import compilation
from evenhand.jobs.event import Event
from evenhand.sim.jit.cache import is_warm
from tests.jobs.test_jobs import experiment, in_thread


def warm(folder: Path, **how: Any) -> None:
    jobs.warm(experiment(engine="numba"), **how)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started."""
    started: list[subprocess.Popen[bytes]] = []
    usual = subprocess.Popen

    def start(*arguments: Any, **how: Any) -> subprocess.Popen[bytes]:
        started.append(usual(*arguments, **how))
        return started[-1]

    monkeypatch.setattr(compilation.subprocess, "Popen", start)
    return started


def test_a_compilation_that_is_not_wanted_any_more_ends(children, tmp_path, monkeypatch, capfd):
    """Numba cannot be interrupted; the process that it works in can."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    events: list[Event] = []
    with pytest.raises(jobs.Stopped):
        in_thread(warm, tmp_path, on_event=events.append, cancelled=lambda: len(children) > 0)
    assert [event.stage for event in events] == ["compile"]
    (child,) = children
    assert child.returncode is not None
    assert not is_warm()
    assert capfd.readouterr() == ("", "")


@pytest.mark.process
def test_a_child_compiles_what_is_used_here(children, tmp_path, monkeypatch):
    """What it leaves on disk is what this process loads; nothing is compiled twice."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    monkeypatch.setattr(compilation, "compile_here", lambda _: None)
    jobs.warm(experiment(), cancelled=lambda: False)
    assert [child.returncode for child in children] == [0]
    assert is_warm("simpy")


def test_who_cannot_stop_a_job_has_no_child(children, monkeypatch, tmp_path):
    """The command has Ctrl-C, which ends the whole process; a second one would only cost time."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    compiled: list[object] = []
    monkeypatch.setattr(compilation, "compile_here", compiled.append)
    jobs.warm(experiment())
    assert (len(children), len(compiled)) == (0, 1)


@pytest.mark.process
def test_a_child_ends_with_its_parent():
    """A parent that was killed must not leave a compiler behind for a minute."""
    code = "from evenhand.jobs.compilation import _end_with_parent; _end_with_parent()"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, check=False, timeout=120)
    assert done.returncode == 1


def test_a_short_run_has_the_next_one_compiled(children, monkeypatch, tmp_path):
    """One process begins for all who ask meanwhile; it is given the experiment and nothing of its rule."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    monkeypatch.setenv(compilation.BESIDE, "1")
    monkeypatch.setattr(compilation, "cores", lambda: 2)
    monkeypatch.setattr(compilation, "_BESIDE", "import sys; sys.exit(len(sys.stdin.buffer.read()) == 0)")
    assert compilation.beside(experiment(engine="simpy"))
    assert not compilation.beside(experiment(engine="simpy")), "it compiles already"
    assert [child.wait(60) for child in children] == [0]


@pytest.mark.parametrize(("variable", "cores"), [("0", 2), ("1", 1)])
def test_nothing_compiles_beside_where_it_is_not_wanted(children, monkeypatch, tmp_path, variable, cores):
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    monkeypatch.setenv(compilation.BESIDE, variable)
    monkeypatch.setattr(compilation, "cores", lambda: cores)
    assert not compilation.beside(experiment(engine="simpy"))
    assert not children


@pytest.mark.process
def test_what_compiles_beside_is_the_quick_engine_and_takes_its_mark_away(children, monkeypatch, tmp_path):
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    monkeypatch.setenv(compilation.BESIDE, "1")
    monkeypatch.setattr(compilation, "cores", lambda: 2)
    told = tmp_path / "engine"
    instead = f"c.compile_here = lambda one: open({str(told)!r}, 'w').write(one.engine); c.main_beside()"
    monkeypatch.setattr(compilation, "_BESIDE", compilation._BESIDE.replace("c.main_beside()", instead))
    assert compilation.beside(experiment(engine="simpy"))
    assert [child.wait(60) for child in children] == [0]
    assert told.read_text() == "numba"
    assert not compilation._claim().exists()
