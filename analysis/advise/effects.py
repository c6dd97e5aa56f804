"""What advice does to those who follow it: paired differences of the same disputes with and without it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.advise.checklist import Side
from evenhand.analysis.counterfactual.resimulation import Mask
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.losses import buyer_loss, merchant_loss
from evenhand.analysis.metrics.remedies import fits
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import gather

OUTCOMES = ("adequate", "money", "days", "filed")
"""The remedy fits the harm; what the side keeps, as money; days to the end; filed with the platform."""
UNITS = {"adequate": "share", "money": "currency", "days": "days", "filed": "share"}
BETTER = {"adequate": 1, "money": 1, "days": -1, "filed": 0}
"""1 where more is better for the side, -1 where less is."""


class Lived(NamedTuple):
    """How the candidates of a world ended in one life; arrays by candidate, NaN where there is nothing."""

    exists: Mask
    """Became a dispute that counts."""
    valid: Mask
    adequate: Floats
    money: Floats
    """What the side gained, below 0 what it lost; 0 without a dispute."""
    days: Floats
    """From the first word to the end; until the run's end where it is open."""
    filed: Floats
    """0 without a dispute."""
    won: Floats
    """Share of the amount that was refunded."""
    ending: Floats


def lived(experiment: Experiment, part: Part, side: Side, candidates: int) -> Lived:
    """The outcomes of one life of a world with so many candidates."""
    cells = Cells(gather(experiment, [part]))
    at = np.asarray(cells["dispute"], np.int64)
    ends = np.where(np.isnan(cells["closed_at"]), experiment.horizon, cells["closed_at"])
    loss = buyer_loss(cells) if side == "buyer" else merchant_loss(cells)

    def spread(values: Floats, absent: float) -> Floats:
        found = np.full(candidates, absent)
        found[at] = values
        return found

    return Lived(
        spread(np.ones(len(at)), 0.0) > 0,
        spread(np.asarray(cells["valid"], np.float64), 0.0) > 0,
        spread(np.where(cells.closed, fits(cells).astype(float), np.nan), np.nan),
        spread(-loss, 0.0),
        spread((ends - cells["opened_at"]) / 24.0, np.nan),
        spread(cells.filed.astype(float), 0.0),
        spread(cells["refund"] / cells["amount"], 0.0),
        spread(np.asarray(cells["ending"], np.float64), -1.0),
    )


class Means(NamedTuple):
    """Mean differences of one world: a value and a count for each outcome."""

    value: Floats
    n: np.ndarray[tuple[int], np.dtype[np.int64]]


def differences(before: Lived, after: Lived, among: Mask) -> Means:
    """After less before, among some candidates that are a dispute in either life; NaN without any.

    Remedy and days are compared where the dispute is in both lives, and for remedies has ended in both.
    """
    either = among & (before.exists | after.exists)
    value, n = [], []
    for name in OUTCOMES:
        apart = getattr(after, name) - getattr(before, name)
        known = either & ~np.isnan(apart)
        count = int(known.sum())
        n.append(count)
        value.append(float(apart[known].mean()) if count else float("nan"))
    return Means(np.array(value), np.array(n, np.int64))
