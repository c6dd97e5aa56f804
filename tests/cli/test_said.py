"""What cannot be right is said above the numbers: in tables, in JSON and on pages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import analysis, sim
from evenhand.analysis import METRICS
from evenhand.analysis.fairness.panel import Entry
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.report.page import metrics_table
from evenhand.cli.fairness_table import print_entries
from evenhand.cli.main import app
from evenhand.cli.metrics_table import print_metrics
from tests.support import small
from tests.support.app_files import write_files

SHORT = ("--days", "30", "--replications", "2", "--engine", "simpy")
SLOW = {"desks": {"decision": {"staff": 1, "service": {"median": "12 h"}}}}
SAID = "The decision desk cannot keep up:"


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return str(done.stdout)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a market too large for its desk, rules, and a patch of these."""
    write_files(tmp_path, SLOW)
    changes = "{when: {amount_from: 30, amount_below: 20}, changes: {burden: {prior: 0.6}}}"
    text = f"title: mine\nbase: rules.yaml\ndecision: {{standard: 0.6}}\nexceptions: {{never: {changes}}}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.process
def test_a_run_says_it_first_in_the_table_and_on_the_page(here: Path) -> None:
    """The backlog's numbers must not be read as the rule's; changes, badge and exceptions stand by them."""
    table = told("run", "mine.yaml", "--scenario", "world.yaml", *SHORT, "--out", "r")
    assert table.startswith(f"WARNING: {SAID}")
    assert "Exception “never” has no effect here" in table
    assert "of the policy “mine”; `evenhand show` lists them." in table
    page = (here / "r" / "report.html").read_text(encoding="utf-8")
    alert, change = page.index(SAID), page.index("Changed against rules")
    assert page.index("<h1>") < alert < change < page.index('class="facts"')
    assert "Decision: standard of proof (chance): 0.5 → 0.6" in page
    assert "`evenhand show` lists them" in page
    again = told("report", "r", "--lang", "zh")
    assert "裁决台忙不过来" in again
    assert "相对 rules 的改动" in again


@pytest.mark.process
def test_json_of_a_run_has_the_warnings_new_and_finished(here: Path) -> None:
    """A script reads what a person sees; a finished run that is resumed says the same."""
    run = ("run", "mine.yaml", "--scenario", "world.yaml", *SHORT, "--out", "r", "--format", "json")
    found = json.loads(told(*run))
    (warning,) = found["warnings"]
    assert warning["sentence"].startswith(SAID)
    assert warning["staff_needed"] > warning["staff"] == 1
    assert [(one["name"], one["disputes"]) for one in found["touched"]] == [("never", 0)]
    assert found["background"]["base"] == "rules"
    again = json.loads(told("run", "--resume", "r", "--format", "json"))
    assert {name: again[name] for name in ("warnings", "touched", "background")} == {
        name: found[name] for name in ("warnings", "touched", "background")
    }


@pytest.mark.process
def test_a_comparison_says_it_for_each_policy(here: Path) -> None:
    """A difference between two backlogs is none of the rules; the page says what the rules change."""
    compare = ("compare", "rules.yaml", "mine.yaml", "--scenario", "world.yaml", *SHORT, "--out", "c")
    table = told(*compare, "--metric", "ruled_share")
    first, second = [line for line in table.splitlines() if line.startswith("WARNING")]
    assert first.startswith(f"WARNING, under rules: {SAID}")
    assert second.startswith(f"WARNING, under mine: {SAID}")
    page = (here / "c" / "comparison.html").read_text(encoding="utf-8")
    assert page.count(SAID) == 2
    assert "What “mine” changes against “rules”" in page
    assert "Decision: standard of proof (chance): 0.5 → 0.6" in page


def test_check_says_what_is_changed_and_what_does_nothing(here: Path) -> None:
    """Before a run: the changes in words, desks and their load, and an exception that no case can meet."""
    said = told("check", "mine.yaml", "world.yaml").splitlines()
    assert "changes against 'rules':" in said
    assert "  Decision: standard of proof (chance): 0.5 -> 0.6" in said
    (desk,) = (line for line in said if line.startswith("  decision desk: "))
    assert "it keeps up while at most" in desk
    (warning,) = (line for line in said if line.startswith("warning: mine.yaml"))
    assert "exceptions.never: has no effect, because no case can meet it" in warning


@pytest.mark.process
def test_rates_of_few_cases_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """A share of four rulings is no share of all; its count bears a mark, and the mark is explained."""
    run = sim.simulate(small.scenario(), small.policy(), days=12, seed=2, engine="simpy")
    found = analysis.outcomes(run)
    few = {name for name, one in found.items() if 0 < one.n < 30 and METRICS[name].pooled}
    assert few
    print_metrics(run, dict(analysis.manifest_metrics(found)))
    table = capsys.readouterr().out
    assert "*: a rate of fewer than 30 cases" in table
    rows = metrics_table(found).rows
    for (name, one), row in zip(found.items(), rows, strict=True):
        assert row[3].endswith("(few)") == (name in few)
        marked = [line for line in table.splitlines() if line.startswith(f"{METRICS[name].title} ")]
        assert marked
        assert any(line.rstrip().endswith(f" *{one.n}") for line in marked) == (name in few)


def test_a_table_without_few_cases_explains_no_mark(capsys: pytest.CaptureFixture[str]) -> None:
    """A legend of nothing only puzzles."""
    run = sim.simulate(small.scenario(), small.policy(), days=10, seed=2, engine="simpy")
    one = analysis.manifest_metrics({"disputes": analysis.outcomes(run)["disputes"]})
    print_metrics(run, dict(one))
    assert "*:" not in capsys.readouterr().out


def test_a_reference_group_without_cases_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A column of dashes says nothing; the group that is missing, and the option that names another, do."""
    run = sim.simulate(small.scenario(), small.policy(), days=12, seed=2, engine="simpy")
    none = np.array([np.nan])
    known = Estimate(0.1, None, 40, 1, "share", none, none)
    unknown = Estimate(np.nan, None, 0, 0, "share", none, none)
    there = Entry("G1", "Gap of refusals", "wrongful_denial_gap", {"fnr_gap_small_minus_flagship": known})
    gone = Entry("G2", "Gap of grants", "wrongful_grant_gap", {"fpr_gap_small_minus_flagship": unknown})
    print_entries(run, [there, gone])
    (said,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("Undefined"))
    assert said.startswith("Undefined: Gap of grants, because")
    assert "'flagship'" in said
    print_entries(run, [there])
    assert "Undefined" not in capsys.readouterr().out
