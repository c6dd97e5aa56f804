"""Decision rules, metrics and groups of one's own, in every public function that takes any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand import analysis, scenarios, sim
from evenhand.analysis.experiments import Axis
from evenhand.analysis.metrics.accumulators import Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from tests.support import small

HOW: dict[str, Any] = {"seed": 3, "replications": 2, "days": 25}


@metric("Valid claims")
def valid_share(cells: Cells) -> Tally:
    """Share of disputes whose grievance is real."""
    return cells.share(cells.valid, cells.everyone)


def generous(file: sim.CaseFile) -> float:
    """All that is asked for."""
    return 1.0


@pytest.mark.process
def test_a_comparison_takes_a_rule_for_some_of_the_policies():
    """The rule is what differs: under it no valid claim is refused by a ruling."""
    rules = {"as written": small.policy(), "generous": small.policy()}
    found = analysis.compare(
        small.scenario(),
        rules,
        metrics=["wrongful_denial_rate", valid_share],
        decide={"generous": generous},
        by=["goods"],
        engine="simpy",
        **HOW,
    )
    denied = found.of("wrongful_denial_rate")
    run = sim.simulate(small.scenario(), small.policy(), decide=generous, **HOW)
    alone = analysis.outcomes(run, ["wrongful_denial_rate"])["wrongful_denial_rate"]
    assert denied.policy_value == pytest.approx(alone.value)
    assert denied.difference < 0
    assert {f"goods:{label}" for label in run.labels("goods")} <= set(found.values["group"])


def test_a_rule_for_nobody_or_that_is_none_is_refused():
    """A typing error must not compare a policy with itself."""
    rules = {"a": small.policy(), "b": small.policy()}
    for decide, said in (({"c": generous}, "for some of a, b, found 'c'"), (0.5, "function of a case file")):
        with pytest.raises(ValueError, match=said):
            analysis.compare(small.scenario(), rules, decide=decide, **HOW)  # type: ignore[arg-type]


def test_outcomes_take_a_metric_of_ones_own_by_any_column_with_words():
    """The groups make up the whole."""
    run = sim.simulate(small.scenario(), small.policy(), engine="simpy", **HOW)
    whole = analysis.outcomes(run, [valid_share])["valid_share"]
    groups = [one["valid_share"] for one in analysis.outcomes_by(run, "goods", [valid_share]).values()]
    assert whole.value == pytest.approx(np.mean(run.disputes["valid"]))
    assert sum(one.n for one in groups) == whole.n
    assert sum(one.n * one.value for one in groups if one.n) == pytest.approx(whole.n * whole.value)
    with pytest.raises(ValueError, match="column must be one of"):
        analysis.outcomes_by(run, "colour")


@pytest.mark.process
def test_a_sweep_takes_a_metric_and_a_rule_of_ones_own():
    """A rule that looks at nothing is moved by no setting of the decision."""
    axis = Axis(name="decision.standard", low=0.3, high=0.8, base=0.5)
    found = analysis.sweep(
        scenarios.builder(small.scenario(), small.policy()),
        [axis],
        points=2,
        engine="simpy",
        metrics=[valid_share, "buyer_win_share"],
        decide=generous,
        open_loop=True,
        **HOW,
    )
    assert [one.name for one in found.metrics] == ["valid_share", "buyer_win_share"]
    assert found.value.shape == (3, 2, 2)
    np.testing.assert_array_equal(found.value[0, :, 0], found.value[1, :, 0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tmall", ["tmall", "mediation"]), "policy: must be a model, as scenarios.policy"),
        ((small.scenario(), small.policy()), "policies: must be a list of them, .*found the policy"),
        (([small.policy()], [small.policy()] * 2), "scenario: must be a Scenario, .*swap the two"),
    ],
)
def test_names_and_swapped_arguments_are_one_clear_line(arguments, said):
    """What reads them is named."""
    with pytest.raises(ValueError, match=said):
        analysis.compare(*arguments, **HOW)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"metrics": "settled_share"}, "metrics: must be a list of names or metrics, found 'settled_share'"),
        ({"metrics": ["setled_share"]}, "no metric 'setled_share'; did you mean 'settled_share'"),
        ({"metrics": [len]}, r"must be a name or a Metric, found .*; put @metric\(...\) on it"),
        ({"baseline": "mld"}, "baseline: must be one of mild, strict, found 'mld'; did you mean 'mild'"),
        ({"decide": {"mid": generous}}, "found 'mid'; did you mean 'mild'"),
        ({"until": {"setled_share": 0.1}}, "no metric 'setled_share'; did you mean 'settled_share'"),
        ({"replications": "3"}, "replications must be a whole number, found '3'"),
        ({"until": {"settled_share": "2pt"}}, "half-width of settled_share must be a number, found '2pt'"),
        ({"until": ["settled_share"]}, "until: must be a mapping of metrics to half-widths"),
    ],
)
def test_wrong_arguments_are_one_line_with_what_was_found_and_what_is_allowed(how, said):
    """Before anything runs; the nearest word where there is one."""
    rules = {"mild": small.policy(), "strict": small.policy()}
    with pytest.raises((ValueError, TypeError), match=said) as raised:
        analysis.compare(small.scenario(), rules, **{**HOW, **how})
    assert "\n" not in str(raised.value)
