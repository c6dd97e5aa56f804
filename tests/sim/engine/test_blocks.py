"""Worlds drawn in blocks and disputes that leave in parts: sizes of tables change no record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.engine.numba_engine import run_blocks
from evenhand.sim.lifecycle.initial_state import fresh_people
from evenhand.sim.policy.compile import flatten
from evenhand.sim.runs.columns import dispute_columns
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.records import Columns, Ledger, event_columns
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.runner import iterate, replicate, simulate, stream
from evenhand.sim.runs.trial import gather, live, staff_of
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, arrivals, bare_frame, draw_world, peopled
from tests.support import small
from tests.support.runs import PARTS

DAYS = 40
EXTENT = Extent(rounds=2, meetings=1, levels=2, seats=(3, 3))
POLICY = {"mediation": {"rounds": 1, "push": 0.3}, "decision": {"decider": "panel", "panel": {"size": 5}}}


def same(a: Columns, b: Columns) -> bool:
    return list(a) == list(b) and all(
        a[name].dtype == b[name].dtype
        and np.array_equal(a[name], b[name], equal_nan=a[name].dtype.kind == "f")
        for name in a
    )


def streamed(most: int, **sizes: Any) -> Part:
    """A replication with blocks of at most so many candidates and tables of these sizes."""
    scenario, policy, luck = small.scenario(), small.policy(POLICY), Luck(7, 2)
    people = draw_people(scenario, luck)
    frame = peopled(bare_frame(scenario, Extent.of(policy), DAYS, None), scenario, people, luck, DAYS)
    state = fresh_people(frame, staff_of(scenario))
    times = arrivals(scenario, people, frame, luck, most)
    done = list(run_blocks(frame, times, flatten(policy, scenario), state, 24.0 * DAYS, **sizes))
    rows = [(one.cases, one.disputes) for one in done]
    return Part(
        dispute_columns(rows, people.buyers, people.merchants, 2),
        event_columns([one.events for one in done], 2),
        {},
        {},
        {},
    )


@pytest.fixture(scope="module")
def expected() -> Part:
    return replicate(small.scenario(), small.policy(POLICY), 2, seed=7, days=DAYS, engine="simpy")


@pytest.mark.parametrize("most", [1, 37, 4096])
def test_the_size_of_blocks_moves_nobodys_arrival(most: int) -> None:
    """A sum that runs on from block to block is the same sum, to the last bit."""
    scenario, luck = small.scenario(), Luck(3, 1)
    drawn: Any = draw_world(scenario, EXTENT, luck, 15)
    people = draw_people(scenario, luck)
    frame = peopled(bare_frame(scenario, EXTENT, 15, None), scenario, people, luck, 15)
    blocks = list(arrivals(scenario, people, frame, luck, most))
    assert len(blocks) >= len(drawn.cases) / (4.0 * most)
    hours, positions = map(np.concatenate, zip(*blocks, strict=True))
    assert hours.tobytes() == drawn.cases["order_at"].tobytes()
    assert positions.tobytes() == drawn.cases["position"].tobytes()


@pytest.mark.parametrize(
    ("most", "sizes"),
    [(64, {}), (4096, {"slots": 1}), (16, {"kept": 1}), (300, {"slots": 3, "kept": 7, "kept_events": 64})],
)
def test_sizes_of_blocks_slots_and_buffers_change_no_record(
    most: int, sizes: dict[str, int], expected: Part
) -> None:
    """Slots that are handed on, tables that grow and buffers that are emptied lose and double nothing."""
    found = streamed(most, **sizes)
    assert len(found.disputes["dispute"]) > 300
    assert same(found.disputes, expected.disputes)
    assert same(found.events, expected.events)


def test_a_stream_gives_finished_disputes_first_and_people_last() -> None:
    """Who reads a part of a stream must not wait for its end."""
    parts = list(stream(small.scenario(), small.policy(), 0, days=DAYS, engine="numba"))
    assert [bool(part.merchants) for part in parts] == [False] * (len(parts) - 1) + [True]
    *finished, still_open = [part.disputes for part in parts if part.disputes]
    assert all((~np.isnan(part["closed_at"])).all() for part in finished)
    assert np.isnan(still_open["closed_at"]).all()
    assert len(still_open["dispute"]) > 0


@pytest.mark.parametrize("engine", ["simpy", "numba"])
def test_a_world_drawn_whole_lives_as_one_drawn_in_blocks(engine: str) -> None:
    """Audits change whole worlds; what they leave unchanged must live as in a run."""
    scenario, policy, luck = small.scenario(), small.policy(POLICY), Luck(5, 0)
    one = live(
        Experiment.of(scenario, policy, seed=5, days=DAYS, engine=engine),
        draw_world(scenario, Extent.of(policy), luck, DAYS),
        0,
    )
    other = replicate(scenario, policy, 0, seed=5, days=DAYS, engine="numba")
    assert all(same(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("expected", [1, 2, 50])
def test_a_ledger_holds_what_was_written_however_often_it_had_to_grow(expected: int) -> None:
    """Replications may be larger than the first one, or more than were promised."""
    ledger, kinds = Ledger(expected), {"a": np.dtype(np.float64), "b": np.dtype(np.int8)}
    written = [np.arange(n, dtype=np.float64) + n for n in (3, 0, 40, 5, 1, 300, 2)]
    for rows in written:
        columns = ledger.more(kinds, len(rows))
        columns["a"][:], columns["b"][:] = rows, rows % 7
    whole = np.concatenate(written)
    np.testing.assert_array_equal(ledger.columns()["a"], whole)
    np.testing.assert_array_equal(ledger.columns()["b"], whole % 7)


@pytest.mark.parametrize("workers", [2, 5])
def test_threads_of_a_run_in_memory_change_no_record(workers: int) -> None:
    """Who is done first must not come first."""
    how: dict[str, Any] = {"seed": 4, "replications": 7, "days": DAYS, "engine": "numba"}
    one, other = (simulate(small.scenario(), small.policy(POLICY), workers=n, **how) for n in (1, workers))
    for table in PARTS:
        assert same(getattr(one, table), getattr(other, table)), table


def test_no_workers_are_refused() -> None:
    """Nobody would do the work."""
    with pytest.raises(ValueError, match="workers must be 1 or more, found 0"):
        simulate(small.scenario(), small.policy(POLICY), days=DAYS, workers=0)


@pytest.mark.process
@pytest.mark.parametrize("engine", ["simpy", "numba"])
def test_a_run_in_memory_is_its_replications_under_each_other(engine: Any) -> None:
    """Rows that are written where they stay are those of replications that were made one by one."""
    scenario, policy, how = (
        small.scenario(),
        small.policy(POLICY),
        {"seed": 4, "replications": 3, "days": DAYS},
    )
    run = simulate(scenario, policy, engine=engine, **how)
    parts = list(iterate(scenario, policy, engine=engine, **how))
    apart = gather(Experiment.of(scenario, policy, engine=engine, **how), parts)
    for table in PARTS:
        assert same(getattr(run, table), getattr(apart, table)), table


def test_without_events_the_same_disputes_are_recorded(expected: Part) -> None:
    """Events only watch."""
    found = replicate(
        small.scenario(), small.policy(POLICY), 2, seed=7, days=DAYS, engine="numba", events=False
    )
    assert same(found.disputes, expected.disputes)
    assert len(found.events["case"]) == 0
