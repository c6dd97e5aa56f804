"""The phases of a policy, and their picture: nothing is left out, nothing stands where it is not."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from evenhand import scenarios
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.policy_timeline import Course, apart, phases, picture
from evenhand.analysis.policy_timeline.phases import LANES, last
from evenhand.analysis.policy_timeline.picture import _bands
from evenhand.sim.sampling.business_hours import BUSINESS, after_open_hours
from evenhand.sim.scenario.units import Window
from tests.sim.sampling.test_hours import world_of
from tests.support import small, variants
from tests.support.windows_of import windows_in

SHIPPED = [entry.name for entry in scenarios.available() if entry.kind == "policy"]
DAY = 24.0


def course(changes: dict[str, Any] | None = None, title: str = "-") -> Course:
    policy = small.policy(changes)
    return Course(title, phases(policy), tuple(apart(policy)))


def by_key(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return {phase.key: phase for phase in course(changes).phases}


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_window_that_a_policy_uses_is_drawn_with_its_own_length(name: str) -> None:
    """A designer who changes a window must see it move."""
    policy = scenarios.policy(name)
    drawn = {(phase.key, phase.window) for phase in phases(policy) if phase.window}
    assert drawn == windows_in(policy)


@pytest.mark.parametrize("name", variants.POLICIES)
def test_phases_follow_each_other_on_the_longest_way(name: str) -> None:
    """No phase begins before the ones that it waits for are over, and none ends before it begins."""
    found = phases(small.policy(variants.POLICIES[name][0]))
    waited = [phase for phase in found if phase.key not in {"windows.file", "windows.merchant_reply"}]
    assert [phase.opens for phase in waited] == sorted(phase.opens for phase in waited)
    assert all(phase.closes >= phase.opens for phase in found)
    assert all(phase.lanes and set(phase.lanes) <= set(LANES) for phase in found)
    assert all(phase.silence for phase in found if phase.window), "a window says what its end means"


def test_the_longest_way_adds_up() -> None:
    """Talks, filing, answer, rebuttal, review, return: the sum of the windows of the small policy."""
    changes = {"windows": {"merchant_reply": "48 h", "file": "40 d"}}
    expected = 5 + 7 + 3 + 3 + 7 + 7 + 10
    assert last(phases(small.policy(changes))) == expected * DAY


def test_the_time_to_ask_cuts_the_way_short() -> None:
    """Whoever talks until the time to apply is over has lost it; the picture must not promise more."""
    found = by_key({"windows": {"file": "6 d", "negotiate": "5 d", "escalate": "7 d"}})
    escalate = found["windows.escalate"]
    assert (escalate.opens, escalate.closes) == (5 * DAY, 6 * DAY)
    assert "ends with the time to ask the platform" in escalate.notes
    assert found["windows.merchant_evidence"].opens == 6 * DAY


def test_what_a_policy_does_not_have_is_not_drawn() -> None:
    """No talks, no rebuttal, no review, no return: no bars for them."""
    found = by_key(
        {
            "negotiation": {"rounds": 0},
            "answer": {"supplement": False},
            "review": {"limit": 0},
            "returns": {"required": False},
        }
    )
    absent = ("negotiate", "merchant_reply", "buyer_evidence", "review", "ship")
    assert not {f"windows.{name}" for name in absent} & set(found)
    assert found["windows.escalate"].counts_from == "the complaint"


def test_panels_mediation_rules_fees_and_growth_are_told() -> None:
    """Who decides, with how many seats at each level, is what distinguishes one system from another."""
    found = course(
        {
            "mediation": {"rounds": 2, "push": 0.3},
            "decision": {
                "decider": "panel",
                "panel": {"size": 3, "quorum": 2},
                "automatic": {"enabled": True, "max_amount": 50, "margin": 1},
            },
            "review": {
                "limit": 2,
                "decider": "panel",
                "size_factor": 2,
                "size_plus": 1,
                "fee_fixed": 5,
                "loser_pays": True,
                "who": ["buyer"],
            },
        }
    ).phases
    titles = [phase.title for phase in found]
    assert {"Mediation", "Decision by rule", "Vote of a panel, 3 jurors"} <= set(titles)
    assert {"First review by a panel, 7 jurors", "Second review by a panel, 15 jurors"} <= set(titles)
    request = next(phase for phase in found if phase.title == "Request for first review")
    assert request.lanes == ("buyer",)
    assert "fee 5, paid by the loser" in request.notes


def test_a_calendar_counts_business_days_as_the_simulation_does() -> None:
    """The same window must close at the same hour in the picture and in a run."""
    scenario = small.scenario()
    days = BusinessDays.of(scenario)
    world = world_of(scenario)
    for now in (0.0, 30.5, 4 * DAY + 7, 5 * DAY, 6.5 * DAY, 17 * DAY):
        for hours in (0.0, 12.0, 24.0, 72.0, 240.0):
            expected = after_open_hours(world, BUSINESS, now, hours)
            closes = days.closes(now, Window(hours, business=True))
            assert closes == pytest.approx(max(expected, now)), (now, hours)
            assert days.passed(now, closes, Window(hours, business=True)) == pytest.approx(hours)
    assert days.closes(3.0, Window(48.0)) == 51.0


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_phase_has_a_place_of_its_own_in_the_picture(count: int) -> None:
    """Bars and words of one lane never cover each other, and all stay on the paper."""
    courses = [course(variants.POLICIES[name][0]) for name in list(variants.POLICIES)[:count]]
    figure = picture(courses)
    width, height = figure.get_size_inches() * 72
    assert height > 300 * count
    for one in courses:
        for band in _bands(one, 0.5, width - 26, count <= 2):
            rows: dict[int, list[tuple[float, float]]] = {}
            for item in band.items:
                rows.setdefault(item.row, []).append((min(item.left, item.text_left), item.right))
            for spans in rows.values():
                spans.sort()
                assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for text in figure.findobj(Text):
        x, y = text.get_position()
        assert -1 <= x <= width + 1, text
        assert -1 <= y <= height + 1, text


@pytest.mark.process
def test_the_picture_says_all_that_the_phases_say() -> None:
    """Titles, lengths, silences, conditions, reforms, and a title in Chinese."""
    one = course({"reforms": [{"starts": 9, "changes": {"windows": {"file": "4 d"}}}]}, "闲鱼小法庭 $x$")
    written = texts(picture([one])).replace("\n", " ")
    assert "闲鱼小法庭 $x$" in written
    assert "Reform from day 9: windows.file 4 d" in written
    for number, phase in enumerate(one.phases, 1):
        assert f"{number} {phase.title.split()[0]}" in written
        if phase.silence:
            assert f"→ {phase.silence.split()[0]}" in written
    assert "only with new evidence" in written
    many = texts(picture([one, one, one]))
    assert "only with new evidence" not in many, "with many policies only what is compared is drawn"
    assert "→" in many


def test_consent_offers_sealed_votes_fees_and_steps_of_the_platform_are_phases() -> None:
    """What the systems of the world do besides: each has its bar, its end and its conditions."""
    found = course(
        {
            "negotiation": {"escalation": "automatic"},
            "consent": {"of": ["merchant"]},
            "offers": {"enabled": True, "officer_needs": "either"},
            "answer": {"required": ["dispatch_record"], "fee": 7},
            "screening": {"filing_fee": 5, "loser_pays": True, "merchant_fee": 3},
            "review": {
                "limit": 1,
                "decider": "panel",
                "match_share": 0.5,
                "fee_per_seat": 2,
                "panel_size": 9,
                "new_evidence": False,
                "admit_new": False,
                "who": ["buyer"],
            },
            "decision": {"panel": {"size": 3, "reveal": "12 h", "stake": 4, "fee": 1, "cap": 2}},
            "funding": {"platform_after_review": True, "platform_below": 50, "platform_cap": 40},
        }
    ).phases
    told = [(phase.title, phase.lanes, phase.silence) for phase in found]
    for expected in (
        ("The platform steps in by itself", ("platform",), ""),
        ("Consent to the procedure", ("merchant",), "the case lapses"),
        ("Offers of both sides", ("buyer", "merchant"), "an officer makes an offer"),
        ("Take the officer's offer", ("buyer", "merchant"), "the offer is the ruling"),
        ("Other side's part of the fee", ("merchant",), "the asker wins"),
        ("Review by a panel, 9 jurors", ("platform",), "the votes are opened"),
        ("Votes are opened", ("platform",), "without a verdict, a desk rules"),
    ):
        assert expected in told
    notes = {note for phase in found for note in phase.notes}
    assert {
        "fee 5, paid by the loser",
        "the merchant pays 3, won or lost",
        "fee 7, paid by the loser",
        "loses at once without dispatch record",
        "one side is enough",
        "no new evidence",
        "fee 18",
        "50 % of the fee",
        "votes are sealed",
        "stake 4; the minority loses 100 % of it to the majority",
        "at most 2 cases a juror in 12 h",
        "the platform pays at most 40",
        "what a review takes back stays with the buyer; the platform pays it",
    } <= notes
    assert not any(phase.key == "windows.escalate" for phase in found)


def test_each_review_has_the_rules_of_its_own_stage_and_says_only_what_is_new() -> None:
    """Arbitration after pre-arbitration: another window, a fee, a higher court; the rest is not repeated."""
    found = course(
        {
            "decision": {"decider": "panel", "panel": {"size": 3}},
            "review": {
                "limit": 3,
                "decider": "panel",
                "new_evidence": False,
                "size_factor": 2,
                "size_plus": 1,
            },
            "exceptions": {
                "arbitration": {
                    "when": {"review": 2},
                    "changes": {"windows": {"review": "9 d"}, "review": {"fee_fixed": 500}},
                },
                "higher": {"when": {"seats": 31}, "changes": {"review": {"panel_size": 63}}},
            },
        }
    ).phases
    requests = [phase for phase in found if phase.key == "windows.review"]
    assert [str(phase.window) for phase in requests] == ["7 d", "9 d", "9 d"]
    assert [phase.notes for phase in requests] == [(), ("fee 500",), ()]
    votes = [phase for phase in found if phase.key == "decision.panel.voting"]
    sizes = [phase.title.split(", ")[1] for phase in votes]
    assert sizes == ["3 jurors", "7 jurors", "15 jurors", "63 jurors"]
    assert [bool(phase.notes) for phase in votes] == [True, False, False, False]


def test_what_is_different_for_some_cases_stands_above_the_picture() -> None:
    """An exception by cause is no phase of an ordinary case, and must not be missing either."""
    one = course(
        {
            "exceptions": {
                "inr": {
                    "when": {"causes": ["lost_or_damaged"], "within": "3 d"},
                    "changes": {"answer": {"required": ["dispatch_record"]}},
                }
            }
        }
    )
    assert one.notes == ("inr, where causes lost or damaged, within 3 d: answer.required dispatch record",)
    assert one.notes[0][:40] in texts(picture([one]))
