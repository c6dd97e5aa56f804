"""Numba engine: the lifecycle on structured arrays; worlds arrive in blocks, finished disputes are yielded.

The engine is generic; another set of stages needs another few lines like `_move`, at module level, so
that Numba can keep its machine code on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.engine.event_loop import (
    DONE,
    GROW,
    NEXT,
    Engine,
    grow_engine,
    move_block,
    new_engine,
    used_slots,
)
from evenhand.sim.engine.slots import Finished, SlotTable, arrive, full, leave
from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.compile import jit
from evenhand.sim.jit.struct_pointer import by_address
from evenhand.sim.lifecycle.codes import FILE, HEAR_OFFER, NOTICE, ORDER, REPLY_LAPSED, RETURN_DUE
from evenhand.sim.lifecycle.dispatch import advance
from evenhand.sim.lifecycle.negotiation import looks_at_case, looks_at_rules, occasion_arises
from evenhand.sim.lifecycle.state import EVENTS, State
from evenhand.sim.lifecycle.transitions import Transition
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.business_hours import service_takes
from evenhand.sim.sampling.grievance import draw_conduct, draw_holdings, draw_return, draw_talk
from evenhand.sim.sampling.proceedings import draw_filing
from evenhand.sim.sampling.world import BLOCK
from evenhand.sim.sampling.world_rows import World, rows_each, with_record

SLOTS = 2048
"""Open disputes that a run has room for at first; it grows."""
KEPT = 16_384
"""Finished disputes that wait to be taken out."""
KEPT_EVENTS = 262_144
"""Events that wait to be taken out."""


@jit
def step(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Move a dispute on; what it can meet only from here on is drawn now.

    That something comes of it was asked when it arrived.
    """
    if at == ORDER:
        return occasion_arises(d, world, state)
    if world.on_demand:
        if at == NOTICE:
            if world.habits.claims_enabled and looks_at_rules(d, now, world, policy, state):
                draw_holdings(world, d, world.cases[d].position)
                if looks_at_case(d, now, world, policy, state):
                    draw_conduct(world, d, world.cases[d].position)
        elif at == HEAR_OFFER:
            draw_talk(world, d, world.cases[d].position, state.disputes[d].round + 1)
        elif at in (REPLY_LAPSED, RETURN_DUE):
            draw_return(world, d, world.cases[d].position)
        elif at == FILE:
            draw_filing(world, d, world.cases[d].position)
    return advance(at, d, now, world, policy, state)


@jit
def stays(d: int, now: float, state: State) -> float:
    """Hours from now after which the dispute in slot d leaves a line."""
    return state.disputes[d].leaves_at - now


@compiled
def _move(
    arrivals: NDArray[np.float64],
    last: bool,
    horizon: float,
    world: World,
    policy: PolicyRules,
    state: State,
    engine: Engine,
) -> int:
    return move_block(
        step,
        service_takes,
        stays,
        arrive,
        leave,
        full,
        arrivals,
        last,
        horizon,
        by_address(world),
        by_address(policy),
        by_address(state),
        by_address(engine),
    )


def run_blocks(
    frame: World,
    blocks: Iterable[World | Arrivals],
    policy: PolicyRules,
    state: State,
    horizon: float,
    *,
    events: bool = True,
    slots: int = SLOTS,
    kept: int = KEPT,
    kept_events: int = KEPT_EVENTS,
) -> Iterator[Finished]:
    """Move the disputes of all blocks through the lifecycle, and give what is done whenever there is much.

    A block is the hours at which candidates arise, whose rows are drawn when they get there, or a world
    whose rows stand there already. The people in `state` live on from block to block, and are as the run
    left them in the end. Those whose disputes are open at the horizon come last. The sizes change no
    record. What is given may be looked at until this thread begins another run.
    """
    rooms = SlotTable(
        with_record(frame),
        state,
        slots=slots,
        room=kept,
        block=0 if frame.on_demand else BLOCK,
        events=kept_events if events else 0,
    )
    engine = rooms.watched(new_engine(slots, len(state.desks), np.asarray(frame.shifts)))
    coming, status = iter(blocks), NEXT
    while status != DONE:
        if status == NEXT:
            block = next(coming, None)
            arrivals = rooms.load(block) if block is not None else np.empty(0)
        elif status == GROW:
            engine = rooms.watched(grow_engine(engine, rooms.grow()))
        else:
            yield rooms.empty().kept()
        status = _move(arrivals, block is None, horizon, rooms.world, policy, rooms.state, engine)
    yield rooms.empty()
    yield rooms.leave_open(used_slots(engine))
    rooms.close()


def run_compiled(world: World, policy: PolicyRules, state: State, horizon: float) -> None:
    """Move all disputes of a whole world through the lifecycle, into the arrays of its state."""
    disputes: Any = state.disputes
    kept = len(state.events) > 0
    noted = 0
    for done in run_blocks(world, slices(world), policy, state, horizon, events=kept):
        disputes[done.disputes["number"]] = done.disputes
        state.events[noted : noted + len(done.events)] = done.events
        noted += len(done.events)
    state.counters[EVENTS] = noted


def slices(world: World) -> Iterator[World]:
    """A whole world in blocks."""
    for first in range(0, len(world.cases), BLOCK):
        rows: dict[str, Any] = {
            name: getattr(world, name)[first * each : (first + BLOCK) * each]
            for name, each in rows_each(world).items()
        }
        yield world._replace(**rows)
