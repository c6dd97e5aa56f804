"""What could overflow or never end is refused before anything runs, with the bound."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from evenhand import scenarios
from evenhand.analysis.runs.bounds import MOST_COLUMNS, SURE
from evenhand.cli.main import app
from evenhand.cli.query_run import _told_apart
from evenhand.scenarios.catalogue import MAX_PARTS
from evenhand.scenarios.layers import MAX_FILES
from evenhand.sim.runs.seeds import FIRST_RESERVED, MOST_SEED
from evenhand.sim.scenario.candidates import MOST_CANDIDATES, most_candidates
from evenhand.sim.scenario.units import MOST_COUNTED
from tests.support import small
from tests.support.app_files import finished, write_files


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a folder of its own."""
    monkeypatch.chdir(tmp_path)


def evenhand(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def refused(*arguments: str) -> str:
    """What the command says when it refuses bad input, which is one line."""
    told = evenhand(*arguments)
    assert told.exit_code == 2, told.output
    assert "Traceback" not in told.output
    assert len(told.stderr.splitlines()) == 1, told.stderr
    return told.stderr


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ({"causes": {"quality_defect": {"per_thousand_orders": 5000}}}, "must be 1,000 or less, found 5000"),
        ({"merchants": {"problem_spread": 1e9}}, "must be 3 or less"),
        ({"merchants": {"zipf": 1e9}}, "must be 10 or less"),
        ({"market": {"orders_per_day": 1e11}}, "must be 1,000,000,000 or less"),
        ({"market": {"orders_per_day": 1e9}}, f"at most {MOST_CANDIDATES:,} are allowed"),
        ({"market": {"burst_shape": 1e-9}}, "must be 0.01 or more"),
        ({"calendar": {"start": "9999-12-20"}}, "must be from 1900-01-01 to 2900-12-31"),
    ],
)
def test_a_scenario_that_would_never_end_is_refused(world: dict[str, Any], said: str) -> None:
    """`check` says so, at its line; nobody learns of it from a hang."""
    write_files(Path(), world=world)
    told = refused("check", "world.yaml")
    assert said in told
    assert told.startswith("world.yaml:")


@pytest.mark.parametrize(
    "rules",
    [
        {"screening": {"request_cap": MOST_COUNTED + 1}},
        {"screening": {"abuse_limit": MOST_COUNTED + 1}},
        {"decision": {"panel": {"cap": MOST_COUNTED + 1}}},
        {"decision": {"automatic": {"max_buyer_strikes": MOST_COUNTED + 1}}},
    ],
)
def test_a_count_stays_within_32_bits(rules: dict[str, Any]) -> None:
    """Records count in 32 bits; a limit beyond them is refused by `check`, not by NumPy."""
    write_files(Path(), rules=rules)
    assert f"must be {MOST_COUNTED:,} or less" in refused("check", "rules.yaml")


@pytest.mark.process
def test_what_is_allowed_runs() -> None:
    """The bounds themselves are within reach of the arithmetic."""
    write_files(
        Path(),
        world={"days": 20, "merchants": {"problem_spread": 3.0}},
        rules={"screening": {"request_cap": MOST_COUNTED, "abuse_limit": MOST_COUNTED}},
    )
    done = evenhand(
        "run",
        "rules.yaml",
        "--scenario",
        "world.yaml",
        "--replications",
        "1",
        "--engine",
        "simpy",
        "--seed",
        str(MOST_SEED),
        "--out",
        "last",
    )
    assert done.exit_code == 0, done.output
    asked = evenhand("query", "last", "select distinct seed from disputes")
    assert asked.stdout.split() == ["seed", str(MOST_SEED)]


@pytest.mark.parametrize("command", ["run", "compare", "sweep"])
def test_a_seed_beyond_those_of_users_is_refused(command: str) -> None:
    """The seeds above belong to searches, and beyond them no column can hold them."""
    more = {
        "run": ["tmall"],
        "compare": ["tmall", "paypal"],
        "sweep": ["tmall", "--vary", "review.limit=0,1"],
    }
    said = refused(command, *more[command], "--seed", str(FIRST_RESERVED))
    assert f"--seed: must be 0 to {MOST_SEED:,}" in said


def test_the_bound_on_candidates_covers_what_is_drawn() -> None:
    """It is an upper bound: a world that passes draws no more, festivals counted."""
    from evenhand.sim.sampling.population import draw_people
    from evenhand.sim.sampling.streams import Luck
    from evenhand.sim.sampling.world import candidate_rates

    world = small.scenario()
    drawn = float(candidate_rates(world, draw_people(world, Luck(0, 0))).sum()) * world.days
    assert 0 < drawn < 3 * most_candidates(world, world.days)
    with pytest.raises(ValidationError, match="grievances"):
        small.scenario({"market": {"orders_per_day": 1e9}})


def test_a_chain_of_bases_has_an_end(tmp_path: Path) -> None:
    """`base: a+a` over few files is a million readings; all readings count, not only the depth."""
    for number in range(12):
        below = f"f{number + 1}.yaml"
        Path(f"f{number}.yaml").write_text(f"kind: policy\nbase: {below}+{below}\n", encoding="utf-8")
    Path("f12.yaml").write_text("kind: policy\ntitle: x\n", encoding="utf-8")
    with pytest.raises(scenarios.BadFile, match=f"more than {MAX_FILES} files"):
        scenarios.policy("f0.yaml")
    with pytest.raises(scenarios.BadFile, match=f"more than {MAX_PARTS} files"):
        scenarios.policy("+".join(["tmall"] * 10_000))
    assert scenarios.policy("f9.yaml").title.count("x") == 8


def test_a_packed_log_is_unpacked_so_far_only() -> None:
    """A few bytes of gzip can stand for gigabytes."""
    with gzip.open("bomb.xes.gz", "wb", compresslevel=1) as file:
        file.write(b"<log>")
        for _ in range(SURE // 1_000_000 + 2):
            file.write(b" " * 1_000_000)
    for words in (["conform", "bomb.xes.gz"], ["calibrate", "bomb.xes.gz", "--guess"]):
        assert f"more than the {SURE:,} bytes" in refused(*words)


def test_cells_have_so_many_bytes_only() -> None:
    """A few bytes of Parquet can stand for gigabytes too."""
    rows = SURE // 30_000_000 + 1
    asked = f"select repeat('x', 30000000) as opened from range({rows})"
    duckdb.execute(f"copy ({asked}) to 'huge.parquet' (format parquet, compression zstd)")
    told = refused("calibrate", "huge.parquet", "--guess")
    assert f"its cells have {rows * 30_000_000:,} bytes; at most {SURE:,} are allowed" in told


def test_a_table_has_so_many_columns_only() -> None:
    """Each column is looked at for what it may be; no log has thousands."""
    wide = ",".join(f"c{i}" for i in range(MOST_COLUMNS + 1))
    Path("wide.csv").write_text(f"{wide}\n{wide}\n", encoding="utf-8")
    for words in (["conform", "wide.csv"], ["calibrate", "wide.csv", "--guess"]):
        assert f"at most {MOST_COLUMNS} are allowed" in refused(*words)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_log() -> None:
    """Reading it would wait for ever."""
    os.mkfifo("log.csv")
    assert "not an ordinary file" in refused("calibrate", "log.csv", "--guess")


def test_a_table_with_a_header_only_is_refused() -> None:
    """Nothing was judged, so no rule is kept."""
    Path("log.csv").write_text("case,activity,time\n", encoding="utf-8")
    assert "has no rows" in refused("conform", "log.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<?xml version="1.0" encoding="bogus"?><log/>', "unknown encoding"),
        (
            """<log><trace><event><string key="concept:name" value="a"/>
            <date key="time:timestamp" value="0001-01-01T00:00:00+14:00"/></event></trace></log>""",
            "is before or after all dates",
        ),
    ],
)
def test_a_strange_xes_is_refused_in_words(text: str, said: str) -> None:
    """The reader of XML and the calendar each have an exception of their own for it."""
    Path("log.xes").write_text(text, encoding="utf-8")
    assert said in refused("conform", "log.xes")


def test_a_format_of_times_that_does_not_exist_is_shown_in_the_mapping() -> None:
    """The mistake is in the file, so line and column are."""
    Path("map.yaml").write_text('kind: mapping\ntime_format: "%Q"\ncolumns: {opened: a}\n', encoding="utf-8")
    Path("log.csv").write_text("a\n1\n", encoding="utf-8")
    told = refused("calibrate", "log.csv", "--map", "map.yaml", "--out", "o.yaml")
    assert told.startswith("map.yaml:2:14: time_format: ")


def test_damaged_folders_of_runs_are_refused_in_words() -> None:
    """Depth without end in a manifest, and a folder among the parts that is none."""
    finished(Path("r"), replications=1, days=20)
    assert "--start: must be from 1900-01-01" in refused(
        "export", "r", "--to", "csv", "--start", "9999-12-31"
    )
    manifest = Path("r/manifest.json").read_text(encoding="utf-8")
    Path("r/manifest.json").write_text("[" * 100_000, encoding="utf-8")
    assert "its manifest.json is damaged" in refused("query", "r")
    Path("r/manifest.json").write_text(manifest, encoding="utf-8")
    part = next(Path("r/parts").iterdir())
    part.rename(part.with_name("abc-def"))
    assert f"'{part}' is missing" in refused("query", "r")  # which one it was is of use, not what it is now
    part.mkdir()
    shutil.copytree(part.with_name("abc-def"), part, dirs_exist_ok=True)
    assert "'r/parts/abc-def' is no part of this run" in refused("query", "r")


@pytest.mark.process
def test_a_long_question_is_a_question() -> None:
    """A text longer than a file's name may be is not looked up on the disk (Python 3.11 fails there)."""
    finished(Path("r"), replications=1, days=20)
    told = evenhand("query", "r", "select 1 as one " + "-- why\n" * 600)
    assert told.stdout.split() == ["one", "1"]


def test_columns_of_one_name_are_told_apart_in_json() -> None:
    """An object has each name once; the second column must not take the place of the first."""
    finished(Path("r"), replications=1, days=20)
    told = evenhand("query", "r", "select 1 as n, 2 as n, 3 as n_2", "--format", "json")
    assert json.loads(told.stdout) == [{"n": 1, "n_3": 2, "n_2": 3}]
    assert _told_apart(["a", "b"]) == ["a", "b"]
