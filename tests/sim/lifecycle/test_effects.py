"""Every argument that is accepted has an effect: each setting is changed, and some record must change.

The list of settings is read off the models, so a new field that nothing reads fails here.
"""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache
from pathlib import Path as File
from typing import Any

import pytest

from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, DESKS, EVIDENCE_KINDS, VALID_CAUSES
from tests.support import claimants, evidence, patch, respond, small, talking, waiting
from tests.support.leaves import Path, changed, leaves, variants
from tests.support.runs import PARTS, compiled, differing_columns

WITHOUT: dict[str, str] = {
    "kind": "says what the file is",
    "name": "shown, not simulated",
    "title": "shown, not simulated",
    "description": "shown, not simulated",
    "currency": "shown, not simulated",
    "hourly_cost": "prices the hours on record; see the analysis of costs",
    "vote_cost": "prices the votes on record; see the analysis of costs",
    "near": "judges the remedies on record; see the metrics of remedies",
    "small_near": "judges the remedies on record; see the metrics of remedies",
    "reforms": "changes of other settings; see the tests of reforms",
}
"""Settings that change no record, by their last name, and why."""

ROOT = File(__file__).parents[3]
ELSEWHERE = {
    "desks.*.shifts*": "tests/sim/engine/test_leaving_lines.py",
    "buyers.groups.*.queue_patience*": "tests/sim/engine/test_leaving_lines.py",
    "model.*": "tests/sim/lifecycle/test_machine.py",
    "behaviour.talks.worth.resend*": "tests/sim/lifecycle/test_talks.py",
    "behaviour.claims.returns": "tests/sim/lifecycle/test_claiming.py",
    "behaviour.claims.leaves_hurt": "tests/sim/lifecycle/test_claiming.py",
    "behaviour.care.answers.*": "tests/sim/lifecycle/test_care.py",
    "behaviour.turnover.*": "tests/sim/lifecycle/test_turnover.py",
    "behaviour.after_filing.opinions.reasons.*": "tests/sim/lifecycle/test_after_filing.py",
    "behaviour.care.floor": "tests/sim/lifecycle/test_care.py",
    "merchants.groups.*.sales_share": "tests/sim/sampling/test_categories.py",
    "behaviour.grants.*": "tests/sim/lifecycle/test_grants.py",
    "market.categories.*": "tests/sim/sampling/test_categories.py",
    "screening.earliest": "tests/sim/lifecycle/test_monitoring.py",
    "decision.priority": "tests/sim/lifecycle/test_monitoring.py",
    "decision.model.*": "tests/sim/lifecycle/test_machine.py",
    "sanctions.monitoring.*": "tests/sim/lifecycle/test_monitoring.py",
}
"""Settings that act only in a market made for them, and the file whose tests have such a market."""

SLOW = (
    "behaviour.after_filing.cure.*",
    "behaviour.merchant_consents",
    "behaviour.buyer_consents",
    "windows.cure",
)
"""Settings that act in few contexts, which are tried last."""
SHARING = {
    *CAUSES,
    *DESKS,
    *EVIDENCE_KINDS,
    *small.scenario().buyers.groups,
    *small.scenario().merchants.groups,
}
"""Names of things of which a scenario has several with the same settings."""

FESTIVAL = {"name": "sale", "first": "2025-09-12", "last": "2025-09-14", "factor": 2}
PEOPLE: dict[str, Any] = {
    "days": 45,
    "market": {"festivals": [FESTIVAL], "orders_per_day": 400},
    "buyers": {"count": 300},
    "merchants": {"groups": {name: {"forges": 0.7} for name in ("flagship", "small")}},
    "causes": {
        "quality_defect": {"evidence": {"video": 0.7, "inspection_report": 0.9}},
        "remorse": {"forges": 0.6},
        "opportunistic": {"forges": 0.6, "claimed_as": {"promise_broken": 1}},
        "malicious": {"forges": 0.6, "claimed_as": {"quality_defect": 1}},
    },
    "evidence": {
        "held_by_buyer": {
            "video": 0.4,
            "inspection_report": 0.3,
            "dispatch_record": 0.2,
            "purchase_voucher": 0.3,
        },
        "held_by_merchant": {"photo": 0.2, "video": 0.2, "inspection_report": 0.2},
    },
    "behaviour": {"exit": {"buyer_trust": 0.6, "merchant_rating": 0.5}, "ranking": {"slope": 2}},
}
GATES: dict[str, Any] = {
    "screening": {"request_cap": 2, "request_period": "20 d", "abuse_limit": 2, "filing_fee": 1},
    "sanctions": {"points_limit": 6},
    "review": {"limit": 2, "fee_fixed": 1, "fee_share": 0.01, "deference": 0.2, "new_evidence": False},
}
SYSTEMS = {
    "exceptions": {
        "case": {
            "when": {
                "causes": ["quality_defect", "counterfeit"],
                "goods": ["ordinary", "durable"],
                "amount_from": 40,
                "amount_below": 400,
                "within": "100 h",
            },
            "changes": {"decision": {"standard": 0.8}},
        },
        "goods": {"when": {"goods_in_hand": True}, "changes": {"answer": {"inference": 4}}},
        "record": {
            "when": {"filings_from": 1, "refunds_from": 0.3, "strikes_from": 1},
            "changes": {"screening": {"heard": False}},
        },
        "score": {
            "when": {"rating_from": 0.5, "rating_below": 0.75},
            "changes": {"answer": {"fee": 20}},
        },
    },
    "screening": {"record_window": "20 d", "merchant_fee": 1},
    "sanctions": {"strike_for_loss": True},
}
"""Exceptions in which every condition decides about some case."""
CONTEXTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "desk": ({}, {}),
    "panel": (
        {"jurors": {"pool": 100, "bias": 1}},
        {
            "decision": {"decider": "panel", "panel": {"size": 6, "quorum": 4}},
            "review": {"decider": "panel", "size_factor": 1.5, "size_plus": 1},
        },
    ),
    "talkative panel": (
        {},
        {"decision": {"decider": "panel", "panel": {"size": 8, "quorum": 8, "fallback": "buyer"}}},
    ),
    "mediation": (
        {},
        {"mediation": {"rounds": 3, "push": 0.2, "give_up": 0.4}, "windows": {"mediate": "4 d"}},
    ),
    "automatic": (
        {},
        {
            "decision": {
                "automatic": {
                    "enabled": True,
                    "max_amount": 150,
                    "margin": 0.5,
                    "causes": ["quality_defect", "counterfeit"],
                }
            },
            "sanctions": {"strike_for_loss": True},
            "screening": {"abuse_limit": None},
        },
    ),
    "harms": (
        {
            "causes": {
                **{cause: {"severity": {"a": 1.8, "b": 1.4, "total": 0.05}} for cause in VALID_CAUSES},
                "remorse": {"dislike": {"a": 2.0, "b": 2.0}},
                "opportunistic": {"dislike": {"a": 1.5, "b": 3.0}},
                "malicious": {"dislike": {"a": 1.5, "b": 3.0}},
            }
        },
        {},
    ),
    "claims": (
        patch.lay_over(claimants.ON, {"buyers": {"proneness": {"cap": 2.0, "serial_share": 0.05}}}),
        {"screening": {"filing_fee": 8, "abuse_limit": 1}, "sanctions": {"strike_for_loss": True}},
    ),
    "claims firms": (
        patch.lay_over(
            claimants.ON,
            {
                "start_up": "10 d",
                "behaviour": {
                    "representatives": {"enabled": True, "reach": 0.4, "firms": 6, "cost": 3, "reading": 2}
                },
            },
        ),
        {"screening": {"represented": {"enabled": True, "fee": 6, "free": 1, "period": "20 d"}}},
    ),
    "merchants": (
        patch.lay_over(
            patch.lay_over(patch.lay_over(respond.CARE, respond.STANDING), respond.CONTEST),
            patch.lay_over(
                patch.lay_over(respond.TURNOVER, respond.CATEGORIES),
                {
                    "merchants": {
                        "groups": {
                            name: {"care_floor": 0.6, "sales_share": 0.5} for name in ("flagship", "small")
                        }
                    }
                },
            ),
        ),
        {"sanctions": {"points_limit": 3, "suspension": "5 d"}},
    ),
    "model": (
        {"model": {"by_cause": {"quality_defect": 1.5}, "by_group": {"new": 1.5}}},
        {"decision": {"decider": "model", "model": {"sure_from": 0.7, "audit_share": 0.3, "requests": True}}},
    ),
    "lines": (
        {
            "buyers": {
                "groups": {
                    name: {"queue_patience": {"law": "exponential", "mean": "20 h"}}
                    for name in ("new", "regular", "power")
                }
            },
            "desks": {"decision": {"shifts": [{"first": "2025-09-08", "last": "2025-09-20", "staff": 1}]}},
        },
        {
            "decision": {"deadline": "60 h"},
            "funding": {"provisional": True},
            "sanctions": {"monitoring": {"rate": 0.01, "minimum": 1, "fee": 3, "points": 1}},
        },
    ),
    "platform": ({}, {"funding": {"platform_below": 80, "platform_if_rating": 0.7}}),
    "part of it": ({}, {"decision": {"remedy": "proportional", "band": 1.0}}),
    "buyer's freight": (
        {},
        {"returns": {"exempt": [], "freight": "buyer"}, "sanctions": {"points_limit": None}},
    ),
    "on file": (
        {"merchants": {"groups": {"flagship": {"strategic": 0.9}}}},
        {"answer": {"silence": "decide_on_file"}},
    ),
    "dear": (
        {"market": {"amount": {"median": 30}}, "behaviour": {"bargaining": {"optimism": 0}}},
        {"screening": {"filing_fee": 8}, "review": {"fee_fixed": 8, "loser_pays": True}},
    ),
    "exceptions": (
        {"market": {"goods": {"ordinary": 2, "durable": 1, "perishable": 1, "custom": 1, "digital": 1}}},
        SYSTEMS,
    ),
    "deposits": (
        {},
        {
            "screening": {"filing_fee": 6, "loser_pays": True},
            "answer": {"fee": 9},
            "review": {"match_share": 2},
            "windows": {"match": "4 d"},
        },
    ),
    "offers": (
        {},
        {
            "offers": {"enabled": True, "officer_needs": "either"},
            "consent": {"of": ["buyer", "merchant"]},
            "windows": {"consent": "3 d", "offers": "30 h", "accept": "40 h"},
        },
    ),
    "officer": (
        {},
        {"offers": {"enabled": True}, "windows": {"offers": 0}, "negotiation": {"rounds": 1}},
    ),
    "courts": (
        {"jurors": {"pool": 100, "herding": 0.8, "stake_pull": 0.4}},
        {
            "decision": {
                "decider": "panel",
                "panel": {
                    "size": 3,
                    "visible": True,
                    "stake": 2,
                    "slashed": 0.5,
                    "fee": 1,
                    "eligible": 0.5,
                    "training": 3,
                    "cap": 1,
                    "cap_period": "5 d",
                },
            },
            "review": {"decider": "panel", "limit": 3, "size_factor": 2, "fee_per_seat": 0.1},
            "exceptions": {
                "late": {"when": {"review": 2}, "changes": {"review": {"fee_fixed": 3}}},
                "higher": {"when": {"seats": 12}, "changes": {"review": {"panel_size": 9}}},
            },
        },
    ),
    "fixed panels": (
        {},
        {
            "decision": {"decider": "panel", "panel": {"size": 3}},
            "review": {"decider": "panel", "panel_size": 5},
        },
    ),
    "sealed votes": (
        {"jurors": {"reveals": 0.8}},
        {"decision": {"decider": "panel", "panel": {"size": 5, "quorum": 3, "reveal": "20 h"}}},
    ),
    "remedies": (
        talking.CHANGES,
        {"returns": {"exempt": []}, "offers": {"enabled": True}},
    ),
    "cheap remedies": (
        talking.CHANGES | {"merchants": {"groups": {"small": {"hostile": 0.5}}}},
        {"returns": {"no_reason": True, "freight": "buyer"}, "mediation": {"rounds": 2, "push": 0.3}},
    ),
    "after filing": (
        {
            "behaviour": {
                **talking.CHANGES["behaviour"],
                **respond.CONTEST["behaviour"],
                **waiting.ON["behaviour"],
            }
        },
        {
            "screening": {"not_admitted": "cure", "minimum_evidence": 2},
            "consent": {"of": ["merchant"]},
            "decision": {"binding": False, "hearings": {"number": 2, "gap": "20 h"}},
            "review": {"new_evidence": False, "fee_fixed": 0},
        },
    ),
    "shared evidence": (
        patch.lay_over(
            evidence.SCENARIO,
            {"buyers": {"groups": {"power": {"clarity": 0.9, "keeps_packaging": 0.8}}}},
        ),
        patch.lay_over(evidence.POLICY, {"answer": {"requested": ["dispatch_record", "purchase_voucher"]}}),
    ),
    "platform's part": (
        {},
        {"funding": {"platform_below": 80, "platform_if_rating": 0.7, "platform_cap": 40}},
    ),
}


@cache
def context(name: str) -> tuple[Scenario, Policy]:
    """A world and rules in which some settings come into play."""
    people, rules = CONTEXTS[name]
    return (
        patch.scenario(patch.lay_over(PEOPLE, people)),
        Policy.model_validate(patch.lay_over(patch.lay_over(small.POLICY, GATES), rules)),
    )


@cache
def before(name: str, replications: int) -> Run:
    """What happens in a context as it is."""
    return compiled(*context(name), seed=5, replications=replications)


def has_effect(which: int, path: Path, values: list[Any]) -> bool:
    """Whether one of these values changes a record in some context, in one world or in several.

    Contexts made for the setting come first, for the sake of time.
    """
    likely_first = sorted(CONTEXTS, key=lambda name: not names(CONTEXTS[name][which], path))
    for replications in (1, 8):
        for name in likely_first:
            models: list[Any] = list(context(name))
            if switched_off(models[which], path):
                continue
            for value in values:
                other = changed(models[which], path, value)
                if other is None or other == models[which]:
                    continue
                pair: Any = [other if i == which else model for i, model in enumerate(models)]
                run = compiled(*pair, seed=5, replications=replications)
                if any(differs(before(name, replications), run, part) for part in PARTS):
                    return True
    return False


def names(changes: dict[str, Any], path: Path) -> bool:
    """Whether changes give the setting of a path a value of their own."""
    part: Any = changes
    for key in path:
        if not isinstance(part, dict) or key not in part:
            return False
        part = part[key]
    return True


def shown_elsewhere(path: Path) -> bool:
    """Whether tests of a file of their own show what a setting does."""
    found = [file for pattern, file in ELSEWHERE.items() if fnmatch(".".join(path), pattern)]
    return bool(found) and all((ROOT / file).is_file() for file in found)


def switched_off(model: Any, path: Path) -> bool:
    """Whether a setting belongs to a part that is off in this context, and so can have no effect there."""
    part = model
    for key in path[:-1]:
        part = part.get(key) if isinstance(part, dict) else getattr(part, key, None)
        if getattr(part, "enabled", True) is False and path[-1] != "enabled":
            return True
    return False


def differs(one: Run, other: Run, part: str) -> bool:
    return bool(differing_columns(getattr(one, part), getattr(other, part)))


def left_open(path: Path, value: Any) -> bool:
    """Whether a condition of an exception is not made there; it is in some other."""
    return path[0] == "exceptions" and path[2] == "when" and value == When.model_fields[path[3]].default


def anywhere(path: Path) -> Path:
    """A path with the name of an exception left out."""
    return ("exceptions", "*", *path[2:]) if path[0] == "exceptions" else path


def first_of(path: Path) -> Path:
    """The path with the names of groups, causes and desks left out, which share models and stages."""
    return tuple("*" if key in SHARING else key for key in path)


def settings(which: int) -> list[Any]:
    """All groups of variants of all settings, named by their path.

    Of those that differ in the name of a group, cause or desk the first is tried in every run of the tests.
    """
    found: dict[str, Any] = {}
    seen: dict[tuple[Path, int], str] = {}
    for name in CONTEXTS:
        for path, value, kind in leaves(context(name)[which]):
            if path[-1] in WITHOUT or value is None or left_open(path, value):
                continue
            for number, group in enumerate(variants(value, kind)):
                label = ".".join(path) + (f"={group[0]}" if len(group) == 1 else "")
                first = seen.setdefault((first_of(anywhere(path)), number), label) == label
                often = first and not any(fnmatch(label, slow) for slow in SLOW)
                marks: Any = [] if often else pytest.mark.process
                found.setdefault(label, pytest.param(path, group, id=label, marks=marks))
    return list(found.values())


@pytest.mark.parametrize(("path", "values"), settings(0))
def test_every_setting_of_a_scenario_has_an_effect(path: Path, values: list[Any]) -> None:
    """A number that changes nothing is a promise that is not kept."""
    assert shown_elsewhere(path) or has_effect(0, path, values)


@pytest.mark.parametrize(("path", "values"), settings(1))
def test_every_setting_of_a_policy_has_an_effect(path: Path, values: list[Any]) -> None:
    """A rule that changes nothing would be compared, reported on, and believed."""
    assert shown_elsewhere(path) or has_effect(1, path, values)


def test_no_setting_of_the_models_is_left_out() -> None:
    """Settings that are None by default are set in some context, so that they are tested too.

    Of those that differ in the name of a group, cause or desk one is: machines forge no merchant's records.
    """
    for which in (0, 1):
        found = [
            (first_of(anywhere(path)), value is None or left_open(path, value))
            for name in CONTEXTS
            for path, value, _ in leaves(context(name)[which])
        ]
        set_ones = [path for path, nothing in found if not nothing]
        known = {path[:length] for path in set_ones for length in range(1, len(path) + 1)}  # parts too
        left = {path for path, nothing in found if nothing} - known
        assert {path for path in left if not shown_elsewhere(path)} == set()


@pytest.mark.parametrize("reason", sorted(set(WITHOUT) - {"kind", "reforms"}))
def test_what_is_said_to_have_no_effect_on_records_has_none(reason: str) -> None:
    """The exceptions are exceptions: changing one leaves every record as it was."""
    found = 0
    for which in (0, 1):
        models: list[Any] = list(context("desk"))
        for path, value, kind in leaves(models[which]):
            if path[-1] != reason:
                continue
            other = changed(models[which], path, variants(value, kind)[0][0])
            pair: Any = [other if i == which else model for i, model in enumerate(models)]
            run = compiled(*pair, seed=5)
            assert [part for part in PARTS if differs(before("desk", 1), run, part)] == []
            found += 1
    assert found
