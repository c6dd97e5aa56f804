"""Dispute-mini: the engines move any stages, and give what hand-written programs give."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.mini import cpp
from benchmarks.mini.compiled import run_compiled
from benchmarks.mini.idiomatic import run_idiomatic
from benchmarks.mini.model import OUTCOMES, MiniOutcome
from benchmarks.mini.simpy import run_simpy
from benchmarks.mini.tape import draw_tape

N = 3000


def equal(one: MiniOutcome, other: MiniOutcome) -> bool:
    """Equal to the last bit."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.process
@pytest.mark.parametrize("rate", [20.0, 3.0])
def test_both_engines_and_a_program_by_hand_give_the_same_to_the_last_bit(rate: float) -> None:
    """The engines are generic only if stages they were not made for come out right, too."""
    tape = draw_tape(N, rate, seed=5)
    fast, _ = run_compiled(tape)
    assert equal(fast, run_simpy(tape))
    assert equal(fast, run_idiomatic(tape))
    assert set(np.unique(fast.code & 7)) == set(range(len(OUTCOMES)))


@pytest.mark.process
@pytest.mark.parametrize("sizes", [{"block": 100}, {"slots": 1}, {"buffer": 1}, {"block": N}])
def test_blocks_slots_and_buffers_change_nothing(sizes: dict[str, int]) -> None:
    """They bound memory, and nothing else."""
    tape = draw_tape(N, seed=2)
    assert equal(run_compiled(tape, **sizes)[0], run_compiled(tape)[0])


def test_a_longer_tape_begins_like_a_shorter_one() -> None:
    """So that a bigger run is the same run, longer."""
    chunk = 1 << 14
    long, short = draw_tape(chunk + 50, seed=3), draw_tape(chunk, seed=3)
    assert np.array_equal(long.first(chunk).cases, short.cases)
    assert np.array_equal(long.first(chunk).arrivals, short.arrivals)


def test_the_court_is_the_one_that_is_described() -> None:
    """Shares of outcomes at 20 an hour, from the description of the model; 3 standard errors apart."""
    n = 40_000
    outcome = run_compiled(draw_tape(n, seed=8))[0]
    shares = np.bincount(outcome.code & 7, minlength=8) / n
    said = np.array([12.5, 10.4, 3.7, 3.1, 24.9, 26.6, 10.2, 8.7]) / 100
    assert np.all(np.abs(shares - said) < 3 * np.sqrt(said / n) + 0.0005)
    assert outcome.hours.mean() == pytest.approx(153.2, rel=0.02)


@pytest.mark.process
@pytest.mark.skipif(cpp.why_not() is not None, reason=str(cpp.why_not()))
def test_the_program_in_cpp_gives_the_same_to_the_last_bit() -> None:
    """A race between programs that do different things would say nothing."""
    tape = draw_tape(20_000, seed=4)
    assert equal(run_compiled(tape)[0], cpp.CppProgram(tape).run())


@pytest.mark.process
@pytest.mark.parametrize("name", peers.PEERS)
def test_other_libraries_move_the_same_disputes_to_the_same_ends(name: str) -> None:
    """A peer that does less would look faster than it is."""
    run = peers.installed().get(name)
    if run is None:
        pytest.skip(f"{name} is not installed")
    tape = draw_tape(500, seed=6)
    assert equal(run(tape), run_compiled(tape)[0])


@pytest.mark.process
@pytest.mark.skipif(not (cpp.REFERENCE / "dm.py").is_file(), reason="the reference programs are not here")
def test_the_reference_program_on_its_own_tape_gives_the_same_to_the_last_bit(tmp_path: Path) -> None:
    """Our tape is their tape, and our outcome theirs: both engines against the SimPy program of the study."""
    script = (
        f"import dm; dm.ensure_tape_file({N}); import sys, runpy; "
        f"sys.argv = ['bench_one.py', 'simpy', '{N}', '--dump', r'{tmp_path / 'out'}']; "
        "runpy.run_path('bench_one.py', run_name='__main__')"
    )
    env = os.environ | {"DM_TAPES": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    subprocess.run(
        [sys.executable, "-c", script], cwd=cpp.REFERENCE, env=env, check=True, capture_output=True
    )
    raw = (tmp_path / "out").read_bytes()
    outcome = run_compiled(draw_tape(N, seed=1))[0]
    assert raw == outcome.code.tobytes() + outcome.hours.tobytes()
