"""Outcomes: every metric of a run by name, with its interval over replications and its count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from evenhand.analysis.metrics import costs, endings, evidence
from evenhand.analysis.metrics import decisions as rulings
from evenhand.analysis.metrics.chunks import AnyRun, numbers_of, tallied
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.frames import Estimates
from evenhand.analysis.metrics.metric import EVERY_GROUP, Metric
from evenhand.analysis.metrics.renamed import look_up

METRICS: dict[str, Metric] = {
    one.name: one
    for one in (
        endings.disputes, endings.disputes_per_thousand_orders, endings.settled_share,
        endings.abandoned_share, endings.lapsed_share, endings.withdrawn_share, endings.filed_share,
        endings.inadmissible_share, endings.default_share, endings.ruled_share, endings.open_share,
        rulings.buyer_win_share, rulings.wrongful_denial_rate, rulings.wrongful_grant_rate,
        rulings.wrongful_default_share, rulings.effective_denial_rate, rulings.review_share,
        rulings.reversal_share, rulings.refund_bias, rulings.refund_absolute_error,
        evidence.forgery_found_share, evidence.forgery_missed_share, evidence.false_alarm_share,
        evidence.platform_evidence_share, evidence.readings_agree_share,
        costs.median_hours_to_close, costs.p90_hours_to_close, costs.median_hours_after_filing,
        costs.staff_hours_per_filing, costs.desk_utilisation, costs.backlog_peak,
        costs.platform_cost_per_dispute,
    )
}  # fmt: skip
"""All metrics by name, in the order in which a reader wants them."""


def find_metric(name: str | Metric) -> Metric:
    """The metric of this name, old names too; one that is a metric already stays. Raises ValueError."""
    return name if isinstance(name, Metric) else look_up(METRICS, name, "metric")


def outcomes(run: AnyRun, names: Iterable[str | Metric] | None = None) -> Estimates[Estimate]:
    """Metrics of a whole run: the value over all replications, a 95 % interval, and the cases counted.

    Rates and means are pooled ratios of sums, all else means over replications; see `metrics.estimate`.

    `names` are names or metrics of one's own, by default all of `METRICS`. Raises ValueError for a name
    that is none.
    """
    return _estimates(run, None, _chosen(names, None))[0]


def outcomes_by(
    run: AnyRun, column: str, names: Iterable[str | Metric] | None = None
) -> dict[str, Estimates[Estimate]]:
    """Metrics of each group: label of the group -> name -> estimate.

    `column` is one of "buyer_group", "merchant_group", "cause" (the truth) and "claimed" (what the
    buyer says). Labels without a dispute are there too, their rates NaN with n = 0. `names` defaults
    to all metrics that can be split by the column. Raises ValueError for others.
    """
    if column not in EVERY_GROUP:
        raise ValueError(f"column must be one of {', '.join(EVERY_GROUP)}, found {column!r}")
    return dict(zip(run.labels(column), _estimates(run, column, _chosen(names, column)), strict=True))


def _chosen(names: Iterable[str | Metric] | None, column: str | None) -> list[Metric]:
    """The metrics of these names; they must be splittable by the column, if there is one."""
    if names is None:
        return [one for one in METRICS.values() if column is None or column in one.by]
    found = []
    for name in names:
        one = find_metric(name)
        if column is not None and column not in one.by:
            raise ValueError(f"{one.name} cannot be split by {column}")
        found.append(one)
    return found


def _estimates(run: AnyRun, column: str | None, metrics: list[Metric]) -> list[Estimates[Estimate]]:
    """The estimates of every group."""
    labels = run.labels(column) if column else ("",)
    groups: list[Estimates[Estimate]] = [Estimates() for _ in labels]
    shape = (len(groups), len(numbers_of(run)))
    found = tallied(run, [one.function for one in metrics], column)
    for one, (value, n) in zip(metrics, found, strict=True):
        unit = run.scenario.currency if one.unit == "currency" else one.unit
        for group, values, counts in zip(groups, value.reshape(shape), n.reshape(shape), strict=True):
            group[one.name] = estimate(values, counts, unit, one.weights(counts))
    return groups


def manifest_metrics(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, Any]]:
    """Estimates as they stand in a manifest: plain numbers, null where undefined."""
    return {
        name: {
            "value": _number(one.value),
            "ci": None if one.ci is None else [_number(end) for end in one.ci],
            "n": one.n,
            "unit": one.unit,
        }
        for name, one in estimates.items()
    }


def _number(value: float) -> float | None:
    """A number that JSON has, or null."""
    return value if isfinite(value) else None
