"""The catalogue of fairness measures, by name, and the table of it for the documentation."""

from __future__ import annotations

from typing import Any

from evenhand.analysis.fairness import (
    access,
    errors,
    inequality,
    losses,
    people,
    procedure,
    scores,
    spread,
    waiting,
)
from evenhand.analysis.fairness.measure import Measure
from evenhand.analysis.fairness.resample import ClusterEstimate, Intervals
from evenhand.analysis.fairness.study import Study
from evenhand.analysis.metrics.frames import Estimates
from evenhand.analysis.metrics.renamed import look_up
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run

FAIRNESS: dict[str, Measure] = {
    one.name: one
    for one in (
        errors.wrongful_denial,
        errors.wrongful_denial_gap,
        errors.wrongful_grant,
        errors.wrongful_grant_gap,
        errors.side_balance,
        errors.equalized_odds,
        errors.equal_opportunity,
        errors.demographic_parity,
        errors.conditional_parity,
        errors.predictive_parity,
        scores.calibration_error,
        scores.calibration_line,
        spread.intersectional,
        spread.dyadic_interaction,
        scores.repeat_player,
        spread.spread,
        spread.worst_group,
        scores.consistency,
        procedure.voice,
        procedure.right_of_reply,
        waiting.timeliness,
        procedure.defaults,
        procedure.window_equality,
        procedure.burden,
        procedure.correctability,
        waiting.queue_justice,
        procedure.rule_instability,
        losses.refund_error,
        losses.wrongful_loss,
        inequality.loss_gini,
        inequality.loss_theil,
        inequality.benefit_entropy,
        inequality.loss_concentration,
        losses.regressivity,
        losses.maximin,
        access.giving_up,
        access.effective_denial,
        access.effective_denial_gap,
        access.remedy_stages,
        access.filing_threshold,
        access.filing_rates,
        access.settlement_ratio,
        people.trust_loss,
        people.exits,
        people.gaming_drift,
        people.deterrence,
        people.survivor_bias,
    )
}
"""All measures of one run by name, in the order of the catalogue."""


def find(name: str) -> Measure:
    """The measure of this name, old names too. Raises ValueError with a hint."""
    return look_up(FAIRNESS, name, "measure")


def measure(
    run: Run, name: str, *, draws: int = 1000, intervals: Intervals = "auto", **options: Any
) -> Estimates[ClusterEstimate]:
    """One measure of a run: its estimates by names that say group and direction.

    `draws` are the resamples of merchants and `intervals` the units, see `resample.infer`; `options`
    are those of the measure, e.g. `by="buyer_group"`, `reference="new"`, `side="merchant"`. Raises
    ValueError for a name, an option or a group that there is not.
    """
    if draws < 2:
        raise ValueError(gettext("draws must be 2 or more, found {draws}").format(draws=draws))
    return Estimates(find(name)(Study(run, draws=draws, intervals=intervals), **options))


def markdown() -> str:
    """The table of `docs/measures.md`: identity, name, first sentence, population, unit, options."""
    lines = [
        "| id | name | what it says | who is counted | unit | options |",
        "|---|---|---|---|---|---|",
    ]
    for one in FAIRNESS.values():
        options = ", ".join(f"`{option}`" for option in one.options) or "none"
        lines.append(
            f"| {one.id} | `{one.name}` | {one.sentence} | {one.population} | {one.unit} | {options} |"
        )
    return "\n".join(lines) + "\n"
