"""`evenhand export` and `evenhand conform` at the command line: files, screen, exit statuses, messages."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from tests.support import process_mining
from tests.support.app_files import PATIENCE, finished, start


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the small world."""
    path = tmp_path_factory.mktemp("runs") / "mine"
    finished(path, seed=2, days=30)
    return path


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


def events_in(folder: Path) -> int:
    rows: int = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["rows"]["events"]
    return rows


@pytest.mark.process
def test_a_log_is_written_whole_beside_where_one_works(folder, tmp_path, monkeypatch):
    """By default the file has the run's name, in the folder one is in, and nothing else is left."""
    monkeypatch.chdir(tmp_path)
    for to, suffix in (("xes", ".xes"), ("ocel", ".sqlite"), ("csv", ".csv")):
        done = evenhand("export", folder, "--to", to)
        assert done.exit_code == 0, done.output
        assert f"wrote {events_in(folder):,} events to mine{suffix}" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"mine.xes", "mine.sqlite", "mine.csv"}


def test_the_screen_gets_the_log_and_nothing_else(folder):
    """A pipe into another tool must not meet a progress bar or a farewell."""
    done = evenhand("export", folder, "--to", "csv", "--out", "-")
    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert len(rows) == events_in(folder)
    xes = evenhand("export", folder, "--to", "xes", "--out", "-").stdout
    assert xes.startswith("<?xml")
    assert xes.endswith("</log>\n")


@pytest.mark.process
def test_hours_become_dates_from_the_scenarios_first_day_or_from_a_given_one(folder):
    """A simulated hour has no date of its own; the one that is given counts, zones included."""

    def first(*options: str) -> str:
        done = evenhand("export", folder, "--to", "csv", "--out", "-", *options)
        return str(next(csv.DictReader(StringIO(done.stdout)))["time"])

    day, engine = first()[:10], first()[10:]
    assert day.startswith("2025-09-0")
    assert first("--start", "2030-01-01")[:8] == "2030-01-"
    assert first("--start", "2030-01-01")[10:] == engine
    assert first("--start", "2030-01-01T08:00:00+08:00") == first("--start", "2030-01-01")


def test_the_truth_is_written_on_request_only(folder, tmp_path):
    """Otherwise a log for discovery would hold the answers."""
    for truth in ((), ("--truth",)):
        out = tmp_path / "log.xes"
        assert evenhand("export", folder, "--to", "xes", "--out", out, "--force", *truth).exit_code == 0
        assert ('key="valid"' in out.read_text(encoding="utf-8")) == bool(truth)


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "ocel", "--out", "-"), "--out: '-' is for xes and csv"),
        (("--to", "csv", "--truth"), "--truth: is for xes and ocel"),
        (
            ("--to", "xes", "--start", "soon"),
            "--start: must be a date or time such as 2025-09-01, found 'soon'",
        ),
        (("--to", "xml"), "xml"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_a_line(folder, tmp_path, options, said):
    """Exit status 2, one line, no file."""
    process = start(tmp_path, "export", str(folder), *options)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said in errors
    assert len(errors.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.process
def test_an_own_log_keeps_due_process_and_an_exported_one_says_the_same(folder, tmp_path):
    """Three files and the run itself: the same rule must count the same activations in all."""
    counts = {}
    own = evenhand("conform", folder, "--format", "json")
    assert own.exit_code == 0, own.output
    counts["run"] = json.loads(own.stdout)["results"]["one_ruling_a_level"]["n"]
    for to, suffix in (("xes", ".xes"), ("ocel", ".sqlite"), ("csv", ".csv")):
        out = tmp_path / f"log{suffix}"
        evenhand("export", folder, "--to", to, "--out", out)
        done = evenhand("conform", out, "--format", "json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        counts[to] = told["results"]["one_ruling_a_level"]["n"]
        assert (
            told["results"]["time_to_answer"]["not_applied"]
            == "needs a policy, for windows.merchant_evidence"
        )
    assert len(set(counts.values())) == 1
    assert counts["run"] > 0


RULES = """
title: Help desk
ends: closed
rules:
  answered_in_a_day:
    says: Everybody hears from us in a day.
    template: response
    activation: opened
    target: answered
    within: 24 h
  reopened_never:
    template: absence
    activation: reopened
"""
LOG = """ticket,step,when,who
1,opened,2024-01-01 08:00,Ann
1,answered,2024-01-01 09:00,Bob
1,closed,2024-01-02 08:00,Bob
2,opened,2024-01-01 08:00,Ann
2,answered,2024-01-05 08:00,Bob
2,closed,2024-01-06 08:00,Bob
3,opened,2024-01-06 08:00,Ann
"""


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Path]:
    """A log of the world and rules of one's own."""
    log, rules = tmp_path / "tickets.csv", tmp_path / "desk.yaml"
    log.write_text(LOG, encoding="utf-8")
    rules.write_text(RULES, encoding="utf-8")
    return log, rules


COLUMNS = ("--case", "ticket", "--activity", "step", "--time", "when", "--resource", "who")


def test_a_violation_says_which_case_which_rule_and_where(desk, tmp_path):
    """Somebody has to find the case in the other system; exit status 1 stops a build."""
    done = evenhand("conform", *desk, *COLUMNS, "--out", tmp_path / "found.csv")
    assert done.exit_code == 1
    assert "answered_in_a_day: Everybody hears from us in a day." in done.stdout
    (row,) = csv.DictReader(StringIO((tmp_path / "found.csv").read_text(encoding="utf-8")))
    assert row == {
        "case": "2",
        "rule": "answered_in_a_day",
        "position": "1",
        "activity": "opened",
        "time": "2024-01-01 08:00:00",
        "resource": "Ann",
    }
    for told in ("2024-01-01 08:00:00", "1 of 2 rules are broken"):
        assert told in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("answered_in_a_day  ")]
    assert line.split() == ["answered_in_a_day", "response", "3", "1", "1", "1", "!", "broken"]


def test_the_list_of_violations_may_be_shortened_but_not_the_count(desk):
    """A million breaches are one finding; they are all counted."""
    done = evenhand("conform", *desk, *COLUMNS, "--most", "0", "--format", "json")
    told = json.loads(done.stdout)
    assert (told["violations"], told["passed"], told["cases"]) == ([], False, 3)
    assert told["results"]["answered_in_a_day"]["violations"] == 1


STRANGE = LOG.replace("opened", "ouvert").replace("answered", "répondu").replace("closed", "fermé")


@pytest.mark.process
def test_a_log_that_no_rule_is_about_does_not_pass(desk, tmp_path):
    """A log in other words than the rules' was never judged; "must not happen" holds there by accident."""
    log, rules = desk
    log.write_text(STRANGE, encoding="utf-8")
    done = evenhand("conform", log, rules, *COLUMNS, "--out", tmp_path / "found.csv")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no rule applies to its 3 cases; its activities are 'fermé', 'ouvert', 'répondu'" in done.stderr
    assert "the rules are about 'answered', 'opened', 'reopened'" in done.stderr
    assert not (tmp_path / "found.csv").exists()
    shipped = evenhand("conform", log, *COLUMNS)
    assert shipped.exit_code == 2
    assert "no rule applies" in shipped.stderr
    allowed = evenhand("conform", log, *COLUMNS, "--allow-empty", "--format", "json")
    assert allowed.exit_code == 0
    assert json.loads(allowed.stdout)["passed"] is True


def test_what_must_happen_is_not_broken_by_a_log_that_speaks_of_something_else(desk):
    """Three cases without an activity that no case could have are no finding about the cases."""
    log, rules = desk
    log.write_text(STRANGE, encoding="utf-8")
    rules.write_text(RULES.replace("absence", "existence"), encoding="utf-8")
    assert evenhand("conform", log, rules, *COLUMNS).exit_code == 2


def test_a_log_without_cases_does_not_pass(desk):
    """Nothing was judged, and nothing is kept."""
    log, rules = desk
    log.write_text(LOG.splitlines()[0] + "\n", encoding="utf-8")
    done = evenhand("conform", log, rules, *COLUMNS)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_rules_that_nothing_calls_for_are_not_said_to_be_kept(desk):
    """A rule that judged nothing is counted as not applied, and why it was not is said."""
    log, rules = desk
    more = "  moved:\n    template: response\n    activation: escalated\n    target: closed\n"
    rules.write_text(RULES + more, encoding="utf-8")
    log.write_text(LOG.replace("2024-01-05", "2024-01-01").replace("3,opened", "3,closed"), encoding="utf-8")
    told = json.loads(evenhand("conform", *desk, *COLUMNS, "--format", "json").stdout)
    assert (told["passed"], told["applied"]) == (True, 2)
    assert told["results"]["moved"]["not_applied"] == "nothing in the log calls for it"
    assert told["results"]["reopened_never"]["not_applied"] is None
    done = evenhand("conform", *desk, *COLUMNS)
    assert done.exit_code == 0
    assert "All 2 rules that apply are kept. 1 not applied." in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("moved") and "kept" in line]


@pytest.mark.process
def test_mistakes_in_rules_have_their_place(desk, tmp_path):
    """As in every other file of a user."""
    log, rules = desk
    text = RULES.replace("template: response", "template: respond").replace("within: 24 h", "within: soon")
    rules.write_text(text, encoding="utf-8")
    process = start(tmp_path, "conform", log.name, rules.name, *COLUMNS)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "desk.yaml:7:15: rules.answered_in_a_day.template: must be 'existence'" in errors
    assert "did you mean 'response'?" in errors
    assert "desk.yaml:10:13: rules.answered_in_a_day.within: must be a duration" in errors


@pytest.mark.process
def test_a_missing_column_is_said_with_those_that_there_are(desk, tmp_path):
    """The commonest mistake with a log of one's own."""
    process = start(tmp_path, "conform", *(path.name for path in desk))
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "which column is the case? Name it with --case; there are ticket, step, when, who" in errors


@pytest.mark.process
def test_the_reader_of_others_opens_what_the_command_wrote(folder, tmp_path):
    """End to end, through the command and not only its parts."""
    evenhand("export", folder, "--to", "ocel", "--out", tmp_path / "log.sqlite", "--truth")
    seen = process_mining.ocel(tmp_path / "log.sqlite")
    assert process_mining.ask("num_events", ocel=seen) == events_in(folder)
