"""`evenhand query`: clean output for whoever reads it, and files that are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from evenhand.cli.main import app
from evenhand.storage.run_dir import open_run
from tests.support.app_files import finished

ENDINGS = "select ending, count(*) as n, avg(share) as share from disputes group by ending order by ending"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    place = Path(tmp_path_factory.mktemp("runs"))
    finished(place / "a", replications=2, days=30)
    return place


@pytest.fixture(autouse=True)
def here(place, monkeypatch) -> None:
    monkeypatch.chdir(place)


def told(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["query", *arguments], input=stdin, catch_exceptions=False)


@pytest.mark.process
def test_in_a_pipe_an_answer_is_csv_and_nothing_else(place):
    """`evenhand query … | head` must not meet frames, colours or remarks."""
    done = told("a", ENDINGS)
    assert (done.exit_code, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    d = open_run(place / "a")
    assert sum(int(row["n"]) for row in rows) == len(d)
    assert list(rows[0]) == ["ending", "n", "share"]


def test_json_has_an_object_a_row_and_null_where_nothing_is():
    """NaN is no JSON; truth and text stay what they are."""
    asked = "select true as yes, 'nan'::double as none, null as never, 2 as two, '审' as text"
    assert json.loads(told("a", asked, "--format", "json").stdout) == [
        {"yes": True, "none": None, "never": None, "two": 2, "text": "审"}
    ]
    assert json.loads(told("a", "from disputes limit 0", "--format", "json").stdout) == []
    assert told("a", "select true as yes, null as never").stdout == "yes,never\ntrue,\n"


@pytest.mark.process
@pytest.mark.parametrize("name", ["rows.csv", "rows.json", "rows.parquet", "rows.CSV"])
def test_a_file_has_the_rows_in_the_form_that_its_name_says(name, tmp_path):
    """Read back by a stranger's DuckDB, they are the same rows."""
    out = tmp_path / "deep" / name
    done = told("a", ENDINGS, "--out", str(out))
    assert done.stdout == f"Rows: {out}\n"
    reader = {"csv": "read_csv", "json": "read_json", "parquet": "read_parquet"}[out.suffix[1:].lower()]
    found = duckdb.sql(f"select ending, n, share from {reader}('{out}') order by ending").fetchall()
    rows = list(csv.reader(io.StringIO(told("a", ENDINGS).stdout)))[1:]
    assert [(end, str(n), str(share)) for end, n, share in found] == [tuple(row) for row in rows]
    assert [path.name for path in out.parent.iterdir()] == [name]


def test_the_question_may_come_from_a_file():
    """Long SQL lives in files; - stands for what is piped in."""
    assert told("a", "-", stdin=ENDINGS).stdout == told("a", ENDINGS).stdout


def test_without_a_question_the_tables_are_listed():
    """Names, types and meanings, for a person or for a program."""
    listed = list(csv.DictReader(io.StringIO(told("a").stdout)))
    assert {row["table"] for row in listed} == {
        "runs",
        "metrics",
        "disputes",
        "events",
        "merchants",
        "desks",
        "buyers",
    }
    assert all(row["type"] and row["meaning"] for row in listed)
    screen = told("a", "--format", "table").stdout
    assert "Runs: a" in screen
    assert "double" in screen
    assert "when it was filed with the platform" in screen


@pytest.mark.process
def test_a_terminal_gets_a_table_that_says_when_there_is_more():
    """A hundred rows are enough to look at; nobody takes them for all."""
    many = told("a", "select dispute, amount, valid, filed_at from disputes", "--format", "table").stdout
    assert many.endswith("\nThese are the first 100 rows; --out FILE.csv takes all.\n")
    wide = told("a", "from disputes limit 3", "--format", "table").stdout
    assert re.search(r"\nThese are \d+ of \d+ columns; --out FILE.csv takes all.\n$", wide)
    assert max(map(len, wide.splitlines())) <= 120
    few = told("a", ENDINGS, "--format", "table").stdout
    assert "These are" not in few
    assert few.splitlines()[0].split() == ["ending", "n", "share"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a", "select nosuch from disputes"), "SQL, line 1, column 8: "),
        (("a", "drop view disputes"), "must ask, as select and describe do, found DROP; runs are only read"),
        (("nowhere", "select 1"), "'nowhere' is not a finished run: there is no such folder"),
        (("select 1",), "the SQL comes after the folder of a run, and none is named"),
        (("a", "select 1", "--format", "parquet"), "goes into a file; name it with --out"),
        (("a", "select 1", "--out", "x.txt"), "must end in .csv, .json, .parquet or .xlsx"),
        (("a", "select 1", "--out", "x.csv", "--format", "table"), "is for the screen"),
        (("a", "select 1", "--out", "a/x.csv"), "must not be in the folder of a run, found 'a/x.csv'"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_is_allowed(arguments, said):
    """Exit status 2, nothing on stdout, no traceback."""
    done = told(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("evenhand: ")
    assert done.stderr.count("\n") == 1


def test_a_file_is_not_there_when_an_answer_fails(tmp_path):
    """Half a CSV looks like a whole one."""
    out = tmp_path / "x.csv"
    failing = "select case when dispute >= 0 then error('no') end from disputes"
    assert told("a", failing, "--out", str(out)).exit_code == 2
    assert not list(tmp_path.iterdir())
