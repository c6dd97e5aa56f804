"""Chouldechova's identity: unequal base rates, equal predictive value and equal errors exclude each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.fairness.study import Study, counts, quotient
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.rates import RATES
from evenhand.sim.runs.records import Run


class Identity(NamedTuple):
    """Rates of one group and how far the identity is off, NaN where a rate is not defined."""

    n: int
    """Decided disputes."""
    base_rate: float
    """P(Y = 1)."""
    ppv: float
    """P(Y = 1 | D = 1)."""
    fnr: float
    """P(D = 0 | Y = 1)."""
    fpr: float
    """P(D = 1 | Y = 0)."""
    implied_fpr: float
    """What base rate, predictive value and FNR make the FPR be."""
    residual: float
    """FPR less the implied one: 0 but for rounding."""


def implied_fpr(base_rate: Floats, ppv: Floats, fnr: Floats) -> Floats:
    """The false positive rate that the other three force.

    Formula: FPR = p / (1 - p) (1 - PPV) / PPV (1 - FNR). Source: Chouldechova (2017). NaN for p = 1 or
    PPV = 0. With two values of p and the same PPV and FNR it takes two values: that is the impossibility.
    """
    return quotient(base_rate, 1.0 - base_rate) * quotient(1.0 - ppv, ppv) * (1.0 - fnr)


def impossibility(run: Run, group: str | None = "merchant_group") -> dict[str, Identity]:
    """The four rates of every group and the identity that ties them, over decided disputes.

    `group` is a column that disputes can be grouped by, None for everybody. All replications together.
    """
    study = Study(run)
    groups = study.groups(group)
    names = ("base_rate", "predictive_value", "wrongful_denial", "wrongful_grant")
    sums = {name: [part.sum(axis=0) for part in counts(study, RATES[name], groups)] for name in names}
    base, ppv, fnr, fpr = (quotient(*sums[name]) for name in names)
    implied = implied_fpr(base, ppv, fnr)
    n = np.rint(sums["base_rate"][1]).astype(np.int64)
    columns = zip(groups.labels, n, base, ppv, fnr, fpr, implied, fpr - implied, strict=True)
    return {label: Identity(int(count), *map(float, rest)) for label, count, *rest in columns}
