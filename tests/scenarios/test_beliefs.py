"""Beliefs: what is wrong together moves together, and every future is a sound scenario."""

from __future__ import annotations

import json
from math import fsum
from pathlib import Path

import numpy as np
import pytest

from evenhand import scenarios
from evenhand.scenarios import BadFile
from evenhand.scenarios.belief_file import beliefs_of
from evenhand.scenarios.beliefs import WHOLES, Beliefs, wholes
from evenhand.scenarios.numbers import numbers_of
from evenhand.scenarios.patch import patch_text
from evenhand.scenarios.ranges import ranges
from evenhand.sim.scenario.scenario import Scenario

FILE = """\
kind: beliefs
beliefs:
  remorse:
    title: How common remorse is
    moves: [causes.remorse.per_thousand_orders]
    plausible: {factor: 2}
  groups:
    title: How many buyers are new
    moves: [buyers.groups.new.share]
    against: [buyers.groups.*.trust]
"""


@pytest.fixture(scope="module")
def market() -> scenarios.Loaded:
    """A scenario without responses."""
    return scenarios.read("tmall_unresponsive", "scenario")


def _beliefs(text: str, market: scenarios.Loaded, folder: Path) -> Beliefs:
    path = folder / "beliefs.yaml"
    path.write_text(text)
    return beliefs_of(market, (), path)


def _scenario(beliefs: Beliefs, market: scenarios.Loaded, *z: float) -> Scenario:
    assert isinstance(market.model, Scenario)
    return beliefs.scenarios(market.model)(z)


def test_a_belief_moves_many_settings_each_within_its_range(market: scenarios.Loaded, tmp_path: Path) -> None:
    """At its high end those it moves are high and those against it low; at 0 nothing has changed."""
    beliefs = _beliefs(FILE, market, tmp_path)
    assert _scenario(beliefs, market, 0, 0) == market.model
    high = _scenario(beliefs, market, 1, 1)
    assert high.causes.remorse.per_thousand_orders == 5.0
    known = ranges("scenario", market.model, market.tree)
    assert high.buyers.groups["new"].share == known["buyers.groups.new.share"].high
    assert high.buyers.groups["power"].trust == known["buyers.groups.power.trust"].low


def test_shares_of_a_whole_sum_to_one_in_every_future(market: scenarios.Loaded, tmp_path: Path) -> None:
    """Who is not moved takes the rest, in the proportions that they have."""
    beliefs = _beliefs(FILE, market, tmp_path)
    groups = _scenario(beliefs, market, 0.3, -0.7).buyers.groups
    assert abs(fsum(group.share for group in groups.values()) - 1) < 1e-12
    assert abs(groups["regular"].share / groups["power"].share - 0.38 / 0.12) < 1e-9


def test_the_wholes_are_those_of_the_models() -> None:
    """Every set that is held at one sums to one where it stands, so the table and the models agree."""
    for name in ("tmall", "tmall_unresponsive", "nyc_mediation"):
        model = scenarios.load(name)
        stands = {one.path: one.value for one in numbers_of(model, "scenario") if one.value is not None}
        found = wholes(stands, "scenario")
        assert len(found) >= 3
        for paths in found:
            assert abs(fsum(float(stands[path]) for path in paths) - 1) < 1e-9, paths  # type: ignore[arg-type]
    assert not WHOLES["policy"]


@pytest.mark.parametrize("name", ["tmall", "tmall_unresponsive", "nyc_mediation"])
def test_every_plausible_future_of_what_is_shipped_is_sound(name: str) -> None:
    """No end of a belief, and no mixture of them, breaks a rule of the models."""
    loaded = scenarios.read(name, "scenario")
    assert isinstance(loaded.model, Scenario)
    beliefs = beliefs_of(loaded)
    make = beliefs.scenarios(loaded.model)
    source = np.random.default_rng(3)
    ends = [np.full(len(beliefs), z) for z in (-1.0, 1.0)]
    for z in [*ends, *source.uniform(-1, 1, (6, len(beliefs)))]:
        make(z.tolist())


def test_tmall_is_moved_by_about_forty_beliefs() -> None:
    """What belongs together is one belief, so that a screening of them is affordable."""
    beliefs = beliefs_of(scenarios.read("tmall", "scenario"))
    assert 35 <= len(beliefs) <= 50
    assert beliefs.moved > beliefs.assumed / 2


def test_without_a_file_numbers_are_grouped_by_kind(tmp_path: Path) -> None:
    """One setting over all groups is one belief; what has a source is none."""
    path = tmp_path / "mine.yaml"
    path.write_text("title: mine\ncurrency: CNY\ndays: 30\n" + _body())
    loaded = scenarios.read(path, "scenario")
    names = beliefs_of(loaded).names
    assert "buyers.groups.*.honesty" in names
    assert len(names) == len(set(names))


def _body() -> str:
    """The groups of a shipped scenario, with no base that has beliefs of its own."""
    text = (Path(scenarios.available()[0].path).parent / "nyc_mediation.yaml").read_text()
    return text[text.index("calendar:") :]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("causes.remorse.per", "causes.remorze.per", "6:13: beliefs.remorse.moves: 'causes.remorze"),
        ("[buyers.groups.*.trust]", "[buyers.groups.new.share]", "is moved by 'groups' already"),
        ("{factor: 2}", "{factor: 0.2}", "beliefs.remorse.plausible.factor: must be a number of 1 or more"),
        ("moves: [buyers.groups.new.share]", "move: [a]", "unknown setting; did you mean 'moves'?"),
        ("[causes.remorse.per_thousand_orders]", "[merchants.zipf]", "numbers with a source"),
    ],
)
def test_mistakes_in_a_belief_file_are_told_where_they_stand(
    market: scenarios.Loaded, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """A pattern that leads nowhere, a setting that two beliefs move, a width that is none."""
    text = FILE.replace("    plausible: {factor: 2}\n", "") if "zipf" in new else FILE
    with pytest.raises(BadFile) as caught:
        _beliefs(text.replace(old, new, 1), market, tmp_path)
    assert said.partition(": ")[2] in str(caught.value) or said in str(caught.value)


def test_beliefs_travel_as_plain_values(market: scenarios.Loaded, tmp_path: Path) -> None:
    """A file of futures holds all that makes them again."""
    beliefs = _beliefs(FILE, market, tmp_path)
    again = Beliefs.of_plain(json.loads(json.dumps(beliefs.plain())))
    assert again.beliefs == beliefs.beliefs


def test_a_future_as_a_patch_reads_back_to_the_very_scenario(tmp_path: Path) -> None:
    """The worst future is a file that runs: laws, lists and durations to the last bit."""
    loaded = scenarios.read("tmall", "scenario")
    assert isinstance(loaded.model, Scenario)
    beliefs = beliefs_of(loaded)
    z = np.random.default_rng(5).uniform(-1, 1, len(beliefs)).tolist()
    future = beliefs.scenarios(loaded.model)(z)
    path = tmp_path / "future.yaml"
    path.write_text(patch_text(loaded.model, future, "tmall", title="a future", remarks=("one", "two")))
    again = scenarios.load(path)
    assert scenarios.content_key(again) == scenarios.content_key(future)


def test_a_belief_moves_assumed_settings_of_policies_that_have_them(tmp_path: Path) -> None:
    """A detector's skill is a belief although it stands in the rules; a policy without it is left alone."""
    market = scenarios.read("tmall_unresponsive", "scenario")
    rules = [scenarios.read(name, "policy") for name in ("tmall", "mediation")]
    path = tmp_path / "b.yaml"
    path.write_text(
        "kind: beliefs\nbeliefs:\n  found:\n    title: What checks find\n"
        "    moves: [policy.decision.checks.detectors.photo.detection]\n"
    )
    beliefs = beliefs_of(market, rules, path)
    tmall, other = (beliefs.policies(one.model)([1.0]) for one in rules)  # type: ignore[arg-type]
    assert tmall.decision.checks.detectors.photo.detection > 0.6  # type: ignore[union-attr]
    assert other == rules[1].model
