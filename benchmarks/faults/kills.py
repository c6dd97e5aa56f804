"""Kills: every long command is ended at a random moment, then asked for again."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from typing import NamedTuple

from benchmarks.faults.child import Child, ChildAnswer, Command, insist
from benchmarks.faults.things import COMPARE, FIT, RUN, SWEEP, contents, copied, done, need
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
"""Half of all kills give no chance to tidy up."""
STOPPED = (130, 143)


class KillTask(NamedTuple):
    """A long command."""

    name: str
    command: Command
    leaves: str
    """The file or folder that it makes, or changes."""
    again: Callable[[Path], Command]
    """How to ask for it again in a folder where it was killed."""
    keeps: bool = False
    """Whether what stood there before must stand there until the new one does."""


def _run_again(command: Command) -> Callable[[Path], Command]:
    """Go on where there is a plan; begin anew where there is none, or no part that could be lost."""

    def again(folder: Path) -> Command:
        run = folder / "long"
        if (run / "plan.json").is_file() and (parts(run) or (run / "manifest.json").is_file()):
            return ("run", "--resume", "long")
        return (*command, "--force") if run.is_dir() and any(run.iterdir()) else command

    return again


def _forced(command: Command, leaves: str) -> Callable[[Path], Command]:
    """The same once more; what stands in its way is an earlier try."""
    return lambda folder: (*command, "--force") if (folder / leaves).exists() else command


def _same(command: Command) -> Callable[[Path], Command]:
    return lambda _: command


LONG: Command = (*RUN, "--out", "long")
OVER: Command = (*RUN[:-4], "--replications", "4", "--workers", "1", "--out", "run", "--force")
BOTH: Command = (*COMPARE, "--out", "both")
POINTS: Command = (*SWEEP, "--out", "points")
LOG: Command = ("export", "run", "--to", "ocel", "--out", "log.sqlite")
ROWS: Command = ("query", "run", "from disputes", "--out", "rows.parquet")
GATE: Command = ("gate", "expect.yaml", "--accept", "again")

TASKS = (
    KillTask("run", LONG, "long", _run_again(LONG)),
    KillTask("run --force", OVER, "run", _same(OVER), keeps=True),
    KillTask("compare", BOTH, "both", _forced(BOTH, "both")),
    KillTask("sweep", POINTS, "points", _same(POINTS)),
    KillTask("calibrate", FIT, "made.yaml", _forced(FIT, "made.yaml")),
    KillTask("export", LOG, "log.sqlite", _same(LOG)),
    KillTask("query", ROWS, "rows.parquet", _same(ROWS)),
    KillTask("gate --accept", GATE, "expect.yaml", _same(GATE), keeps=True),
)


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Kill each of the commands in turn."""
    for task in TASKS[:number]:
        need(base, task.leaves)
    whole = {task.name: undisturbed(task, base, scratch / "whole") for task in TASKS[:number]}
    for k in range(number):
        task = TASKS[k % len(TASKS)]
        right, seconds = whole[task.name]
        yield _kill(task, right, seconds, random, copied(base, scratch / "killed"))


def parts(run: Path) -> dict[str, bytes]:
    """The parts of a run that are whole."""
    return {name: data for name, data in contents(run / "parts").items() if "/" in name}


def undisturbed(task: KillTask, base: Path, place: Path) -> tuple[dict[str, bytes], float]:
    """What a command leaves that nobody kills, and the seconds that it takes."""
    copied(base, place)
    began = perf_counter()
    done(place, task.command)
    return contents(place / task.leaves), perf_counter() - began


def _kill(task: KillTask, right: dict[str, bytes], seconds: float, random: Random, folder: Path) -> Fault:
    how, after = random.choice(SIGNALS), random.uniform(0, 1.1 * seconds)
    what = f"{task.name}: {how.name} after {after:.2f} s"
    before = contents(folder / task.leaves) if task.keeps else {}
    child = Child(folder, task.command)
    sleep(after)
    child.kill(how)
    stopped = child.wait()
    left = contents(folder / task.leaves)
    verdict = _of_the_stop(stopped, how)
    if verdict is not FaultVerdict.UNHARMED:
        return Fault(what, verdict, stopped.err[-300:])
    if stopped.status == 0 and not alike(task, left, right):
        return Fault(what, FaultVerdict.ACCEPTED, "it had finished")
    if task.keeps and not (alike(task, left, right) or left == before):
        return Fault(what, FaultVerdict.LOST, "neither what was there nor what was to be there")
    kept = parts(folder / task.leaves) if task.name == "run" else {}
    if stopped.status == 0:
        return Fault(what, FaultVerdict.UNHARMED)
    answer = insist(folder, task.again(folder))
    verdict = judged(answer, None)
    if verdict is FaultVerdict.REFUSED:
        verdict = FaultVerdict.LOST
    now = contents(folder / task.leaves)
    if verdict is FaultVerdict.UNHARMED and not alike(task, now, right):
        verdict = FaultVerdict.ACCEPTED
    if verdict is FaultVerdict.UNHARMED and any(
        now.get(f"parts/{name}") != data for name, data in kept.items()
    ):
        verdict = FaultVerdict.LOST
    return Fault(what, verdict, answer.err[-300:])


def _of_the_stop(answer: ChildAnswer, how: signal.Signals) -> FaultVerdict:
    """What the killed command itself deserves; that it says nothing is right only where it could not."""
    if answer.status in (0, -how, *STOPPED):
        bad = "Traceback (most recent call last)" in answer.err
        return FaultVerdict.TRACEBACK if bad and how is not signal.SIGKILL else FaultVerdict.UNHARMED
    return judged(answer, None)


def alike(task: KillTask, one: dict[str, bytes], other: dict[str, bytes]) -> bool:
    """Whether two things are the same, byte for byte; some hold what no two tries have in common."""
    if task.name in LOOSE:
        return one.keys() == other.keys() and all(map(bool, one.values())) and _tables(one) == _tables(other)
    return one == other


LOOSE = {"gate --accept", "export"}
"""A gate holds the moment; SQLite counts how often it was written."""


def _tables(found: dict[str, bytes]) -> list[list[str]]:
    """The lines of a text but for dates; of a database nothing but its length."""
    texts = []
    for data in found.values():
        lines = [str(len(data))] if data.startswith(b"SQLite") else data.decode().splitlines()
        texts.append([line for line in lines if "date" not in line and " at:" not in line])
    return texts
