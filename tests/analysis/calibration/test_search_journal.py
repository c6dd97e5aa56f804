"""The journal of a search: what was broken off comes to what an unbroken search finds, or is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import scenarios
from evenhand.analysis.calibration.journal import BadJournal, Journal, asked, named
from evenhand.analysis.calibration.knob import Knob
from evenhand.analysis.calibration.log import Log, read_log
from evenhand.analysis.calibration.search import SearchProblem, SearchResult, search
from evenhand.cli.calibrate_mapping import read_mapping
from evenhand.cli.main import app
from tests.support.app_files import ROOT, write_files
from tests.support.often import often

pytest.importorskip("optuna", reason="the extra 'search' is not installed")
pytest.importorskip("cmaes", reason="the extra 'search' is not installed")

TRIALS = 14
ASKED = {"seed": 1, "base": {"name": "tmall"}}
KNOBS = tuple(Knob(name, name, 0.1, 8.0, name == "b", 1.0, lambda *_: {}) for name in ("a", "b"))


class Killed(BaseException):
    """Stands for whatever ends a process."""


class Bowl:
    """A problem whose loss takes no time: as far from a point as the values are."""

    def __init__(self, after: int | None = None, error: type[BaseException] = Killed) -> None:
        self.left, self.error, self.made = after, error, 0
        self.knobs, self.seed = KNOBS, 7
        self.start = {knob.name: knob.start for knob in KNOBS}

    def named(self, name: str) -> str:
        return named(name, self.seed)

    def loss(self, values: dict[str, float]) -> float:
        if self.left is not None:
            if self.left == 0:
                raise self.error
            self.left -= 1
        self.made += 1
        return (values["a"] - 3.3) ** 2 + abs(values["b"] - 0.4)


def found_by(bowl: Bowl, trials: int = TRIALS, journal: Journal | None = None) -> SearchResult:
    return search(cast("SearchProblem", bowl), trials, lambda *_: None, journal=journal)


@pytest.fixture(scope="module")
def unbroken() -> SearchResult:
    return found_by(Bowl())


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """The journal of an unbroken search."""
    path = Path(tmp_path_factory.mktemp("journal")) / "trials"
    found_by(Bowl(), journal=Journal(path, ASKED))
    return path.read_bytes()


def test_keeping_a_journal_changes_nothing(whole, unbroken, tmp_path):
    """Who keeps one must find what the others find."""
    assert found_by(Bowl(), journal=Journal(tmp_path / "j", ASKED)).trials == unbroken.trials
    assert (tmp_path / "j").read_bytes() == whole


@pytest.mark.parametrize("error", often([Killed, KeyboardInterrupt], {Killed}))
@pytest.mark.parametrize("after", often(range(TRIALS), {0, 1, 7, TRIALS - 1}))
def test_a_search_broken_off_anywhere_finds_the_same(after, error, whole, unbroken, tmp_path):
    """After every trial; no trial is made twice."""
    path = tmp_path / "trials"
    with suppress(Killed, KeyboardInterrupt):
        found_by(Bowl(after, error), journal=Journal(path, ASKED))
    again = Bowl()
    journal = Journal(path, ASKED)
    assert len(journal) == after
    assert found_by(again, journal=journal).trials == unbroken.trials
    assert again.made == TRIALS - after
    assert path.read_bytes() == whole


def test_a_search_broken_off_time_and_again_finds_the_same(unbroken, tmp_path):
    """Three trials a night."""
    for _ in range(TRIALS // 3):
        with pytest.raises(Killed):
            found_by(Bowl(3), journal=Journal(tmp_path / "j", ASKED))
    assert found_by(Bowl(), journal=Journal(tmp_path / "j", ASKED)).trials == unbroken.trials


@pytest.mark.process
def test_a_line_that_was_being_written_counts_for_nothing(whole, unbroken, tmp_path):
    """A process that is killed leaves the file cut at any byte; half a trial is made anew."""
    path = tmp_path / "trials"
    for cut in (*range(60), *range(60, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:cut])
        journal = Journal(path, ASKED)
        assert len(journal) == max(whole[:cut].count(b"\n") - 1, 0), cut
        if cut % 5 == 0:
            assert found_by(Bowl(), journal=journal).trials == unbroken.trials, cut
            assert path.read_bytes() == whole, cut


def test_a_damaged_journal_is_named_and_never_believed(whole, unbroken, tmp_path):
    """One bit: the file is refused with its name, or the trial is made anew."""
    path = tmp_path / "trials"
    refused = 0
    for at in range(3, len(whole), 41):
        content = bytearray(whole)
        content[at] ^= 1
        path.write_bytes(bytes(content))
        said = refusal(path)
        if said is None:
            assert found_by(Bowl(), journal=Journal(path, ASKED)).trials == unbroken.trials, at
        else:
            refused += 1
            assert str(path) in said
            assert path.read_bytes() == bytes(content)
    assert refused > len(whole) / 41 * 0.9


def refusal(path: Path) -> str | None:
    """Why a journal is not gone on with."""
    try:
        Journal(path, ASKED)
    except BadJournal as error:
        return str(error)
    return None


def test_a_damaged_line_is_told_by_its_number(whole, tmp_path):
    """So that its owner can look."""
    lines = whole.split(b"\n")
    lines[4] = lines[4].replace(b'"loss": ', b'"loss": 1')
    (tmp_path / "trials").write_bytes(b"\n".join(lines))
    with pytest.raises(BadJournal, match=r"trials:5: is damaged"):
        Journal(tmp_path / "trials", ASKED)


def test_a_longer_search_goes_on_with_the_trials_of_a_shorter_one(unbroken, tmp_path):
    """More trials are the same search, for longer."""
    found_by(Bowl(), 5, Journal(tmp_path / "j", ASKED))
    again = Bowl()
    assert found_by(again, journal=Journal(tmp_path / "j", ASKED)).trials == unbroken.trials
    assert again.made == TRIALS - 5


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({**ASKED, "seed": 2}, "seed is 1 there and 2 here"),
        ({**ASKED, "base": {"name": "mine"}}, 'base.name is "tmall" there and "mine" here'),
        ({"seed": 1}, 'base is {"name": "tmall"} there and nothing here'),
    ],
)
def test_the_journal_of_another_search_is_refused_with_what_differs(other, said, whole, tmp_path):
    """Its losses are those of other questions."""
    (tmp_path / "trials").write_bytes(whole)
    with pytest.raises(BadJournal) as refused:
        Journal(tmp_path / "trials", other)
    assert said in str(refused.value)
    assert (tmp_path / "trials").read_bytes() == whole


@pytest.mark.parametrize("content", [b"received,closed\n", b"{}\n", b"\xff\xfe", b"[" * 100_000, b"\n\n"])
def test_what_is_no_journal_is_not_touched(content, tmp_path):
    """A slip of the hand must not write into a log."""
    (tmp_path / "log.csv").write_bytes(content)
    with pytest.raises(BadJournal, match=r"log\.csv' is not the journal of a calibration"):
        Journal(tmp_path / "log.csv", ASKED)
    assert (tmp_path / "log.csv").read_bytes() == content


def test_trials_with_other_values_are_not_believed(tmp_path):
    """A sampler that asks for something else is not the one that was."""
    journal = Journal(tmp_path / "j", ASKED)
    journal.keep("all", 0, {"a": 1.0}, 0.5)
    assert journal.loss("all", 0, {"a": 1.0}) == 0.5
    assert journal.loss("all", 1, {"a": 1.0}) is None
    with pytest.raises(BadJournal, match="trial 1 tried other values"):
        journal.loss("all", 0, {"a": 1.5})


MAP = """
columns: {opened: received, closed: closed, outcome: result, merchant: shop, amount: claim}
outcomes: {agreed: settled, refused: ruled merchant}
"""
QUICK = (
    "--base",
    "world.yaml",
    "--policy",
    "mediation",
    "--replications",
    "1",
    "--engine",
    "simpy",
    "--trials",
    "3",
)


def write_log(path: Path, seed: int) -> None:
    """A log of forty days."""
    rng = np.random.default_rng(seed)
    rows = ["received,closed,result,shop,claim"]
    for day in range(40):
        for _ in range(rng.poisson(3)):
            begun = np.datetime64("2020-01-06") + day
            done = begun + int(9 * rng.weibull(1.5))
            ended = str(done) if done < np.datetime64("2020-02-15") else ""
            result = ("agreed" if rng.random() < 0.6 else "refused") if ended else ""
            rows.append(
                f"{begun},{ended},{result},shop {rng.zipf(1.8)},{np.exp(4 + rng.standard_normal()):.2f}"
            )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    write_files(tmp_path)
    write_log(tmp_path / "log.csv", 1)
    write_log(tmp_path / "other.csv", 2)
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


def all_asked(here: Path, **changes: Any) -> dict[str, Any]:
    mapping = read_mapping(here / "map.yaml")
    log = changes.pop("log", None) or read_log(here / "log.csv", mapping)
    usual = {
        "log": log,
        "columns": mapping,
        "base": scenarios.load("tmall_unresponsive"),
        "policy": scenarios.policy("mediation"),
        "seed": 1,
        "replications": 1,
    }
    return asked(**{**usual, **changes})


def shifted(log: Log) -> Log:
    """A log in which one amount is a cent more."""
    amount = log.amount.copy()
    amount[7] += 0.01
    return replace(log, amount=amount)


CHANGES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "log.rows": lambda here: {"log": shifted(read_log(here / "log.csv", read_mapping(here / "map.yaml")))},
    "mapping.source": lambda here: {
        "columns": read_mapping(here / "map.yaml").model_copy(update={"source": "elsewhere"})
    },
    "base.name": lambda _: {"base": scenarios.load("nyc_mediation")},
    "policy.name": lambda _: {"policy": scenarios.policy("tmall")},
    "seed": lambda _: {"seed": 2},
    "worlds": lambda _: {"replications": 2},
}


@pytest.mark.process
@pytest.mark.parametrize("what", CHANGES)
def test_all_that_losses_depend_on_tells_two_calibrations_apart(what, here):
    """A trial of another log, mapping, base, policy or seed says nothing of this one."""
    Journal(here / "j", all_asked(here))
    assert len(Journal(here / "j", all_asked(here))) == 0
    with pytest.raises(BadJournal, match=f"the journal of another search: .*{what} is "):
        Journal(here / "j", all_asked(here, **CHANGES[what](here)))


def command(*arguments: str, log: str = "log.csv") -> list[str]:
    return ["calibrate", log, "--map", "map.yaml", *QUICK, *arguments]


@pytest.mark.process
def test_a_calibration_that_is_killed_goes_on_to_the_same_files(here):
    """Nothing can clean up after SIGKILL; the journal must be enough."""
    one = CliRunner().invoke(app, command("--out", "one.yaml", "--resume", "one"), catch_exceptions=False)
    assert one.exit_code == 0, one.output
    process = subprocess.Popen(
        [sys.executable, "-m", "evenhand", *command("--out", "two.yaml", "--resume", "two")],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        ends = time.monotonic() + 300
        while not (here / "two").exists() or (here / "two").read_bytes().count(b"\n") < 2:
            assert process.poll() is None
            assert time.monotonic() < ends, "waited too long"
            time.sleep(0.02)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (here / "two.yaml").exists()
    two = CliRunner().invoke(app, command("--out", "two.yaml", "--resume", "two"), catch_exceptions=False)
    assert two.exit_code == 0, two.output
    assert (here / "two").read_bytes() == (here / "one").read_bytes()
    assert (here / "two.yaml").read_bytes() == (here / "one.yaml").read_bytes()
    other = CliRunner().invoke(
        app, command("--out", "x.yaml", "--resume", "two", log="other.csv"), catch_exceptions=False
    )
    assert other.exit_code == 2
    assert "evenhand: --resume: 'two' is the journal of another search: log." in other.stderr
    later = CliRunner().invoke(app, command("--out", "x.yaml", "--resume", "two", "--from", "2020-01-09"))
    assert later.exit_code == 2
    assert 'log.first is "2020-01-06" there and "2020-01-09" here' in later.stderr


@pytest.mark.parametrize("beside", [("--trials", "0", "--out", "x.yaml"), ("--check", "tmall")])
def test_a_journal_without_a_search_is_refused(beside, here):
    """It would be accepted and ignored."""
    done = CliRunner().invoke(app, command("--resume", "j", *beside), catch_exceptions=False)
    assert done.exit_code == 2
    assert "--resume: keeps the trials of a search" in done.stderr
    assert not (here / "j").exists()


def test_a_journal_is_plain_lines(whole):
    """It can be read with any tool, line by line."""
    head, *trials = [json.loads(line) for line in whole.splitlines()]
    assert head["kind"] == "evenhand calibrate"
    assert [one["trial"] for one in trials] == list(range(TRIALS))
    assert trials[0]["values"] == {"a": 1.0, "b": 1.0}
