"""Overlays: `A+B` is policy B laid over policy A; and mistakes in exceptions, where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand import scenarios
from evenhand.scenarios.problems import BadFile

LAW = """
kind: policy
title: A law
description: what a statute adds
exceptions:
  no_reason:
    when: {within: 7 d, goods_in_hand: true}
    changes: {returns: {required: true, no_reason: true}}
  burden:
    when: {goods: [durable]}
    changes: {burden: {by_cause: {quality_defect: merchant}}}
"""
PLAIN = """
kind: policy
title: Plain rules
description: what a shop does
windows: {file: 9 d}
exceptions:
  burden: {when: {amount_from: 5}, changes: {burden: {weight: 2}}}
  dear: {when: {amount_from: 500}, changes: {review: {limit: 2}}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "law.yaml").write_text(LAW)
    (tmp_path / "plain.yaml").write_text(PLAIN)
    return tmp_path


def test_an_overlay_adds_its_rules_and_leaves_the_rest(here: Path) -> None:
    """The policy keeps what the law does not speak of; exceptions of the same name are the law's."""
    policy = scenarios.policy("plain.yaml+law.yaml")
    assert policy.windows.file.hours == 9 * 24
    assert list(policy.exceptions) == ["burden", "dear", "no_reason"]
    assert policy.exceptions["burden"].when.goods == ("durable",)
    assert policy.exceptions["burden"].changes["burden"] == {
        "weight": 2,
        "by_cause": {"quality_defect": "merchant"},
    }
    assert policy.title == "Plain rules, and over it: A law"
    assert policy.description == "what a shop does"
    assert policy.name == "plain+law"


def test_the_order_of_an_overlay_matters(here: Path) -> None:
    """What comes later is on top."""
    (here / "short.yaml").write_text("kind: policy\ntitle: Short\nwindows: {file: 2 d}\n")
    assert scenarios.policy("plain.yaml+short.yaml").windows.file.hours == 48
    assert scenarios.policy("short.yaml+plain.yaml").windows.file.hours == 9 * 24
    assert scenarios.policy("short.yaml+plain.yaml+short.yaml").windows.file.hours == 48


def test_shipped_policies_and_files_can_be_laid_over_each_other(here: Path) -> None:
    """By name or by path, and as the base of a file."""
    both = scenarios.policy("tmall+law.yaml")
    assert both.windows == scenarios.policy("tmall").windows
    assert "no_reason" in both.exceptions
    (here / "mine.yaml").write_text("base: tmall+law.yaml\ntitle: Mine\nreview: {limit: 0}\n")
    mine = scenarios.policy("mine.yaml")
    assert (mine.title, mine.review.limit, list(mine.exceptions)) == ("Mine", 0, ["no_reason", "burden"])


def test_settings_of_an_overlay_keep_their_own_provenance(here: Path) -> None:
    """A citation of the law does not cover the shop's rules, nor the other way round."""
    (here / "cited.yaml").write_text(
        "kind: policy\ntitle: Cited\n"
        "windows: {ship: {value: 7 d, source: the act, confidence: first-party}}\n"
    )
    loaded = scenarios.read("tmall+cited.yaml", "policy")
    cited, ours = loaded.provenance_of("windows.ship"), loaded.provenance_of("windows.confirm")
    assert cited is not None
    assert ours is not None
    assert (cited.source, cited.confidence) == ("the act", "first-party")
    assert ours.source != "the act"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tmall+tmal", "names 'tmal', which is no file and no shipped policy; did you mean 'tmall'?"),
        ("plain.yaml+worlds/tmall", "tmall.yaml is a scenario, not a policy"),
        ("tmall+", "has nothing beside a '+'"),
    ],
)
def test_an_overlay_that_cannot_be_is_refused_by_its_part(here: Path, name: str, said: str) -> None:
    """The message names the part that is wrong, not the whole."""
    with pytest.raises(BadFile) as caught:
        scenarios.policy(name)
    assert said in str(caught.value)


def test_a_file_with_a_plus_in_its_name_is_a_file(here: Path) -> None:
    """Only what is no file is taken apart."""
    (here / "a+b.yaml").write_text("kind: policy\ntitle: One file\n")
    assert scenarios.policy("a+b.yaml").title == "One file"


def test_bases_that_go_round_through_an_overlay_are_found(here: Path) -> None:
    """A circle would never end."""
    (here / "a.yaml").write_text("base: plain.yaml+b.yaml\ntitle: a\n")
    (here / "b.yaml").write_text("base: a.yaml\ntitle: b\n")
    with pytest.raises(BadFile, match="goes round in a circle"):
        scenarios.policy("a.yaml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "  x: {when: {review: 1}, changes: {revew: {limit: 2}}}",
            "bad.yaml:4:36: exceptions.x.changes.revew: unknown setting; did you mean 'review'?",
        ),
        (
            "  x: {when: {review: 1}, changes: {review: {limit: 99}}}",
            "bad.yaml:4:52: exceptions.x.changes.review.limit: must be 10 or less, found 99",
        ),
        (
            "  x: {when: {reviw: 1}, changes: {}}",
            "bad.yaml:4:14: exceptions.x.when.reviw: unknown setting; did you mean 'review'?",
        ),
        ("  x: {when: {}, changes: {}}", "exceptions.x.when: must name at least one condition"),
        ("  x: {when: {review: 1}, changes: {reforms: []}}", "an exception cannot hold reforms"),
    ],
)
def test_a_mistake_in_an_exception_is_told_where_it_stands(here: Path, line: str, said: str) -> None:
    """Once, with its line and column, like any other mistake."""
    (here / "bad.yaml").write_text(f"kind: policy\ntitle: Bad\nexceptions:\n{line}\n")
    with pytest.raises(BadFile) as caught:
        scenarios.policy("bad.yaml")
    assert said in str(caught.value)
    assert str(caught.value).count("\n") == 0, caught.value


def test_exceptions_that_are_right_alone_and_wrong_together_are_refused(here: Path) -> None:
    """Every case that can be must have rules."""
    (here / "both.yaml").write_text(
        "kind: policy\ntitle: Both\nexceptions:\n"
        "  a: {when: {amount_from: 5}, changes: {decision: {panel: {size: 5}}}}\n"
        "  b: {when: {goods_in_hand: true}, changes: {decision: {panel: {quorum: 9}}}}\n"
    )
    with pytest.raises(BadFile, match=r"exceptions: a, b: decision\.panel: "):
        scenarios.policy("both.yaml")


def test_replace_drops_what_the_base_has_there(here: Path) -> None:
    """Groups that have nothing to do with those of the base need not be laid over them."""
    group = (
        "{share: 1, service: 0.3, reply: {law: exponential, mean: 5 h}, never_replies: 0.1, rating: 0.8,"
        " rest: {cost: 2000, marks: 4}}"
    )
    for name, tag in (("whole", " !replace"), ("laid", "")):
        text = f"title: One\nbase: tmall\nmerchants:\n  groups:{tag}\n    one: {group}\n"
        (here / f"{name}.yaml").write_text(text)
    assert scenarios.load("whole.yaml").merchant_groups == ("one",)
    with pytest.raises(BadFile, match="must sum to 1"):
        scenarios.load("laid.yaml")


def test_replace_is_for_settings_only(here: Path) -> None:
    """A number or a list replaces what was there anyway, so a tag on it is a mistake."""
    (here / "wrong.yaml").write_text("title: One\nbase: tmall\ndays: !replace 30\n")
    with pytest.raises(BadFile, match="only '!replace' is, before settings"):
        scenarios.load("wrong.yaml")
