"""The Kleros policies against the courts' own configuration files."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evenhand import scenarios
from evenhand.sim.policy.adjudication import Panel
from evenhand.sim.policy.policy import Policy

COURTS = Path(__file__).parents[3] / "shared" / "data" / "kleros"
CNY_PER_ETHER = 21_600.0
CNY_PER_PNK = 0.144
"""The rates that the policy files assume."""

NAMES = {"kleros_general": "General Court", "kleros_non_technical": "Non-Technical"}
FIRST_VERSION_IDS = {"kleros_general": 0, "kleros_non_technical": 2}
"""The first version's file has no names; its third court has the periods and the jump of Non-Technical."""


class Court(NamedTuple):
    """One court's settings in hours, tokens, ether and shares."""

    parent: int
    sealed: bool
    stake: float
    slashed: float
    fee: float
    jump: int
    evidence: float
    commit: float
    vote: float
    appeal: float


def court(entry: dict[str, Any]) -> Court:
    """Read an entry, whose amounts have 18 decimals, shares four, and times are in seconds."""
    return Court(
        entry["parent"],
        entry["hiddenVotes"],
        int(entry["minStake"]) / 1e18,
        int(entry["alpha"]) / 1e4,
        int(entry["feeForJuror"]) / 1e18,
        int(entry["jurorsForCourtJump"]),
        *(seconds / 3600 for seconds in entry["timesPerPeriod"]),
    )


def entries(version: str) -> list[dict[str, Any]]:
    """Read the file of a version."""
    path = COURTS / f"courts.{version}.mainnet.json"
    if not path.exists():
        pytest.skip("the courts' configuration is not beside the project")
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def second_version(policy: str) -> Court:
    """The court that a policy is made from."""
    return next(court(entry) for entry in entries("v2") if entry["name"] == NAMES[policy])


def first_version(policy: str) -> Court:
    """The same court before."""
    return next(court(entry) for entry in entries("v1") if entry["id"] == FIRST_VERSION_IDS[policy])


def panel_is_of(panel: Panel, real: Court) -> None:
    """Stakes, payments and periods of a panel are the court's."""
    assert panel.stake == pytest.approx(real.stake * CNY_PER_PNK)
    assert panel.slashed == pytest.approx(real.slashed)
    assert panel.fee == pytest.approx(real.fee * CNY_PER_ETHER)
    assert panel.voting.hours == (real.commit if real.sealed else real.vote)
    assert panel.reveal.hours == (real.vote if real.sealed else 0.0)
    assert panel.visible is not real.sealed


def appeals_are_of(policy: Policy, here: Court, above: Court) -> None:
    """Who lost pays twice in the first half of the period, who won once after; above sets the cost."""
    assert policy.review.fee_per_seat == pytest.approx(2 * above.fee * CNY_PER_ETHER)
    assert policy.review.match_share == 0.5
    assert policy.windows.review.hours == policy.windows.match.hours == here.appeal / 2


@pytest.mark.parametrize("name", NAMES)
def test_a_kleros_policy_is_its_courts_configuration(name: str) -> None:
    """A number that a court publishes is copied, or changed at a rate that is stated; never guessed."""
    policy, real = scenarios.policy(name), second_version(name)
    panel_is_of(policy.decision.panel, real)
    appeals_are_of(policy, real, real)
    assert policy.windows.merchant_evidence.hours == real.evidence
    deposit = policy.decision.panel.size * real.fee * CNY_PER_ETHER
    assert policy.answer.fee == policy.screening.filing_fee == pytest.approx(deposit)


@pytest.mark.parametrize("name", NAMES)
def test_panels_double_and_add_one(name: str) -> None:
    """2n + 1, whatever court an appeal goes to."""
    (steps,) = scenarios.policy(name).steps
    assert [step.seats for step in steps] == [3, 7, 15, 31, 63]


def test_no_panel_of_the_general_court_is_large_enough_to_leave_it() -> None:
    """Its 511 jurors for a jump are beyond every panel of the policy, so that no exception is needed."""
    policy = scenarios.policy("kleros_general")
    assert max(step.seats for step in policy.steps[0]) < second_version("kleros_general").jump
    assert not policy.exceptions


def test_the_appeal_of_a_ruling_by_enough_jurors_goes_to_the_parent_court() -> None:
    """The jump hangs on the jurors who ruled, and the cost of the appeal on the court it goes to."""
    real = second_version("kleros_non_technical")
    above = next(court(entry) for entry in entries("v2") if entry["id"] == real.parent)
    (steps,) = scenarios.policy("kleros_non_technical").steps
    for before, step in pairwise(steps):
        there = above if before.seats >= real.jump else real
        panel_is_of(step.plan.decision.panel, there)
        appeals_are_of(step.plan, real, there)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_file_says_of_the_first_version_is_so(name: str) -> None:
    """Two versions contradict each other; the file keeps both values where they differ, and only there."""
    now, before = second_version(name), first_version(name)
    differ = {field for field in Court._fields if getattr(now, field) != getattr(before, field)}
    expected = {"stake", "fee", "parent"}
    expected |= {"sealed"} if name == "kleros_general" else {"slashed"}
    assert differ == expected  # the parent's number only: courts are counted from 1 instead of 0
    text = scenarios.read(name, "policy").path.read_text(encoding="utf-8")
    comment = " ".join(text.partition("kind:")[0].replace("#", " ").split())
    for said in (f"{before.stake:,.0f} PNK", f"{now.stake:,.0f}", f"{before.fee:g}".lstrip("0")):
        assert said in comment
    if before.slashed != now.slashed:
        assert f"{100 * before.slashed:g} %" in comment
