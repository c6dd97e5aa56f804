"""Rates: the share of some disputes among others, defined once for metrics, fairness measures and reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Mask, Ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.renamed import look_up
from evenhand.sim.lifecycle.codes import DEFAULTED
from evenhand.sim.scenario.vocabulary import REPAIR, REPLACEMENT

ADEQUATE = 0.5
"""A refund of at least this share of what was deserved is adequate; so are goods that are whole."""


class Rate(NamedTuple):
    """The share of some disputes among others; `short` is the name that results carry."""

    short: str
    title: str
    of: Callable[[Cells], Mask]
    among: Callable[[Cells], Mask]

    def share(self, cells: Cells) -> Ratio:
        """The rate in every cell, as a ratio of sums."""
        return cells.share(self.of(cells), self.among(cells))


def _granted(cells: Cells) -> Mask:
    return cells.upheld


def _refused(cells: Cells) -> Mask:
    return ~cells.upheld


def _decided(cells: Cells) -> Mask:
    return cells.decided


def _decided_valid(cells: Cells) -> Mask:
    return cells.decided & cells.valid


def _decided_groundless(cells: Cells) -> Mask:
    return cells.decided & ~cells.valid


def _without_remedy(cells: Cells) -> Mask:
    in_kind = (cells["remedy"] == REPLACEMENT) | (cells["remedy"] == REPAIR)
    return np.asarray((cells["share"] < ADEQUATE * cells["deserved"]) & ~in_kind)


RATES: dict[str, Rate] = {
    "wrongful_denial": Rate("fnr", "Valid claims refused", _refused, _decided_valid),
    "wrongful_grant": Rate("fpr", "Groundless claims granted", _granted, _decided_groundless),
    "true_grant": Rate("tpr", "Valid claims granted", _granted, _decided_valid),
    "true_refusal": Rate("tnr", "Groundless claims refused", _refused, _decided_groundless),
    "buyer_win": Rate("win", "Decisions for the buyer", _granted, _decided),
    "base_rate": Rate("base_rate", "Valid among decided", lambda c: c.valid, _decided),
    "predictive_value": Rate(
        "ppv", "Granted claims that are valid", lambda c: c.valid, lambda c: c.decided & c.upheld
    ),
    "default": Rate("default", "Decided by silence", lambda c: c.ended(DEFAULTED), _decided),
    "wrongful_default": Rate(
        "wrongful_default",
        "Decided by silence, against the truth",
        lambda c: c.ended(DEFAULTED) & (c.upheld != c.valid),
        _decided,
    ),
    "effective_denial": Rate(
        "efn", "Valid grievances without adequate remedy", _without_remedy, lambda c: c.closed & c.valid
    ),
    "nuisance_filing": Rate(
        "nuisance", "Groundless disputes that were filed", lambda c: c.filed, lambda c: c.closed & ~c.valid
    ),
    "valid_filing": Rate(
        "filing", "Valid disputes that were filed", lambda c: c.filed, lambda c: c.closed & c.valid
    ),
}
"""All rates by name."""


def rate_of(name: str) -> Rate:
    """The rate of this name, old names too. Raises ValueError with a hint."""
    return look_up(RATES, name, "rate")
