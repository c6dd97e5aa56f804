"""Every template of DECLARE means what the literature says it means."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evenhand.analysis.eventlog.conformance_rules import UNARY, Rule, Template
from evenhand.analysis.eventlog.conformance_templates import JUDGES
from tests.support.logs import judged

A = {"activation": "a"}
AB = {"activation": "a", "target": "b"}


@pytest.mark.parametrize(
    ("rule", "happened", "broken"),
    [
        ({"template": "existence", **A}, "b a end", []),
        ({"template": "existence", **A}, "b end", [None]),
        ({"template": "existence", **A, "least": 2}, "a end", [None]),
        ({"template": "absence", **A}, "b end", []),
        ({"template": "absence", **A}, "b a a end", [2, 3]),
        ({"template": "absence", **A, "most": 1}, "a b a end", [3]),
        ({"template": "exactly", **A, "times": 2}, "a a end", []),
        ({"template": "exactly", **A, "times": 2}, "a end", [None]),
        ({"template": "exactly", **A, "times": 2}, "a a a end", [3]),
        ({"template": "init", **A}, "a b end", []),
        ({"template": "init", **A}, "b a end", [1]),
        ({"template": "end", **A}, "end a", []),
        ({"template": "end", **A}, "end a b", [3]),
        ({"template": "responded_existence", **AB}, "b a end", []),
        ({"template": "responded_existence", **AB}, "a end", [1]),
        ({"template": "co_existence", **AB}, "b a end", []),
        ({"template": "co_existence", **AB}, "b end", [1]),
        ({"template": "response", **AB}, "a c b end", []),
        ({"template": "response", **AB}, "b a a end", [2, 3]),
        ({"template": "alternate_response", **AB}, "a b a b end", []),
        ({"template": "alternate_response", **AB}, "a a b end", [1]),
        ({"template": "chain_response", **AB}, "a b end", []),
        ({"template": "chain_response", **AB}, "a c b end", [1]),
        ({"template": "precedence", **AB}, "b c a a end", []),
        ({"template": "precedence", **AB}, "a b a end", [1]),
        ({"template": "alternate_precedence", **AB}, "b a b a end", []),
        ({"template": "alternate_precedence", **AB}, "b a a end", [3]),
        ({"template": "chain_precedence", **AB}, "b a end", []),
        ({"template": "chain_precedence", **AB}, "b c a end", [3]),
        ({"template": "succession", **AB}, "a c b end", []),
        ({"template": "succession", **AB}, "b a end", [1, 2]),
        ({"template": "alternate_succession", **AB}, "a b a b end", []),
        ({"template": "alternate_succession", **AB}, "a b b end", [3]),
        ({"template": "chain_succession", **AB}, "a b end", []),
        ({"template": "chain_succession", **AB}, "a c b end", [1, 3]),
        ({"template": "not_co_existence", **AB}, "a c end", []),
        ({"template": "not_co_existence", **AB}, "b a b end", [1, 3]),
        ({"template": "not_succession", **AB}, "b b a end", []),
        ({"template": "not_succession", **AB}, "a c b b end", [3, 4]),
        ({"template": "not_chain_succession", **AB}, "a c b end", []),
        ({"template": "not_chain_succession", **AB}, "a b end", [2]),
        ({"template": "choice", **AB}, "b end", []),
        ({"template": "choice", **AB}, "c end", [None]),
        ({"template": "exclusive_choice", **AB}, "b end", []),
        ({"template": "exclusive_choice", **AB}, "a b end", [2]),
        ({"template": "exclusive_choice", **AB}, "end", [None]),
    ],
)
def test_a_template_is_kept_or_broken_where_the_literature_says(
    rule: dict[str, Any], happened: str, broken: list[int | None]
) -> None:
    """Each kept once and broken once; the position is that of the event to blame, from 1."""
    positions, pending = judged(rule, *happened.split())
    assert sorted(positions, key=str) == sorted(broken, key=str)
    assert pending == 0


def test_every_template_of_the_language_has_its_meaning_and_its_test() -> None:
    """A template without a judge would fail only in the hands of a user."""
    assert set(JUDGES) == set(get_args(Template))


@pytest.mark.parametrize("template", sorted(set(JUDGES) - {"absence", "init", "precedence"}))
def test_an_open_case_is_never_blamed_for_what_may_yet_come(template: str) -> None:
    """A log is cut at some day; that is nobody's breach of due process."""
    rule = {"template": template, **(A if template in UNARY else AB)}
    for happened in itertools.product("abc", repeat=2):
        open_positions, pending = judged(rule, *happened)
        over_positions, none = judged(rule, *happened, "end")
        assert none == 0
        if template != "end":  # the last event of a case that is over is its end
            assert len(open_positions) + pending >= len(over_positions) - 1
        assert set(open_positions) <= set(over_positions) | {None}


def test_a_time_limit_that_has_passed_is_broken_even_in_an_open_case() -> None:
    """`within` cannot be kept any more when the case itself goes on after it."""
    rule = {"template": "response", **AB, "within": "2 h"}
    assert judged(rule, ("a", 0.0), ("c", 1.0)) == ([], 1)
    assert judged(rule, ("a", 0.0), ("c", 3.0)) == ([1], 0)
    assert judged(rule, ("a", 0.0), ("b", 2.0)) == ([], 0)
    assert judged(rule, ("a", 0.0), ("b", 2.001), ("end", 9.0)) == ([1], 0)


@pytest.mark.parametrize(
    ("condition", "kept", "broken"),
    [
        ("within", (0.0, 23.99, 24.0, 24.0001), (24.01, 30.0)),
        ("at_least", (23.9999, 24.0, 30.0), (0.0, 23.99)),
        ("beyond", (24.01, 30.0), (0.0, 24.0, 24.0001)),
        ("before", (0.0, 23.99), (23.9999, 24.0, 30.0)),
    ],
)
def test_conditions_on_time_are_sharp_to_the_second(
    condition: str, kept: tuple[float, ...], broken: tuple[float, ...]
) -> None:
    """What happens exactly at a limit is in time; logs keep times to the second."""
    rule = {"template": "chain_response", **AB, condition: "24 h"}
    for lags, expected in ((kept, []), (broken, [1])):
        for lag in lags:
            found = judged(rule, ("a", 10.0), ("b", 10.0 + lag), ("end", 99.0))[0]
            assert found == expected, lag


def test_business_days_do_not_count_the_weekend() -> None:
    """1970 began on a Thursday: three business days later is Tuesday, five days on."""
    rule = {"template": "response", **AB, "within": "3 business days"}
    assert judged(rule, ("a", 0.0), ("b", 5 * 24.0), ("end", 999.0))[0] == []
    assert judged(rule, ("a", 0.0), ("b", 5 * 24.0 + 1), ("end", 999.0))[0] == [1]


def test_resources_may_be_asked_to_be_the_same_or_others() -> None:
    """No judge in one's own cause is a rule about resources."""
    own = {"template": "not_succession", "activation": "ruled", "target": "ruled", "resource": "same"}
    assert judged(own, ("ruled", 0.0, "x"), ("ruled", 1.0, "y"), ("ruled", 2.0, "x"))[0] == [3]
    other = {"template": "chain_response", **AB, "resource": "different"}
    assert judged(other, ("a", 0.0, "x"), ("b", 1.0, "x"), ("end", 2.0))[0] == [1]


def test_a_rule_may_look_at_some_activities_resources_and_cases_only() -> None:
    """What is not `among` is not seen; `by` and `cases` choose whom the rule is about."""
    chain = {"template": "chain_response", **AB}
    assert judged(chain, "a", "c", "b", "end")[0] == [1]
    assert judged({**chain, "among": ["a", "b"]}, "a", "c", "b", "end")[0] == []
    assert judged({**chain, "among": ["a", "d"]}, "c", "a", "b", "end", "d")[0] == [2], "positions of the log"
    by = {"template": "absence", "activation": "*", "by": ["arbiter *"]}
    assert judged(by, ("a", 0.0, "buyer 1"), ("b", 1.0, "arbiter 7"))[0] == [2]
    never = {"template": "absence", **A}
    assert judged({**never, "cases": {"amount": {"above": 10}}}, "a", amount=10)[0] == []
    assert judged({**never, "cases": {"amount": {"above": 10}}}, "a", amount=11)[0] == [1]
    assert judged({**never, "cases": {"cause": ["lost", "late"]}}, "a", cause="late")[0] == [1]
    assert judged({**never, "cases": {"upheld": True}}, "a", upheld=1)[0] == [], "1 is not true"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"template": "response", **A}, "target: must be given for 'response'"),
        ({"template": "absence", **AB}, "target: 'absence' has none"),
        ({"template": "absence", **A, "within": "2 h"}, "within: 'absence' is not about an order"),
        ({"template": "choice", **AB, "resource": "same"}, "resource: 'choice' is not about an order"),
        ({"template": "response", **AB, "most": 2}, "most: is for 'absence', found 'response'"),
        ({"template": "respond", **AB}, "template"),
        ({"template": "response", **AB, "within": "soon"}, "must be a duration"),
    ],
)
def test_a_rule_that_cannot_mean_anything_is_refused(rule: dict[str, Any], said: str) -> None:
    """A condition that a template ignores would promise what it does not keep."""
    with pytest.raises(ValidationError, match=said):
        Rule.model_validate(rule)


@given(st.lists(st.sampled_from("abc"), max_size=8))
def test_templates_imply_each_other_as_declare_says(happened: list[str]) -> None:
    """Chain implies alternate implies plain, and a succession is a response and a precedence."""

    def broken(template: str, **turned: str) -> bool:
        return bool(judged({"template": template, **(turned or AB)}, *happened, "end")[0])

    for kind in ("response", "precedence", "succession"):
        assert broken(f"chain_{kind}") or not broken(f"alternate_{kind}")
        assert broken(f"alternate_{kind}") or not broken(kind)
    turned = {"activation": "b", "target": "a"}
    assert broken("succession") == (broken("response") or broken("precedence", **turned))
    assert broken("not_succession") or not broken("not_chain_succession")
    assert broken("response") or not broken("responded_existence")
