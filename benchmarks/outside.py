"""What can only be seen from outside: starting up, memory at its peak, several workers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.timing import TimedProgram, TimingRow, interleave

ROOT = Path(__file__).parents[1]
CALM = ("--scenario", "tmall_unresponsive")
"""The market of most figures of `docs/performance.md`: a dispute costs a quarter of one of `tmall`."""

FIRST = """
from evenhand import scenarios, sim
sim.simulate(scenarios.load("tmall_unresponsive"), scenarios.policy("tmall"), days=20, engine="numba")
"""

LONG = """
import sys
from pathlib import Path
import numpy as np
from evenhand import scenarios, sim
days, times = int(sys.argv[1]), 20
world, policy = scenarios.load("tmall_unresponsive"), scenarios.policy("tmall")
market = world.market.model_copy(update={"orders_per_day": times * world.market.orders_per_day})
desks = world.desks.model_copy(update={
    name: desk.model_copy(update={"staff": times * desk.staff})
    for name, desk in world.desks if hasattr(desk, "staff")
})
world = world.model_copy(update={"market": market, "desks": desks})
n = hours = 0
for part in sim.stream(world, policy, 0, days=days, engine="numba", events=False):
    closed = part.disputes.get("closed_at", np.empty(0))
    n, hours = n + len(closed), hours + float(np.nansum(closed))
# not `ru_maxrss`: that starts with the peak of whoever started this process
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(n, int(peak.split()[1]) / 1024)
"""
"""One run in a market twenty times as large, whose records are used and dropped as they come."""


def python(*arguments: str, **extra: str) -> str:
    """Run Python on this code, with more environment variables; gives what it printed."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": path} | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()[-500:]}")
    return done.stdout


def evenhand(*arguments: str, **extra: str) -> str:
    """Run the command."""
    return python("-m", "evenhand", *arguments, **extra)


def whole_command(size: Any, tell: Callable[[str], None]) -> Iterator[TimingRow]:
    """`evenhand run` from the first module to the report, with each engine, and with one worker and two.

    The SimPy engine has fewer replications, yet enough of them that its start counts little; what is
    compared is disputes a second, start included.
    """
    from evenhand.storage.plan import Order, check

    replications, few = size.replications * 7, max(size.replications // 3, 1)
    plan = check(Order("tmall", CALM[1], 1, None, 1, "numba", open_loop=False))
    each = _disputes(plan)
    with tempfile.TemporaryDirectory() as folder:
        places = count()

        def command(engine: str, replications: int, workers: int) -> None:
            what = ("--replications", str(replications), "--engine", engine, "--workers", str(workers))
            evenhand("run", "tmall", *CALM, *what, "--out", f"{folder}/{next(places)}")

        slow, one = "command: SimPy engine, one worker", "command: Numba engine, one worker"
        two = "command: Numba engine, two workers"
        programs = [
            TimedProgram(slow, each * few, partial(command, "simpy", few, 1)),
            TimedProgram(one, each * replications, partial(command, "numba", replications, 1), (slow,)),
            TimedProgram(two, each * replications, partial(command, "numba", replications, 2), (slow, one)),
        ]
        yield from interleave(programs, min(size.rounds, 3), tell)


def _disputes(plan: Any) -> int:
    """Disputes of the first replication of a plan."""
    from evenhand import sim

    return len(sim.simulate(plan.scenario, plan.policy, seed=plan.seed, replications=1, engine="numba"))


def start_up(size: Any, tell: Callable[[str], None]) -> Iterator[TimingRow]:
    """How long one waits before anything happens, against how long one may."""
    with tempfile.TemporaryDirectory() as folder:
        runs: list[tuple[str, float, int, Callable[[int], str]]] = [
            ("start: import evenhand", 0.15, size.rounds, lambda _: python("-c", "import evenhand")),
            ("start: evenhand --help", 0.2, size.rounds, lambda _: evenhand("--help")),
            (
                "start: evenhand run tmall, warm",
                4.0,
                size.rounds,
                lambda k: evenhand("run", "tmall", "--out", f"{folder}/run{k}"),
            ),
            (
                "start: evenhand run tmall --scenario tmall_unresponsive, warm",
                5.0,
                size.rounds,
                lambda k: evenhand("run", "tmall", *CALM, "--out", f"{folder}/calm{k}"),
            ),
            (
                "start: evenhand compare tmall wechat_shop_2024, 30 worlds, warm",
                6.0,
                min(size.rounds, 3),
                lambda k: evenhand(
                    *("compare", "tmall", "wechat_shop_2024", *CALM, "--replications", "30"),
                    *("--out", f"{folder}/compare{k}"),
                ),
            ),
            (
                "start: compiled for the first time",
                12.0,
                1,
                lambda k: python("-c", FIRST, EVENHAND_CACHE=f"{folder}/cache{k}"),
            ),
        ]
        evenhand("run", "tmall", "--out", f"{folder}/before")
        for name, allowed, rounds, turn in runs:
            seconds = []
            for k in range(rounds):
                tell(f"{name}, round {k + 1} of {rounds}")
                start = perf_counter()
                turn(k)
                seconds.append(perf_counter() - start)
            yield TimingRow(name, 0, median(seconds), allowed / median(seconds), f"{allowed:g} s allowed")


def memory(size: Any, tell: Callable[[str], None]) -> Iterator[TimingRow]:
    """The peak of one run, and that of one several times as long."""
    if not Path("/proc/self/status").exists():
        tell("memory: the peak of a process is not to be had on this system")
        return
    python("-c", LONG, "10")  # compiled before anything is measured
    first: tuple[str, float] | None = None
    for days in size.memory:
        tell(f"memory: {days} days")
        start = perf_counter()
        n, peak = python("-c", LONG, str(days)).split()
        seconds = perf_counter() - start
        name = f"memory: {float(peak):.0f} MB at the peak of {int(n):,} disputes"
        first = first or (name, float(peak))
        yield TimingRow(name, int(n), seconds, float(peak) / first[1], first[0])


def workers(size: Any, tell: Callable[[str], None]) -> Iterator[TimingRow]:
    """The same replications with one worker and with two: simulated and stored, and the whole command.

    The command also counts and draws its report, which one core does when all replications are there.
    """
    from evenhand.jobs.event import Watch
    from evenhand.jobs.simulation import simulate_into
    from evenhand.parallel.pool import Asked
    from evenhand.storage.plan import Order, check

    replications = size.replications * 7
    with tempfile.TemporaryDirectory() as folder:
        places = count()

        def command(workers: int) -> None:
            evenhand(
                "run",
                "tmall",
                *CALM,
                "--replications",
                str(replications),
                "--engine",
                "numba",
                "--workers",
                str(workers),
                "--out",
                f"{folder}/{next(places)}",
            )

        def store(workers: int) -> None:
            place = Path(folder) / str(next(places))
            place.mkdir()
            simulate_into(place, plan, Asked(workers), Watch())

        plan = check(Order("tmall", CALM[1], replications, None, 1, "numba", open_loop=False))
        for what, turn in (("simulated and stored", store), ("the whole command", command)):
            one, two = f"workers: 1, {what}", f"workers: 2, {what}"
            rows = [
                TimedProgram(one, replications, partial(turn, 1)),
                TimedProgram(two, replications, partial(turn, 2), (one,)),
            ]
            # what is counted are replications, not disputes
            yield from (replace(row, disputes=0) for row in interleave(rows, min(size.rounds, 3), tell))
