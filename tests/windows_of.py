"""Which windows a policy uses, told by its settings and not by the code under test."""

from __future__ import annotations

from sim.policy import Policy
from sim.units import Window


def windows_in(policy: Policy) -> set[tuple[str, Window]]:
    """Pairs of a setting's dotted path and its length."""
    used = {"file": True, "escalate": True, "merchant_evidence": True}
    used["negotiate"] = used["merchant_reply"] = policy.negotiation.rounds > 0
    used["buyer_evidence"] = policy.answer.supplement
    used["mediate"] = policy.mediation.rounds > 0
    used["review"] = policy.review.limit > 0
    used["ship"] = used["confirm"] = policy.returns.required
    return {(f"windows.{name}", getattr(policy.windows, name)) for name, is_used in used.items() if is_used}
