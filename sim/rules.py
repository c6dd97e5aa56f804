"""A policy flattened to what stages read: one row of numbers for each version of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.causes import CAUSES, EVIDENCE_KINDS, GOODS, VALID_CAUSES
from sim.exceptions import When
from sim.policy import Policy
from sim.procedure import Windows
from sim.rows import dtype_of, table
from sim.scenario import Scenario
from sim.units import Window

WINDOWS = tuple(Windows.model_fields)
(
    FILE, NEGOTIATE, MERCHANT_REPLY, ESCALATE, MERCHANT_EVIDENCE,
    BUYER_EVIDENCE, MEDIATE, SHIP, CONFIRM, REVIEW, CONSENT, OFFERS, ACCEPT, MATCH,
) = range(len(WINDOWS))  # fmt: skip
VOTING = len(WINDOWS)
REVEAL = VOTING + 1
N_WINDOWS = REVEAL + 1

NOBODY, BUYER, MERCHANT = 0, 1, 2
"""The sides of a dispute, as numbers in the records."""
BUYER_WINS, ADVERSE_INFERENCE, DECIDE_ON_FILE, CLOSE = range(4)
SILENCES = ("buyer_wins", "adverse_inference", "decide_on_file", "close")
FIFO, LARGEST, SMALLEST, OLDEST = range(4)
DISCIPLINES = ("fifo", "largest_amount", "smallest_amount", "oldest_order")
FALLBACKS = ("desk", "buyer", "merchant")


class Rules(NamedTuple):
    """A policy as numbers, for one kind of case and one decision; the fields follow `sim.policy`."""

    starts: float
    retroactive: bool
    negotiation_required: bool
    rounds: int
    silence_refunds: bool
    steps_in: bool
    heard: bool
    screening_desk: bool
    minimum_evidence: int
    request_cap: int
    request_period: float
    abuse_limit: int
    record_window: float
    filing_fee: float
    merchant_fee: float
    loser_pays_filing: bool
    merchant_consents: bool
    buyer_consents: bool
    silence: int
    silence_inference: float
    extension_share: float
    extension: float
    required_kinds: int
    answer_fee: float
    supplement: bool
    meetings: int
    push: float
    give_up: float
    offers: bool
    either_accepts: bool
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
    unheard: bool
    seats: int
    majority: float
    quorum: int
    early_stop: bool
    fallback: int
    sealed: bool
    visible: bool
    at_stake: float
    juror_fee: float
    eligible: float
    training: float
    cap: int
    cap_period: float
    check_share: float
    detection: float
    check_hours: float
    check_inference: float
    reviews: int
    buyer_may_ask: bool
    merchant_may_ask: bool
    suspends: bool
    needs_new_evidence: bool
    admits_new_evidence: bool
    review_by_panel: bool
    other_arbiter: bool
    fee_share: float
    fee_fixed: float
    fee_per_seat: float
    match_share: float
    loser_pays: bool
    deference: float
    return_required: bool
    merchant_pays_freight: bool
    freight: float
    no_reason: bool
    platform_pays: bool
    platform_below: float
    platform_if_rating: float
    platform_cap: float
    platform_after_review: bool
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


class Condition(NamedTuple):
    """When an exception applies; causes and goods are bit masks."""

    causes: int
    goods: int
    in_hand: bool
    not_in_hand: bool
    amount_from: float
    amount_below: float
    within: float
    rating_from: float
    rating_below: float
    filings_from: int
    refunds_from: float
    strikes_from: int


class PolicyRules(NamedTuple):
    """A policy in all its forms.

    Rows of rules are by version, by which exceptions fit (a bit mask) and by level, that is, decision;
    the others by these and by window or cause. `conditions` are by version and bit.
    """

    rules: Sequence[Rules]
    windows: Sequence[Span]
    prior: Sequence[float]
    automatic_cause: Sequence[bool]
    return_exempt: Sequence[bool]
    conditions: Sequence[Condition]
    bits: int
    levels: int


def logit(p: float) -> float:
    """Natural log odds of a probability strictly between 0 and 1."""
    return log(p / (1 - p))


def _bits(chosen: Sequence[str], words: Sequence[str]) -> int:
    """The words that were chosen, as a bit mask."""
    return sum(1 << words.index(word) for word in chosen)


def _row(policy: Policy, seats: int, starts: float, retroactive: bool) -> tuple[Any, ...]:
    n, s, a, m = policy.negotiation, policy.screening, policy.answer, policy.mediation
    d, r, f, p = policy.decision, policy.review, policy.funding, policy.sanctions
    panel = d.panel
    values = Rules(
        starts=starts, retroactive=retroactive,
        negotiation_required=n.required and n.rounds > 0, rounds=n.rounds,
        silence_refunds=n.silence == "refund", steps_in=n.escalation == "automatic", heard=s.heard,
        screening_desk=s.mode == "desk", minimum_evidence=s.minimum_evidence,
        request_cap=s.request_cap or 0, request_period=s.request_period or 1.0,
        abuse_limit=s.abuse_limit or 0, record_window=s.record_window, filing_fee=s.filing_fee,
        merchant_fee=s.merchant_fee,
        loser_pays_filing=s.loser_pays,
        merchant_consents="merchant" in policy.consent.of, buyer_consents="buyer" in policy.consent.of,
        silence=SILENCES.index(a.silence), silence_inference=a.inference,
        extension_share=a.extension_share, extension=a.extension,
        required_kinds=_bits(a.required, EVIDENCE_KINDS), answer_fee=a.fee, supplement=a.supplement,
        meetings=m.rounds, push=m.push, give_up=m.give_up,
        offers=policy.offers.enabled, either_accepts=policy.offers.officer_needs == "either",
        by_panel=d.decider == "panel", discipline=DISCIPLINES.index(d.discipline),
        threshold=logit(d.standard), band=d.band, partial_share=d.partial_share,
        proportional=d.remedy == "proportional", thin_inference=d.thin_inference,
        buyer_history=d.history.buyer, merchant_history=d.history.merchant,
        automatic=d.automatic.enabled, automatic_amount=d.automatic.max_amount,
        automatic_margin=d.automatic.margin, automatic_strikes=d.automatic.max_buyer_strikes,
        unheard=d.automatic.enabled and d.automatic.unheard,
        seats=seats, majority=panel.majority, quorum=panel.quorum, early_stop=panel.early_stop,
        fallback=FALLBACKS.index(panel.fallback), sealed=panel.reveal.hours > 0, visible=panel.visible,
        at_stake=panel.stake * panel.slashed, juror_fee=panel.fee, eligible=panel.eligible,
        training=panel.training, cap=panel.cap or 0, cap_period=panel.cap_period or 1.0,
        check_share=d.checks.share, detection=d.checks.detection,
        check_hours=d.checks.hours, check_inference=d.checks.inference,
        reviews=r.limit, buyer_may_ask="buyer" in r.who, merchant_may_ask="merchant" in r.who,
        suspends=r.suspends, needs_new_evidence=r.new_evidence, admits_new_evidence=r.admit_new,
        review_by_panel=r.decider == "panel",
        other_arbiter=r.other_arbiter, fee_share=r.fee_share, fee_fixed=r.fee_fixed,
        fee_per_seat=r.fee_per_seat, match_share=r.match_share, loser_pays=r.loser_pays,
        deference=r.deference,
        return_required=policy.returns.required,
        merchant_pays_freight=policy.returns.freight == "merchant",
        freight=policy.returns.freight_cost, no_reason=policy.returns.no_reason,
        platform_pays=f.payer == "platform", platform_below=f.platform_below,
        platform_if_rating=f.platform_if_rating, platform_cap=f.platform_cap or 1e18,
        platform_after_review=f.platform_after_review,
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
    panel = policy.decision.panel
    return [getattr(policy.windows, name) for name in WINDOWS] + [panel.voting, panel.reveal]


def _condition(when: When) -> tuple[Any, ...]:
    return tuple(Condition(
        causes=_bits(when.causes or VALID_CAUSES, VALID_CAUSES), goods=_bits(when.goods or GOODS, GOODS),
        in_hand=when.goods_in_hand is True, not_in_hand=when.goods_in_hand is False,
        amount_from=when.amount_from, amount_below=when.amount_below or 1e18,
        within=1e18 if when.within is None else when.within,
        rating_from=when.rating_from, rating_below=when.rating_below or 1e18,
        filings_from=when.filings_from, refunds_from=when.refunds_from, strikes_from=when.strikes_from,
    ))  # fmt: skip


def start_hour(scenario: Scenario, starts: date | int) -> float:
    """Hour of the run at which a day begins, given as a date or as a day of the run."""
    days = starts if isinstance(starts, int) else (starts - scenario.start).days
    return 24.0 * days


def flatten(policy: Policy, scenario: Scenario) -> PolicyRules:
    """Turn a policy into arrays; logarithms are taken here, so that stages need none."""
    versions = policy.versions()
    bits = max(len(plan.by_case) for _, plan in versions)
    levels = max(len(steps) for _, plan in versions for steps in plan.steps)
    forms: list[tuple[Policy, tuple[Any, ...]]] = []
    conditions = table(Condition, len(versions) * bits)
    for i, (reform, plan) in enumerate(versions):
        starts = start_hour(scenario, reform.starts) if reform else -1e18
        for j, name in enumerate(plan.by_case):
            conditions[i * bits + j] = _condition(plan.exceptions[name].when)
        for mask in range(1 << bits):
            steps = plan.steps[mask & (1 << len(plan.by_case)) - 1]
            for level in range(levels):  # the last step stands for those that cannot be reached
                one = steps[min(level, len(steps) - 1)]
                row = _row(one.plan, one.seats, starts, bool(reform and reform.retroactive))
                forms.append((one.plan, row))
    rules = table(Rules, len(forms))
    windows = table(Span, len(forms) * N_WINDOWS)
    for i, (plan, row) in enumerate(forms):
        rules[i] = row
        windows[i * N_WINDOWS : (i + 1) * N_WINDOWS] = np.array(
            [tuple(window) for window in _windows(plan)], dtype_of(Span)
        )
    plans = [plan for plan, _ in forms]
    automatic = [[c in (p.decision.automatic.causes or VALID_CAUSES) for c in CAUSES] for p in plans]
    exempt = [[c in p.returns.exempt for c in CAUSES] for p in plans]
    columns: dict[str, Any] = {
        "rules": rules,
        "windows": windows,
        "prior": np.concatenate([_priors(p) for p in plans]),
        "automatic_cause": np.array(automatic).reshape(-1),
        "return_exempt": np.array(exempt).reshape(-1),
        "conditions": conditions,
    }
    return PolicyRules(**columns, bits=bits, levels=levels)
