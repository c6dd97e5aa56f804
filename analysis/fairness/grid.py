"""The grid: a rate in every pairing of buyer and merchant group, and what the pairing itself adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.fairness.resample import ClusterEstimate, Intervals
from evenhand.analysis.fairness.spread import dyadic_interaction
from evenhand.analysis.fairness.study import Study, counts, suffixed
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.rates import rate_of
from evenhand.sim.runs.records import Run


@dataclass(frozen=True, eq=False)
class Grid:
    """A rate by buyer group (rows) and merchant group (columns).

    All arrays have shape (buyer groups, merchant groups); NaN where undefined. Half-widths are half
    the 95 % intervals of `resample.infer`, NaN without one. `interaction` is G11, with its half-width.
    """

    rate: str
    title: str
    buyer_groups: tuple[str, ...]
    merchant_groups: tuple[str, ...]
    value: Floats
    n: NDArray[np.int64]
    clusters: NDArray[np.int64]
    half_width: Floats
    interaction: Floats
    interaction_half_width: Floats
    intervals: str
    """What was resampled: "merchants" or "replications"."""


def grid(
    run: Run, measure: str = "wrongful_denial", *, draws: int = 1000, intervals: Intervals = "auto"
) -> Grid:
    """A rate of `RATES` in every pairing of groups. Raises ValueError for another name."""
    study = Study(run, draws=draws, intervals=intervals)
    chosen, groups = rate_of(measure), study.groups("pair")
    cells = study.ratios(suffixed("", groups), *counts(study, chosen, groups), unit="share")
    shape = (len(run.labels("buyer_group")), len(run.labels("merchant_group")))
    found = list(cells.values())
    extra = list(dyadic_interaction(study, rate=measure).values())

    def table(values: list[float]) -> Floats:
        return np.array(values, np.float64).reshape(shape)

    def whole(values: list[int]) -> NDArray[np.int64]:
        return np.array(values, np.int64).reshape(shape)

    def half(ones: list[ClusterEstimate]) -> Floats:
        return table([one.half_width for one in ones])

    return Grid(
        measure,
        chosen.title,
        run.labels("buyer_group"),
        run.labels("merchant_group"),
        value=table([one.value for one in found]),
        n=whole([one.n for one in found]),
        clusters=whole([one.clusters for one in found]),
        half_width=half(found),
        interaction=table([one.value for one in extra]),
        interaction_half_width=half(extra),
        intervals=found[0].intervals,
    )
