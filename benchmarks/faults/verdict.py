"""What became of a fault, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from benchmarks.faults.child import ChildAnswer


class FaultVerdict(StrEnum):
    """What became of a fault. The first two are as it should be."""

    UNHARMED = "unharmed"
    """The right answer all the same, or the very bytes that an undisturbed command leaves."""
    REFUSED = "refused"
    """A line on stderr and exit status 1 or 2."""
    LOST = "lost"
    """What had been finished is gone or changed, or nothing leads to what an undisturbed command leaves."""
    ACCEPTED = "wrongly accepted"
    """Exit status 0, and another answer."""
    TRACEBACK = "tracebacks"
    """A traceback, a crash, or a failure without a word."""
    HANG = "hangs"
    """No end within the patience of the benchmark."""


class Fault(NamedTuple):
    """One fault and what became of it."""

    what: str
    verdict: FaultVerdict
    said: str = ""


@dataclass
class FaultTally:
    """Faults of one kind."""

    kind: str
    counts: Counter[FaultVerdict] = field(default_factory=Counter)
    bad: list[Fault] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many there were."""
        return self.counts.total()

    def add(self, fault: Fault) -> None:
        """Count one."""
        self.counts[fault.verdict] += 1
        if fault.verdict not in (FaultVerdict.UNHARMED, FaultVerdict.REFUSED):
            self.bad.append(fault)


Faults = Iterator[Fault]


def judged(answer: ChildAnswer, right: str | None) -> FaultVerdict:
    """What an answer is worth; `right` is what the undamaged thing says, None = any answer will do."""
    if answer.status is None:
        return FaultVerdict.HANG
    if "Traceback (most recent call last)" in answer.err or answer.status not in (0, 1, 2):
        return FaultVerdict.TRACEBACK
    if answer.status == 0:
        return FaultVerdict.UNHARMED if right is None or answer.out == right else FaultVerdict.ACCEPTED
    return FaultVerdict.REFUSED if answer.err.strip() else FaultVerdict.TRACEBACK
