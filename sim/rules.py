"""A policy flattened to what stages read: one row of numbers for each version of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.causes import CAUSES, VALID_CAUSES
from sim.policy import Policy
from sim.procedure import Windows
from sim.rows import dtype_of, table
from sim.scenario import Scenario
from sim.units import Window

WINDOWS = tuple(Windows.model_fields)
(
    FILE, NEGOTIATE, MERCHANT_REPLY, ESCALATE, MERCHANT_EVIDENCE,
    BUYER_EVIDENCE, MEDIATE, SHIP, CONFIRM, REVIEW,
) = range(len(WINDOWS))  # fmt: skip
VOTING = len(WINDOWS)
N_WINDOWS = VOTING + 1

NOBODY, BUYER, MERCHANT = 0, 1, 2
"""The sides of a dispute, as numbers in the records."""
BUYER_WINS, ADVERSE_INFERENCE, DECIDE_ON_FILE, CLOSE = range(4)
SILENCES = ("buyer_wins", "adverse_inference", "decide_on_file", "close")
FIFO, LARGEST, SMALLEST, OLDEST = range(4)
DISCIPLINES = ("fifo", "largest_amount", "smallest_amount", "oldest_order")
FALLBACKS = ("desk", "buyer", "merchant")


class Rules(NamedTuple):
    """One version of a policy as numbers; the fields follow `sim.policy`."""

    starts: float
    retroactive: bool
    negotiation_required: bool
    rounds: int
    silence_refunds: bool
    screening_desk: bool
    minimum_evidence: int
    request_cap: int
    request_period: float
    abuse_limit: int
    filing_fee: float
    silence: int
    silence_inference: float
    extension_share: float
    extension: float
    supplement: bool
    meetings: int
    push: float
    give_up: float
    by_panel: bool
    discipline: int
    threshold: float
    band: float
    partial_share: float
    proportional: bool
    thin_inference: float
    buyer_history: float
    merchant_history: float
    automatic: bool
    automatic_amount: float
    automatic_margin: float
    automatic_strikes: int
    majority: float
    quorum: int
    early_stop: bool
    fallback: int
    check_share: float
    detection: float
    check_hours: float
    check_inference: float
    reviews: int
    buyer_may_ask: bool
    merchant_may_ask: bool
    needs_new_evidence: bool
    review_by_panel: bool
    other_arbiter: bool
    fee_share: float
    fee_fixed: float
    loser_pays: bool
    deference: float
    return_required: bool
    merchant_pays_freight: bool
    freight: float
    platform_pays: bool
    platform_below: float
    platform_if_rating: float
    rating_step: float
    rating_half_life: float
    points_loss: float
    points_default: float
    points_forgery: float
    points_limit: float
    suspension: float
    strike_for_loss: bool


class Span(NamedTuple):
    """A window as numbers."""

    hours: float
    business: bool


class PolicyRules(NamedTuple):
    """All versions of a policy; rows by version, and by version x window, cause or level."""

    rules: Sequence[Rules]
    windows: Sequence[Span]
    prior: Sequence[float]
    automatic_cause: Sequence[bool]
    return_exempt: Sequence[bool]
    panel_size: Sequence[int]
    levels: int


def logit(p: float) -> float:
    """Natural log odds of a probability strictly between 0 and 1."""
    return log(p / (1 - p))


def _row(policy: Policy, starts: float, retroactive: bool) -> tuple[Any, ...]:
    n, s, a, m = policy.negotiation, policy.screening, policy.answer, policy.mediation
    d, r, f, p = policy.decision, policy.review, policy.funding, policy.sanctions
    values = Rules(
        starts=starts, retroactive=retroactive,
        negotiation_required=n.required and n.rounds > 0, rounds=n.rounds,
        silence_refunds=n.silence == "refund",
        screening_desk=s.mode == "desk", minimum_evidence=s.minimum_evidence,
        request_cap=s.request_cap or 0, request_period=s.request_period or 1.0,
        abuse_limit=s.abuse_limit or 0, filing_fee=s.filing_fee,
        silence=SILENCES.index(a.silence), silence_inference=a.inference,
        extension_share=a.extension_share, extension=a.extension, supplement=a.supplement,
        meetings=m.rounds, push=m.push, give_up=m.give_up,
        by_panel=d.decider == "panel", discipline=DISCIPLINES.index(d.discipline),
        threshold=logit(d.standard), band=d.band, partial_share=d.partial_share,
        proportional=d.remedy == "proportional", thin_inference=d.thin_inference,
        buyer_history=d.history.buyer, merchant_history=d.history.merchant,
        automatic=d.automatic.enabled, automatic_amount=d.automatic.max_amount,
        automatic_margin=d.automatic.margin, automatic_strikes=d.automatic.max_buyer_strikes,
        majority=d.panel.majority, quorum=d.panel.quorum, early_stop=d.panel.early_stop,
        fallback=FALLBACKS.index(d.panel.fallback),
        check_share=d.checks.share, detection=d.checks.detection,
        check_hours=d.checks.hours, check_inference=d.checks.inference,
        reviews=r.limit, buyer_may_ask="buyer" in r.who, merchant_may_ask="merchant" in r.who,
        needs_new_evidence=r.new_evidence, review_by_panel=r.decider == "panel",
        other_arbiter=r.other_arbiter, fee_share=r.fee_share, fee_fixed=r.fee_fixed,
        loser_pays=r.loser_pays, deference=r.deference,
        return_required=policy.returns.required,
        merchant_pays_freight=policy.returns.freight == "merchant",
        freight=policy.returns.freight_cost,
        platform_pays=f.payer == "platform", platform_below=f.platform_below,
        platform_if_rating=f.platform_if_rating,
        rating_step=p.rating_step, rating_half_life=p.rating_half_life,
        points_loss=p.points_loss, points_default=p.points_default,
        points_forgery=p.points_forgery, points_limit=p.points_limit or 0.0,
        suspension=p.suspension, strike_for_loss=p.strike_for_loss,
    )  # fmt: skip
    return tuple(values)


def _priors(policy: Policy) -> NDArray[np.float64]:
    """Log odds before any evidence, by claimed cause."""
    side = {"buyer": -1.0, "nobody": 0.0, "merchant": 1.0}
    burden = policy.burden
    own: dict[str, str] = {str(cause): who for cause, who in burden.by_cause.items()}
    bears = [own.get(cause, burden.default) for cause in CAUSES]
    return np.array([logit(burden.prior) + burden.weight * side[who] for who in bears])


def _windows(policy: Policy) -> list[Window]:
    return [getattr(policy.windows, name) for name in WINDOWS] + [policy.decision.panel.voting]


def start_hour(scenario: Scenario, starts: date | int) -> float:
    """Hour of the run at which a day begins, given as a date or as a day of the run."""
    days = starts if isinstance(starts, int) else (starts - scenario.start).days
    return 24.0 * days


def flatten(policy: Policy, scenario: Scenario) -> PolicyRules:
    """Turn a policy into arrays; logarithms are taken here, so that stages need none."""
    dated = [
        (start_hour(scenario, reform.starts) if reform else -1e18, bool(reform and reform.retroactive), p)
        for reform, p in policy.versions()
    ]
    plans = [p for _, _, p in dated]
    levels = max(p.review.limit for p in plans) + 1
    rules = table(Rules, len(plans))
    windows = table(Span, len(plans) * N_WINDOWS)
    for i, (starts, retroactive, plan) in enumerate(dated):
        rules[i] = _row(plan, starts, retroactive)
        windows[i * N_WINDOWS : (i + 1) * N_WINDOWS] = np.array(
            [tuple(window) for window in _windows(plan)], dtype_of(Span)
        )
    sizes = np.zeros((len(plans), levels), np.int64)
    for i, plan in enumerate(plans):
        own = plan.panel_sizes()
        sizes[i, : len(own)] = own
    automatic = [[c in (p.decision.automatic.causes or VALID_CAUSES) for c in CAUSES] for p in plans]
    exempt = [[c in p.returns.exempt for c in CAUSES] for p in plans]
    columns: dict[str, Any] = {
        "rules": rules,
        "windows": windows,
        "prior": np.concatenate([_priors(p) for p in plans]),
        "automatic_cause": np.array(automatic).reshape(-1),
        "return_exempt": np.array(exempt).reshape(-1),
        "panel_size": sizes.reshape(-1),
    }
    return PolicyRules(**columns, levels=levels)
