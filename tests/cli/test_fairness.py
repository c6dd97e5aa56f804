"""`evenhand fairness`: a run or a policy, the panel or measures by name, for a person or a program."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import sim
from evenhand.analysis import counterfactual
from evenhand.analysis.counterfactual.core_set import audit_count
from evenhand.analysis.fairness import AUDITED, FAIRNESS, measure, panel
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.cli.main import app
from tests.support import small
from tests.support.app_files import finished, write_files

HOW = ("--scenario", "world.yaml", "--days", "20", "--replications", "2", "--engine", "simpy")


def fairness(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["fairness", *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a world, rules and a finished run called `lived`."""
    made = tmp_path_factory.mktemp("fairness")
    write_files(made)
    finished(made / "lived", replications=2, days=20, seed=1)
    return made


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in that folder."""
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def run() -> sim.Run:
    """The same run, in memory."""
    return sim.simulate(small.scenario(), small.policy(), engine="simpy", replications=2, days=20, seed=1)


def number(one: Estimate) -> Any:
    """The value as JSON has it, null where undefined."""
    return None if math.isnan(one.value) else pytest.approx(one.value)


def told_as(program: Any) -> dict[str, dict[str, Any]]:
    """Estimates by measure and name."""
    document = json.loads(program.stdout)
    return {m["measure"]: {one["name"]: one for one in m["estimates"]} for m in document["measures"]}


@pytest.mark.process
def test_the_panel_is_that_of_the_catalogue(here: Path, run: sim.Run) -> None:
    """Every number of A.6 with interval, cases and merchants, and those that need audits say so."""
    program = fairness("lived", "--format", "json")
    found, wanted = told_as(program), panel(run)
    assert list(found) == list(wanted)
    for name, entry in wanted.items():
        assert list(found[name]) == list(entry.estimates)
        for key, one in entry.estimates.items():
            said = found[name][key]
            assert said["value"] == number(one)
            assert (said["n"], said["merchants"], said["unit"]) == (one.n, one.clusters, one.unit)
            assert said["ci"] == (None if one.ci is None else pytest.approx(list(one.ci)))
    needs = {m["measure"]: m["needs"] for m in json.loads(program.stdout)["measures"]}
    assert {name for name, said in needs.items() if said == "--audits"} == set(AUDITED)
    assert set(needs.values()) == {"--audits", None}


def test_the_text_has_every_number_of_the_document(here: Path, run: sim.Run) -> None:
    """A person sees what a program gets: value, interval, n and merchants in a row."""
    lines = fairness("lived").stdout.splitlines()
    assert lines[1] == "in: A small market [], 20 days, 2 times, seed 1"
    one = panel(run)["wrongful_denial"].estimates["fnr"]
    row = next(line for line in lines if line.startswith("G1 "))
    assert row.split()[-2:] == [f"{one.n:,}", f"{one.clusters:,}"]
    assert f"{100 * one.value:.1f}" in row
    assert one.ci is not None
    assert f"{100 * one.ci[0]:.1f} to {100 * one.ci[1]:.1f}" in row
    assert sum("needs --audits" in line for line in lines) == len(AUDITED) + 1
    assert any(line.startswith("Intervals: from the spread between replications") for line in lines)


@pytest.mark.process
def test_a_policy_is_measured_like_its_run(here: Path) -> None:
    """Whether the run has been kept must not change a number; a policy leaves no folder behind."""
    ran = CliRunner().invoke(app, ["run", "rules.yaml", *HOW, "--out", "kept"], catch_exceptions=False)
    assert ran.exit_code == 0
    before = sorted(here.iterdir())
    ran, kept = fairness("rules.yaml", *HOW, "--format", "json"), fairness("kept", "--format", "json")
    assert json.loads(ran.stdout) == json.loads(kept.stdout)
    assert sorted(here.iterdir()) == before
    assert "replication 2 of 2" in ran.stderr


def test_measures_are_computed_as_asked(here: Path, run: sim.Run) -> None:
    """By name, by both sides' groups, against the reference that is named, with options of the measure."""
    asked = ("--measure", "wrongful_denial_gap", "--by", "merchant_group", "--reference", "small")
    found = told_as(fairness("lived", *asked, "--format", "json"))
    wanted = measure(run, "wrongful_denial_gap", by="merchant_group", reference="small")
    said = {name: one["value"] for name, one in found["wrongful_denial_gap"].items()}
    assert said == {name: number(one) for name, one in wanted.items()}
    assert all("flagship_minus_small" in name for name in found["wrongful_denial_gap"])
    asked = ("--measure", "loss_concentration", "--option", "side=merchant", "--option", "part=0.5")
    found = told_as(fairness("lived", *asked, "--format", "json"))
    wanted = measure(run, "loss_concentration", side="merchant", part=0.5)
    assert set(found["loss_concentration"]) == set(wanted)
    for name, one in wanted.items():
        assert found["loss_concentration"][name]["value"] == number(one)


def test_a_measure_is_made_for_each_column(here: Path) -> None:
    """Both sides in one go; the title says whose groups are meant."""
    program = fairness(
        "lived", "--measure", "giving_up", "--by", "buyer_group", "--by", "merchant_group", "--format", "json"
    )
    measures = json.loads(program.stdout)["measures"]
    assert [m["title"].split(", ")[-1] for m in measures] == ["by buyer group", "by merchant group"]
    names = [" ".join(one["name"] for one in m["estimates"]) for m in measures]
    assert "power" in names[0]
    assert "flagship" in names[1]


@pytest.mark.process
@pytest.mark.parametrize("name", FAIRNESS)
def test_every_measure_can_be_printed(name: str, here: Path) -> None:
    """Undefined numbers too: a dash for a person, null for a program."""
    assert fairness("lived", "--measure", name).exit_code == 0
    program = fairness("lived", "--measure", name, "--format", "json")
    (one,) = json.loads(program.stdout)["measures"]
    assert one["estimates"]


@pytest.mark.process
def test_audits_fill_the_panel(here: Path) -> None:
    """What takes more than one run of each world is computed on demand, and equals the audits."""
    found = told_as(fairness("lived", "--audits", "--engine", "simpy", "--format", "json"))
    how: dict[str, Any] = {"seed": 1, "replications": 2, "days": 20, "engine": "simpy"}
    scenario, policy = small.scenario(), small.policy()
    flipped = counterfactual.flip(
        scenario, policy, "merchant.group", "small", "flagship", one_by_one=0, **how
    )
    changed = flipped.of("rulings_changed", "all paths")
    assert found["flip_rate"]["rulings_changed_small_as_flagship"]["value"] == changed.value
    assert (
        found["flip_effect"]["refund_small_as_flagship"]["value"] == flipped.of("refund", "all paths").value
    )
    noisy = counterfactual.noise(scenario, policy, **how).of("disagreement", "award")
    assert found["noise"]["disagreement"]["value"] == noisy.value
    assert found["leverage"]["leverage_ratio"]["merchants"] is None
    gaps = [name.split(":")[0] for name in found["feedback_share"]]
    assert gaps == ["wrongful_denial_rate", "wrongful_grant_rate", *["effective_denial_rate"] * 2]


@pytest.mark.process
def test_audits_for_the_panel_have_the_keys_of_the_panel_and_tell_of_each() -> None:
    """So that a notebook can hand the one to the other."""
    said: list[tuple[str, int]] = []
    brought = counterfactual.for_panel(
        small.scenario(),
        small.policy(),
        reference={"merchant_group": "small"},
        replications=1,
        days=20,
        engine="simpy",
        tell=lambda what, done: said.append((what, done)),
    )
    assert set(brought) == set(AUDITED)
    assert list(brought["flip_rate"]) == ["rulings_changed_flagship_as_small"]
    assert [done for _, done in said] == list(range(audit_count(small.scenario())))
    assert said[0] == ("flagship as small, world 1 of 1", 0)


def test_the_list_has_every_measure(here: Path) -> None:
    """A name that is not known cannot be asked for."""
    document = json.loads(fairness("--list", "--format", "json").stdout)
    assert [one["name"] for one in document] == list(FAIRNESS)
    text = fairness("--list").stdout
    assert all(name in text for name in FAIRNESS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "fairness: needs the folder of a run, or a policy"),
        (("lived", "--measure", "voise"), "--measure: no measure 'voise'; did you mean 'voice'?"),
        (("lived", "--by", "buyer_group"), "--by: needs --measure"),
        (("lived", "--option", "side=buyer"), "--option: needs --measure"),
        (("lived", "--measure", "voice", "--by", "region"), "--by: must be one of buyer_group"),
        (("lived", "--measure", "voice", "--audits"), "--audits: belongs to the panel"),
        (("lived", "--measure", "loss_gini", "--option", "side"), "--option: write NAME=VALUE"),
        (("lived", "--measure", "consistency", "--option", "neighbours=few"), "neighbours must be a number"),
        (("lived", "--measure", "loss_gini", "--option", "sid=x"), "did you mean 'side'?"),
        (("lived", "--measure", "loss_gini", "--by", "cause"), "loss_gini has no option 'by'"),
        (("lived", "--reference", "huge"), "--reference: must be one group a side of new, regular"),
        (("lived", "--reference", "new", "--reference", "power"), "found 'power'"),
        (("lived", "--seed", "2"), "--seed: has no meaning for 'lived', which is a run already"),
        (("lived", "--engine", "simpy"), "--engine: has no meaning for 'lived'"),
        ((".",), "'.' is not a finished run"),
        (("rules.yaml", *HOW[:-4], "--replications", "0"), "--replications: must be 1 to 1,000,000, found 0"),
    ],
)
def test_what_cannot_be_measured_gets_one_line(arguments: tuple[str, ...], said: str, here: Path) -> None:
    """Exit status 2, nothing on stdout, no traceback, and nothing accepted and ignored."""
    done = fairness(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
