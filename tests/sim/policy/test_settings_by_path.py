"""Settings by path: rows of the engine name settings of the models, and are filled by rule."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import pytest
from pydantic import Field

from evenhand.sim.policy.compile import Condition, Rules
from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy
from evenhand.sim.sampling.habits import Habits
from evenhand.sim.sampling.parameters import BuyerTraits, MerchantTraits, Odds
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.people import BuyerGroup, MerchantGroup
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.settings import UNLIMITED, Read, by_path, fields_of, logit
from evenhand.sim.scenario.units import Window
from tests.support import small


class Inner(Model):
    """A part of a model."""

    limit: Annotated[float | None, Read.NO_LIMIT] = None
    cap: int | None = None
    kind: Literal["plain", "fancy"] = "fancy"
    who: tuple[Literal["buyer", "merchant"], ...] = ("merchant",)
    some: Annotated[tuple[Literal["a", "b", "c"], ...], Read.EMPTY_IS_ALL] = ()
    there: bool | None = None
    standard: Annotated[float, Field(gt=0, lt=1), Read.LOG_ODDS] = 0.8
    window: Window = Window(48.0)


class Outer(Model):
    """A model with two parts that share the names of their settings."""

    one: Inner = Inner()
    two: Inner = Inner(limit=3.0, there=True)


class Row(NamedTuple):
    """What an engine reads."""

    given: int
    one_limit: float
    two_limit: float
    one_cap: int
    one_kind: int
    one_kind_plain: bool
    one_who_merchant: bool
    one_who: int
    one_some: int
    one_there_yes: bool
    one_there_no: bool
    two_there_yes: bool
    one_standard: float
    one_window: float


def test_every_kind_of_setting_becomes_a_number_by_its_type_and_its_mark() -> None:
    """None, choices, sets of choices, chances and windows each have one rule, not one line each."""
    row = by_path(Row, Outer(), given=7)
    assert row == Row(7, UNLIMITED, 3.0, 0, 1, False, True, 2, 7, False, False, True, logit(0.8), 48.0)


def test_the_end_of_a_path_is_enough_where_it_is_the_only_one() -> None:
    """Names stay short, and a setting added later cannot silently take another's place."""

    class Shorter(NamedTuple):
        limit: float

    assert by_path(Shorter, Inner(limit=2.0)).limit == 2.0
    with pytest.raises(TypeError, match=r"Shorter.limit: more than one .*: one.limit, two.limit"):
        by_path(Shorter, Outer())


def test_a_field_that_names_no_setting_is_refused() -> None:
    """A misspelt name must not become a zero in every run."""

    class Wrong(NamedTuple):
        one_limt: float

    with pytest.raises(TypeError, match=r"Wrong.one_limt: no setting .*did you mean 'one_limit'"):
        by_path(Wrong, Outer())


@pytest.mark.parametrize(
    ("row", "model", "given"),
    [
        (Rules, Policy, {"starts", "retroactive", "seats"}),
        (Condition, When, set()),
        (
            Habits,
            Scenario,
            {
                "open_loop",
                "days",
                "counted_since",
                "counted_until",
                "orders_each",
                "mean_knowledge",
                "mean_trust",
                "mean_effort",
                "problem_ceiling",
            },
        ),
        (Odds, Scenario, set()),
        (BuyerTraits, BuyerGroup, set()),
        (MerchantTraits, MerchantGroup, set()),
    ],
)
def test_every_row_that_stages_read_names_settings_that_exist(
    row: type, model: type[Model], given: set[str]
) -> None:
    """All rows of the engine are found by path, and no two fields of one row mean the same."""
    fields = fields_of(row, model, frozenset(given))
    assert len({(field.setting.path, field.choice) for field in fields}) == len(fields)


def test_a_changed_setting_reaches_the_row() -> None:
    """Somebody who changes a policy file changes the number that the stage reads."""
    given = {"starts": 0.0, "retroactive": False, "seats": 1}
    base, other = small.policy(), small.policy({"decision": {"standard": 0.75, "remedy": "proportional"}})
    assert by_path(Rules, other, None, **given).decision_standard == logit(0.75)
    assert by_path(Rules, other, None, **given).remedy_proportional
    assert not by_path(Rules, base, None, **given).remedy_proportional
