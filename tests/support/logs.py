"""Small logs for tests of rules: activities written as words, one an hour unless a time is given."""

from __future__ import annotations

from typing import Any

from evenhand.analysis.eventlog import Case, Checker, Event, Rule, Rules, Tally, Violation
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.eventlog.log import EPOCH
from evenhand.sim.policy.policy import Policy

DAYS = BusinessDays(EPOCH.date())


def case(*happened: str | tuple[str, float] | tuple[str, float, str], name: str = "1", **known: Any) -> Case:
    """A case of activities; `("ruled", 30.0, "arbiter 2")` has a time and a resource of its own."""
    events = []
    for hour, one in enumerate(happened):
        activity, time, who = (one, float(hour), "") if isinstance(one, str) else (*one, "")[:3]
        events.append(Event(activity, time, who))
    return Case(name, tuple(events), known)


def checked(
    rules: Rules, *cases: Case, policy: Policy | None = None
) -> tuple[list[Violation], dict[str, Tally]]:
    """Violations and tallies."""
    checker = Checker(rules, policy, DAYS)
    found = list(checker.violations(cases))
    return found, {tally.name: tally for tally in checker.tallies}


def judged(
    rule: dict[str, Any], *happened: Any, ends: str = "end", policy: Policy | None = None, **known: Any
):
    """Positions of violations of one rule in one case, and how many judgements are pending."""
    rules = Rules(title="-", ends=(ends,), rules={"rule": Rule.model_validate(rule)})
    found, tallies = checked(rules, case(*happened, **known), policy=policy)
    return [one.position for one in found], tallies["rule"].pending
