"""Interleaved repeats: every program has its turn in every round, so that all meet the same machine."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class TimedProgram:
    """Something to time."""

    name: str
    disputes: int
    """How many it moves in one turn; 0 where it is not about disputes."""
    turn: Callable[[], object]
    against: tuple[str, ...] = ()
    """Programs of the same group that it is measured by."""


@dataclass(frozen=True)
class TimingRow:
    """One line of the table."""

    name: str
    disputes: int
    seconds: float
    ratio: float
    """How many times as fast as `against`, disputes for disputes; of memory: how many times as much."""
    against: str


def interleave(
    programs: Sequence[TimedProgram], rounds: int, tell: Callable[[str], None] = lambda _: None
) -> list[TimingRow]:
    """Time programs in turn, after a first turn each that does not count; medians over the rounds.

    A ratio is the median of the ratios within each round, so what slows a whole round down does not
    enter it. A program that is measured by nothing is measured by itself: 1.
    """
    for program in programs:
        tell(program.name)
        program.turn()
    gc.collect()
    gc.freeze()  # nobody's garbage collection walks over what others have left
    seconds: dict[str, list[float]] = {program.name: [] for program in programs}
    for k in range(rounds):
        for program in programs:
            tell(f"{program.name}, round {k + 1} of {rounds}")
            start = perf_counter()
            program.turn()
            seconds[program.name].append(perf_counter() - start)
    gc.unfreeze()
    by_name = {program.name: program for program in programs}
    rows = []
    for program in programs:
        for name in program.against or (program.name,):
            other = by_name[name]
            share = program.disputes / other.disputes if other.disputes else 1.0
            ratios = [b / a * share for a, b in zip(seconds[program.name], seconds[name], strict=True)]
            rows.append(
                TimingRow(program.name, program.disputes, median(seconds[program.name]), median(ratios), name)
            )
    return rows
