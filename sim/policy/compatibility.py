"""Whether a scenario and a policy fit together, beyond what each can know of itself."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.locale.current import gettext
from evenhand.sim.policy.compile import start_hour
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.candidates import too_many
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window


class Misfit(NamedTuple):
    """Something that does not fit: in which of the two, where, and what."""

    kind: str
    """'scenario' or 'policy'."""
    path: str
    """Dotted path of the field."""
    message: str


class DoesNotFit(ValueError):
    """A scenario and a policy that cannot run together; `misfits` says why."""

    def __init__(self, misfits: list[Misfit]) -> None:
        super().__init__("\n".join(f"{m.kind}: {m.path}: {m.message}" for m in misfits))
        self.misfits = tuple(misfits)


def _unused(policy: Policy) -> set[str]:
    """Windows that never open under a policy."""
    idle = {
        "negotiate": not policy.negotiation.rounds,
        "merchant_reply": not policy.negotiation.rounds,
        "buyer_evidence": not policy.answer.supplement,
        "mediate": not policy.mediation.rounds,
        "ship": not policy.returns.required,
        "confirm": not policy.returns.required,
        "review": not policy.review.limit,
        "consent": not policy.consent.of,
        "offers": not policy.offers.enabled,
        "accept": not policy.offers.enabled,
        "match": not policy.review.limit or not policy.review.match_share,
        "cure": policy.screening.not_admitted != "cure",
    }
    return {name for name, closed in idle.items() if closed} | _PATIENT


_PATIENT = {"file", "negotiate", "escalate", "review", "consent", "match", "cure"}
"""Windows that may be longer than a run: they only ever end a chance to act, and then do not."""


def _windows(policy: Policy, days: int) -> list[Misfit]:
    found = []
    names = [name for name in type(policy.windows).model_fields if name not in _unused(policy)]
    named: dict[str, Window] = {f"windows.{name}": getattr(policy.windows, name) for name in names}
    by_review = policy.review.limit > 0 and policy.review.decider == "panel"
    if policy.decision.decider == "panel" or by_review:
        named["decision.panel.voting"] = policy.decision.panel.voting
        named["decision.panel.reveal"] = policy.decision.panel.reveal
    for path, window in named.items():
        if window.hours > 24.0 * days:
            found.append(
                Misfit(
                    "policy",
                    path,
                    gettext("must not be longer than the run of {days} days, found {window}").format(
                        days=days, window=window
                    ),
                )
            )
    return found


def misfits(scenario: Scenario, policy: Policy, days: int) -> list[Misfit]:
    """Everything that keeps a policy from running in a scenario for so many days; empty = all well."""
    plans = [step.plan for _, plan in policy.versions() for steps in plan.steps for step in steps]
    found = list(dict.fromkeys(m for plan in plans for m in _windows(plan, days)))
    if said := too_many(scenario, days):
        found.append(Misfit("scenario", "market", said))
    if any(plan.mediation.rounds for plan in plans) and scenario.desks.mediation is None:
        found.append(
            Misfit("scenario", "desks.mediation", gettext("is missing, and the policy has mediation rounds"))
        )
    before = None
    for number, reform in enumerate(policy.reforms):
        starts = start_hour(scenario, reform.starts)
        if before is not None and starts < before:
            found.append(
                Misfit(
                    "policy", f"reforms.{number}.starts", gettext("must not be before the reform above it")
                )
            )
        before = starts
    return found
