"""The benchmarks: they run, their ratios are right, and the work per dispute does not grow unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks import outside
from benchmarks.groups import GROUPS, Size, mini
from benchmarks.mini.compiled import run_compiled
from benchmarks.mini.tape import draw_tape
from benchmarks.timing import TimedProgram, interleave
from evenhand import scenarios
from evenhand.sim.engine import event_loop
from evenhand.sim.runs.runner import replicate
from evenhand.sim.sampling.philox import COUNTED, lucky
from evenhand.sim.sampling.streams import Luck

TINY = Size(rounds=1, fast=300, slow=100, replications=1, memory=(10, 12))


def test_programs_take_turns_and_ratios_are_per_dispute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What slows the machine down for a while must not fall on one program alone."""
    turns: list[str] = []
    engine = [0.0]
    monkeypatch.setattr("benchmarks.timing.perf_counter", lambda: engine[0])

    def turn(name: str, seconds: float) -> None:
        turns.append(name)
        engine[0] += seconds

    rows = interleave(
        [
            TimedProgram("slow", 10, lambda: turn("slow", 0.02)),
            TimedProgram("fast", 1000, lambda: turn("fast", 0.02), ("slow",)),
        ],
        rounds=3,
    )
    assert turns == ["slow", "fast"] * 4
    assert [(row.name, row.against) for row in rows] == [("slow", "slow"), ("fast", "slow")]
    assert rows[0].ratio == 1.0
    assert rows[1].ratio == pytest.approx(100)
    assert rows[1].seconds == pytest.approx(0.02)


@pytest.mark.process
def test_the_table_as_json_has_the_rows_that_are_promised() -> None:
    """Another program reads it."""
    out = outside.python("-m", "benchmarks", "--only", "mini", "--quick", "--rounds", "1", "--format", "json")
    rows = json.loads(out)["rows"]
    assert {tuple(row) for row in rows} == {("name", "disputes", "seconds", "ratio", "against")}
    ratios = {(row["name"], row["against"]): row["ratio"] for row in rows}
    # how large it is depends on the machine, and is for the benchmark to say
    assert ratios["mini: Numba engine", "mini: idiomatic SimPy"] > 0


@pytest.mark.process
def test_an_unknown_group_is_refused_with_the_known_ones() -> None:
    """A typing mistake must not look like a fast benchmark."""
    with pytest.raises(RuntimeError, match=r"(?s)must be one of mini.*found 'minni'"):
        outside.python("-m", "benchmarks", "--only", "minni")


@pytest.mark.process
@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"command", "start", "workers", "mini"}))
def test_every_group_runs(group: str) -> None:
    """A benchmark that nobody runs has stopped working by the time it is needed."""
    told: list[str] = []
    rows = list(GROUPS[group](TINY, told.append))
    assert rows
    assert told
    assert all(row.seconds > 0 and row.ratio > 0 for row in rows)


@pytest.mark.process
def test_what_is_not_here_is_said_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The C++ program is elsewhere; without it the rest is still worth having."""
    monkeypatch.setattr("benchmarks.mini.cpp.why_not", lambda: "there is no g++")
    told: list[str] = []
    rows = list(mini(TINY, told.append))
    assert "mini: C++: there is no g++" in told
    assert not [row for row in rows if "C++" in row.name + row.against]


@pytest.mark.process
def test_the_work_on_dispute_mini_is_what_it_was() -> None:
    """An algorithm that got slower shows here on any machine, without timing anything.

    What must happen is exact; how often the calendar looks is bounded.
    """
    n = 20_000
    _, work = run_compiled(draw_tape(n, seed=1))
    assert {name: work[name] for name in ("wakeups", "pushes", "pops", "joins")} == {
        "wakeups": 116_370,
        "pushes": 96_370,
        "pops": 96_370,
        "joins": 13_670,
    }
    assert work["visits"] < 1.6 * n
    assert work["moves"] < 5.2 * n
    assert work["rebuilds"] < 12


@pytest.mark.process
@pytest.mark.parametrize("busy", [1, 20])
def test_work_does_not_grow_with_the_number_open(busy: int) -> None:
    """Twenty times as many open at once, and each costs the same number of steps."""
    n = 20_000 * busy
    _, work = run_compiled(draw_tape(n, 20.0 * busy, seed=1))
    assert work["visits"] + work["moves"] < 8 * n


def test_the_work_on_the_full_policy_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events, draws and queue operations a dispute; another world under the seed moves them by a tenth."""
    engines: list[event_loop.Engine] = []
    books: list[Any] = []

    def used_slots(used: event_loop.Engine) -> Any:
        engines.append(used)
        return event_loop.used_slots(used)

    def keep(parameters: Any, luck: Luck) -> Any:
        books.append(lucky(parameters, luck))
        return books[-1]

    monkeypatch.setattr("evenhand.sim.engine.numba_engine.used_slots", used_slots)
    monkeypatch.setattr("evenhand.sim.sampling.world.lucky", keep)
    part = replicate(
        scenarios.load("tmall_unresponsive"), scenarios.policy("tmall"), 0, days=60, engine="numba"
    )
    n, work = len(part.disputes["dispute"]), event_loop.work(engines[0])
    assert {name: work[name] / n for name in ("wakeups", "pushes", "joins")} == pytest.approx(
        {"wakeups": 4.65, "pushes": 3.2, "joins": 0.2}, abs=0.15
    )
    assert len(part.events["case"]) / n == pytest.approx(5.9, abs=0.1)
    assert work["visits"] + work["moves"] < 5 * n
    steps = int(books[0].memo[COUNTED, 0])
    # of Philox, four numbers each, candidates included; severity and what people weigh took 22.7 to 24.0
    assert steps / n == pytest.approx(24.0, abs=0.5)
