"""The page on queries does what it says, block by block."""

from __future__ import annotations

import csv
import io
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from tests.support.app_files import ROOT, finished

PAGE = (ROOT / "docs" / "querying.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def lines(command: str) -> list[str]:
    return [
        line
        for kind, text in BLOCKS
        if kind == "sh"
        for line in text.splitlines()
        if line.startswith(f"evenhand {command}")
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """The two runs of the page, small, and its files of SQL."""
    place = Path(tmp_path_factory.mktemp("page"))
    for line in lines("run"):
        finished(place / line.split()[-1], replications=2, days=30)
    for kind, text in BLOCKS:
        if kind == "sql":
            (place / re.split(r"[ :]", text.splitlines()[0])[1]).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def here(place, monkeypatch) -> None:
    monkeypatch.chdir(place)


def ask(line: str) -> str:
    words = shlex.split(line)[1:]
    stdin = None
    if "<" in words:
        stdin = Path(words.pop()).read_text(encoding="utf-8")
        words.pop()
    done = CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, ""), line
    return done.stdout


@pytest.mark.process
@pytest.mark.parametrize("line", lines("query"))
def test_every_command_answers(line):
    """Copied from the page, each gives rows, on the screen or in the file that it names."""
    said = ask(line)
    if "--out" in line:
        assert said == f"Rows: {line.split()[-1]}\n"
        assert Path(line.split()[-1]).stat().st_size > 100
    else:
        assert len(list(csv.reader(io.StringIO(said)))) > 1


@pytest.mark.process
def test_errors_from_replications_are_what_the_page_says(place):
    """Its own SQL gives the value that the manifest has."""
    told = list(csv.DictReader(io.StringIO(ask("evenhand query 'runs/*' - < by_replication.sql"))))
    known = "select run, value, n from metrics where metric = 'open_share'"
    for row in csv.DictReader(io.StringIO(ask(f'evenhand query "runs/*" "{known}"'))):
        (mine,) = [one for one in told if one["run"] == row["run"]]
        assert float(mine["value"]) == pytest.approx(float(row["value"]))
        assert mine["n"] == row["n"]
        assert float(mine["error"]) > 0


@pytest.mark.process
def test_the_python_of_the_page_runs_as_it_stands(capsys):
    """As somebody would type it."""
    (code,) = [text for kind, text in BLOCKS if kind == "python"]
    session: dict[str, object] = {}
    exec(compile(code, "querying.md", "exec"), session)
    assert capsys.readouterr().out.startswith("<2 runs: tmall, wechat;")


def test_the_page_has_the_numbers_of_the_code():
    """How large a piece is, and from where on curves are thinned."""
    from evenhand.analysis.metrics.external_sort import ROWS as HELD
    from evenhand.analysis.metrics.survival import EVERY_STEP
    from evenhand.analysis.runs.stored import ROWS

    assert f"at most {ROWS:,}\ndisputes at a time" in PAGE
    assert f"more than {EVERY_STEP:,} disputes" in PAGE
    assert HELD == 2**21, "two million in memory"
