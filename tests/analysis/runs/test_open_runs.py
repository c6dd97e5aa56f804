"""Many runs as one table: the rows are those of the records, and nothing else can be read."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.runs.answer import QueryAnswer
from evenhand.analysis.runs.closed import BadQuery
from evenhand.analysis.runs.folder import BadRun
from evenhand.analysis.runs.many import Runs
from evenhand.analysis.runs.meanings import MEANINGS
from evenhand.sim.runs.records import Run
from evenhand.storage import plan_file
from evenhand.storage.plan import Plan
from tests.support import small
from tests.support.app_files import finished
from tests.support.runs import PARTS

STRICT = {"name": "strict", "decision": {"standard": 0.7}}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with the runs a and b, an unfinished one, a comparison, and what is no run at all."""
    place = Path(tmp_path_factory.mktemp("runs"))
    finished(place / "a", replications=2, days=30)
    finished(place / "b", STRICT, days=30, seed=2)
    shutil.copytree(place / "b", place / "half")
    (place / "half" / "manifest.json").unlink()
    plan = Plan(small.scenario(), small.policy(STRICT), 1, 30, 2, "simpy", None)
    (place / "half" / "plan.json").write_text(plan_file.text(plan), encoding="utf-8")
    (place / "both").mkdir()
    (place / "both" / "manifest.json").write_text('{"kind": "comparison"}', encoding="utf-8")
    (place / "notes").mkdir()
    (place / "o'brien").mkdir()
    (place / "secret.csv").write_text("word\nopen sesame\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def a(place) -> Run:
    from evenhand.storage.run_dir import open_run

    return open_run(place / "a")


@pytest.fixture(scope="module")
def runs(place) -> Runs:
    return analysis.open_runs(place / "a", place / "b")


def one(answer: QueryAnswer) -> object:
    ((value,),) = answer.rows()
    return value


@pytest.mark.process
@pytest.mark.parametrize("table", PARTS)
def test_the_rows_are_those_of_the_records(table, runs, a):
    """Counted and summed in SQL, as NumPy counts them in memory."""
    columns = getattr(a, table)
    assert one(runs.sql(f"select count(*) from {table} where run = 'a'")) == len(columns["replication"])
    found = runs.sql(f"from {table} where run = 'a'").columns
    for name, values in columns.items():
        if values.dtype.kind == "f":
            np.testing.assert_array_equal(found[name], values, err_msg=name)
    assert set(found["run"]) == {"a"}


def test_every_row_says_whose_it_is(runs):
    """A row that has lost its run cannot be compared with any."""
    asked = "select distinct run, scenario, policy, seed from {} order by run"
    told = [("a", runs.folders[0].head["scenario"]["name"], "", 1)]
    for table in ("disputes", "merchants", "metrics", "runs"):
        found = list(runs.sql(asked.format(table)).rows())
        assert [row[0] for row in found] == ["a", "b"]
        assert found[0][3:] == told[0][3:]
        assert found[1][3] == 2
    assert list(runs.sql("select run, replications, days, finished from runs").rows()) == [
        ("a", 2, 30, True),
        ("b", 1, 30, True),
    ]


def test_the_metrics_are_those_of_the_manifests(runs, a):
    """With interval and n; one replication has no interval, and says NULL."""
    asked = "select value, low, high, n, unit from metrics where metric = 'settled_share' order by run"
    (ours, other) = runs.sql(asked).rows()
    settled = analysis.outcomes(a)["settled_share"]
    assert ours == (settled.value, *(settled.ci or ()), settled.n, "share")
    assert other[1:3] == (None, None)


def test_every_column_has_a_type_and_a_meaning(runs):
    """Who adds a column to the records says what it means in `analysis/runs/meanings.py`."""
    tables = runs.tables
    assert list(tables) == list(MEANINGS)
    missing = [
        (table, column.name) for table, found in tables.items() for column in found if not column.meaning
    ]
    assert missing == []
    assert {column.type for column in tables["disputes"]} <= {
        "VARCHAR",
        "INTEGER",
        "BIGINT",
        "DOUBLE",
        "BOOLEAN",
        "DATE",
    }
    unused = {name for names in MEANINGS.values() for name in names}
    assert unused <= {column.name for found in tables.values() for column in found}


def test_a_pattern_takes_the_runs_and_leaves_the_rest(place):
    """Comparisons and other folders stand beside runs; a name that is none is a mistake."""
    (place / "half").rename(place / ".half")
    try:
        assert analysis.open_runs(place / "*").names == ("a", "b")
    finally:
        (place / ".half").rename(place / "half")


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("both", "is a comparison, not a run"),
        ("notes", "is not a finished run: it has no manifest.json"),
        ("nowhere", "there is no such folder"),
        ("n*", "no run in"),
        ("half", "is unfinished: evenhand run --resume"),
        ("*", "is unfinished: evenhand run --resume"),
    ],
)
def test_what_is_not_a_finished_run_is_refused_in_words(folder, said, place):
    """Half a run must not be counted as a whole one without anybody knowing."""
    with pytest.raises(BadRun, match=said):
        analysis.open_runs(place / folder)


def test_an_unfinished_run_counts_when_asked_for(place):
    """A long study can be looked at while it goes on; `runs.finished` says which are whole."""
    runs = analysis.open_runs(place / "*", unfinished=True)
    assert list(runs.sql("select run, finished from runs").rows()) == [
        ("a", True),
        ("b", True),
        ("half", False),
    ]
    same = "select count(*) from disputes where run = 'b'", "select count(*) from disputes where run = 'half'"
    assert one(runs.sql(same[0])) == one(runs.sql(same[1]))
    assert one(runs.sql("select count(*) from metrics where run = 'b'")) == len(METRICS)
    assert one(runs.sql("select count(*) from metrics where run = 'half'")) == 0, "they come at the end"


def test_runs_of_one_name_are_told_apart_by_what_is_above(place, tmp_path):
    """`run` names a run and no other; quotes in a path are only text."""
    shutil.copytree(place / "a", tmp_path / "o'brien" / "a")
    shutil.copytree(place / "a", tmp_path / "y" / "a")
    runs = analysis.open_runs(tmp_path / "*" / "a")
    assert runs.names == ("o'brien/a", "y/a")
    assert one(runs.sql("select count(*) from (select run, count(*) from disputes group by run)")) == 2
    again = analysis.open_runs(tmp_path / "y" / "a", tmp_path / "y" / "a", str(tmp_path / "y" / "*"))
    assert again.names == ("a",)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select\n  nosuch from disputes", "SQL, line 2, column 3: .*nosuch"),
        ("select '文字', nosuch from disputes", "SQL, line 1, column 14: "),
        ("from disputess", 'SQL, line 1, column 6: .*disputess.*did you mean "disputes"'),
        ("selec 1", "SQL, line 1, column 1: "),
        ("select ending::int from disputes", "SQL, line 1, column 14: .*to INT32"),
        ("", "must be one question, found 0"),
        ("select 1; select 2", "must be one question, found 2"),
    ],
)
def test_a_mistake_in_sql_is_told_with_its_place(query, said, runs):
    """Line and column as an editor counts them, in characters."""
    with pytest.raises(BadQuery, match=said):
        list(runs.sql(query).rows())


@pytest.mark.parametrize(
    "query",
    [
        "from '{place}/secret.csv'",
        "from read_csv('{place}/secret.csv')",
        "from read_text('{place}/secret.csv')",
        "from glob('{place}/*')",
        "from read_parquet('{place}/half/parts/*/*.parquet')",
        "from 'https://example.com/a.csv'",
        "from visible",
        "copy disputes to '{place}/out.csv'",
        "copy (select 1) to '{part}'",
        "attach '{place}/x.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma enable_profiling",
        "create table t as select 1",
        "insert into runs select * from runs",
        "drop view disputes",
        "export database '{place}/db'",
        "call pragma_database_list()",
        "select * from query('copy disputes to ''{place}/out.csv''')",
    ],
)
def test_nothing_but_the_runs_can_be_read_and_nothing_written(query, runs, place):
    """A query may come from anywhere; the worst it can do is to ask about the runs."""
    visible = {"secret": [1]}
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    part = next((place / "a" / "parts").glob("*/disputes-*.parquet"))
    with pytest.raises(BadQuery):
        list(runs.sql(query.format(place=place, part=part)).rows())
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before
    assert visible


def test_an_answer_shows_itself(runs):
    """In a terminal, in a notebook, and as arrays; no file is read before it is asked for."""
    assert repr(runs).startswith("<2 runs: a, b; tables runs, metrics, disputes")
    answer = runs.sql(
        "select run, count(*) as n, null::double as never from disputes group by run order by run"
    )
    assert answer.names == ["run", "n", "never"]
    assert "varchar" in repr(answer)
    assert answer._repr_html_().count("<tr>") == 3
    assert "<th>finished</th>" in runs._repr_html_()
    columns = answer.columns
    assert columns["run"].tolist() == ["a", "b"]
    assert np.isnan(columns["never"]).all()
    assert answer._repr_html_().startswith("<table>")
    assert "<b>" not in runs.sql("select '<b>' as x")._repr_html_()


def test_an_answer_becomes_a_data_frame(runs):
    """The same rows for those who go on in pandas."""
    pytest.importorskip("pandas", reason="data frames are in the extra `research`")
    frame = runs.sql("select run, seed from runs order by run").to_pandas()
    assert frame.to_numpy().tolist() == [["a", 1], ["b", 2]]


def test_without_pandas_the_extra_is_named(runs, monkeypatch):
    """Told what to install, not that a module is missing."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install pandas \(the extra 'research'\)"):
        runs.sql("from runs").to_pandas()
