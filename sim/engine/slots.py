"""Slot tables of the Numba engine: open disputes, finished ones, and the block that arrives.

Every table of rows begins with the slots. Behind them, `cases` and `disputes` have room for the rows
of finished disputes, until these are taken out; at the end stand the rows of the block that waits for
its time. So a stage finds all of a dispute under one number, and memory follows the disputes that are
open, not those that ever were.
"""

from __future__ import annotations

from threading import local
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.engine.event_loop import Engine, link, watch
from evenhand.sim.jit.compile import jit, long
from evenhand.sim.jit.prefetch import fetch_row
from evenhand.sim.jit.structs import fresh, some_of, table
from evenhand.sim.lifecycle.negotiation import chance_at_shop, comes, comes_to_shop
from evenhand.sim.lifecycle.state import DONE, EVENT_FIELDS, EVENTS, FIRST, ROOM, SLOTS, Progress, State
from evenhand.sim.lifecycle.turnover import present
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.grievance import draw_complaint, draw_evidence
from evenhand.sim.sampling.parameters import COMING
from evenhand.sim.sampling.parties import draw_parties, fetch_ends, fetch_guide, know_buyer, know_reason
from evenhand.sim.sampling.world_rows import ROWS, World, rows_each

LARGEST_KEPT = 32 << 20
"""Bytes of a table that is kept for the next run."""
REASON, GUIDE, AHEAD = 7, 5, 4
"""Arrivals between its turn and drawing a candidate's merchant and cause, asking for its buyer's weight, and
knowing the buyer; what each step reads was asked for by the one before."""
AT_ONCE = 40
"""More events than one wake-up notes (a dispute in all: `sim.lifecycle.state.most_events`)."""


class Finished(NamedTuple):
    """What leaves the tables: cases and progress of disputes, row by row, and events.

    These may be views: what they show is gone when the engine moves on.
    """

    cases: NDArray[Any]
    disputes: NDArray[Any]
    events: NDArray[np.float64]

    def kept(self) -> Finished:
        """The same, when the engine moves on."""
        return Finished(*(rows.copy() for rows in self))


class _Spares(local):
    """Tables that a run of this thread has left; fresh memory would cost as much as half of the moving."""

    def __init__(self) -> None:
        self.tables: dict[tuple[object, int], NDArray[Any]] = {}

    def take(self, row: type, size: int) -> NDArray[Any]:
        """A table of so many rows, whatever they hold."""
        found = self.tables.pop((row, size), None)
        return table(row, size) if found is None else found

    def take_log(self, size: int) -> NDArray[np.float64]:
        """Room for so many events."""
        found = self.tables.pop((EVENTS, size), None)
        return np.empty((size, EVENT_FIELDS)) if found is None else found

    def keep(self, row: object, rows: NDArray[Any]) -> None:
        """Keep a table for the next run, if it is not large."""
        if rows.nbytes <= LARGEST_KEPT:
            self.tables[row, len(rows)] = rows


_spares = _Spares()


class SlotTable:
    """The tables of one run, and how they are filled and emptied between two calls of the engine."""

    def __init__(self, frame: World, state: State, *, slots: int, room: int, block: int, events: int) -> None:
        """For so many open disputes at first, finished ones, candidates of a block, and events."""
        self._each, self._block, self._came = rows_each(frame), block, 0
        empty: Any = table(Progress, 0)
        self.world = frame
        self.state = state._replace(disputes=empty, events=_spares.take_log(events))
        self.state.counters[ROOM] = room
        self._lay_out(slots)

    def _lay_out(self, slots: int) -> None:
        """Empty tables with so many slots."""
        room = int(self.state.counters[ROOM])
        rows: dict[str, Any] = {
            name: _spares.take(
                row, (slots + self._block) * self._each[name] + (room if name == "cases" else 0)
            )
            for name, row in ROWS.items()
        }
        disputes: Any = _spares.take(Progress, slots + room + 1)
        disputes[-1:] = fresh(Progress, 1)  # never used: a blank to copy
        self.world, self.state = self.world._replace(**rows), self.state._replace(disputes=disputes)
        self.state.counters[SLOTS] = slots

    def close(self) -> None:
        """Leave the tables to the next run; nothing that was taken out may be looked at after this."""
        disputes: Any = self.state.disputes
        _spares.keep(Progress, disputes)
        _spares.keep(EVENTS, self.state.events)
        for name, row in ROWS.items():
            _spares.keep(row, getattr(self.world, name))

    def grow(self) -> int:
        """Twice as many slots; says how many."""
        was, before = self.world, int(self.state.counters[SLOTS])
        disputes: Any = self.state.disputes
        self._lay_out(2 * before)
        now: Any = self.state.disputes
        now[:before], now[2 * before :] = disputes[:before], disputes[before:]
        for name, each in self._each.items():
            old, new = getattr(was, name), getattr(self.world, name)
            new[: before * each], new[2 * before * each :] = old[: before * each], old[before * each :]
        return 2 * before

    def watched(self, engine: Engine) -> Engine:
        """The engine, which has the rows of a dispute on their way before its turn comes."""
        tables: Any = self.world.cases, self.state.disputes
        engine = watch(engine, *((rows, 1) for rows in tables))
        cases: Any = self.world.cases
        buyers: Any = (self.world.buyers, self.state.buyers)
        return link(engine, *((cases, "buyer", rows) for rows in buyers))

    def load(self, block: World | Arrivals) -> NDArray[np.float64]:
        """Put the rows of the next block, if it has any, in their place; gives the hours of its arrivals."""
        self.state.counters[FIRST] += self._came
        if not isinstance(block, World):
            self._came = len(block.hours)
            parameters = self.world.parameters._replace(positions=block.positions)
            self.world = self.world._replace(parameters=parameters)
            return block.hours
        cases: Any = block.cases
        self._came = count = len(cases)
        for name, each in self._each.items():
            rows: Any = getattr(self.world, name)
            first = len(rows) - self._block * each
            rows[first : first + count * each] = getattr(block, name)
        return np.ascontiguousarray(cases["order_at"])

    def empty(self) -> Finished:
        """Take out what is done."""
        counters = self.state.counters
        slots, done, noted = (int(counters[i]) for i in (SLOTS, DONE, EVENTS))
        these: Any = slice(slots, slots + done)
        cases: Any = self.world.cases
        disputes: Any = self.state.disputes
        counters[DONE] = counters[EVENTS] = 0
        return Finished(cases[these], disputes[these], self.state.events[:noted])

    def leave_open(self, used: NDArray[np.intp]) -> Finished:
        """The disputes in these slots as they are now."""
        cases: Any = self.world.cases
        disputes: Any = self.state.disputes
        return Finished(some_of(cases, used), some_of(disputes, used), self.state.events[:0])


@jit
def arrive(i: int, d: int, now: float, world: Any, policy: PolicyRules, state: Any) -> bool:
    """Candidate i of the block: if anything comes of it, slot d is its own."""
    number = state.counters[FIRST] + i
    if world.on_demand:
        position = world.parameters.positions[i]
        look_ahead(i, number, now, world, state)
        know_reason(world, number, position)
        likely = chance_of_order(number, now, world, state)
        if world.parameters.coming[number % COMING].happens >= likely:
            return False
        draw_parties(world, d, number, position)
        if not comes_to_shop(d, likely, now, world, state):
            return False
        world.cases[d].order_at = now
        draw_complaint(world, d, position)
        if not world.habits.claims_enabled:
            draw_evidence(world, d, position)  # at once, while the memo of uniforms is warm
    elif not move_in(i, d, now, world, state):
        return False
    state.disputes[d] = state.disputes[len(state.disputes) - 1]
    state.disputes[d].number = number
    return True


@jit
def chance_of_order(number: int, now: float, world: Any, state: Any) -> float:
    """Chance that something comes of a candidate whose buyer is there, as `comes` has it, without a slot."""
    row = world.parameters.coming[number % COMING]
    m = long(row.merchant)
    if not present(m, now, world, state):
        return 0.0
    return chance_at_shop(m, long(row.cause), now, world, state)


@jit
def look_ahead(i: int, number: int, now: float, world: Any, state: Any) -> None:
    """Draw who comes soon, and have what is known of them on its way, where anything may come of it.

    There are many buyers, and each dispute has another, so they would be waited for every time. What the
    merchant lets happen may change until then, which costs a little time and moves nothing.
    """
    positions = world.parameters.positions
    if i + AHEAD >= len(positions):
        return
    if i + REASON < len(positions):
        know_reason(world, number + REASON, positions[i + REASON])
        row = world.parameters.coming[(number + REASON) % COMING]
        row.maybe = row.happens < chance_at_shop(long(row.merchant), long(row.cause), now, world, state)
        if row.maybe:
            fetch_guide(world, number + REASON)
    if world.parameters.coming[(number + GUIDE) % COMING].maybe:
        fetch_ends(world, number + GUIDE)
    row = world.parameters.coming[(number + AHEAD) % COMING]
    if row.maybe and row.position == positions[i + AHEAD]:
        know_buyer(world, number + AHEAD, positions[i + AHEAD])
        fetch_row(world.buyers, long(row.buyer))
        fetch_row(state.buyers, long(row.buyer))


@jit
def move_in(i: int, d: int, now: float, world: Any, state: Any) -> bool:
    """Candidate i of the block: if anything comes of it, its rows move into slot d."""
    slots = state.counters[SLOTS]
    if not comes(slots + state.counters[ROOM] + i, now, world, state):
        return False
    world.cases[d] = world.cases[slots + state.counters[ROOM] + i]
    for k in range(world.rounds):
        world.talks[d * world.rounds + k] = world.talks[(slots + i) * world.rounds + k]
    for k in range(world.meetings_each):
        row = world.meetings[(slots + i) * world.meetings_each + k]
        world.meetings[d * world.meetings_each + k] = row
    for k in range(world.accords_each):
        world.accords[d * world.accords_each + k] = world.accords[(slots + i) * world.accords_each + k]
    for k in range(world.pauses_each):
        world.pauses[d * world.pauses_each + k] = world.pauses[(slots + i) * world.pauses_each + k]
    for k in range(world.levels_each):
        world.levels[d * world.levels_each + k] = world.levels[(slots + i) * world.levels_each + k]
    for k in range(world.readings_each):
        row = world.readings[(slots + i) * world.readings_each + k]
        world.readings[d * world.readings_each + k] = row
    for k in range(world.seats):
        world.votes[d * world.seats + k] = world.votes[(slots + i) * world.seats + k]
    return True


@jit
def leave(d: int, now: float, world: Any, policy: PolicyRules, state: Any) -> None:
    """The dispute is over: its rows move to what is done, unless nobody ever complained."""
    if not state.disputes[d].exists:
        return
    place = state.counters[SLOTS] + state.counters[DONE]
    world.cases[place] = world.cases[d]
    state.disputes[place] = state.disputes[d]
    state.counters[DONE] += 1


@jit
def full(state: State) -> bool:
    """Whether one more wake-up might find no room for a finished dispute or an event."""
    if state.counters[DONE] >= state.counters[ROOM]:
        return True
    return len(state.events) > 0 and state.counters[EVENTS] + AT_ONCE > len(state.events)
