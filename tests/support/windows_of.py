"""Which windows an ordinary case meets under a policy, told by its settings alone."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.units import Window

Told = tuple[str, Window]


def windows_in(policy: Policy) -> set[Told]:
    """Pairs of a setting's dotted path and its length, at the first decision and at every review."""
    first = policy.steps[0][0].plan
    found = {
        ("windows.file", first.windows.file),
        ("windows.merchant_evidence", first.windows.merchant_evidence),
    }
    talks = first.negotiation.rounds > 0
    used = {
        "negotiate": talks,
        "merchant_reply": talks,
        "escalate": first.negotiation.escalation == "buyer",
        "consent": bool(first.consent.of),
        "buyer_evidence": first.answer.supplement,
        "mediate": first.mediation.rounds > 0,
        "offers": first.offers.enabled,
        "accept": first.offers.enabled and first.decision.decider == "desk",
        "ship": first.returns.required or first.returns.no_reason,
        "confirm": first.returns.required or first.returns.no_reason,
    }
    found |= {(f"windows.{name}", getattr(first.windows, name)) for name, is_used in used.items() if is_used}
    if first.decision.decider == "panel":
        found |= set(_votes(first))
    for step in policy.steps[0][1:]:
        found.add(("windows.review", step.plan.windows.review))
        if step.plan.review.match_share:
            found.add(("windows.match", step.plan.windows.match))
        if step.plan.review.decider == "panel":
            found |= set(_votes(step.plan))
    return found


def _votes(plan: Policy) -> Iterator[Told]:
    yield "decision.panel.voting", plan.decision.panel.voting
    if plan.decision.panel.reveal.hours:
        yield "decision.panel.reveal", plan.decision.panel.reveal
