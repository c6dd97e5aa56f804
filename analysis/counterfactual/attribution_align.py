"""Alignment: the disputes of two policies on the same worlds, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.counterfactual.attribution_divergence import Divergences, diverge, keys
from evenhand.analysis.counterfactual.attribution_settings import Setting, settings
from evenhand.analysis.runs.counted import counted
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import DEFAULTED, RULED
from evenhand.sim.runs.records import Run

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Alignment:
    """Two runs whose worlds are the same, and which row of one is which row of the other.

    `row_a` and `row_b` are the positions of each pair in the columns of `a.disputes` and `b.disputes`;
    `only_a` and `only_b` are the positions of disputes that arose under one policy only. All other
    arrays have one entry a pair.
    """

    a: Run
    b: Run
    row_a: Rows
    row_b: Rows
    only_a: Rows
    only_b: Rows
    divergences: Divergences
    """Where the life of each pair first went another way."""
    differing: tuple[Setting, ...]
    """The settings in which the two policies differ."""

    def __len__(self) -> int:
        """Pairs."""
        return len(self.row_a)

    def of_a(self, column: str) -> NDArray[Any]:
        """A column under policy A."""
        return np.asarray(self.a.disputes[column][self.row_a])

    def of_b(self, column: str) -> NDArray[Any]:
        """A column under policy B."""
        return np.asarray(self.b.disputes[column][self.row_b])

    @property
    def decided(self) -> Mask:
        """Pairs that end by a ruling or a default under both policies."""
        a, b = self.of_a("ending"), self.of_b("ending")
        return np.asarray(((a == RULED) | (a == DEFAULTED)) & ((b == RULED) | (b == DEFAULTED)))

    @property
    def flipped(self) -> Mask:
        """Pairs decided under both, for different sides."""
        return np.asarray(self.decided & (self.of_a("upheld") != self.of_b("upheld")))

    @property
    def to_right(self) -> Mask:
        """Flips after which who was right has won: a valid claim upheld, or another one refused."""
        return np.asarray(self.flipped & (self.of_b("upheld") == self.of_b("valid")))

    @property
    def to_wrong(self) -> Mask:
        """Flips after which who was right has lost."""
        return np.asarray(self.flipped & (self.of_b("upheld") != self.of_b("valid")))

    @property
    def money(self) -> NDArray[np.float64]:
        """Refund under B less refund under A."""
        return np.asarray(self.of_b("refund") - self.of_a("refund"))

    @property
    def injustice(self) -> NDArray[np.float64]:
        """|refund - deserved refund| under B less the same under A: below 0, B is nearer to what is due."""
        due = self.of_a("deserved") * self.of_a("amount")
        return np.asarray(np.abs(self.of_b("refund") - due) - np.abs(self.of_a("refund") - due))


def align(run_a: Run, run_b: Run) -> Alignment:
    """Pair the disputes of two runs by replication and number, and find where each pair parts.

    Both runs need the same scenario, seed, days and replications, and their event logs; the policies may
    differ. Only disputes that count are paired. Raises ValueError where the worlds are not the same or events
    were not kept.
    """
    for name in ("scenario", "seed", "days", "replications"):
        if getattr(run_a, name) != getattr(run_b, name):
            found = "" if name == "scenario" else f": {getattr(run_a, name)} and {getattr(run_b, name)}"
            raise ValueError(
                gettext("runs to align need the same {name}{found}").format(name=name, found=found)
            )
    for run in (run_a, run_b):
        if len(run) and not len(run.events["case"]):
            raise ValueError(gettext("runs to align need their event logs: simulate with events=True"))
    run_a, run_b = counted(run_a), counted(run_b)
    keys_a, keys_b = keys(run_a.disputes, "dispute"), keys(run_b.disputes, "dispute")
    both, row_a, row_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    return Alignment(
        run_a,
        run_b,
        row_a,
        row_b,
        np.flatnonzero(~np.isin(keys_a, both)),
        np.flatnonzero(~np.isin(keys_b, both)),
        diverge(run_a, run_b, row_a, row_b),
        settings(run_a.policy, run_b.policy),
    )
