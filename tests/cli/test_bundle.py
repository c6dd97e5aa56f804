"""`evenhand bundle`: what another machine runs again is the same to the bit, or it is said what differs."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import analysis, jobs, sim
from evenhand.cli.main import app
from evenhand.jobs import archive
from evenhand.storage import bundle
from tests.support import small
from tests.support.app_files import finished, write_files

SMALL = ("--scenario", "world.yaml", "--days", "25", "--replications", "2", "--engine", "simpy")


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with small files, and a decision rule and a metric of one's own."""
    write_files(tmp_path)
    (tmp_path / "rules.py").write_text("def generous(file):\n    return 1.0\n", encoding="utf-8")
    metric = "from evenhand.analysis import metric\n@metric('Valid')\ndef valid_share(cells):\n"
    metric += "    '''Valid ones.'''\n    return cells.share(cells.valid, cells.everyone)\n"
    (tmp_path / "my.py").write_text(metric, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.process
def test_a_run_is_run_again_to_the_bit_and_a_changed_number_is_found(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every column of every table; another version here is said, and only what differs fails."""
    finished(here / "one", days=25, replications=2)
    assert evenhand("bundle", "one").exit_code == 0
    same = jobs.rerun(here / "one.zip")
    assert same.same
    assert same.numbers > 10_000
    assert (same.apart, same.versions, same.unchecked) == ([], [], [])
    monkeypatch.setattr(bundle, "versions", lambda: {"numpy": "9.9.9"})
    told = evenhand("bundle", "--check", "one.zip")
    assert "Version: numpy" in told.stdout
    assert told.exit_code == 0
    again = archive.run_again

    def other(experiment: sim.Experiment, *rest: Any, **more: Any) -> Any:
        return again(
            sim.Experiment.of(small.scenario(), small.policy(), seed=2, days=25, replications=2),
            *rest,
            **more,
        )

    monkeypatch.setattr(archive, "run_again", other)
    differs = evenhand("bundle", "--check", "one.zip")
    assert differs.exit_code == 1
    assert "Differs: " in differs.stdout


@pytest.mark.process
def test_a_comparison_with_code_of_ones_own_runs_again_only_when_that_is_allowed(here: Path) -> None:
    """The files in an archive are anybody's; those that have been read may run."""
    done = evenhand(
        "compare", "rules.yaml", "rules.yaml+rules.py:generous", *SMALL, "--metrics-from", "my.py",
        "--metric", "valid_share", "--metric", "wrongful_denial_rate", "--by", "buyer_group",
        "--out", "two", "--stress-des",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    checklist = (here / "two" / "stress-des.md").read_text(encoding="utf-8")
    assert "rules in world" in checklist
    assert "equal to the bit in every column" in checklist
    assert "rules+generous in world: decided in Python" in checklist
    again = evenhand("report", "--stress-des", "two").stdout
    assert again.splitlines()[0] == checklist.splitlines()[0]
    assert evenhand("bundle", "two", "-o", "paper.zip").exit_code == 0
    for name in ("rules.py", "my.py", "two"):
        path = here / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    refused = evenhand("bundle", "--check", "paper.zip")
    assert refused.exit_code == 2
    assert "read it, then add --run-code" in refused.stderr
    found = json.loads(evenhand("bundle", "--check", "paper.zip", "--run-code", "--format", "json").stdout)
    assert found["same"]
    assert found["unchecked"] == []
    assert found["numbers"] == 2 * 2 * 2 * 2 * (1 + 3 + 2)


@pytest.mark.process
def test_a_sweep_is_run_again_point_by_point() -> None:
    """With the rule and the metric that it was made with."""
    vary = ("--vary", "decision.standard=0.4,0.6", "--metrics-from", "my.py", "--out", "sw")
    assert evenhand("sweep", "rules.yaml+rules.py:generous", *SMALL, *vary).exit_code == 0
    assert evenhand("bundle", "sw").exit_code == 0
    found = jobs.rerun(Path("sw.zip"), run_code=True)
    assert found.same
    assert found.unchecked == []
    assert found.numbers > 100


@pytest.mark.process
def test_functions_of_a_program_cannot_be_packed_and_that_is_said(here: Path) -> None:
    """A rule of a notebook: nothing is run again; a metric of one: all else is."""

    @analysis.metric("Mine")
    def mine(cells: Any) -> Any:
        """Valid ones."""
        return cells.share(cells.valid, cells.everyone)

    rules = {"a": small.policy(), "b": small.policy({"decision": {"standard": 0.9, "band": 0.0}})}
    how: dict[str, Any] = {"days": 25, "replications": 2, "engine": "simpy"}
    found = analysis.compare({"world": small.scenario()}, rules, metrics=[mine, "settled_share"], **how)
    bundle.pack(found.save(here / "saved"), here / "saved.zip")
    checked = jobs.rerun(here / "saved.zip")
    assert checked.same
    assert checked.unchecked == ["the metric mine, a function of a program, which no archive holds"]
    run = sim.simulate(small.scenario(), small.policy(), decide=lambda file: 1.0, **how)
    bundle.pack(run.save(here / "run"), here / "run.zip")
    done = evenhand("bundle", "--check", "run.zip")
    assert done.exit_code == 1
    assert "Not run again: the records: <lambda> decided" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bundle", "nowhere"), "'nowhere' is no folder of a result"),
        (("bundle", "--check", "nowhere.zip"), "there is no 'nowhere.zip'"),
        (("bundle", "--check", "world.yaml"), "is no archive, or damaged"),
        (("bundle", "--check", "."), "is a folder; --check takes an archive"),
        (("bundle", ".", "--run-code"), "--run-code: has no meaning beside DIR"),
        (("bundle", "--check", "x.zip", "--out", "y.zip"), "--out: has no meaning beside --check"),
    ],
)
def test_what_cannot_be_packed_or_checked_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    """Exit status 2, no traceback."""
    done = evenhand(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_archive_is_not_put_over_a_file_unasked(here: Path) -> None:
    """Nor into the folder that it packs."""
    finished(here / "one", days=20, replications=1)
    (here / "one.zip").write_text("mine", encoding="utf-8")
    assert "--force" in evenhand("bundle", "one").stderr
    assert evenhand("bundle", "one", "-o", "one/one.zip").exit_code == 2
    assert evenhand("bundle", "one", "--force").exit_code == 0
    assert zipfile.is_zipfile(here / "one.zip")


def test_columns_differ_in_any_bit_but_that_nan_is_nan() -> None:
    """The first row that differs is named with both values."""
    one = np.array([1.0, np.nan, 3.0])
    assert list(archive.unlike("x", one, one.copy())) == []
    (said,) = archive.unlike("x", one, np.array([1.0, np.nan, np.nextafter(3.0, 4.0)]))
    assert said.startswith("x differs in 1 of 3 rows, first ")
    assert "in row 2" in said
    (said,) = archive.unlike("x", one, one[:2])
    assert said == "x has 3 rows there and 2 here"
