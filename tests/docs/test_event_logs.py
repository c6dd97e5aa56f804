"""The page on event logs does what it says, block by block."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.analysis.eventlog.conformance_rules import Rule, Template
from evenhand.cli.main import app
from tests.support import process_mining
from tests.support.app_files import ROOT

PAGE = (ROOT / "docs" / "event-logs.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def run(line: str) -> Any:
    return CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)


def rows(table: str) -> list[list[str]]:
    """Lines of a printed table that are about rules, cell by cell."""
    return [line.split() for line in table.splitlines() if re.match(r"[a-z]+_[a-z_]+ {2,}", line)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.process
def test_the_page_can_be_followed_from_a_run_to_its_verdict(here):
    """Commands as they stand; the files that they write; the verdict that the page shows."""
    export, own, _ = blocks("sh")
    for line in export.splitlines():
        done = run(line)
        assert done.exit_code == 0, done.output
    assert {path.name for path in here.iterdir()} == {"runs", "log.xes", "log.sqlite", "events.csv"}
    assert process_mining.ask("num_objects", ocel=process_mining.ocel(here / "log.sqlite")) > 1000
    with (here / "events.csv").open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["time"].startswith("2026-03-")
    done = run(own.strip())
    assert done.exit_code == 0, done.output
    shown, _ = blocks("text")
    (row,) = rows(shown)
    (told,) = (one for one in rows(done.stdout) if one[0] == row[0])
    assert (told[:2], told[3:]) == (row[:2], row[3:]), "all but n, which moves when results do"


def test_rules_and_a_log_of_ones_own_give_the_table_of_the_page(here):
    """The example with two broken promises."""
    for text in (*blocks("csv"), *blocks("yaml")):
        head, _, rest = text.partition("\n")
        name = head.removeprefix("# ")
        (here / name).write_text(rest if name.endswith(".csv") else text, encoding="utf-8")
    done = run(blocks("sh")[2].strip())
    assert done.exit_code == 1, done.output
    assert rows(done.stdout)[:2] == rows(blocks("text")[1])


@pytest.mark.process
def test_the_python_of_the_page_runs(capsys):
    """As somebody would paste it."""
    (block,) = blocks("python")
    exec(compile(block, "event-logs.md", "exec"), {})
    assert capsys.readouterr().out == "[]\n"


def test_every_template_and_condition_is_on_the_page():
    """What a page does not tell, nobody uses."""
    from typing import get_args

    for word in (*get_args(Template), *Rule.model_fields):
        if word not in {"says", "template", "activation", "target"}:
            assert f"`{word}" in PAGE, word
