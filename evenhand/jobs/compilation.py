"""Compiling ahead, where it can be left: in a process of its own, which leaves the machine code on disk.

Numba compiles for up to a minute in calls that nobody can interrupt. Who cannot stop a job has it compiled
as it goes; who can, waits here for a child that is killed when the job is not wanted any more. As a program,
this file is that child.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread, Timer
from time import monotonic, time

from evenhand.analysis.runs.steps import Step
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.parallel.pool import cores
from evenhand.parallel.protocol import PULSE
from evenhand.sim.jit.cache import cache_folder, is_warm, make_folder
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.trial import warm as compile_here

PATIENCE = 600.0
"""Seconds after which a child is given up."""
BESIDE = "EVENHAND_COMPILE_BESIDE"
"""The environment variable that keeps `beside` from starting anything, by the value 0."""
_BESIDE = (
    "import sys; sys.path[:] = sys.argv[1:]; from evenhand.jobs import compilation as c; c.main_beside()"
)
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from evenhand.jobs.compilation import main; main()"


def warm(
    experiment: Experiment, *, on_event: OnEvent | None = None, cancelled: Cancelled | None = None
) -> None:
    """Have the machine code ready that an experiment needs; later jobs in any process begin at once.

    With `cancelled` the compiler works in a process of its own, which ends within a second when it is not
    wanted any more; then Stopped is raised, and what was compiled so far is not kept.
    """
    watch = Watch(on_event, cancelled)
    ready(experiment, watch)
    watch.check()
    compile_here(experiment)


def ready(experiment: Experiment, watch: Watch) -> None:
    """Compile in a child where a job can be stopped and nothing lies ready; else do nothing.

    A child that fails is no failure: the code is then compiled, or the reason told, where it is used.
    """
    if is_warm(experiment.engine):
        return
    watch.say("compile", 0, 1, Step("compiling"))
    if watch.may_leave and sys.executable and not is_frozen():
        _in_child(replace(experiment, decide=None), watch)


def beside(experiment: Experiment) -> bool:
    """Start to compile the Numba engine in a process that outlives this one, so that the next run is quick.

    For who runs something short under SimPy because compiling would take longer than that. Nothing is
    started where code lies ready, another process compiles already, there is no second core, or the
    environment variable says 0. Gives whether something was started; nothing that fails there is heard.
    """
    if os.environ.get(BESIDE) == "0" or cores() < 2 or is_frozen() or not sys.executable or is_warm("numba"):
        return False
    if not _claimed():
        return False
    with suppress(OSError):
        child = subprocess.Popen(  # noqa: S603 (this program itself)
            [sys.executable, "-c", _BESIDE, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C and the end of the terminal are not meant for it
        )
        assert child.stdin is not None
        pickle.dump(replace(experiment, decide=None, engine="numba"), child.stdin)
        child.stdin.close()
        return True
    return False


def _claim() -> Path:
    return cache_folder() / "compiling"


def _claimed() -> bool:
    """Leave a mark that this version is being compiled; False where somebody else has, not long ago."""
    mark = _claim()
    try:
        make_folder(mark.parent)
        if mark.exists() and time() - mark.stat().st_mtime > PATIENCE:
            mark.unlink(missing_ok=True)
        mark.touch(mode=0o600, exist_ok=False)
    except OSError:
        return False
    return True


def main_beside() -> None:
    """Compile for the experiment on stdin at low priority, and end after `PATIENCE` at the latest."""
    limit = Timer(PATIENCE, os._exit, (1,))
    limit.daemon = True
    limit.start()
    if hasattr(os, "nice"):
        os.nice(10)  # whoever works here goes first
    try:
        compile_here(pickle.load(sys.stdin.buffer))  # noqa: S301 (of our own parent)
    finally:
        _claim().unlink(missing_ok=True)


def is_frozen() -> bool:
    """Whether the program is a bundle, whose executable runs nothing else."""
    return bool(getattr(sys, "frozen", False))


def _in_child(experiment: Experiment, watch: Watch) -> None:
    child = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-c", _CHILD, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin is not None
    try:
        with suppress(OSError):  # it has ended: that is seen below
            pickle.dump(experiment, child.stdin)
            child.stdin.flush()
        since = monotonic()
        while True:
            with suppress(subprocess.TimeoutExpired):
                child.wait(PULSE)
                return
            watch.check()
            if monotonic() - since > PATIENCE:
                return
    finally:
        child.kill()
        child.wait()
        with suppress(OSError):
            child.stdin.close()


def main() -> None:
    """Compile what the experiment on stdin needs; end at once when stdin does, as the parent has gone."""
    experiment = pickle.load(sys.stdin.buffer)  # noqa: S301 (of our own parent)
    Thread(target=_end_with_parent, daemon=True).start()
    compile_here(experiment)


def _end_with_parent() -> None:
    with suppress(OSError):
        while os.read(0, 64):  # unbuffered: a lock held at the end of the program would abort it
            pass
    os._exit(1)
