"""What a file changes, what has no effect, and what desks can do, before anything is simulated."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest

from evenhand import scenarios
from evenhand.scenarios.changes import against_base
from evenhand.scenarios.expected_load import claims_a_day, expected_load
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.show import assumed, settings
from evenhand.scenarios.talks_first import talks_first
from evenhand.scenarios.without_effect import without_effect
from tests.support import small

_BY_PANEL = """decision: {panel: {size: 13}}
exceptions: {x: {when: {amount_below: 20}, changes: {decision: {decider: panel}}}}
"""
"""A jury for small amounts alone."""


_BEFORE_TALKS = """exceptions:
  x:
    when: {amount_below: 20}
    changes: {decision: {automatic: {enabled: true}}, negotiation: {rounds: 0, required: false}}
"""


def _file(folder: Path, lines: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(f"title: mine\nbase: tmall\n{lines}\n", encoding="utf-8")
    return path


def _idle(folder: Path, lines: str, world: Loaded | None = None) -> list[tuple[str, str]]:
    path = _file(folder, lines)
    changed = against_base(path, "policy")
    assert changed is not None
    paths = [one.path for one in changed.changes]
    found = without_effect(scenarios.read(path, "policy"), paths, world, 90)
    return [(one.path, one.message) for one in found]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("windows: {merchant_evidence: 24 h}", "Windows: for the merchant's evidence: 72 h -> 24 h"),
        (
            "windows: {merchant_evidence: 2 business days}",
            "Windows: for the merchant's evidence: 3 d -> 2 business days",
        ),
        ("decision: {checks: {share: 50%}}", "Decision: checks: share of cases checked: 25 % -> 50 %"),
        ("screening: {filing_fee: 20}", "Screening: filing fee (money): 0 -> 20"),
        (
            "answer: {silence: buyer_wins}",
            "Answer: if the merchant is silent: adverse_inference -> buyer_wins",
        ),
    ],
)
def test_a_change_is_said_in_words_with_its_unit(tmp_path: Path, lines: str, said: str) -> None:
    """Who wrote 24 h for 3 d sees both in one unit, and the name of the setting, not its path."""
    changed = against_base(_file(tmp_path, lines), "policy")
    assert changed is not None
    assert (changed.base, [str(one) for one in changed.changes]) == ("tmall", [said])


def test_a_new_exception_is_said_by_what_it_names(tmp_path: Path) -> None:
    """What a condition leaves out is no change."""
    lines = "exceptions: {small: {when: {amount_below: 20}, changes: {decision: {standard: 0.6}}}}"
    changed = against_base(_file(tmp_path, lines), "policy")
    assert changed is not None
    assert [str(one) for one in changed.changes] == [
        "Exceptions: small: when: amount below (money): none -> 20",
        "Exceptions: small: Decision: standard of proof (chance): 0.5 -> 0.6",
    ]


def test_files_laid_over_each_other_are_told_against_those_below(tmp_path: Path) -> None:
    """Of A+B the last is the change; a file without a base has none."""
    mine = _file(tmp_path, "decision: {standard: 0.6}")
    changed = against_base(f"paypal+{mine}", "policy")
    assert changed is not None
    assert changed.base == "paypal"
    assert against_base("tmall", "policy") is None


@pytest.mark.parametrize(
    ("lines", "path", "why"),
    [
        ("decision: {panel: {size: 13}}", "decision.panel.size", "nobody decides by panel"),
        ("mediation: {push: 0.5}", "mediation.push", "mediation.rounds is 0"),
        ("windows: {mediate: 9 d}", "windows.mediate", "that window never opens"),
        (
            "exceptions: {x: {when: {amount_from: 30, amount_below: 20}, changes: {burden: {prior: 0.6}}}}",
            "exceptions.x",
            "amounts from 30 are not below 20",
        ),
        (
            "exceptions: {x: {when: {review: 5}, changes: {decision: {standard: 0.6}}}}",
            "exceptions.x",
            "there are 1 reviews at most",
        ),
        (
            "exceptions: {x: {when: {amount_below: 20}, changes: {decision: {standard: 0.5}}}}",
            "exceptions.x",
            "as it is without it",
        ),
    ],
)
def test_what_is_never_reached_has_no_effect(tmp_path: Path, lines: str, path: str, why: str) -> None:
    """A setting that does nothing must not look as if it did."""
    (found,) = _idle(tmp_path, lines)
    assert found[0] == path
    assert why in found[1]


@pytest.mark.parametrize(
    "lines",
    [
        "decision: {decider: panel, panel: {size: 13}}",
        "review: {decider: panel}\ndecision: {panel: {size: 13}}",
        _BY_PANEL,
        "exceptions: {x: {when: {amount_below: 20}, changes: {decision: {standard: 0.6}}}}",
        "windows: {merchant_evidence: 24 h}",
    ],
)
def test_what_is_reached_is_not_accused(tmp_path: Path, lines: str) -> None:
    """A jury that only an exception or a review brings is a jury."""
    assert _idle(tmp_path, lines, scenarios.read("tmall_unresponsive", "scenario")) == []


def test_what_a_run_does_not_reach_has_no_effect_in_it(tmp_path: Path) -> None:
    """Reforms after the end and windows longer than the run do nothing in the market of the check."""
    lines = "windows: {file: 100 d}\nreforms: [{starts: 2031-01-01, changes: {decision: {standard: 0.6}}}]"
    world = scenarios.read("tmall_unresponsive", "scenario")
    assert [path for path, _ in _idle(tmp_path, lines, world)] == ["reforms.0", "windows.file"]
    assert _idle(tmp_path, lines) == []


def test_the_load_of_a_desk_is_claims_times_work_over_open_hours() -> None:
    """Closed form: orders x rates, made-up claims by the dishonest alone; staff x hours / mean work."""
    market = small.scenario()
    groups = market.buyers.groups.values()
    orders = sum(g.share * g.activity for g in groups)
    dishonest = sum(g.share * g.activity * 0.1 for g in groups) / orders
    assert isclose(claims_a_day(market), 300 * (8 * 6 + 5 + 30 * dishonest) / 1000)
    desks = {one.desk: one for one in expected_load(market, small.policy())}
    decision = desks["decision"]
    assert isclose(decision.possible, 2 * 9 * 5 / 7 / decision.hours)
    assert isclose(decision.load, claims_a_day(market) / decision.possible)


def test_a_load_above_one_without_talks_is_too_much() -> None:
    """Where talks stand before a desk only a run can tell; without them what arises is what comes."""
    slow = small.scenario({"desks": {"screening": {"service": {"mean": "9 h"}}}})
    direct = small.policy({"negotiation": {"rounds": 0, "required": False}, "screening": {"mode": "desk"}})
    talks = small.policy({"screening": {"mode": "desk"}})
    (screening, *_), (after_talks, *_) = (list(expected_load(slow, rules)) for rules in (direct, talks))
    assert screening.too_much
    assert screening.load == after_talks.load > 1
    assert not after_talks.too_much


def test_settings_without_a_source_are_counted_and_defaults_are_not() -> None:
    """The badge counts what `show` marks with '!', among what files give."""
    loaded = scenarios.read("tmall", "policy")
    marked = [
        one for one in settings(loaded) if one.confidence in ("assumed", "unmarked") and one.path != "title"
    ]
    n, of = assumed(loaded)
    assert n == len([one for one in marked if one.path not in ("name", "description")])
    assert n < of < len(settings(loaded))


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        ("decision: {automatic: {enabled: true, max_amount: 20}}", 1),
        ("exceptions: {x: {when: {amount_below: 20}, changes: {decision: {automatic: {enabled: true}}}}}", 1),
        (
            _BEFORE_TALKS,
            0,
        ),
        ("windows: {merchant_evidence: 24 h}", 0),
    ],
)
def test_who_decides_by_rule_hears_that_talks_come_first(tmp_path, lines, notes):
    """A refund at once is none for those who talk for a week before it; how to have it before is said."""
    path = _file(tmp_path, lines)
    changed = against_base(path, "policy")
    assert changed is not None
    found = talks_first(scenarios.read(path, "policy"), [one.path for one in changed.changes])
    assert len(found) == notes
    for one in found:
        assert one.message.startswith("talks come first")
        assert "negotiation: {rounds: 0, required: false}" in one.message


def test_what_an_exception_sets_to_nothing_is_told(tmp_path):
    """No rounds of talks is a change, although 0 is what a new group leaves out elsewhere."""
    path = _file(tmp_path, "exceptions: {x: {when: {amount_below: 20}, changes: {negotiation: {rounds: 0}}}}")
    changed = against_base(path, "policy")
    assert changed is not None
    assert any(one.path == "exceptions.x.changes.negotiation.rounds" for one in changed.changes)
