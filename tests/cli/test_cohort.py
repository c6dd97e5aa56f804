"""`--cohort`: which disputes commands count, and what they say of days that cannot be counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.jobs.gate_file import read
from evenhand.jobs.gating import experiment_of
from evenhand.scenarios import BadFile
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.experiment import Experiment
from evenhand.storage.run_dir import open_run, open_stored
from tests.support.app_files import write_files

DAYS = ("--scenario", "world.yaml", "--days", "20")
RUN = ("run", "rules.yaml", *DAYS, "--replications", "1", "--engine", "simpy", "--format", "json")


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with the two files, to work in."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.mark.process
def test_a_run_counts_its_cohort_and_remembers_it(here, monkeypatch):
    """The folder says what was counted, and whoever opens it counts the same."""
    monkeypatch.setattr("evenhand.analysis.report.write", lambda _, path, **__: path.write_text("<html>"))
    told = CliRunner().invoke(app, [*RUN, "--cohort", "5..12"], catch_exceptions=False)
    document = json.loads(told.stdout)
    assert document["cohort"] == "5..12"
    folder = here / "runs" / "rules-world-seed1"
    run = open_run(folder)
    assert run.cohort == open_stored(folder).cohort == Cohort(5, 12)
    at = run.disputes["order_at"]
    assert document["metrics"]["disputes"]["value"] == ((at >= 120) & (at < 288)).sum() < len(run)


@pytest.mark.parametrize(
    "command",
    [
        RUN,
        ("compare", "rules.yaml", "tmall", *DAYS),
        ("sweep", "rules.yaml", *DAYS, "--vary", "review.limit=0,1"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        ("5..21", "--cohort: must end by day 20, the end of the run, found 5..21"),
        ("5-21", "--cohort: must be days such as '30..120' or '30..120:filing', found '5-21'"),
    ],
)
def test_days_beyond_the_run_are_refused_before_anything_runs(here, command, cohort, said):
    """The same words in every command, and exit 2."""
    told = CliRunner().invoke(app, [*command, "--cohort", cohort])
    assert told.exit_code == 2
    assert told.stderr.strip() == f"evenhand: {said}"


@pytest.fixture
def settling(here) -> Path:
    """The folder, where the scenario has a start-up as long as the days that the commands here ask for."""
    world = (here / "world.yaml").read_text(encoding="utf-8")
    (here / "world.yaml").write_text(world + "\nstart_up: 20 d\n", encoding="utf-8")
    return here


def planned(*command: str) -> tuple[float, str]:
    """The days of start-up that a command takes to its work, which is left out, and what it says."""
    taken = []

    def work(*given: object, **_: object) -> None:
        (experiment,) = (one for one in given if isinstance(one, Experiment))
        taken.append(experiment.scenario.start_up / 24)
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("EVENHAND_TRACEBACK", "1")
        patched.setattr("evenhand.storage.plan._said", set())
        patched.setattr(f"evenhand.jobs.{command[0]}", work)
        told = CliRunner().invoke(app, list(command))
    assert isinstance(told.exception, ZeroDivisionError), told.output
    return taken[0], told.stderr


def test_a_run_that_would_end_within_the_start_up_counts_all_of_its_days(settling):
    """A quick look at a market that takes months to settle shows something, and says what it is."""
    days, said = planned(*RUN)
    assert days == 0
    assert said == (
        "evenhand: --days 20 ends within the 20 days of start-up of 'world': "
        "all are counted, settled or not\n"
    )
    assert planned(*RUN, "--days", "21") == (20, "")


@pytest.mark.parametrize(
    "command",
    [
        ("attribute", "rules.yaml", "tmall", *DAYS),
        ("audit", "noise", "rules.yaml", *DAYS),
        ("sweep", "rules.yaml", *DAYS, "--vary", "review.limit=0,1"),
    ],
    ids=lambda command: command[0],
)
def test_short_runs_have_one_rule_in_every_command(settling, command):
    """Who compares two commands by the same days compares the same disputes."""
    assert planned(*command) == (0, planned(*RUN)[1])


def test_a_comparison_counts_all_days_of_a_short_run_too(settling, monkeypatch):
    """Its cohort may then begin with the first day."""
    monkeypatch.setattr("evenhand.storage.plan._said", set())
    told = CliRunner().invoke(app, ["compare", "rules.yaml", "rules.yaml", *DAYS, "--cohort", "0..21"])
    assert told.exit_code == 2
    assert "all are counted" in told.stderr
    assert "--cohort: must end by day 20, the end of the run, found 0..21" in told.stderr


def test_a_gate_refuses_days_that_are_all_start_up(settling):
    """Its days are written down on purpose, and its numbers are kept."""
    text = (
        "kind: gate\ndays: 20\ngates:\n  - scenario: world.yaml\n    policy: rules.yaml\n"
        "    metrics:\n      settled_share: {margin: 0.5 pt}\n"
    )
    (settling / "expect.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="days: must be more than the 20 days of start-up of 'world', found 20"):
        read(settling / "expect.yaml")


def test_a_gate_holds_a_cohort(here):
    """It stands beside the days, and days beyond them are a mistake with its place."""
    text = (
        "kind: gate\ndays: 20\ncohort: {}\ngates:\n  - scenario: world.yaml\n    policy: rules.yaml\n"
        "    metrics:\n      settled_share: {{margin: 0.5 pt}}\n"
    )
    path = here / "expect.yaml"
    path.write_text(text.format("3..9:filing"), encoding="utf-8")
    assert experiment_of(read(path), 0).cohort == Cohort(3, 9, "filing")
    path.write_text(text.format("3..21"), encoding="utf-8")
    with pytest.raises(BadFile, match=r"expect\.yaml:5:\d+: gates\.0\.scenario: cohort: must end by day 20"):
        read(path)
