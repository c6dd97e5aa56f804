"""Streaming run: replications are simulated while somebody reads them, and their records discarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Unpack

from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment, How
from evenhand.sim.runs.records import About, Run
from evenhand.sim.runs.runner import keep, made
from evenhand.sim.runs.trial import Trial
from evenhand.sim.scenario.scenario import Scenario

ROWS = 2**14
"""Disputes in a piece, about: so few that a piece finds its memory where the one before left it."""


@dataclass(frozen=True, eq=False, repr=False)
class Streamed(About):
    """A run in pieces of a few whole replications, which are gone when the next piece comes.

    It is used like `sim.Run`, but for the columns: those come in pieces, as from disk. Each reading
    simulates everything again, with the same luck, so ask at once for all that you want to know.
    """

    trial: Trial = field(repr=False)
    rows: int = field(default=ROWS, repr=False)
    """Disputes in a piece, about; never less than one replication."""

    def __len__(self) -> int:
        """Disputes of all replications, which have to be simulated for it."""
        return sum(len(piece) for piece in self.pieces())

    def pieces(self) -> Iterator[Run]:
        """The run as runs of a few replications each, in their order."""
        numbers = range(self.replications)
        parts, first, size = made(self.trial, numbers), 0, 1
        while some := numbers[first : first + size]:
            piece = keep(self.trial, some, parts)
            first, size = some.stop, max(1, self.rows * len(some) // max(1, len(piece)))
            yield piece
            del piece  # before the next one is made, which then finds its memory


def streamed(scenario: Scenario, policy: Policy, **how: Unpack[How]) -> Streamed:
    """A run whose records are read and dropped: memory for a few replications, however many there are.

    Arguments and errors are those of `simulate`, of which it has every record, in the same order.
    """
    experiment = Experiment.of(scenario, policy, **how)
    return Streamed(**experiment.about(), trial=Trial.of(experiment))
