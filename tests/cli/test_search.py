"""`evenhand search` and `evenhand goal` from options to files: they go on, and say what is wrong."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from evenhand import scenarios
from evenhand.cli.main import app
from evenhand.parallel.pool import Executor
from tests.support.app_files import PATIENCE, start, until, write_files

WHERE = ("rules.yaml", "--scenario", "world.yaml", "--days", "12", "--engine", "simpy")
LEVERS = ("--lever", "decision.standard=0.4..0.6", "--lever", "windows.file=5d..10d")
SHORT = (*WHERE, *LEVERS, "--goal", "wrongful_denial_rate", "--budget", "24", "--fresh", "2")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def search(*arguments: str) -> Any:
    return run("search", *SHORT, *arguments)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a world and a set of rules, to work in."""
    write_files(tmp_path, {"market": {"orders_per_day": 60}})
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.mark.process
def test_a_search_leaves_a_page_one_file_and_a_policy_for_every_candidate(here):
    """What a policy designer looks at and runs; the sum of worlds is that which was asked for."""
    told = search("-o", "s", "--format", "json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["worlds"] <= 24
    page = (here / "s" / "search.html").read_text(encoding="utf-8")
    for words in ("What nothing else beats", "Did the optimiser beat the floor?", "The candidates in words"):
        assert words in page
    with duckdb.connect() as database:
        rows = database.read_parquet("s/search.parquet")
        fresh, seen = rows.filter("fresh"), rows.filter("not fresh")
        assert len(seen) == found["worlds"]
        assert len(fresh) == 2 * len(found["front"])
    base = scenarios.policy("rules.yaml")
    for row in found["front"][1:]:
        (name,) = row["file"].split()
        policy = scenarios.policy(here / "s" / name)
        assert policy.decision.standard == row["decision.standard"]
        assert policy.windows.file.hours == row["windows.file"]
        assert policy.review == base.review
        assert {one["path"] for one in row["changes"]} <= {"decision.standard", "windows.file"}


HELD = """
import time
from pathlib import Path
from evenhand.storage.search_file import SearchFile
kept = SearchFile.keep
def keep(self, candidate, seen, *, fresh):
    kept(self, candidate, seen, fresh=fresh)
    if len(self.done) == 3:
        Path("held").touch()
        while True:
            time.sleep(0.02)
SearchFile.keep = keep
"""
"""A search that waits after its third candidate, so that no test depends on when a signal comes."""


@pytest.mark.process
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_after_a_kill_the_same_command_goes_on_to_the_same_bytes(here, how):
    """The optimiser is asked again and given what was seen: it comes to where it would be."""
    process = start(here, "search", *SHORT, "--workers", "1", "-o", "killed", first=HELD)
    try:
        until(lambda: (here / "held").is_file() or process.poll() is not None)
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    if how is not signal.SIGKILL:
        assert re.search(r"what was seen of 3 candidates is in killed/search.parquet; the same", errors)
    assert search("-o", "killed").exit_code == 0
    assert search("-o", "whole").exit_code == 0
    for name in ("search.parquet", "search.html", "candidate-01.yaml"):
        assert (here / "killed" / name).read_bytes() == (here / "whole" / name).read_bytes()


@pytest.mark.process
def test_workers_change_no_number(here, monkeypatch):
    """The optimiser is asked for as many at once whoever lives them."""
    search("-o", "alone", "--workers", "1")
    monkeypatch.setattr("evenhand.jobs.rule_search.executor", lambda *_, **__: Executor(2, "threads"))
    assert search("-o", "two").exit_code == 0
    assert (here / "alone/search.parquet").read_bytes() == (here / "two/search.parquet").read_bytes()


@pytest.mark.process
def test_another_search_in_the_same_place_is_refused_with_what_differs(here):
    """Two searches in one table would be worth nothing; nor is a value that somebody edited."""
    search("-o", "s")
    told = search("-o", "s", "--seed", "7")
    assert told.exit_code == 2
    assert "holds another search: seed is 1 there and 7 here" in told.stderr
    path = here / "s" / "search.parquet"
    with duckdb.connect() as database:
        (plan,) = database.execute(
            "SELECT decode(value) FROM parquet_kv_metadata($1) WHERE decode(key) = 'evenhand_search'",
            [str(path)],
        ).fetchone()
        said = plan.replace("'", "''")
        database.execute(
            "CREATE TABLE t AS SELECT * REPLACE (wrongful_denial_rate + 1 AS wrongful_denial_rate) "
            f"FROM '{path}'"
        )
        database.execute(f"COPY t TO '{path}' (FORMAT parquet, KV_METADATA {{evenhand_search: '{said}'}})")
    again = search("-o", "s")
    assert again.exit_code == 2
    assert "the candidates of 's/search.parquet' are not as they were written" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--lever", "decision.standrd=0.4..0.6"), "did you mean"),
        (("--lever", "decision.decider=desk,pannel"), "did you mean 'panel'?"),
        (("--lever", "decision.decider=panel"), "needs two options"),
        (("--lever", "answer.supplement=maybe,no"), "answer.supplement takes false, true; found 'maybe'"),
        (
            ("--lever", "windows.merchant_evidence=1d..90d"),
            r"rules.yaml:\d+:\d+: windows.merchant_evidence: --lever to 90 d: must not be longer",
        ),
        (
            ("--lever", "decision.standard=0.4..1.5"),
            r"rules.yaml:\d+:\d+: decision.standard: --lever to 1.5: must be",
        ),
        (
            ("--lever", "mediation.rounds=1,2"),
            r"mediation.rounds: --lever to 1: windows.mediate must not be longer",
        ),
        (
            ("--lever", "decision.panel.size=3,5"),
            "decision.panel.size: --lever: has no effect, because nobody decides",
        ),
        ((*LEVERS, "--goal", "disputes"), "--goal: disputes is good neither high nor low"),
        ((*LEVERS, "--limit", "filed_share"), "--limit: write METRIC<=BOUND"),
        ((*LEVERS, "--budget", "10"), "--budget: must be 24"),
        ((*LEVERS, "--budget", "soon"), "--budget: write worlds as 600, or minutes as 10min"),
    ],
)
def test_a_mistake_is_said_with_its_place_and_nothing_runs(here, arguments, told):
    """What the pair does not allow is refused before a world is lived, with file and line of the setting."""
    goal = () if "--goal" in arguments else ("--goal", "wrongful_denial_rate")
    result = run("search", *WHERE, *arguments, *goal, "-o", "s")
    assert result.exit_code == 2
    assert re.search(told, result.stderr), result.stderr
    assert not (here / "s").exists()


def test_a_lever_may_bring_what_another_needs(here):
    """A panel's size has an effect where a lever makes panels possible: the pair of levers is taken."""
    from evenhand.jobs import levers

    world, rules = scenarios.read("world.yaml", "scenario"), scenarios.read("rules.yaml", "policy")
    texts = ["decision.decider=desk,panel", "decision.panel.size=3,5"]
    found = levers.read(texts, world.model, rules.model)
    levers.check(found, world, rules, world.model, 60)
    assert [one.listed for one in found.levers] == [("desk", "panel"), (3.0, 5.0)]


@pytest.mark.process
def test_a_goal_that_holds_needs_nothing_and_one_that_cannot_be_says_so(here):
    """Exit status 0 either way: an answer is an answer."""
    told = run(
        "goal",
        WHERE[0],
        "filed_share<=99%",
        *WHERE[1:],
        "--fresh",
        "2",
        "-o",
        "g",
        "--format",
        "json",
    )
    found = json.loads(told.stdout)
    assert (told.exit_code, found["reached"], found["settings"]) == (0, True, {})
    never = ("goal", WHERE[0], "filed_share<=0.1%", *WHERE[1:], "--fresh", "2", "-o", "n")
    told = run(*never, "--lever", "decision.standard=0.4..0.6")
    assert told.exit_code == 0
    assert "no value of these settings reaches it" in told.stdout
