"""A robustness study as a job: kept point by point, gone on with to the same bytes, and read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evenhand import jobs, scenarios
from evenhand.analysis import METRICS
from evenhand.analysis.robust import How, Question, Size
from evenhand.errors import UsageError
from evenhand.jobs.event import Event, Stopped
from evenhand.jobs.robust_sentences import futures_of
from evenhand.jobs.robustness import FILE, Asking, Done, OutOfTime
from evenhand.scenarios.belief_file import beliefs_of
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.stored_futures import read_futures

METRIC = "effective_denial_rate"
BELIEFS = """\
kind: beliefs
beliefs:
  remorse: {title: Remorse, moves: [causes.remorse.per_thousand_orders], low: rare, high: common}
  evidence: {title: Evidence, moves: [causes.*.evidence]}
  photos: {title: Photos, moves: [policy.decision.checks.detectors.photo.detection]}
"""
WORLD = """\
kind: scenario
title: A small market
base: tmall_unresponsive
market: {orders_per_day: 60}
days: 20
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Asking:
    """A small study of two policies over three beliefs."""
    here = tmp_path_factory.mktemp("study")
    (here / "small.yaml").write_text(WORLD)
    (here / "beliefs.yaml").write_text(BELIEFS)
    market = scenarios.read(here / "small.yaml", "scenario")
    rules = [scenarios.read(name, "policy") for name in ("tmall", "wechat_shop_2024")]
    policies = tuple(one.model for one in rules if isinstance(one.model, Policy))
    assert isinstance(market.model, Scenario)
    metric = METRICS[METRIC]
    question = Question(
        tuple(one.name for one in policies),
        tuple(one.title for one in policies),
        (metric,),
        (metric.unit,),
        (METRIC,),
        {METRIC: 0.01},
    )
    beliefs = beliefs_of(market, rules, here / "beliefs.yaml")
    how = How(1, None, "simpy", None)
    return Asking(market.model, policies, beliefs, question, Size(16, 2, 2, 2), how)


@pytest.fixture(scope="module")
def done(asking: Asking, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The study, finished at once."""
    return jobs.robust(asking, out=tmp_path_factory.mktemp("runs") / "robust-a", asked=1)


@pytest.mark.process
def test_the_file_holds_futures_that_can_be_made_again(asking: Asking, done: Done) -> None:
    """Others look for better rules in the very futures: scenarios, and policies with their beliefs moved."""
    found = read_futures(done.folder / FILE)
    assert len(found) == 16
    assert found.numbers.tolist() == list(range(16))
    make = asking.beliefs.scenarios(asking.scenario)
    for place in (0, 7, 15):
        z = done.robust.plan.futures[place].tolist()
        assert found.z[place].tolist() == z
        assert found.scenario(place) == make(z)
    photo = found.policy(asking.policies[0], 3).decision.checks.detectors.photo
    before = asking.policies[0].decision.checks.detectors.photo
    assert photo is not None
    assert before is not None
    assert photo.detection != before.detection


@pytest.mark.process
def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(
    asking: Asking, done: Done, tmp_path: Path
) -> None:
    """Stopped by a budget and by a person, with points kept each time, it ends with the same files."""
    with pytest.raises(OutOfTime):
        jobs.robust(asking, out=tmp_path / "b", asked=1, minutes=1e-9)
    first = read_kept(tmp_path / "b")
    seen: list[Event] = []

    def enough() -> bool:
        return sum(one.message == "points" for one in seen) > 20

    with pytest.raises(Stopped):
        jobs.robust(asking, out=tmp_path / "b", asked=1, on_event=seen.append, cancelled=enough)
    assert read_kept(tmp_path / "b") > first >= 1
    jobs.robust(asking, out=tmp_path / "b", asked=2)
    for name in (FILE, "robust.json", "robust.html"):
        assert (tmp_path / "b" / name).read_bytes() == (done.folder / name).read_bytes()


def read_kept(folder: Path) -> int:
    """Points in the file of a study."""
    import duckdb

    ((count,),) = duckdb.sql(f"SELECT count(DISTINCT point) FROM '{folder / FILE}'").fetchall()
    return int(count)


@pytest.mark.process
def test_the_worst_future_is_a_scenario_that_runs(done: Done) -> None:
    """Where a policy is regretted most can be looked at like any other world."""
    files = sorted(done.folder.glob("worst-*.yaml"))
    worlds = [one for one in files if not one.stem.endswith("-rules")]
    assert worlds
    for path in worlds:
        text = path.read_text()
        assert text.startswith("# Future ")
        assert "base: small" in text


@pytest.mark.process
def test_what_was_found_is_told_to_who_looks_at_the_same_files_again(asking: Asking, done: Done) -> None:
    """The sentence stands beside a later comparison, in its language, until a file changes."""
    data = json.loads((done.folder / "robust.json").read_text())
    assert "probab" not in json.dumps(data)
    rules = [scenarios.read(name, "policy") for name in ("tmall", "wechat_shop_2024")]
    market = scenarios.read("tmall_unresponsive", "scenario")
    home = done.folder.parent
    assert futures_of([market], rules, home) == ()  # another world
    (answer,) = data["answers"]
    data["scenario"]["key"] = scenarios.content_key(market.model)
    other = home / "other"
    other.mkdir()
    (other / "robust.json").write_text(json.dumps(data))
    assert [one["en"] for one in futures_of([market], rules, home)] == [answer["sentence"]["en"]]
    assert futures_of([market], [rules[0], scenarios.read("mediation", "policy")], home) == ()


@pytest.mark.process
def test_another_study_in_the_same_place_is_refused(asking: Asking, done: Done) -> None:
    """A file is gone on with only by the same beliefs, worlds and policies."""
    other = asking._replace(size=Size(17, 2, 2, 2))
    with pytest.raises(UsageError, match="holds another study: futures is 16 there and 17 here"):
        jobs.robust(other, out=done.folder, asked=1)


def test_a_belief_cannot_be_called_like_another_column(asking: Asking, tmp_path: Path) -> None:
    """The file has a column for each belief, and its own."""
    beliefs = asking.beliefs
    bad = type(beliefs)((beliefs.beliefs[0]._replace(name="world"), *beliefs.beliefs[1:]))
    with pytest.raises(UsageError, match="'world' is the name of another column"):
        jobs.robust(asking._replace(beliefs=bad), out=tmp_path / "c")
