"""Leaving workers: whoever asked for the work may go at any moment, and nobody works on for nothing."""

from __future__ import annotations

import time

import pytest

from evenhand.parallel import pool
from evenhand.parallel.pool import Executor, perform
from evenhand.parallel.protocol import Tick, go_on


class Enough(Exception):
    """Nobody waits for the rest."""


def endless(item: int, tick: Tick) -> int:
    """A step that never ends by itself, but asks whether it shall go on."""
    while True:
        go_on(tick)
        time.sleep(0.01)


def deaf(item: int, tick: Tick) -> int:
    """A step that asks nobody, as the SimPy engine in a long replication."""
    while True:
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("do", "who"),
    [(endless, Executor(1, "alone")), (endless, Executor(2, "threads")), (deaf, Executor(1, "processes"))],
    ids=["alone", "threads", "processes"],
)
def test_a_pulse_that_raises_ends_the_work(do, who):
    """The question is asked while others work, not only when they have something to say."""
    beats: list[int] = []

    def pulse() -> None:
        beats.append(1)
        if len(beats) == 3:
            raise Enough

    with pytest.raises(Enough):
        list(perform(do, range(2), who, lambda: None, pulse))
    assert len(beats) == 3


def test_long_items_under_simpy_are_done_where_they_can_be_left():
    """A process can be ended in the middle of a replication; a thread cannot."""
    long, short = 100 * pool.SIMPY_PACE, 0.1 * pool.SIMPY_PACE
    assert pool.executor(None, "simpy", long, 1, leave=True).kind == "processes"
    assert pool.executor(1, "simpy", long, 1, leave=True) == Executor(1, "processes")
    assert pool.executor(None, "simpy", short, 1, leave=True).kind == "alone"
    assert pool.executor(None, "simpy", long, 1).kind == "alone"
    assert pool.executor(4, "numba", long, 1, leave=True).kind == "alone"
