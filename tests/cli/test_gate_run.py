"""Gates at work: one number in a policy file is caught when its effect exceeds the margin, and only then."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import analysis, sim
from evenhand.analysis.gate import measure
from evenhand.cli.main import app
from evenhand.parallel import pool
from evenhand.parallel.pool import Executor
from tests.support import small
from tests.support.app_files import ROOT, write_files

pytest_plugins = ["pytester"]

EXPECT = """\
days: 45
replications: 10
budget: 20
gates:
  - scenario: world.yaml
    policy: rules.yaml
    metrics:
      wrongful_denial_rate: {margin: 2 pt}
      wrongful_grant_rate: {margin: 3 pt, role: not_worse}
      disputes: {margin: 20}
"""
HARMLESS = {"decision": {"checks": {"detection": 0.6}}}
"""Instead of 0.70."""
HARMFUL = {"decision": {"standard": 0.6}}
"""Instead of 0.50."""


def gate(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["gate", "expect.yaml", *arguments], catch_exceptions=False)


def verdicts(told: Any) -> dict[str, str]:
    return {one["metric"]: one["verdict"] for one in json.loads(told.stdout)["gates"]}


@pytest.fixture(scope="module")
def accepted(tmp_path_factory) -> Path:
    """A folder with small files and what they do, accepted."""
    folder = Path(tmp_path_factory.mktemp("gate"))
    write_files(folder)
    (folder / "expect.yaml").write_text(EXPECT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        told = gate("--accept", "a first run")
    assert told.exit_code == 0, told.output
    assert "Accepted into expect.yaml: a first run" in told.stdout
    return folder


@pytest.fixture
def here(accepted, tmp_path, monkeypatch) -> Path:
    """A copy of that folder, to work in."""
    for file in accepted.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.mark.parametrize("who", [Executor(1, "alone"), Executor(3, "threads")], ids=["alone", "threads"])
def test_an_unchanged_policy_passes_with_a_difference_of_exactly_nothing(here, who, monkeypatch):
    """A gate that fails now and then for no reason is soon switched off; whoever does the work."""
    monkeypatch.setattr(pool, "executor", lambda *_, **__: who)
    told = gate("--format", "json")
    assert told.exit_code == 0
    document = json.loads(told.stdout)
    assert document["passed"]
    for one in document["gates"]:
        assert (one["difference"], one["ci"], one["n"]) == (0.0, [0.0, 0.0], 10)
        assert one["accepted"] == one["now"]
    assert verdicts(told) == {
        "wrongful_denial_rate": "equivalent",
        "wrongful_grant_rate": "not_worse",
        "disputes": "equivalent",
    }


def test_the_values_of_a_gate_are_those_of_a_run():
    """Replications are measured one by one to save memory; that must not change a number."""
    scenario, policy = small.scenario(), small.policy()
    names = ("wrongful_denial_rate", "p90_hours_to_close", "backlog_peak")
    trial = sim.Trial.of(sim.Experiment.of(scenario, policy, seed=3, days=30, engine="numba"))
    measured = [measure(trial, names, number) for number in range(3)]
    run = analysis.outcomes(
        sim.simulate(scenario, policy, seed=3, days=30, replications=3, engine="simpy"), names
    )
    for name in names:
        np.testing.assert_array_equal(
            [one.readings[name].value for one in measured], run[name].per_replication
        )
        assert sum(one.readings[name].n for one in measured) == run[name].n


def test_one_number_whose_effect_is_inside_the_margin_passes(here):
    """The numbers do change; a test for any difference at all would break this build for nothing."""
    write_files(here, rules=HARMLESS)
    told = gate("--format", "json")
    assert told.exit_code == 0, told.output
    changes = [one["difference"] for one in json.loads(told.stdout)["gates"]]
    assert any(changes)
    assert set(verdicts(told).values()) <= {"equivalent", "not_worse", "better"}


def test_one_number_whose_effect_exceeds_the_margin_is_caught(here):
    """This is what the gate is for."""
    write_files(here, rules=HARMFUL)
    told = gate("--format", "json")
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert not document["passed"]
    denial = document["gates"][0]
    assert (denial["metric"], denial["verdict"], denial["passed"]) == (
        "wrongful_denial_rate",
        "changed",
        False,
    )
    assert denial["ci"][0] >= 0.02
    assert "beyond the margin; margin ±2 pt" in denial["why"]


@pytest.mark.parametrize(("standard", "verdict"), [(0.4, "better"), (0.6, "worse")])
def test_a_one_sided_gate_breaks_for_harm_and_not_for_good(here, standard, verdict):
    """Fewer refusals of valid claims are no reason to stop a build that guards against more of them."""
    text = (here / "expect.yaml").read_text(encoding="utf-8")
    one_sided = text.replace("margin: 2 pt\n", "margin: 2 pt\n        role: not_worse\n", 1)
    (here / "expect.yaml").write_text(one_sided, encoding="utf-8")
    write_files(here, rules={"decision": {"standard": standard}})
    assert verdicts(gate("--format", "json"))["wrongful_denial_rate"] == verdict


def test_a_change_close_to_the_margin_takes_the_whole_budget_and_then_fails(here):
    """Undecided is not equivalent: a build passes on evidence, not for the lack of it."""
    write_files(here, rules=HARMFUL)
    moved = json.loads(gate("--format", "json").stdout)["gates"][0]["difference"]
    text = (here / "expect.yaml").read_text(encoding="utf-8")
    (here / "expect.yaml").write_text(text.replace("2 pt", f"{100 * moved:.4f} pt", 1), encoding="utf-8")
    told = gate()
    assert told.exit_code == 1
    assert "replication 20" in told.stderr
    assert "neither inside nor beyond the margin after 20 replications" in told.stdout


def test_accepting_makes_the_new_behaviour_the_expected_one(here):
    """An intended change goes in with its reason, in the same commit as the rules."""
    write_files(here, rules=HARMFUL)
    told = gate("--accept", "more proof asked for")
    assert told.exit_code == 0
    assert "+" in told.stdout.split("wrongful_denial_rate")[1].splitlines()[0]
    assert gate().exit_code == 0
    assert "reason: more proof asked for" in (here / "expect.yaml").read_text(encoding="utf-8")


def test_a_metric_that_was_never_accepted_fails_and_the_others_are_still_judged(here):
    """A gate that somebody added and nobody filled must not look like one that holds."""
    text = (here / "expect.yaml").read_text(encoding="utf-8")
    added = "    metrics:\n      settled_share: {margin: 1 pt}\n"
    (here / "expect.yaml").write_text(text.replace("    metrics:\n", added), encoding="utf-8")
    told = gate()
    assert told.exit_code == 1
    assert "3 of 4 passed." in told.stdout
    assert "settled_share has no accepted values; accept them with --accept" in told.stdout


def test_a_metric_that_is_no_longer_defined_fails_and_cannot_be_accepted(here):
    """With no rulings there are no wrong ones: NaN is not zero, and not as before."""
    rules = {
        "screening": {"mode": "automatic", "minimum_evidence": 6},
        "negotiation": {"silence": "escalate"},
    }
    write_files(here, rules=rules)
    told = gate()
    assert told.exit_code == 1
    assert "wrongful_denial_rate has no value in replication 0, 1" in told.stdout
    before = (here / "expect.yaml").read_bytes()
    refused = gate("--accept", "whatever")
    assert refused.exit_code == 2
    assert "wrongful_denial_rate of rules in world has no value in 20 of 20 replications" in refused.stderr
    assert (here / "expect.yaml").read_bytes() == before


def test_the_table_says_what_moved_by_how_much_and_how_sure_that_is(here):
    """The one who broke the build reads this, and little else."""
    write_files(here, rules=HARMFUL)
    lines = gate().stdout.splitlines()
    assert lines[0] == "rules in world"
    assert lines[1].split() == ["Metric", "Accepted", "Now", "Moved", "Interval", "Margin", "n", "Verdict"]
    denial = lines[2].split()
    assert denial[0] == "wrongful_denial_rate"
    assert denial[2] == denial[4] == "%"
    assert float(denial[3]) - float(denial[1]) == pytest.approx(float(denial[5]), abs=0.011)
    assert denial[-2:] == ["!", "changed"]
    assert any(line.startswith("FAILED rules in world: wrongful_denial_rate moved by +") for line in lines)


@pytest.mark.parametrize("options", [("--accept", "  "), ("--accept", "why", "--format", "json")])
def test_accepting_needs_a_reason(here, options):
    """The next reader asks why; without an answer the gate loses its meaning."""
    told = gate(*options)
    if options[1].strip():
        assert json.loads(told.stdout)["reason"] == "why"
    else:
        assert told.exit_code == 2
        assert told.stderr == "evenhand: --accept: must say why, found nothing\n"


def test_a_bad_file_ends_with_status_2_and_a_line_for_each_mistake(here):
    """A build server must tell a broken gate from a failed one."""
    (here / "expect.yaml").write_text(EXPECT.replace("disputes", "dispute"), encoding="utf-8")
    told = gate()
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == (
        "expect.yaml:10:7: gates.0.metrics.dispute: no such metric; did you mean 'disputes'?\n"
    )


INSTALLED = any(one.value == "evenhand.pytest_plugin" for one in entry_points(group="pytest11"))
PLUGIN = ("-p", "no:cacheprovider", *(() if INSTALLED else ("-p", "evenhand.pytest_plugin")))
"""Named where the source tree is not installed with its entry points."""


@pytest.mark.process
def test_the_fixture_passes_and_fails_as_the_command_does(here, pytester):
    """The test on the page about gates is one; a team needs no other machinery, and sees the table."""
    for name in ("world.yaml", "rules.yaml", "expect.yaml"):
        shutil.copy(here / name, pytester.path)
    page = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    pytester.makepyfile(test_rules=page.split("```python\n")[1].split("```")[0])
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
    write_files(pytester.path, rules=HARMFUL)
    failed = pytester.runpytest_subprocess(*PLUGIN)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(
        [
            "E *AssertionError: a gate failed",
            "E *rules in world",
            "E *wrongful_denial_rate*! changed",
            "E *FAILED rules in world: wrongful_denial_rate moved by +*",
        ]
    )


@pytest.mark.process
def test_the_fixture_tells_of_a_file_that_cannot_be_used(pytester):
    """No skip, no error in red ink: a line that says what is wrong."""
    pytester.makepyfile("def test_rules(metric_gate):\n    metric_gate('expect.yaml')\n")
    failed = pytester.runpytest_subprocess(*PLUGIN)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(
        ["E *AssertionError: a gate that cannot be used", "E *cannot be read: no such*"]
    )


@pytest.mark.process
def test_a_project_with_packages_of_the_same_names_is_left_alone(pytester):
    """Every pytest of an environment loads the plugin; half of the world has a package called app."""
    for name in ("app", "sim", "analysis", "scenarios"):
        pytester.mkpydir(name)
        (pytester.path / name / "own.py").write_text("VALUE = 1\n", encoding="utf-8")
    imports = "import app.own, sim.own, analysis.own, scenarios.own\n"
    pytester.makepyfile(f"{imports}def test_own():\n    assert app.own.VALUE == 1\n")
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_the_plugin_costs_nothing_before_a_gate_is_used():
    """Every pytest on a machine loads it, and most of them have no gate."""
    code = (
        "import sys, evenhand.pytest_plugin\n"
        "heavy = {'numpy', 'scipy', 'pydantic', 'rich', 'typer', 'evenhand.sim', 'evenhand.scenarios',\n"
        "         'evenhand.analysis', 'evenhand.cli'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
