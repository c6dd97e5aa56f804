"""The noise audit: parts of the error that closed forms and the drawn arbiters themselves confirm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.analysis.counterfactual import noise
from evenhand.analysis.counterfactual.decision_noise import (
    SPARE,
    benches,
    components,
    disagreement,
    without_reviews,
)
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.scenario.vocabulary import N_CAUSES
from tests.support import court, patch, small

TWO_CAUSES: dict[str, Any] = patch.lay_over(
    court.strength(1.0),
    {
        "market": {"orders_per_day": 10},
        "causes": {"late_dispatch": {"per_thousand_orders": 300, "evidence": {"photo": 1.0}}},
    },
)


def arbiters(**changes: Any) -> Any:
    """The court with noisy arbiters and two causes."""
    return court.scenario(patch.lay_over(TWO_CAUSES, {"arbiters": changes}))


def test_the_parts_add_up_to_the_mean_squared_error() -> None:
    """MSE = bias^2 + level^2 + pattern^2 + occasion^2, exactly, whatever the errors are."""
    rng = np.random.default_rng(1)
    for shape in ((2, 2, 2), (30, 4, 3), (7, 12, 2)):
        split = components(rng.gamma(0.3, 5.0, shape) - 2)
        assert split.mse == pytest.approx(
            split.bias + split.level + split.pattern + split.occasion, rel=1e-12
        )


def test_errors_of_one_kind_only_are_found_as_that_kind() -> None:
    """By hand: three cases, two arbiters, two occasions."""
    nothing = np.zeros((3, 2, 2))
    assert components(nothing + 0.5)[:5] == (0.25, 0.25, 0.0, 0.0, 0.0)
    apart = nothing + np.array([1.0, -1.0])[None, :, None]
    split = components(apart)
    # Two arbiters at +1 and -1: the variance of arbiters is 2, and the bias cannot be told from it: 1 - 2.
    assert (split.mse, split.level, split.pattern, split.occasion) == pytest.approx((1.0, 2.0, 0.0, 0.0))
    assert split.bias == pytest.approx(-1.0)
    again = components(nothing + np.array([1.0, -1.0])[None, None, :])
    assert again.occasion == pytest.approx(2.0)


def test_components_are_unbiased() -> None:
    """Over 2,000 toy courts the mean of each estimate is its true value, within 3.5 standard errors."""
    rng, n, k, times = np.random.default_rng(5), 12, 4, 2
    found = []
    for _ in range(2000):
        errors = 0.3 + rng.normal(0, 0.4, (n, 1, 1)) + rng.normal(0, 0.5, (1, k, 1))
        errors = errors + rng.normal(0, 0.7, (n, k, 1)) + rng.normal(0, 0.6, (n, k, times))
        found.append(components(errors))
    means, spread = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    true = [0.09 + 0.16 + 0.25 + 0.49 + 0.36, 0.09 + 0.16, 0.25, 0.49, 0.36]
    assert (np.abs(means - true) < 3.5 * spread).all(), (means, true)


def test_disagreement_counts_pairs_of_judgements() -> None:
    """By hand: one case on which the two arbiters differ always, one on which one differs with itself."""
    upheld = np.array([[[1.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 1.0]]])
    two, again = disagreement(upheld)
    assert two == pytest.approx((1.0 + 0.5) / 2)
    assert again == pytest.approx((0.0 + 0.5) / 2)


@pytest.mark.process
def test_level_and_pattern_are_those_of_the_arbiters_drawn() -> None:
    """Without occasion noise nothing is left to chance: equal to the variances of the drawn noise."""
    scenario, judges, seed = arbiters(count=9, level_sd=0.5, pattern_sd=0.4), 4, 11
    found = noise(scenario, court.policy(), judges=judges, seed=seed, replications=2, days=15, engine="simpy")
    for replication in range(2):
        luck = Luck(seed, replication)
        world: Any = draw_world(scenario, Extent.of(court.policy()), luck, 15)
        u = Luck(seed, SPARE + replication).uniforms(streams.ARBITER, 0, 9)
        bench = np.argsort(u)[:judges]
        claimed = world.cases["claimed"]
        drawn = (
            world.arbiter_level[bench][None, :]
            + world.arbiter_pattern[bench[None, :] * N_CAUSES + claimed[:, None]]
        )
        true = components(np.repeat(drawn[:, :, None], 2, axis=2))
        for part in ("level", "pattern", "bias", "mse"):
            value = found.of(part, "belief").per_replication[replication]
            assert value == pytest.approx(getattr(true, part), abs=1e-12)
        between = found.of("level", "belief").per_replication + found.of("pattern", "belief").per_replication
        assert between[replication] == pytest.approx(drawn.var(axis=1, ddof=1).mean(), abs=1e-12)


@pytest.mark.process
def test_the_spreads_of_the_scenario_are_recovered() -> None:
    """With feedback off the variances in nats are the squares of level_sd, pattern_sd and occasion_sd.

    Level and pattern by cause share out over the cases' causes, so their sum is what must match; within
    3.5 standard errors of a variance, sqrt(2 / degrees of freedom).
    """
    judges, replications = 40, 3
    scenario = arbiters(count=400, level_sd=0.5, pattern_sd=0.4, occasion_sd=0.8)
    found = noise(
        scenario, court.policy(), judges=judges, seed=2, replications=replications, days=15, engine="simpy"
    )
    occasion = found.of("occasion", "belief")
    freedom = occasion.n * judges
    assert abs(occasion.value / 0.8**2 - 1) < 3.5 * np.sqrt(2 / freedom)
    between = found.of("level", "belief").value + found.of("pattern", "belief").value
    assert abs(between / (0.5**2 + 0.4**2) - 1) < 3.5 * np.sqrt(2 / ((judges - 1) * replications))
    lean = found.of("bias", "belief").value
    assert abs(lean) < 0.05, "arbiters have no common lean"


@pytest.mark.process
def test_without_noise_everybody_decides_alike() -> None:
    """No noise, no disagreement: exactly 0, in desks and in panels."""
    quiet = court.scenario(patch.lay_over(TWO_CAUSES, {"arbiters": {"count": 5}, "jurors": {"noise_sd": 0}}))
    panel = court.policy({"decision": {"decider": "panel", "panel": {"size": 3}}})
    for policy in (court.policy(), panel):
        found = noise(quiet, policy, judges=3, replications=2, days=15, engine="simpy")
        assert found.of("mse", "award").n > 100
        assert found.of("mse", "award").value > 0.05, "evidence errs; that is no noise"
        for measure in ("level", "pattern", "occasion", "disagreement", "second_thoughts"):
            assert np.abs(found.of(measure, "award").per_replication).max() < 1e-12


@pytest.mark.process
def test_another_jury_is_pattern_and_a_shared_impression_is_occasion() -> None:
    """What differs between juries and what differs between their days are told apart."""
    panel = court.policy({"decision": {"decider": "panel", "panel": {"size": 3}}})
    for jurors, noisy, quiet in (
        ({"noise_sd": 1.0}, "pattern", "occasion"),
        ({"noise_sd": 0.0, "shared_sd": 1.0}, "occasion", "pattern"),
    ):
        scenario = court.scenario(patch.lay_over(TWO_CAUSES, {"arbiters": {"count": 5}, "jurors": jurors}))
        found = noise(scenario, panel, judges=3, replications=2, days=20, engine="simpy")
        assert found.of(noisy, "award").value > 0.02
        assert abs(found.of(quiet, "award").value) < 0.01
        assert np.isnan(found.of("level", "belief").value), "a panel has no arbiter"
        assert found.of("level", "belief").n == 0


@pytest.mark.process
def test_every_case_comes_before_every_judge_once_an_occasion() -> None:
    """The layout is balanced, and in every life the judges share the work."""
    scenario, luck = arbiters(count=9, occasion_sd=0.5), Luck(4, 0)
    world = draw_world(scenario, Extent.of(court.policy()), luck, 15)
    made: list[Any] = list(benches(scenario, world, luck, 4, 2))
    seen = np.stack([one.levels["arbiter"] for one in made])
    for occasion in (seen[:4], seen[4:]):
        assert (np.diff(np.sort(occasion, axis=0), axis=0) > 0).all()
    assert min(len(np.unique(life)) for life in seen) == 4
    moods = np.stack([one.levels["occasion"] for one in made])
    assert np.abs(np.corrcoef(moods) - np.eye(8)).max() < 0.3, "every occasion is its own"


def test_reviews_are_left_out_under_every_reform() -> None:
    """What is audited is the first decision; nothing else of the policy changes."""
    policy = small.policy(
        {"reforms": [{"starts": 3, "changes": {"review": {"limit": 2}, "answer": {"supplement": False}}}]}
    )
    plain = without_reviews(policy)
    assert [version.review.limit for _, version in plain.versions()] == [0, 0]
    assert not plain.versions()[1][1].answer.supplement


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"judges": 9}, "from 2 to the scenario's 8 arbiters, found 9"),
        ({"judges": 1}, "found 1"),
        ({"occasions": 1}, "occasions: must be 2 or more, found 1"),
    ],
)
def test_too_few_judges_or_occasions_are_refused(arguments: dict[str, Any], said: str) -> None:
    """One of either leaves a part that nothing can tell from the next."""
    with pytest.raises(ValueError, match=said):
        noise(small.scenario(), small.policy(), **arguments)
