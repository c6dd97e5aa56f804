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
from threading import Thread
from time import monotonic

from evenhand.analysis.runs.steps import Step
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.parallel.protocol import PULSE
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.trial import warm as compile_here

PATIENCE = 600.0
"""Seconds after which a child is given up."""
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
