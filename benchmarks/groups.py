"""What is measured, in groups whose programs take turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks import outside, peers
from benchmarks.mini import cpp
from benchmarks.timing import TimedProgram, TimingRow, interleave

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much to run."""

    rounds: int
    fast: int
    """Disputes for compiled programs."""
    slow: int
    """Disputes for programs in Python."""
    replications: int
    """Of the full policy under the Numba engine; the SimPy engine gets one."""
    memory: tuple[int, int]
    """Days of a long run and of a longer one."""


FULL = Size(rounds=5, fast=100_000, slow=10_000, replications=30, memory=(3_050, 22_900))
QUICK = Size(rounds=3, fast=20_000, slow=2_000, replications=3, memory=(80, 400))

SIMPY, CLOCK, REFERENCE, CPP = "idiomatic SimPy", "Numba engine", "SimPy engine", "C++"


def mini(size: Size, tell: Tell) -> Iterator[TimingRow]:
    """Dispute-mini: the same luck for all, and the same outcomes."""
    from benchmarks.mini.compiled import run_compiled
    from benchmarks.mini.idiomatic import run_idiomatic
    from benchmarks.mini.simpy import run_simpy
    from benchmarks.mini.tape import draw_tape

    tape = draw_tape(size.fast)
    short = tape.first(size.slow)
    programs = [
        TimedProgram(f"mini: {SIMPY}", size.slow, lambda: run_idiomatic(short)),
        TimedProgram(f"mini: {REFERENCE}", size.slow, lambda: run_simpy(short), (f"mini: {SIMPY}",)),
    ]
    against: tuple[str, ...] = (f"mini: {SIMPY}",)
    if cpp.why_not() is None:
        program = cpp.CppProgram(tape)
        programs.append(TimedProgram(f"mini: {CPP}", size.fast, program.run, against))
        against += (f"mini: {CPP}",)
    else:
        tell(f"mini: {CPP}: {cpp.why_not()}")
    programs.append(TimedProgram(f"mini: {CLOCK}", size.fast, lambda: run_compiled(tape), against))
    few = tape.first(size.slow // 5)
    programs += [
        TimedProgram(f"mini: {name}", size.slow // 5, partial(run, few), (f"mini: {SIMPY}",))
        for name, run in peers.installed().items()
    ]
    yield from interleave(programs, size.rounds, tell)


def open_at_once(size: Size, tell: Tell) -> Iterator[TimingRow]:
    """Dispute-mini where ten and a hundred times as many disputes are open at once."""
    from benchmarks.mini.compiled import run_compiled
    from benchmarks.mini.tape import draw_tape

    for busy in (1, 10, 100):
        tape = draw_tape(size.fast * 5, 20.0 * busy)
        name = f"busy x {busy}: {CLOCK}"
        programs = [TimedProgram(name, len(tape.gaps), partial(run_compiled, tape))]
        if cpp.why_not() is None:
            program = cpp.CppProgram(tape)
            programs.append(TimedProgram(f"busy x {busy}: {CPP}", len(tape.gaps), program.run))
            programs[0] = TimedProgram(name, len(tape.gaps), programs[0].turn, (f"busy x {busy}: {CPP}",))
        yield from interleave(programs, size.rounds, tell)


def tmall(size: Size, tell: Tell) -> Iterator[TimingRow]:
    """The full policy, from the scenario to the metrics, and the steps on the way."""
    import numpy as np

    from evenhand import analysis, scenarios, sim
    from evenhand.sim.engine.numba_engine import run_blocks
    from evenhand.sim.lifecycle.initial_state import fresh_people
    from evenhand.sim.policy.compile import flatten
    from evenhand.sim.runs.columns import dispute_columns
    from evenhand.sim.runs.records import event_columns
    from evenhand.sim.runs.trial import staff_of
    from evenhand.sim.sampling.arrivals import Arrivals
    from evenhand.sim.sampling.eager import draw_rows
    from evenhand.sim.sampling.population import draw_people
    from evenhand.sim.sampling.streams import Luck
    from evenhand.sim.sampling.world import Extent, arrivals, bare_frame, peopled

    world, policy = scenarios.load("tmall_unresponsive"), scenarios.policy("tmall")
    days, rules = world.days, flatten(policy, world)
    bare = bare_frame(world, Extent.of(policy), days, None)

    def whole(engine: Any, replications: int, workers: int = 1, make: Any = sim.streamed) -> object:
        return analysis.outcomes(
            make(world, policy, replications=replications, engine=engine, workers=workers)
        )

    def begun(replication: int) -> Any:
        luck = Luck(1, replication)
        people = draw_people(world, luck)
        return people, peopled(bare, world, people, luck, days), luck

    def draw() -> None:
        for k in range(size.replications):
            _, frame, luck = begun(k)
            draw_rows(frame, luck, times[k])

    ready = [begun(k) for k in range(size.replications)]
    times = [
        Arrivals(*map(np.concatenate, zip(*arrivals(world, people, frame, luck), strict=True)))
        for people, frame, luck in ready
    ]

    def move() -> Iterator[tuple[Any, Any]]:
        for (people, frame, _), coming in zip(ready, times, strict=True):
            state = fresh_people(frame, staff_of(world))
            for part in run_blocks(frame, [coming], rules, state, 24.0 * days):
                yield people, part

    # a part shows the engine's own tables, which change when it moves on
    moved = [(people, type(part)(*(column.copy() for column in part))) for people, part in move()]

    def keep() -> None:
        for people, part in moved:
            dispute_columns([(part.cases, part.disputes)], people.buyers, people.merchants, 0)
            event_columns([part.events], 0)

    run = sim.simulate(world, policy, replications=size.replications, engine="numba")
    n = len(run)
    one = int((run.disputes["replication"] == 0).sum())
    slow, fast = f"tmall: {REFERENCE}, scenario to metrics", f"tmall: {CLOCK}, scenario to metrics"
    yield from interleave(
        [
            TimedProgram(slow, one, lambda: whole("simpy", 1)),
            TimedProgram(fast, n, lambda: whole("numba", size.replications), (slow,)),
            TimedProgram(
                f"{fast}, two threads", n, lambda: whole("numba", size.replications, 2), (slow, fast)
            ),
            TimedProgram(
                f"{fast}, records kept",
                n,
                lambda: whole("numba", size.replications, make=sim.simulate),
                (slow,),
            ),
            TimedProgram("tmall: drawing whole worlds", n, draw, (fast,)),
            TimedProgram("tmall: moving disputes, drawing on demand", n, lambda: deque(move(), 0), (fast,)),
            TimedProgram("tmall: records", n, keep, (fast,)),
            TimedProgram("tmall: metrics", n, lambda: analysis.outcomes(run), (fast,)),
        ],
        size.rounds,
        tell,
    )


GROUPS: dict[str, Callable[[Size, Tell], Iterator[TimingRow]]] = {
    "mini": mini,
    "open": open_at_once,
    "tmall": tmall,
    "command": outside.whole_command,
    "start": outside.start_up,
    "memory": outside.memory,
    "workers": outside.workers,
}
"""By the word that `--only` takes."""
