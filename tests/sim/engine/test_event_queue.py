"""The calendar of the Numba engine: in order whatever the delays, and whatever it thinks of them."""

from __future__ import annotations

import os
import subprocess
import sys
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evenhand.sim.engine.event_loop import Engine, new_engine, work
from evenhand.sim.engine.event_queue import schedule, soonest, take
from evenhand.sim.jit.struct_pointer import by_address

ROUNDS = 4000


@numba.njit
def _play(engine: Any, first: Any, delays: Any, slots: Any, times: Any) -> None:
    calendar = by_address(engine)
    for d in range(len(first)):
        schedule(calendar, d, first[d])
    for i in range(len(times)):
        now = soonest(calendar)
        d = take(calendar)
        slots[i], times[i] = d, now
        if i < len(delays):
            schedule(calendar, d, now + delays[i])


def play(engine: Engine, first: NDArray[Any], delays: NDArray[Any]) -> list[tuple[float, int]]:
    """Schedule every slot; whoever is taken comes back after the next delay; at the end all are taken."""
    taken = len(first) + len(delays)
    slots, times = np.empty(taken, np.int64), np.empty(taken)
    _play(engine, first, delays, slots, times)
    return list(zip(times.tolist(), slots.tolist(), strict=True))


def by_heap(first: NDArray[Any], delays: NDArray[Any]) -> list[tuple[float, int]]:
    """The same with a plain heap of (time, order of scheduling)."""
    heap = [(time, d, d) for d, time in enumerate(first.tolist())]
    heapify(heap)
    order, taken = len(heap), []
    for delay in delays.tolist():
        now, _, d = heappop(heap)
        taken.append((now, d))
        heappush(heap, (now + delay, order, d))
        order += 1
    while heap:
        now, _, d = heappop(heap)
        taken.append((now, d))
    return taken


def made(kind: str, n: int, seed: int) -> NDArray[np.float64]:
    """Delays of a kind."""
    luck = np.random.default_rng(seed)
    kinds: dict[str, NDArray[np.float64]] = {
        "exponential": luck.exponential(10.0, n),
        "whole hours": luck.integers(0, 5, n).astype(float),
        "no delay at all": np.zeros(n),
        "all equal": np.full(n, 168.0),
        "bursts": np.where(luck.random(n) < 0.9, 0.0, 1000.0),
        "two scales": np.where(luck.random(n) < 0.5, 1e-6, 1e3) * luck.random(n),
        "mostly far": np.where(luck.random(n) < 0.1, 1.0, 1e9) * luck.random(n),
        "heavy tail": luck.pareto(0.3, n),
        "beyond counting": np.where(luck.random(n) < 0.9, 1.0, 1e300) * luck.random(n),
        "some never": np.where(luck.random(n) < 0.99, luck.random(n), np.inf),
    }
    return kinds[kind]


KINDS = (
    "exponential",
    "whole hours",
    "no delay at all",
    "all equal",
    "bursts",
    "two scales",
    "mostly far",
    "heavy tail",
    "beyond counting",
    "some never",
)


@pytest.mark.parametrize("pending", [1, 2, 50, 700])
@pytest.mark.parametrize("kind", KINDS)
def test_slots_are_taken_by_time_and_then_by_order_of_scheduling(kind: str, pending: int) -> None:
    """A run is repeatable, and equal in both engines, because nothing else decides who is next."""
    first, delays = made(kind, pending, 1), made(kind, ROUNDS, 2)
    assert play(new_engine(pending, 0), first, delays) == by_heap(first, delays)


@pytest.mark.parametrize("rate", [1e-12, 1e-3, 1e3, 1e9, 1e300])
@pytest.mark.parametrize("kind", ["exponential", "bursts", "mostly far"])
def test_a_wrong_width_costs_time_but_no_order(kind: str, rate: float) -> None:
    """The width is a guess about the future; guesses must not show in results."""
    first, delays = made(kind, 200, 3), made(kind, ROUNDS, 4)
    engine = new_engine(200, 0)
    engine.gauge["rate"] = rate
    assert play(engine, first, delays) == by_heap(first, delays)


@pytest.mark.parametrize("rate", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("pending", [10, 3000])
def test_a_wrong_width_is_soon_put_right(pending: int, rate: float) -> None:
    """Work a wake-up is the same after any first guess, and however many wait; it would be hundreds."""
    first, delays = made("exponential", pending, 5), made("exponential", 50_000, 6)
    engine = new_engine(pending, 0)
    engine.gauge["rate"] = rate
    play(engine, first, delays)
    done = work(engine)
    assert done["rebuilds"] >= 1
    assert done["visits"] < 3 * done["pops"]
    assert done["moves"] < 3 * done["pops"]


def test_the_width_follows_a_change_of_pace() -> None:
    """A market a thousand times busier, or quieter, does not leave the calendar behind."""
    pace = np.repeat([1.0, 1e-3, 1e3, 1.0], 20_000)
    first, delays = made("exponential", 500, 7), made("exponential", len(pace), 8) * pace
    engine = new_engine(500, 0)
    assert play(engine, first, delays) == by_heap(first, delays)
    done = work(engine)
    assert done["visits"] + done["moves"] < 6 * done["pops"]


def test_far_events_are_not_looked_at_again_and_again() -> None:
    """Who waits for years must not cost those who wait for hours."""
    first = np.concatenate([made("exponential", 100, 9), np.full(5000, 1e12)])
    engine = new_engine(len(first), 0)
    play(engine, first, made("exponential", 100_000, 10))
    done = work(engine)
    assert done["visits"] + done["moves"] < 6 * done["pops"]


TIMES = st.one_of(
    st.integers(0, 4).map(float), st.floats(0.0, 1e3), st.floats(0.0, allow_nan=False, allow_infinity=True)
)


@pytest.mark.process
@settings(max_examples=200, deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=80), st.lists(TIMES, max_size=300))
def test_any_delays_are_taken_in_order(first: list[float], delays: list[float]) -> None:
    """Also those that nobody would think of."""
    one, two = np.array(first), np.array(delays, dtype=float)
    assert play(new_engine(len(one), 0), one, two) == by_heap(one, two)


@pytest.mark.process
@pytest.mark.parametrize("file", ["test_event_queue.py", "test_event_loop.py"])
def test_no_index_is_ever_out_of_bounds(file: str, tmp_path: Path) -> None:
    """Compiled code does not look: this is the one run in which it does."""
    if os.environ.get("NUMBA_BOUNDSCHECK") == "1":
        pytest.skip("this is that run")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", file]
    env = os.environ | {"NUMBA_BOUNDSCHECK": "1", "EVENHAND_CACHE": str(tmp_path)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), env.get("PYTHONPATH")]))
    done = subprocess.run(
        command, cwd=Path(__file__).parent, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
