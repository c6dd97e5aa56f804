"""The page on gates does what it says, block by block."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.jobs.gate_file import Expectations
from tests.support.app_files import ROOT

PAGE = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def save(text: str) -> None:
    """Write a block to the file that its first line names."""
    Path(text.splitlines()[0].removeprefix("# ")).write_text(text, encoding="utf-8")


def run(line: str) -> Any:
    return CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)


def verdicts(table: str) -> dict[str, str]:
    """Metric -> verdict, from a printed table."""
    rows = [line.split("  ") for line in table.splitlines() if re.match(r"[a-z0-9_]+ ", line)]
    return {
        row[0].strip(): [cell for cell in row if cell.strip()][-1].strip() for row in rows if len(row) > 3
    }


@pytest.fixture
def here(tmp_path, monkeypatch) -> None:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.process
def test_the_page_can_be_followed_from_the_first_file_to_the_caught_change(here):
    """A build engineer copies what stands there; it has to work at the first try."""
    expect, rules, changed = blocks("yaml")
    save(expect)
    save(rules)
    (commands,) = blocks("sh")
    for line in commands.splitlines():
        told = run(line)
        assert told.exit_code == 0, told.output
    assert "# to start with" in Path("expect.yaml").read_text(encoding="utf-8")
    save(changed)
    told = run(commands.splitlines()[-1])
    assert told.exit_code == 1
    (table,) = blocks("text")
    assert len(verdicts(table)) == 3
    assert verdicts(told.stdout) == verdicts(table)
    (accepting,) = re.findall(r"`(evenhand gate [^`]*pilot[^`]*)`", PAGE)
    assert run(accepting).exit_code == 0
    assert run(commands.splitlines()[-1]).exit_code == 0


def test_the_defaults_that_the_page_names_are_those_of_the_program():
    """A default that changed would make the page lie."""
    fields = Expectations.model_fields
    told = [fields[name].default for name in ("seed", "replications", "budget")]
    assert told == [1, 10, 40]
    assert "`seed` is 1, `replications` 10 (also the least) and `budget` 40" in PAGE
