"""Dispute-mini under the Numba engine: five lines that bind its stages to the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.mini.model import CASE, MERCHANTS, RULES, START_RATING, MiniOutcome, MiniRules, Tape, staff
from benchmarks.mini.stages import MiniProgress, MiniState, MiniWorld, advance
from evenhand.sim.engine.event_loop import (
    DONE,
    GROW,
    NEXT,
    Engine,
    grow_engine,
    move_block,
    new_engine,
    watch,
    work,
)
from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.compile import jit
from evenhand.sim.jit.prefetch import aligned
from evenhand.sim.jit.struct_pointer import by_address
from evenhand.sim.jit.structs import dtype_of, table
from evenhand.sim.lifecycle.state import DeskState

FINISHED = np.dtype([("hours", np.float64), ("number", np.int32), ("code", np.uint8)], align=True)
BLOCK = 1 << 14
_RULES: Any = RULES._replace(
    **{name: np.array(getattr(RULES, name)) for name in ("signal", "review_signal")}  # type: ignore[arg-type]
)


@jit
def takes(desk: int, now: float, hours: float, world: MiniWorld) -> float:
    """Desks are always open."""
    return hours


@jit
def arrive(i: int, d: int, now: float, world: Any, rules: Any, state: Any) -> bool:
    """Copy the case at position i of the block into slot d."""
    world.cases[d] = world.block[i]
    state.disputes[d].number = state.counts[1]
    state.counts[1] += 1
    return True


@jit
def leave(d: int, now: float, world: Any, rules: Any, state: Any) -> None:
    """Write what became of slot d into the buffer."""
    row = state.finished[state.counts[0]]
    row.hours = state.disputes[d].hours
    row.number = state.disputes[d].number
    row.code = state.disputes[d].code
    state.counts[0] += 1


@jit
def full(state: Any) -> bool:
    """Whether the buffer has no room for another dispute."""
    return bool(state.counts[0] == len(state.finished))


@compiled
def _run(
    arrivals: NDArray[np.float64],
    last: bool,
    horizon: float,
    world: MiniWorld,
    rules: MiniRules,
    state: MiniState,
    engine: Engine,
) -> int:
    return move_block(
        advance,
        takes,
        arrive,
        leave,
        full,
        arrivals,
        last,
        horizon,
        by_address(world),
        by_address(rules),
        by_address(state),
        by_address(engine),
    )


def run_compiled(
    tape: Tape, *, block: int = BLOCK, slots: int = 1 << 12, buffer: int = BLOCK
) -> tuple[MiniOutcome, dict[str, int]]:
    """Move all disputes of a tape; gives what became of them, and the work done."""
    n = len(tape.arrivals)
    code, hours, ratings = np.empty(n, np.uint8), np.empty(n), np.full(MERCHANTS, START_RATING)
    cases, disputes = aligned(slots, CASE), aligned(slots, dtype_of(MiniProgress))
    finished, counts = np.zeros(buffer, FINISHED), np.zeros(2, np.int64)
    desks = table(DeskState, 3, staff=staff(tape.rate))
    engine = watch(new_engine(slots, len(desks)), (cases, 1), (disputes, 1))
    start, status = 0, NEXT
    while status != DONE:
        now = slice(start, start + block)
        status = _run(
            tape.arrivals[now],
            start + block >= n,
            np.inf,
            MiniWorld(cases, tape.cases[now], tape.settles),
            _RULES,
            MiniState(disputes, ratings, desks, finished, counts),
            engine,
        )
        if status == NEXT:
            start += block
        elif status == GROW:
            slots *= 2
            cases, disputes = _longer(cases, slots), _longer(disputes, slots)
            engine = watch(grow_engine(engine, slots), (cases, 1), (disputes, 1))
        done = finished[: counts[0]]
        code[done["number"]], hours[done["number"]] = done["code"], done["hours"]
        counts[0] = 0
    return MiniOutcome(code, hours, ratings), work(engine)


def _longer(rows: NDArray[Any], size: int) -> NDArray[Any]:
    """The same rows, and empty ones behind."""
    longer = aligned(size, rows.dtype)
    longer[: len(rows)] = rows
    return longer
