"""A policy flattened to what stages read: one row of numbers for each version of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.structs import dtype_of, table
from evenhand.sim.policy.adjudication import Decision, Panel
from evenhand.sim.policy.evidence import CaseEvidence, Detector, Detectors, PictureDetector
from evenhand.sim.policy.policy import Policy, Reform, Step
from evenhand.sim.policy.procedure import Answer, Windows
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.settings import UNLIMITED, by_path, logit, settings_of
from evenhand.sim.scenario.units import Window
from evenhand.sim.scenario.vocabulary import CAUSES, EVIDENCE_KINDS

WINDOWS = (*Windows.model_fields, "voting", "reveal")
"""All windows: those of `Policy.windows`, and the two of a panel."""
(
    FILE_WINDOW,
    NEGOTIATE_WINDOW,
    MERCHANT_REPLY_WINDOW,
    ESCALATE_WINDOW,
    MERCHANT_EVIDENCE_WINDOW,
    BUYER_EVIDENCE_WINDOW,
    MEDIATE_WINDOW,
    SHIP_WINDOW,
    CONFIRM_WINDOW,
    REVIEW_WINDOW,
    CONSENT_WINDOW,
    OFFERS_WINDOW,
    ACCEPT_WINDOW,
    MATCH_WINDOW,
    CURE_WINDOW,
    VOTING_WINDOW,
    REVEAL_WINDOW,
) = range(len(WINDOWS))
N_WINDOWS = len(WINDOWS)

NOBODY, BUYER, MERCHANT = 0, 1, 2
"""The sides of a dispute, as numbers in the records."""


def _choices(model: Any, setting: str) -> tuple[str, ...]:
    """What a setting of a model can be, in the order of the numbers that stand for it in a row."""
    (found,) = (one.choices for one in settings_of(model) if one.path == (setting,))
    return found


SILENCES = _choices(Answer, "silence")
DISCIPLINES = _choices(Decision, "discipline")
FALLBACKS = _choices(Panel, "fallback")
BUYER_WINS, ADVERSE_INFERENCE, DECIDE_ON_FILE, CLOSE = range(len(SILENCES))
FIFO, LARGEST, SMALLEST, OLDEST, SHORTEST = range(len(DISCIPLINES))
TO_DESK, FOR_BUYER, FOR_MERCHANT = range(len(FALLBACKS))


class Rules(NamedTuple):
    """A policy as numbers, for one kind of case and one decision.

    All but the first three are settings of a policy, by path (see `scenario.settings`): a stage that needs
    one more adds its name here.
    """

    starts: float
    """Hour at which the version comes into force."""
    retroactive: bool
    """Whether it also holds for disputes filed before."""
    seats: int
    """Of a panel that takes this decision."""
    negotiation_required: bool
    negotiation_rounds: int
    negotiation_silence_refund: bool
    escalation_automatic: bool
    screening_heard: bool
    screening_mode_desk: bool
    screening_loser_pays: bool
    not_admitted_cure: bool
    minimum_evidence: int
    request_cap: int
    request_period: float
    abuse_limit: int
    record_window: float
    filing_fee: float
    filing_credit: float
    merchant_fee: float
    merchant_credit: float
    represented_enabled: bool
    represented_fee: float
    represented_credit: float
    represented_free: int
    represented_period: float
    counts_from_payment: bool
    screening_earliest: float
    consent_of_merchant: bool
    consent_of_buyer: bool
    answer_silence: int
    answer_inference: float
    answer_extension: float
    answer_required: int
    answer_fee: float
    answer_supplement: bool
    answer_rebuttal: bool
    answer_requested: int
    answer_non_cooperation: float
    packaging_causes: int
    packaging_inference: float
    extension_share: float
    mediation_rounds: int
    mediation_push: float
    mediation_give_up: float
    offers_enabled: bool
    officer_needs_either: bool
    decision_decider_panel: bool
    decision_decider_model: bool
    decision_discipline: int
    hearings_number: int
    hearings_gap: float
    hearings_order_case: bool
    decision_priority: int
    decision_deadline: float
    decision_overdue_buyer_wins: bool
    decision_noise_factor: float
    decision_model_sure_from: float
    decision_model_audit_share: float
    decision_model_requests: bool
    decision_model_request_hours: float
    decision_standard: float
    decision_band: float
    decision_partial_share: float
    remedy_proportional: bool
    decision_reasons: int
    decision_binding: bool
    thin_inference: float
    history_buyer: float
    history_merchant: float
    automatic_enabled: bool
    automatic_max_amount: float
    automatic_margin: float
    automatic_max_buyer_strikes: int
    automatic_causes: int
    automatic_ex_parte: bool
    panel_majority: float
    panel_quorum: int
    panel_early_stop: bool
    panel_fallback: int
    panel_reveal: float
    panel_visible: bool
    panel_stake: float
    panel_slashed: float
    panel_fee: float
    panel_eligible: float
    panel_training: float
    panel_cap: int
    panel_cap_period: float
    checks_share: float
    checks_detection: float
    checks_hours: float
    checks_inference: float
    checks_on_request: bool
    checks_request_fee: float
    review_limit: int
    review_who_buyer: bool
    review_who_merchant: bool
    review_suspends: bool
    review_new_evidence: bool
    review_admit_new: bool
    review_decider_panel: bool
    review_decider_model: bool
    review_other_arbiter: bool
    review_fee_share: float
    review_fee_fixed: float
    review_fee_per_seat: float
    review_match_share: float
    review_loser_pays: bool
    review_deference: float
    returns_required: bool
    returns_exempt: int
    returns_freight_merchant: bool
    returns_freight_cost: float
    returns_no_reason: bool
    funding_payer_platform: bool
    platform_below: float
    platform_if_rating: float
    platform_cap: float
    platform_after_review: bool
    funding_provisional: bool
    rating_step: float
    rating_half_life: float
    points_loss: float
    points_default: float
    points_forgery: float
    points_limit: float
    suspension: float
    strike_for_loss: bool
    monitoring_rate: float
    monitoring_minimum: int
    monitoring_period: float
    monitoring_fee: float
    monitoring_points: float
    monitoring_suspended_for: float


class KindRules(NamedTuple):
    """What the rules do with one kind of evidence."""

    platform_sees: float
    detection: float
    machine_made: float
    false_alarms: float
    cost: float


class Span(NamedTuple):
    """A window as numbers."""

    hours: float
    business: bool


class Condition(NamedTuple):
    """When an exception applies: settings of `policy.exceptions.When`, by path; causes and goods as masks."""

    causes: int
    goods: int
    goods_in_hand_yes: bool
    goods_in_hand_no: bool
    amount_from: float
    amount_below: float
    within: float
    rating_from: float
    rating_below: float
    filings_from: int
    refunds_from: float
    strikes_from: int


class PolicyRules(NamedTuple):
    """A policy in all its variants.

    Rows of rules are by version, by which exceptions fit (a bit mask) and by level, that is, decision;
    the others by these and by window, cause or kind of evidence. `conditions` are by version and bit.
    """

    rules: Sequence[Rules]
    windows: Sequence[Span]
    prior: Sequence[float]
    kinds: Sequence[KindRules]
    conditions: Sequence[Condition]
    bits: int
    levels: int


def variant(step: Step, starts: float, reform: Reform | None) -> Rules:
    """The rules of one decision under one version of a policy."""
    return by_path(
        Rules,
        step.plan,
        starts=starts,
        retroactive=reform is not None and reform.retroactive,
        seats=step.seats,
    )


def _priors(policy: Policy) -> NDArray[np.float64]:
    """Log odds before any evidence, by claimed cause."""
    side = {"buyer": -1.0, "nobody": 0.0, "merchant": 1.0}
    burden = policy.burden
    own: dict[str, str] = {str(cause): who for cause, who in burden.by_cause.items()}
    bears = [own.get(cause, burden.default) for cause in CAUSES]
    return np.array([logit(burden.prior) + burden.weight * side[who] for who in bears])


def _kinds(policy: Policy) -> list[tuple[float, ...]]:
    """The rules of each kind of evidence; a kind without a detector of its own is checked like any."""
    checks, sees = policy.decision.checks, policy.evidence.platform_sees
    usual = PictureDetector(detection=checks.detection)
    seen = {str(kind): chance for kind, chance in sees.items()}
    rows: list[tuple[float, ...]] = []
    for kind in EVIDENCE_KINDS:
        own: Detector = getattr(checks.detectors, kind, None) or usual
        made = own.machine_made if isinstance(own, PictureDetector) else None
        machine = own.detection if made is None else made
        rows.append((seen.get(kind, 0.0), own.detection, machine, own.false_alarms, own.cost))
    return rows


def _separate(step: Step) -> Step:
    """The same decision where evidence is separate: no records of the platform, and no kinds told apart."""
    answer = {"rebuttal": False, "requested": ()}
    checks = step.plan.decision.checks.model_copy(update={"detectors": Detectors(), "on_request": False})
    changes = {
        "answer": step.plan.answer.model_copy(update=answer),
        "evidence": CaseEvidence(),
        "decision": step.plan.decision.model_copy(update={"checks": checks}),
    }
    return step._replace(plan=step.plan.model_copy(update=changes))


def _windows(policy: Policy) -> list[Window]:
    panel = policy.decision.panel
    return [getattr(policy.windows, name) for name in Windows.model_fields] + [panel.voting, panel.reveal]


def start_hour(scenario: Scenario, starts: date | int) -> float:
    """Hour of the run at which a day begins, given as a date or as a day of the run."""
    days = starts if isinstance(starts, int) else (starts - scenario.start).days
    return 24.0 * days


def flatten(policy: Policy, scenario: Scenario) -> PolicyRules:
    """Turn a policy into arrays; logarithms are taken here, so that stages need none."""
    versions = policy.versions()
    bits = max(len(plan.by_case) for _, plan in versions)
    levels = max(len(steps) for _, plan in versions for steps in plan.steps)
    variants: list[tuple[Policy, Rules]] = []
    conditions = table(Condition, len(versions) * bits)
    for i, (reform, plan) in enumerate(versions):
        starts = start_hour(scenario, reform.starts) if reform else -UNLIMITED
        for j, name in enumerate(plan.by_case):
            conditions[i * bits + j] = tuple(by_path(Condition, plan.exceptions[name].when))
        for mask in range(1 << bits):
            steps = plan.steps[mask & (1 << len(plan.by_case)) - 1]
            for level in range(levels):  # the last step stands for those that cannot be reached
                step = steps[min(level, len(steps) - 1)]
                step = step if scenario.evidence.model == "shared" else _separate(step)
                variants.append((step.plan, variant(step, starts, reform)))
    spans = [tuple(window) for plan, _ in variants for window in _windows(plan)]
    columns: dict[str, Any] = {
        "rules": np.array([tuple(row) for _, row in variants], dtype_of(Rules)),
        "windows": np.array(spans, dtype_of(Span)),
        "kinds": np.array([row for plan, _ in variants for row in _kinds(plan)], dtype_of(KindRules)),
        "prior": np.concatenate([_priors(plan) for plan, _ in variants]),
        "conditions": conditions,
    }
    return PolicyRules(**columns, bits=bits, levels=levels)
