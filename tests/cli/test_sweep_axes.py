"""Which settings a sweep can vary, how their values are written, and what a mistake is told."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import scenarios
from evenhand.analysis.experiments import Axis
from evenhand.errors import UsageError
from evenhand.jobs.sweep_axes import read
from evenhand.scenarios.numbers import NotVariableError, builder, number, numbers
from evenhand.sim.scenario.units import Window
from tests.support import shipped, small

WORLD, RULES = small.scenario(), small.policy()


def one(text: str) -> Axis:
    """The axis that one `--vary` stands for."""
    (axis,) = read([text], WORLD, RULES).axes
    return axis


def refusal(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read([text], WORLD, RULES)
    return str(caught.value)


@pytest.mark.process
@pytest.mark.parametrize("name", shipped.policies())
def test_every_number_of_a_shipped_policy_can_be_put_back_where_it_stands(name):
    """A number that is set to itself must leave the models as they are, whatever shape it stands in."""
    rules = scenarios.policy(name)
    some = [found for found in numbers(WORLD, rules) if found.value is not None]
    assert len(some) > 200
    for found in some:
        value = found.value.hours if isinstance(found.value, Window) else found.value
        business = isinstance(found.value, Window) and found.value.business
        path = f"{found.side}.{found.path}"
        build = builder(WORLD, rules, (path,) if business else ())
        assert build({path: value}) == (WORLD, rules), path


def test_values_arrive_in_both_models_and_nowhere_else():
    """Axes of the scenario and of the policy are the same to a sweep; everything else stays."""
    build = builder(WORLD, RULES)
    world, rules = build(
        {
            "windows.file": 100.0,
            "behaviour.bargaining.concession.1": 0.5,
            "review.limit": 3,
            "buyers.groups.new.patience.scale": 50.0,
            "screening.request_cap": 2,
        }
    )
    assert rules.windows.file == Window(100.0)
    assert (rules.review.limit, rules.screening.request_cap) == (3, 2)
    assert world.behaviour.bargaining.concession == (0.6, 0.5, 1.0)
    assert world.buyers.groups["new"].patience.scale == 50.0
    undone = builder(world, rules)(
        {
            "windows.file": 360.0,
            "behaviour.bargaining.concession.1": 0.85,
            "review.limit": 1,
            "buyers.groups.new.patience.scale": 40.0,
        }
    )
    assert undone[0] == WORLD
    assert undone[1].model_copy(update={"screening": RULES.screening}) == RULES


def test_business_days_are_counted_where_they_are_asked_for():
    """A window of the axis counts as it is written, not as the one it replaces does."""
    name = "windows.merchant_reply"  # two business days in the small rules
    assert builder(WORLD, RULES)({name: 48.0})[1].windows.merchant_reply == Window(48.0)
    assert builder(WORLD, RULES, (name,))({name: 72.0})[1].windows.merchant_reply == Window(72.0, True)
    varied = read([f"{name}=1 business days..5 business days"], WORLD, RULES)
    assert varied.business == (name,)
    assert (varied.axes[0].ends, varied.axes[0].base) == ((24.0, 120.0), 48.0)
    assert varied.axes[0].written(72.0) == "3 business days"
    assert np.isnan(one(f"{name}=24h..120h").base)  # calendar hours: the base is not on this axis


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("windows.file=24h..120h", 24, 120, "h"),
        ("windows.file = 2 d .. 1 week", 48, 168, "h"),
        ("windows.file=24..120", 24, 120, "h"),
        ("policy.windows.file=90 min..3h", 1.5, 3, "h"),
        ("scenario.behaviour.review_propensity=0..1", 0, 1, ""),
        ("buyers.groups.new.patience.scale=10h..2d", 10, 48, "h"),
    ],
)
def test_ranges_are_read_with_the_units_of_the_files(text, low, high, unit):
    """A designer writes windows on the command line as in the file."""
    axis = one(text)
    assert (axis.low, axis.high, axis.unit) == (low, high, unit)


def test_lists_and_log_scales_are_read():
    """Both other ways to say where to look."""
    assert one("behaviour.review_propensity=0.1,0.2,0.4").values == (0.1, 0.2, 0.4)
    axis = one("desks.hourly_cost=1..100:log")
    assert np.allclose(axis.levels(3), [1, 10, 100])
    assert np.allclose(axis.at(np.array([0.0, 0.5, 1.0])), [1, 10, 100])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("windows.merchant_repyl=1..2", "is no setting; did you mean 'windows.merchant_reply'"),
        ("merchant_reply=1..2", "did you mean 'windows.merchant_reply'"),
        ("decision.discipline=1..2", "is 'fifo', which is no number"),
        ("windows=1..2", "is a group of settings; numbers in it are 'windows.file'"),
        ("windows.file", "write SETTING=LOW..HIGH"),
        ("windows.file=24h", "write SETTING=LOW..HIGH"),
        ("windows.file=1h..2h..3h", "write SETTING=LOW..HIGH"),
        ("windows.file=24h..5", "give every value its unit"),
        ("windows.file=24h..3 parsecs", "must be a duration such as"),
        ("windows.file=24h..3 business days", "business days or not, but not both"),
        ("answer.extension=1 business days..3 business days", "business days are for the windows"),
        ("behaviour.review_propensity=10%..20%", "takes numbers without a unit, found '10%'"),
        ("review.limit=0.5..2.5", "takes whole numbers"),
        ("windows.file=120h..24h", "must be below the high end"),
        ("windows.file=24h..24h", "two values or more"),
        ("windows.file=24h,48h,24h", "the same value is given twice"),
        ("windows.file=0h..24h:log", "needs values above 0"),
        ("windows.file=1h,2h:log", "a log scale is for a range"),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed(text, told):
    """One line that a policy designer can act on."""
    assert told in refusal(text)


def test_the_same_setting_cannot_be_varied_twice():
    """However it is written."""
    with pytest.raises(UsageError, match=r"windows\.file is given twice"):
        read(["windows.file=1h..2h", "policy.windows.file=1h..2h"], WORLD, RULES)


def test_a_path_in_both_files_must_say_which(monkeypatch):
    """Today no path is in both; when one is, a guess would vary the wrong thing."""
    found = [one._replace(path="limit") for one in numbers(WORLD, RULES)[:1] + numbers(WORLD, RULES)[-1:]]
    monkeypatch.setattr("evenhand.scenarios.numbers.numbers", lambda *_: found)
    with pytest.raises(NotVariableError, match=r"write 'policy\.limit' or 'scenario\.limit'"):
        number(WORLD, RULES, "limit")
    assert number(WORLD, RULES, "scenario.limit").side == "scenario"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"behaviour.review_propensity": 3.0}, "must be less than or equal to 1, found 3"),
        ({"review.limit": 1.5}, "must be a whole number"),
        ({"behaviour.trust.outcome_weight": 0.3}, "must sum to 1"),
        ({"decision.panel.quorum": 40}, "quorum must not exceed the size 31"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_its_path(values, told):
    """Before anything runs."""
    with pytest.raises(ValueError, match=told):
        builder(WORLD, RULES)(values)


def test_whole_numbers_and_lists_have_equal_chances_on_an_axis():
    """Otherwise Latin hypercubes and Sobol indices would weigh the ends half."""
    u = (np.arange(1200) + 0.5) / 1200
    for axis in (Axis("x", 1, 4, whole=True), Axis("x", values=(5.0, 1.0, 3.0, 9.0))):
        _, counts = np.unique(axis.at(u), return_counts=True)
        assert counts.tolist() == [300] * 4
