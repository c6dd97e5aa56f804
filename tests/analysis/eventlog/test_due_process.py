"""The shipped rules of due process: each can be broken, and no simulated court breaks any."""

from __future__ import annotations

import re
from typing import Any

import pytest

from evenhand import scenarios, sim
from evenhand.analysis.eventlog import Case, Checker, MemoryLog, Tally, Violation
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.cli.conform_rules import read
from evenhand.sim.policy.policy import Policy
from tests.support import shipped, small, variants
from tests.support.app_files import ROOT
from tests.support.logs import case, checked

RULES = read()
SHIPPED = [entry.name for entry in scenarios.available() if entry.kind == "policy"]
WORLD_OF = {"mediation": "nyc_mediation"}
RULED = ("filed", "admitted", "answered", "ruled")
POLICY: dict[str, Any] = {
    "windows": {
        "merchant_evidence": "72 h",
        "buyer_evidence": "48 h",
        "merchant_reply": "24 h",
        "escalate": "7 d",
        "review": "3 d",
        "ship": "7 d",
        "confirm": "10 d",
    },
    "answer": {"extension_share": 0.0, "extension": "0 h"},
    "review": {"limit": 1, "new_evidence": True},
}


def at(*moments: Any) -> tuple[tuple[Any, ...], ...]:
    """Pairs of an activity and its hour, and who did it if that follows."""
    return moments


BREACHES: dict[str, tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]] = {
    "heard_before_ruling": (("filed", "admitted", "ruled"), {}, {}),
    "asked_before_ruling": (("filed", "answered", "ruled"), {}, {}),
    "filed_before_admitted": (("filed", "admitted", "admitted"), {}, {}),
    "filing_is_answered": (("filed", "closed"), {}, {}),
    "refused_is_not_ruled": (("filed", "not admitted", "answered", "ruled"), {}, {}),
    "one_ruling_a_level": ((*RULED, "panel ruled"), {}, {}),
    "time_to_answer": (at(("filed", 0.0), ("admitted", 0.0), ("stayed silent", 71.0)), {}, {}),
    "answers_in_time": (at(("admitted", 0.0), ("consent given", 9.0), ("answered", 82.0)), {}, {}),
    "time_to_consent": (at(("admitted", 0.0), ("consent lapsed", 29 * 24.0)), {}, {}),
    "no_consent_no_ruling": (("admitted", "answered", "consent lapsed", "ruled"), {}, {}),
    "time_to_take_an_offer": (at(("officer offered", 0.0), ("ruled", 4 * 24.0)), {}, {}),
    "time_to_match_a_fee": (at(("review requested", 0.0), ("fee not matched", 6 * 24.0)), {}, {}),
    "rebuttals_in_time": (at(("answered", 0.0), ("supplemented", 49.0)), {}, {}),
    "time_to_reply": (at(("complained", 0.0), ("reply window closed", 23.0)), {}, {}),
    "filed_in_time": (at(("lost patience", 0.0), ("filed", 7 * 24.0 + 1)), {}, {}),
    "votes_in_time": (at(("panel invited", 0.0), ("no verdict", 49.0)), {}, {}),
    "time_for_review": (at(("ruled", 0.0), ("ruling final", 71.0)), {"reviews": 0}, {}),
    "reviews_in_time": (at(("ruled", 0.0), ("review requested", 73.0)), {}, {}),
    "reviews_allowed": (("review requested", "ruled", "review requested"), {}, {}),
    "review_needs_new_evidence": (("review requested",), {"new_evidence": 0.0}, {}),
    "only_the_merchant_asks": (
        at(("review requested", 0.0, "buyer 3")),
        {},
        {"review": {"who": ["merchant"]}},
    ),
    "only_the_buyer_asks": (
        at(("review requested", 0.0, "merchant 3")),
        {},
        {"review": {"who": ["buyer"]}},
    ),
    "review_is_decided": (("review requested", "closed"), {}, {}),
    "nobody_reviews_himself": (
        at(("ruled", 0.0, "arbiter 1"), ("review requested", 1.0), ("ruled", 2.0, "arbiter 1")),
        {},
        {},
    ),
    "no_ruling_after_final": (("ruling final", "ruled"), {}, {}),
    "final_is_carried_out": (("ruling final", "closed"), {"upheld": True}, {}),
    "time_to_ship": (at(("ruling final", 0.0), ("goods not sent", 6 * 24.0)), {}, {}),
    "time_to_confirm": (at(("goods sent", 0.0), ("confirmation lapsed", 9 * 24.0)), {}, {}),
    "sanction_has_a_cause": (("filed", "merchant suspended"), {}, {}),
    "reasons_are_given": (("closed",), {"reason": ""}, {}),
    "ends_once": (("closed", "closed"), {}, {}),
    "nothing_after_the_end": (("closed", "refunded"), {}, {}),
}
FAIR = at(
    ("complained", 0.0),
    ("reply window closed", 24.0),
    ("filed", 30.0),
    ("admitted", 31.0),
    ("consent given", 32.0),
    ("stayed silent", 104.0),
    ("panel invited", 104.0),
    ("panel ruled", 110.0),
    ("review requested", 180.0, "merchant 4"),
    ("ruled", 200.0, "arbiter 2"),
    ("ruling final", 200.0),
    ("goods sent", 210.0),
    ("confirmation lapsed", 450.0),
    ("refunded", 450.0),
    ("merchant suspended", 450.0),
    ("closed", 450.0),
)


def policy(changes: dict[str, Any]) -> Policy:
    return small.policy(sim.policy.policy.merge(POLICY, changes))


def test_every_rule_has_a_log_that_breaks_it() -> None:
    """A rule that nothing can break protects nobody."""
    assert set(BREACHES) == set(RULES.rules)
    assert all(rule.says for rule in RULES.rules.values())


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found_under_the_name_of_its_rule(name: str) -> None:
    """The report must name the rule that was broken, and the case."""
    happened, known, changes = BREACHES[name]
    found, tallies = checked(RULES, case(*happened, name="7", **known), policy=policy(changes))
    assert (name, "7") in {(one.rule, one.case) for one in found}, tallies[name]
    assert tallies[name].violations >= 1
    assert tallies[name].cases == 1


def test_a_fair_case_with_a_silence_a_panel_and_a_review_breaks_nothing() -> None:
    """The rules must leave room for everything that the procedure allows."""
    known = {"reviews": 1, "new_evidence": 0.7, "upheld": True, "reason": "ruling"}
    found, tallies = checked(RULES, case(*FAIR, **known), policy=policy({}))
    assert found == []
    judged = {name for name, tally in tallies.items() if tally.judged}
    assert len(judged) >= 19


def test_rules_about_settings_are_left_out_where_no_policy_is_known() -> None:
    """A log of the world comes without our policy: what cannot be judged is said, not passed."""
    _, tallies = checked(RULES, case(*FAIR))
    assert tallies["time_to_answer"].skipped == "needs a policy, for windows.merchant_evidence"
    assert tallies["heard_before_ruling"].skipped == ""
    assert tallies["reasons_are_given"].skipped == "the log has no attribute reason"


def ex_parte(policy: Policy) -> bool:
    """Whether a rule may decide before the merchant is asked, in any case or at any time."""
    versions = [version for _, version in policy.versions()]
    plans = (step.plan for version in versions for course in version.steps for step in course)
    return any(plan.decision.automatic.ex_parte for plan in plans)


def broken_by(found: list[Violation]) -> set[str]:
    return {one.rule for one in found}


def verdict(run: sim.Run) -> tuple[list[Violation], list[Tally]]:
    checker = Checker(RULES, run.policy, BusinessDays.of(run.scenario))
    return list(checker.violations(MemoryLog(run).cases(RULES.attributes()))), checker.tallies


@pytest.mark.process
@pytest.mark.parametrize("name", shipped.policies())
def test_no_shipped_policy_breaks_due_process_but_by_its_own_rules(name: str) -> None:
    """A court of ours that ruled before it heard would be a bug of ours.

    Systems that refund before the merchant is asked do break that rule, and are found to.
    """
    policy = scenarios.policy(name)
    world = scenarios.load(WORLD_OF.get(name, "tmall_unresponsive"))
    light = world.model_copy(update={"market": world.market.model_copy(update={"orders_per_day": 500.0})})
    longest = max(window.hours for window in dict(policy.windows).values())
    days = max(45, int(longest / 24) + 10)
    found, tallies = verdict(sim.simulate(light, policy, seed=11, days=days, engine="simpy"))
    assert broken_by(found) == ({"heard_before_ruling"} if ex_parte(policy) else set())
    assert sum(tally.judged for tally in tallies) > 500


@pytest.mark.process
@pytest.mark.parametrize("name", variants.POLICIES)
def test_no_combination_of_settings_breaks_due_process(name: str) -> None:
    """Panels, mediation, business days, reforms, windows of nothing: the promises hold under all."""
    policy = small.policy(variants.POLICIES[name][0])
    found, _ = verdict(sim.simulate(small.scenario(), policy, seed=4, days=60, engine="simpy"))
    assert broken_by(found) == ({"heard_before_ruling"} if ex_parte(policy) else set())


@pytest.mark.process
def test_the_policies_that_break_a_rule_are_those_of_the_page() -> None:
    """The page names them; a new one must be named too."""
    page = (ROOT / "docs" / "event-logs.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"four break a rule, by what they are: (.*?) decide", page, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", told)) == {name for name in SHIPPED if ex_parte(scenarios.policy(name))}


def test_a_ruling_moved_before_the_answer_is_found_in_a_real_log() -> None:
    """The check must not pass because it looks away: one event moved in thousands is one violation."""
    run = sim.simulate(small.scenario(), small.policy(), seed=4, days=60, engine="simpy")
    cases = list(MemoryLog(run).cases(RULES.attributes()))
    place = next(
        i for i, one in enumerate(cases) if {"answered", "ruled"} <= {e.activity for e in one.events}
    )
    events = list(cases[place].events)
    answer = next(i for i, event in enumerate(events) if event.activity == "answered")
    ruling = next(i for i, event in enumerate(events) if event.activity == "ruled")
    events.insert(answer, events.pop(ruling)._replace(time=events[answer].time))
    cases[place] = Case(cases[place].name, tuple(events), cases[place].attributes)
    checker = Checker(RULES, run.policy, BusinessDays.of(run.scenario))
    heard = [v for v in checker.violations(cases) if v.rule == "heard_before_ruling"]
    assert [(one.case, one.event and one.event.activity) for one in heard] == [(cases[place].name, "ruled")]
