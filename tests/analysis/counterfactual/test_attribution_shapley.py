"""Shapley attribution: shares that sum to the difference, whatever the order of the changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.analysis.counterfactual import mixed, players, settings, shapley, shapley_values
from evenhand.analysis.counterfactual.attribution_shapley import CHAPTERS, TOTAL
from evenhand.sim.policy.compatibility import DoesNotFit
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.runner import simulate
from tests.support import small

HARSHER: dict[str, Any] = {
    "decision": {"standard": 0.65},
    "windows": {"merchant_evidence": "24 h"},
    "review": {"limit": 0},
}
USUAL: dict[str, Any] = {"seed": 3, "replications": 2, "days": 40, "engine": "simpy"}


@pytest.mark.parametrize("k", [1, 2, 4, 6])
def test_the_shares_sum_to_the_whole_difference(k: int) -> None:
    """Efficiency: nothing is left unexplained and nothing is explained twice."""
    worth = np.random.default_rng(k).normal(size=(2**k, 3, 5))
    assert np.allclose(shapley_values(worth).sum(axis=0), worth[-1] - worth[0], rtol=0, atol=1e-12)


def test_who_changes_nothing_has_exactly_nothing() -> None:
    """Null player: the worth does not depend on bit 1."""
    rng = np.random.default_rng(2)
    free = rng.normal(size=8)
    worth = np.array([free[(n & 1) | ((n >> 1) & 0b110)] for n in range(16)])
    assert shapley_values(worth)[1] == 0.0
    assert (shapley_values(worth)[[0, 2, 3]] != 0).all()


def test_equals_have_equal_shares() -> None:
    """Symmetry: players 0 and 2 can be exchanged in every coalition."""
    rng = np.random.default_rng(3)
    by_kind = rng.normal(size=(3, 2))
    worth = np.array([by_kind[(n & 1) + (n >> 2 & 1), n >> 1 & 1] for n in range(8)])
    values = shapley_values(worth)
    assert values[0] == pytest.approx(values[2], abs=1e-15)


def test_the_glove_game_by_hand() -> None:
    """One left glove, two right ones; a pair is worth 1: shares 2/3, 1/6, 1/6 (Shapley & Shubik 1969)."""
    worth = np.array([float(bool(n & 1) and bool(n & 6)) for n in range(8)])
    assert shapley_values(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_policies_are_split_over_their_settings() -> None:
    """The total is the difference of the two runs, in each replication, and the shares sum to it."""
    a, b = small.policy(), small.policy(HARSHER)
    metrics = ["buyer_win_share", "median_hours_to_close"]
    found = shapley(small.scenario(), a, b, metrics, **USUAL)
    names = [one.path for one in settings(a, b)]
    assert names == ["windows.merchant_evidence", "decision.standard", "review.limit"]
    from evenhand.analysis import outcomes

    runs = [simulate(small.scenario(), policy, **USUAL) for policy in (a, b)]
    measured = [outcomes(run, metrics) for run in runs]
    for metric in metrics:
        difference = measured[1][metric].per_replication - measured[0][metric].per_replication
        total = found.of(metric, TOTAL)
        assert np.array_equal(total.per_replication, difference)
        shares = np.sum([found.of(metric, name).per_replication for name in names], axis=0)
        assert np.allclose(shares, difference, rtol=0, atol=1e-9)
        assert total.value == pytest.approx(measured[1][metric].value - measured[0][metric].value)
        assert total.n == measured[1][metric].n
    assert found.of("buyer_win_share", "decision.standard").value < -0.05


@pytest.mark.process
def test_a_setting_that_is_never_used_has_exactly_nothing() -> None:
    """A mediator's push where there is no mediation changes no world."""
    b = small.policy({**HARSHER, "mediation": {"push": 0.7}})
    found = shapley(small.scenario(), small.policy(), b, ["buyer_win_share"], **USUAL)
    assert (found.of("buyer_win_share", "mediation.push").per_replication == 0).all()


def test_settings_are_all_that_differs_but_the_names() -> None:
    """Paths as in a policy file; a mapping by cause is one setting."""
    changed = small.policy({"title": "Other", **HARSHER, "burden": {"by_cause": {"counterfeit": "merchant"}}})
    found = settings(small.policy(), changed)
    assert [one.path for one in found] == [
        "windows.merchant_evidence",
        "burden.by_cause",
        "decision.standard",
        "review.limit",
    ]
    assert str(found[0]) == "windows.merchant_evidence: 3 d -> 24 h"
    assert settings(changed, changed) == ()


def test_a_mixture_of_all_settings_is_the_other_policy() -> None:
    """And of none the first."""
    reform = {"reforms": [{"starts": 3, "changes": {"review": {"limit": 2}}}]}
    a, b = small.policy(), small.policy({**HARSHER, **reform})
    assert mixed(a, b, settings(a, b)) == b
    assert mixed(a, b, []) == a


def test_settings_that_need_each_other_are_said() -> None:
    """A quorum above the size is no policy; the two must change together."""
    b = small.policy({"decision": {"panel": {"size": 101, "quorum": 51}}})
    with pytest.raises(ValueError, match=r"decision\.panel\.quorum cannot change without the others"):
        shapley(small.scenario(), small.policy(), b, ["buyer_win_share"], **USUAL)
    together = shapley(small.scenario(), small.policy(), b, ["buyer_win_share"], by="section", **USUAL)
    assert together.of("buyer_win_share", "decision").value == 0.0


def test_more_settings_are_put_together_by_section_and_then_by_chapter() -> None:
    """At most six players, however much differs."""
    seven = {
        "windows": {"file": "9 d", "escalate": "3 d", "ship": "6 d"},
        "negotiation": {"rounds": 1},
        "screening": {"minimum_evidence": 0},
        "answer": {"inference": 1.0},
        "burden": {"weight": 0.1},
    }
    named = [one.name for one in players(small.policy(), small.policy(seven))]
    assert named == ["windows", "negotiation", "screening", "answer", "burden"]
    more = {**seven, "review": {"limit": 2}, "returns": {"freight_cost": 3}, "sanctions": {"points_loss": 5}}
    found = players(small.policy(), small.policy(more))
    assert [one.name for one in found] == list(CHAPTERS)
    assert sum(len(one.settings) for one in found) == len(settings(small.policy(), small.policy(more)))
    with pytest.raises(ValueError, match="the policies differ in 10 settings; at most 6"):
        players(small.policy(), small.policy(more), by="setting")


def test_every_section_of_a_policy_is_in_one_chapter() -> None:
    """A new section must be put somewhere."""
    sections = [name for name in Policy.model_fields if name not in {"kind", "name", "title", "description"}]
    assert sorted(name for some in CHAPTERS.values() for name in some) == sorted(sections)


def test_equal_policies_have_no_difference_to_split() -> None:
    """Said at once, not after 64 runs."""
    with pytest.raises(ValueError, match="no difference to split"):
        shapley(small.scenario(), small.policy(), small.policy({"title": "Twin"}), ["buyer_win_share"])


def test_mixtures_must_fit_the_scenario() -> None:
    """Both ends may fit where a mixture does not: the run is too short for a window that only B uses."""
    a = small.policy({"mediation": {"rounds": 1, "push": 0.5}})
    b = small.policy({"windows": {"mediate": "90 d"}})
    with pytest.raises(DoesNotFit, match=r"windows\.mediate: must not be longer than the run of 40 days"):
        shapley(small.scenario(), a, b, ["buyer_win_share"], **USUAL)
