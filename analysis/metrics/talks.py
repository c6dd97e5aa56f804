"""Talks about remedies by how bad the harm is: what was asked, offered and agreed, in shares of the price."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Mask, Tally
from evenhand.analysis.metrics.chunks import AnyRun, tallied
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.groupby import Cells
from evenhand.sim.lifecycle.codes import SETTLED
from evenhand.sim.scenario.vocabulary import FITS_FULL, FITS_HALF

HARMS = ("full", "half", "small", "none")
"""What a buyer deserved, by how bad the harm is in truth: all, a part, little, nothing."""


class Steps(NamedTuple):
    """The harm, what was asked and offered last, and what was agreed: means as shares of the price."""

    harm: Estimate
    asked: Estimate
    offered: Estimate
    agreed: Estimate
    """Of those who settled."""


def harm_of(adequate: NDArray[np.int64], valid: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Position in `HARMS` of what each buyer deserved, from the remedies that fit."""
    of_valid = np.select([adequate == FITS_FULL, adequate == FITS_HALF], [0, 1], 2)
    return np.asarray(np.where(valid, of_valid, 3), np.int64)


def talked_about(run: AnyRun) -> dict[str, Steps]:
    """Asked, offered and agreed of each kind of harm.

    Counts disputes in which an offer was made; the offer is the last one, at what it is worth to the buyer.
    NaN with n = 0 where talks are not about remedies, or nothing was offered.
    """
    functions = [_mean(harm, step) for harm in range(len(HARMS)) for step in Steps._fields]
    found = [estimate(*one, "share of amount", one.n) for one in tallied(run, functions)]
    each = len(Steps._fields)
    return {name: Steps(*found[each * k : each * (k + 1)]) for k, name in enumerate(HARMS)}


def _mean(harm: int, step: str) -> Callable[[Cells], Tally]:
    """The mean of one step over the disputes with a harm of one kind."""

    def function(cells: Cells) -> Tally:
        column = {"asked": "offer_ask", "offered": "offer_worth", "agreed": "buyer_value"}.get(step)
        share = cells[column] / cells["amount"] if column else np.asarray(cells["severity"])
        return cells.mean(share, _counted(cells, harm, step))

    return function


def _counted(cells: Cells, harm: int, step: str) -> Mask:
    offered = ~np.isnan(cells["offer_ask"])
    which = offered & (harm_of(cells["adequate"], cells.valid) == harm)
    return np.asarray(which & cells.ended(SETTLED) if step == "agreed" else which)
