"""Outcomes: every metric of a run by name, with its interval over replications and its count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evenhand.analysis.metrics import (
    adjudicators,
    after_filing,
    buyers,
    claims,
    costs,
    endings,
    evidence,
    losses,
    merchants,
    remedies,
    windows,
)
from evenhand.analysis.metrics import decisions as rulings
from evenhand.analysis.metrics.chunks import AnyRun, numbers_of, pieces, tallied
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.frames import Estimates
from evenhand.analysis.metrics.grouping import By, Grouping, Placing, grouping_of
from evenhand.analysis.metrics.metric import COLUMNS, EVERY_GROUP, Metric
from evenhand.analysis.metrics.renamed import look_up
from evenhand.analysis.metrics.written import finite
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext
from evenhand.own_code import BadCode
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.suggest import did_you_mean

METRICS: dict[str, Metric] = {
    one.name: one
    for one in (
        endings.disputes,
        endings.disputes_per_thousand_orders,
        endings.settled_share,
        endings.abandoned_share,
        endings.lapsed_share,
        endings.withdrawn_share,
        endings.filed_share,
        endings.inadmissible_share,
        endings.default_share,
        endings.ruled_share,
        endings.open_share,
        windows.buyer_missed_share,
        windows.merchant_missed_share,
        rulings.buyer_win_share,
        rulings.wrongful_denial_rate,
        rulings.wrongful_grant_rate,
        rulings.wrongful_default_share,
        rulings.effective_denial_rate,
        rulings.review_share,
        rulings.reversal_share,
        rulings.refund_bias,
        rulings.refund_absolute_error,
        remedies.remedy_adequacy,
        remedies.remedy_adequacy_full,
        remedies.remedy_adequacy_half,
        remedies.remedy_adequacy_small,
        remedies.remedy_adequacy_none,
        remedies.settled_return_share,
        remedies.settled_refund_share,
        remedies.settled_partial_share,
        remedies.settled_goods_share,
        remedies.settlers_benefit,
        remedies.round_tens_share,
        remedies.round_fifties_share,
        remedies.round_hundreds_share,
        remedies.commonest_part_share,
        evidence.forgery_found_share,
        evidence.forgery_missed_share,
        evidence.false_alarm_share,
        evidence.platform_evidence_share,
        evidence.readings_agree_share,
        costs.median_hours_to_close,
        costs.p90_hours_to_close,
        costs.median_hours_after_filing,
        costs.staff_hours_per_filing,
        costs.desk_utilisation,
        costs.backlog_peak,
        costs.platform_cost_per_dispute,
        after_filing.settled_after_filing_share,
        after_filing.performed_share,
        after_filing.withdrawn_after_filing_share,
        after_filing.sent_back_share,
        after_filing.cured_share,
        after_filing.valid_not_admitted_share,
        after_filing.review_share_wronged,
        after_filing.review_share_rightly_refused,
        after_filing.compliance_share,
        adjudicators.model_share,
        adjudicators.person_share,
        adjudicators.audit_share,
        adjudicators.audit_reversal_share,
        adjudicators.wrong_by_model,
        adjudicators.wrong_by_person,
        adjudicators.left_queue_share,
        adjudicators.overdue_share,
        adjudicators.monitored_share,
        adjudicators.payroll_per_dispute,
        adjudicators.cost_per_model_ruling,
        adjudicators.cost_per_person_ruling,
        claims.valid_claims_per_thousand_orders,
        claims.remorse_claims_per_thousand_orders,
        claims.abusive_claims_per_thousand_orders,
        claims.opportunistic_claims_per_thousand_orders,
        claims.malicious_claims_per_thousand_orders,
        claims.voice_share,
        claims.abuse_concentration,
        claims.gated_share,
        claims.beyond_means_share,
        claims.represented_share,
        buyers.buyer_exits_per_month,
        buyers.buyers_let_down_per_month,
        buyers.buyer_returns_per_month,
        merchants.problem_rate,
        merchants.care,
        merchants.contest_share,
        merchants.marks_per_problem,
        merchants.rating_lost_per_hundred_problems,
        merchants.merchant_cost_per_order,
        merchants.suspensions_per_month,
        merchants.exits_per_month,
        merchants.entries_per_month,
        losses.buyer_loss_per_dispute,
        losses.merchant_loss_per_dispute,
        losses.social_cost_per_order,
    )
}
"""All metrics by name, in the order in which a reader wants them."""


def find_metric(name: str | Metric) -> Metric:
    """The metric of this name, old names too; one that is a metric already stays. Raises ValueError."""
    if isinstance(name, Metric):
        return name
    if not isinstance(name, str):
        hint = gettext("; put @metric(...) on it") if callable(name) else ""
        raise ValueError(  # noqa: TRY004 (as for all arguments)
            gettext("metric: must be a name or a Metric, found {name!r:.80}{hint}").format(
                name=name, hint=hint
            )
        )
    return look_up(METRICS, name, "metric")


def own_of(metrics: Iterable[Metric]) -> list[Metric]:
    """Those of some metrics that are not shipped."""
    return [one for one in metrics if METRICS.get(one.name) is not one]


def known_metrics(own: Mapping[str, Metric]) -> dict[str, Metric]:
    """All of `METRICS` and some of one's own. Raises BadCode for a name that a shipped metric has."""
    for name in own:
        if name in METRICS:
            raise BadCode(
                gettext("{name}: is a shipped metric already; give yours another name").format(name=name)
            )
    return {**METRICS, **own}


def outcomes(
    run: AnyRun, names: Iterable[str | Metric] | None = None, *, tell: Tell = silent
) -> Estimates[Estimate]:
    """Metrics of a whole run: the value over all replications, a 95 % interval, and the cases counted.

    Rates and means are pooled ratios of sums, all else means over replications; see `metrics.estimate`.

    `names` are names or metrics of one's own, by default all of `METRICS`. `tell` is told how many
    replications have been counted. Raises ValueError for a name that is none.
    """
    return _estimates(run, None, _chosen(names, None, _subset(run)), tell)[0]


def outcomes_by(
    run: AnyRun, column: By | Placing, names: Iterable[str | Metric] | None = None
) -> dict[str, Estimates[Estimate]]:
    """Metrics of each group: label of the group -> name -> estimate.

    `column` is one of "buyer_group", "merchant_group", "cause" (the truth), "claimed" (what the buyer
    says), "category" of the goods, and the other columns with words: "goods", "fault", "ending", "reason",
    "decider", "silence", "remedy", "style", and "amount_band"; or a function of a run that gives the names of
    groups and the number of each dispute's (`metrics.grouping`).
    Labels without a dispute are there too, their rates NaN with n = 0. `names` defaults to all metrics
    that can be split by the column. Raises ValueError for others.
    """
    by = grouped_by(run, column)
    chosen = _chosen(names, by, _subset(run))
    return dict(zip(_labels(run, by), _estimates(run, by, chosen), strict=True))


def grouped_by(run: AnyRun, column: By | Placing) -> By:
    """A column, or the grouping that a function makes of a run. Raises ValueError for what is neither."""
    if callable(column):
        return Grouping.of(column, next(iter(pieces(run))))
    if not isinstance(column, Grouping) and column not in COLUMNS:
        hint = did_you_mean(str(column), COLUMNS)
        raise ValueError(
            gettext("column must be one of {columns}, found {column!r}{hint}").format(
                columns=", ".join(COLUMNS), column=column, hint=hint
            )
        )
    return column


def _labels(run: AnyRun, column: By | None) -> tuple[str, ...]:
    """Names of the groups of a column; one without a name where there is none."""
    grouping = grouping_of(column)
    if grouping is not None:
        return grouping.labels
    return run.labels(str(column)) if column else ("",)


def _subset(run: AnyRun) -> str | None:
    """Which disputes are left of a run, in words; None where all are there."""
    return run.subset if isinstance(run, Run) else None


def _chosen(names: Iterable[str | Metric] | None, column: By | None, subset: str | None) -> list[Metric]:
    """The metrics of these names; they must be splittable by the column, if there is one.

    Of a run without some of its disputes, only those that count single disputes; others are refused.
    """
    if names is None:
        return [
            one
            for one in METRICS.values()
            if (column is None or one.splits(column)) and (subset is None or one.counts_disputes)
        ]
    if isinstance(names, (str, Metric)):
        said = gettext("must be a list of metrics, found {names!r:.80}; write [...] around it")
        raise ValueError("names: " + said.format(names=names))  # noqa: TRY004 (as for all arguments)
    found = []
    for name in names:
        one = find_metric(name)
        if subset is not None and not one.counts_disputes:
            raise ValueError(
                gettext(
                    "{name} is of the whole run, and not of its disputes where {subset}; ask it of the "
                    "run itself"
                ).format(name=one.name, subset=subset)
            )
        if column is not None and not one.splits(column):
            by = column if isinstance(column, str) else column.name
            raise ValueError(gettext("{name} cannot be split by {column}").format(name=one.name, column=by))
        found.append(one)
    return found


def _estimates(
    run: AnyRun, column: By | None, metrics: list[Metric], tell: Tell = silent
) -> list[Estimates[Estimate]]:
    """The estimates of every group."""
    labels = _labels(run, column)
    groups: list[Estimates[Estimate]] = [Estimates() for _ in labels]
    shape = (len(groups), len(numbers_of(run)))
    found = tallied(run, [one.function for one in metrics], column, tell)
    for one, (value, n) in zip(metrics, found, strict=True):
        unit = run.scenario.currency if one.unit == "currency" else one.unit
        for group, values, counts in zip(groups, value.reshape(shape), n.reshape(shape), strict=True):
            group[one.name] = estimate(values, counts, unit, one.weights(counts))
    return groups


def markdown() -> str:
    """The table of `docs/metrics.md`: name, first sentence, unit, columns that split it, better side."""
    lines = ["| name | what it says | unit | by | better |", "|---|---|---|---|---|"]
    for one in METRICS.values():
        by = "every column" if set(EVERY_GROUP) <= set(one.by) else ", ".join(f"`{c}`" for c in one.by)
        better = {"neutral": ""}.get(one.direction, one.direction)
        lines.append(f"| `{one.name}` | {one.sentence} | {one.unit} | {by or 'nothing'} | {better} |")
    return "\n".join(lines) + "\n"


def manifest_metrics(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, Any]]:
    """Estimates as they stand in a manifest: plain numbers, null where undefined."""
    return {
        name: {
            "value": finite(one.value),
            "ci": None if one.ci is None else [finite(end) for end in one.ci],
            "n": one.n,
            "unit": one.unit,
        }
        for name, one in estimates.items()
    }
