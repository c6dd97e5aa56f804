"""The numbers of the fairness panel that take more than one run, from all four audits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evenhand.analysis.counterfactual.decision_noise import AWARD, noise
from evenhand.analysis.counterfactual.evidence_effect import arms
from evenhand.analysis.counterfactual.feedback_effect import loops
from evenhand.analysis.counterfactual.group_flip import TOTAL, flip
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.runs.steps import Step
from evenhand.locale.current import gettext
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.scenario.scenario import Scenario

GAPS = (
    ("wrongful_denial_rate", "merchant_group"),
    ("wrongful_grant_rate", "merchant_group"),
    ("effective_denial_rate", "buyer_group"),
)
"""The gaps of the panel, of which feedback may have made a part."""
Tell = Callable[[str, int], None]
"""Told which audit comes next, and how many are done."""


def audit_count(scenario: Scenario) -> int:
    """How many audits the panel takes: one flip a merchant group but one, and three more."""
    return len(scenario.merchant_groups) + 2


@renamed_arguments
def for_panel(
    scenario: Scenario,
    policy: Policy,
    *,
    reference: Mapping[str, str] | None = None,
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    tell: Tell | None = None,
) -> dict[str, dict[str, Estimate]]:
    """Audit a policy for the panel: what `fairness.panel` takes as `audits`, by the same keys.

    `flip_rate` and `flip_effect`: each merchant group as if it were that of `reference` (the scenario's
    first unless named, by column), on all paths; `noise`: whether two arbiters, and one on two occasions,
    agree who wins; `leverage`: of the merchant's evidence to the buyer's; `feedback_share`: of the gaps
    between groups. Each world lives some 18 times, and 6 more for each merchant group but one. Raises
    ValueError for an unknown group or column, and DoesNotFit.
    """
    chosen = dict(reference or {})
    base = chosen.get("merchant_group", scenario.merchant_groups[0])
    others = [group for group in scenario.merchant_groups if group != base]
    found: dict[str, dict[str, Estimate]] = {"flip_rate": {}, "flip_effect": {}}
    steps = iter(range(audit_count(scenario)))

    def coming(what: str) -> Callable[[int], None]:
        done = next(steps)

        def say(number: int) -> None:
            if tell is not None:
                tell(Step("audit", audit=what, number=number + 1, total=replications), done)

        return say

    def how(what: str) -> dict[str, object]:
        return {
            "seed": seed,
            "replications": replications,
            "days": days,
            "engine": engine,
            "tell": coming(what),
        }

    for group in others:
        flipped = flip(
            scenario,
            policy,
            "merchant.group",
            group,
            base,
            one_by_one=0,
            **how(gettext("{group} as {base}").format(group=group, base=base)),  # type: ignore[arg-type]  # the same four of every audit
        )
        name = f"{group}_as_{base}"
        found["flip_rate"][f"rulings_changed_{name}"] = flipped.of("rulings_changed", TOTAL)
        found["flip_effect"][f"buyer_wins_{name}"] = flipped.of("buyer_wins", TOTAL)
        found["flip_effect"][f"refund_{name}"] = flipped.of("refund", TOTAL)
    noisy = noise(scenario, policy, **how("noise"))  # type: ignore[arg-type]
    found["noise"] = {name: noisy.of(name, AWARD) for name in ("disagreement", "second_thoughts")}
    armed = arms(scenario, policy, **how("arms"))  # type: ignore[arg-type]
    found["leverage"] = {"leverage_ratio": armed.of("leverage_ratio")}
    looped = loops(scenario, policy, GAPS, reference=chosen, **how("loops"))  # type: ignore[arg-type]
    found["feedback_share"] = {
        f"{one.measure.name.removesuffix('.feedback_share')}: {one.part}": one.estimate
        for one in looped.findings
        if one.measure.name.endswith(".feedback_share")
    }
    return found
