"""Rates that gaps, spreads, grids and worst groups are made of: who is counted, among whom."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from analysis.cells import Cells, Floats, Mask
from analysis.fairness.study import Groups, Study
from sim.lifecycle.codes import DEFAULTED

ADEQUATE = 0.5
"""A remedy of at least this share of what was deserved is adequate."""


class Rate(NamedTuple):
    """The share of some disputes among others; `short` is the name that results carry."""

    short: str
    title: str
    of: Callable[[Cells], Mask]
    among: Callable[[Cells], Mask]


RATES: dict[str, Rate] = {
    "wrongful_denial": Rate(
        "fnr", "Valid claims refused", lambda c: ~c.upheld, lambda c: c.decided & c.valid
    ),
    "wrongful_charge": Rate(
        "fpr", "Groundless claims granted", lambda c: c.upheld, lambda c: c.decided & ~c.valid
    ),
    "true_grant": Rate("tpr", "Valid claims granted", lambda c: c.upheld, lambda c: c.decided & c.valid),
    "true_refusal": Rate(
        "tnr", "Groundless claims refused", lambda c: ~c.upheld, lambda c: c.decided & ~c.valid
    ),
    "buyer_win": Rate("win", "Decisions for the buyer", lambda c: c.upheld, lambda c: c.decided),
    "base_rate": Rate("base_rate", "Valid among decided", lambda c: c.valid, lambda c: c.decided),
    "predictive_value": Rate(
        "ppv", "Granted claims that are valid", lambda c: c.valid, lambda c: c.decided & c.upheld
    ),
    "default": Rate("default", "Decided by silence", lambda c: c.ended(DEFAULTED), lambda c: c.decided),
    "wrongful_default": Rate(
        "wrongful_default", "Decided by silence, against the truth",
        lambda c: c.ended(DEFAULTED) & (c.upheld != c.valid), lambda c: c.decided,
    ),
    "effective_denial": Rate(
        "efn", "Valid grievances without adequate remedy",
        lambda c: c["share"] < ADEQUATE * c["deserved"], lambda c: c.closed & c.valid,
    ),
    "nuisance_filing": Rate(
        "nuisance", "Groundless disputes that were filed", lambda c: c.filed, lambda c: c.closed & ~c.valid
    ),
    "valid_filing": Rate(
        "filing", "Valid disputes that were filed", lambda c: c.filed, lambda c: c.closed & c.valid
    ),
}  # fmt: skip
"""All rates by name."""


def rate_of(name: str) -> Rate:
    """The rate of this name. Raises ValueError with a hint."""
    if name not in RATES:
        near = get_close_matches(name, RATES, 1)
        raise ValueError(
            f"no rate {name!r}"
            + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(RATES)}")
        )
    return RATES[name]


def counts(study: Study, rate: Rate, groups: Groups) -> tuple[Floats, Floats]:
    """Numerators and denominators of a rate in every cluster and group."""
    among = rate.among(study.cells)
    return study.split(groups, rate.of(study.cells) & among), study.split(groups, among)
