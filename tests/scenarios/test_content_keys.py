"""The key of a plan follows from its numbers alone, so that an earlier run can be opened."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand import scenarios
from evenhand.scenarios import content_key, plan_key

TEXT = """\
kind: policy
title: A
description: first
base: tmall
windows: {file: {value: 20 d, source: here, confidence: assumed}}
"""


def _key(text: str) -> str:
    seen = scenarios.check_text(text, "x.yaml").loaded
    assert seen is not None
    return content_key(seen.model)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A", "title: B"),
        ("first", "second"),
        ("here", "there"),
        ("assumed", "derived"),
        ("20 d", "480 h"),
    ],
)
def test_words_beside_the_numbers_do_not_count(old: str, new: str) -> None:
    """A better title or a source that was found does not make another run."""
    assert _key(TEXT.replace(old, new)) == _key(TEXT)


def test_every_number_of_a_policy_and_a_scenario_counts() -> None:
    """A key that a setting does not reach would open the wrong run."""
    market, policy = scenarios.load("tmall_unresponsive"), scenarios.policy("tmall")
    build = scenarios.builder(market, policy)
    before = content_key(market), content_key(policy)
    for path, value in {"windows.file": 100.0, "decision.standard": 0.7, "review.limit": 3}.items():
        assert content_key(build({path: value})[1]) != before[1], path
    for path, value in {"market.orders_per_day": 10.0, "desks.decision.staff": 9}.items():
        assert content_key(build({path: value})[0]) != before[0], path


def test_a_plan_is_told_apart_by_all_that_its_numbers_depend_on() -> None:
    """Seed, days, replications, policies, feedback and versions each make another run."""
    market = scenarios.load("tmall_unresponsive")
    tmall, other = scenarios.policy("tmall"), scenarios.policy("wechat_shop_2024")
    plain: dict[str, Any] = {"seed": 1, "days": 30, "replications": 2, "versions": {"numpy": "1"}}
    keys = [
        plan_key(market, [tmall], **plain),
        plan_key(market, [tmall, other], **plain),
        plan_key(market, [other], **plain),
        plan_key(market, [tmall], **plain, open_loop=True),
        *(
            plan_key(market, [tmall], **{**plain, **changed})
            for changed in ({"seed": 2}, {"days": 31}, {"replications": 3}, {"versions": {"numpy": "2"}})
        ),
    ]
    assert len(set(keys)) == len(keys)
    assert plan_key(market, [tmall], **plain) == keys[0]


def test_a_group_of_people_may_be_called_title() -> None:
    """Names that people give are no words beside numbers."""
    base = scenarios.load("tmall_unresponsive")
    groups = base.merchants.groups
    first = next(iter(groups.values()))
    one = base.model_copy(
        update={"merchants": base.merchants.model_copy(update={"groups": {"title": first}})}
    )
    two = base.model_copy(
        update={
            "merchants": base.merchants.model_copy(
                update={"groups": {"title": first.model_copy(update={"rating": 0.123})}}
            )
        }
    )
    assert content_key(one) != content_key(two)


def test_building_many_points_looks_all_settings_up_once(monkeypatch) -> None:
    """A thousand futures of a study are a thousand builds: each must not list every setting anew."""
    from evenhand.scenarios import numbers

    listed = []
    original = numbers.numbers
    monkeypatch.setattr(numbers, "numbers", lambda *both: listed.append(1) or original(*both))
    build = numbers.builder(scenarios.load("tmall_unresponsive"), scenarios.policy("tmall"))
    for standard in range(1, 100):
        build(
            {"decision.standard": standard / 100, "answer.inference": 1.0, "desks.decision.staff": standard}
        )
    assert len(listed) == 1
