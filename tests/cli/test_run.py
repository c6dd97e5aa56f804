"""`evenhand run` from files to folder: what it prints, what it leaves, and what it never leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import analysis
from evenhand.cli.main import app
from evenhand.storage.run_dir import open_run
from tests.support.app_files import PATIENCE, ROOT, left_in, start, write_files
from tests.support.often import often

SHORT = ("--days", "30", "--replications", "2", "--engine", "simpy")
FILES = {"plan.json", "parts", "report.html", "manifest.json"}
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and limits")


def run(*arguments: str) -> Any:
    whole = ["run", "rules.yaml", "--scenario", "world.yaml", *SHORT, *arguments]
    return CliRunner().invoke(app, whole, catch_exceptions=False)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with the two files, to work in."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.fixture
def quick(monkeypatch) -> None:
    """A report that takes no time, for tests of everything around it."""

    def write(_: object, path: Path, **__: object) -> None:
        path.write_text("<html>", encoding="utf-8")

    monkeypatch.setattr("evenhand.analysis.report.write", write)


def test_a_run_leaves_a_whole_folder_with_a_report(here):
    """The main job: one command, and there is something to read."""
    told = run()
    assert told.exit_code == 0
    folder = here / "runs" / "rules-world-seed1"
    assert {path.name for path in folder.iterdir()} == FILES
    assert (folder / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert str(Path("runs/rules-world-seed1/report.html")) in told.stdout
    assert left_in(here / "runs") == {"rules-world-seed1"}
    example = told.stdout.splitlines()[-1].partition("evenhand ")[2].split()
    story = CliRunner().invoke(app, example)
    assert story.exit_code == 0
    assert "What decided it\nTerm" in story.stdout


@pytest.mark.process
def test_the_table_has_each_metric_with_interval_and_count(here, quick):
    """A rate without its n and its interval says nothing."""
    lines = run().stdout.splitlines()
    figures = analysis.outcomes(open_run(here / "runs" / "rules-world-seed1"))["settled_share"]
    line = next(line for line in lines if line.startswith("Settled"))
    assert figures.ci is not None
    low, high = figures.ci
    assert line.split()[1:] == [
        f"{100 * figures.value:.1f}",
        f"{100 * low:.1f}",
        "to",
        f"{100 * high:.1f}",
        "%",
        f"{figures.n:,}",
    ]


@pytest.mark.process
def test_json_is_one_object_of_the_promised_shape_and_nothing_else(here, quick):
    """Programs parse stdout; progress and remarks belong on stderr."""
    told = run("--format", "json", "--seed", "3")
    document = json.loads(told.stdout)
    first = ["scenario", "policy", "seed", "replications", "version", "metrics"]
    assert list(document) == [
        *first,
        "days",
        "start_up",
        "cohort",
        "rest",
        "warnings",
        "touched",
        "background",
    ]
    assert document["rest"]["untested"] == "needs 5 worlds or more"
    assert (document["scenario"], document["policy"]) == ("world", "rules")
    assert (document["seed"], document["replications"]) == (3, 2)
    assert list(document["metrics"]) == list(analysis.METRICS)
    estimates = analysis.outcomes(open_run(here / "runs" / "rules-world-seed3"))
    for name, figures in document["metrics"].items():
        assert list(figures) == ["value", "ci", "n", "unit"]
        assert figures["n"] == estimates[name].n
        if figures["value"] is not None:
            assert isclose(figures["value"], estimates[name].value)
    assert "replication 2 of 2" in told.stderr


@pytest.mark.process
def test_one_replication_has_no_interval(here, quick):
    """An interval over one value would be made up."""
    metrics = json.loads(run("--format", "json", "--replications", "1").stdout)["metrics"]
    assert all(figures["ci"] is None for figures in metrics.values())
    assert metrics["disputes"]["value"] > 0


@pytest.mark.process
@pytest.mark.parametrize(
    "change", [("--seed", "2"), ("--days", "32"), ("--replications", "3"), ("--open-loop",)]
)
def test_every_option_that_is_accepted_has_an_effect(change: tuple[str, ...], here, quick):
    """An option that does nothing is worse than none."""
    before = json.loads(run("--format", "json", "--out", "a").stdout)["metrics"]
    after = json.loads(run("--format", "json", "--out", "b", *change).stdout)["metrics"]
    assert before != after


@pytest.mark.process
def test_the_engine_changes_no_number_but_is_on_record(here, quick):
    """The choice of an engine is a choice of speed."""
    run("--engine", "auto", "--out", "a")
    run("--out", "b")
    manifests = [json.loads((here / name / "manifest.json").read_text()) for name in ("a", "b")]
    assert manifests[0]["metrics"] == manifests[1]["metrics"]
    assert manifests[1]["engine"] == "simpy"


@pytest.mark.process
def test_a_second_run_stands_beside_the_first(here, quick):
    """A run is never overwritten by accident."""
    run()
    assert str(Path("runs/rules-world-seed1-2")) in run().stdout
    assert left_in(here / "runs") == {"rules-world-seed1", "rules-world-seed1-2"}


def test_a_folder_in_use_is_refused_before_the_work(here, quick):
    """`--out` names a place; what stands there is not ours to remove."""
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("x", encoding="utf-8")
    for arguments, said in (
        (["--out", "mine"], "is not empty"),
        (["--out", "mine", "--force"], "is not one"),
    ):
        told = run(*arguments)
        assert told.exit_code == 2
        assert said in told.stderr
        assert len(told.stderr.splitlines()) == 1
    assert left_in(here / "mine") == {"thesis.txt"}
    assert run("--out", "rules.yaml").exit_code == 2
    assert run("--out", ".").exit_code == 2
    assert left_in(here) == {"mine"}


@pytest.mark.process
def test_an_empty_folder_may_be_used_and_an_earlier_run_replaced_by_force(here, quick):
    """What is asked for by name is done."""
    (here / "mine").mkdir()
    assert run("--out", "mine").exit_code == 0
    assert run("--out", "mine").exit_code == 2
    assert run("--out", "mine", "--force", "--seed", "9").exit_code == 0
    assert open_run(here / "mine").seed == 9
    assert left_in(here) == {"mine"}


@pytest.mark.process
def test_a_name_with_slashes_makes_no_folders_elsewhere(here, quick):
    """The name in a file is text, not a path."""
    write_files(here, rules={"name": "../../etc <b>"})
    assert run().exit_code == 0
    (made,) = left_in(here / "runs")
    assert "/" not in made
    assert open_run(here / "runs" / made).policy.name == "../../etc <b>"


FAILURES = [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_before_anything_is_done_leaves_nothing(failure: BaseException, here, monkeypatch):
    """There is nothing to go on with, so what was made must go, `runs` included."""

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("evenhand.sim.runs.trial.Trial.replicate", fail)
    told = run()
    assert told.exit_code == (130 if isinstance(failure, KeyboardInterrupt) else 1)
    assert left_in(here) == set()
    assert told.stderr.splitlines()[-1].startswith("evenhand: ")
    assert told.stdout == ""


@pytest.mark.process
@pytest.mark.parametrize("failure", often(FAILURES, FAILURES[:1].__contains__))
def test_a_failure_in_the_report_loses_no_record(failure: BaseException, here, monkeypatch):
    """The report comes late; hours of simulation must not go with it."""

    def fail(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr("evenhand.analysis.report.write", fail)
        told = run()
    assert told.exit_code == (130 if isinstance(failure, KeyboardInterrupt) else 1)
    *_, kept, last = told.stderr.splitlines()
    folder = Path("runs/rules-world-seed1")
    assert kept == (
        f"evenhand: 2 of 2 replications are done and kept; go on with: evenhand run --resume {folder}"
    )
    assert last.startswith("evenhand: ")
    assert told.stdout == ""
    monkeypatch.setattr("evenhand.sim.runs.trial.Trial.replicate", fail)  # nothing is simulated twice
    again = CliRunner().invoke(app, ["run", "--resume", str(folder)], catch_exceptions=False)
    assert again.exit_code == 0
    assert left_in(folder) == FILES


@pytest.mark.process
def test_a_failure_while_replacing_keeps_the_earlier_run(here, quick, monkeypatch):
    """`--force` gives up the old run only for a whole new one, which can be finished later."""
    run("--out", "mine")
    with monkeypatch.context() as broken:
        broken.setattr(
            "evenhand.storage.run_dir.write_manifest", lambda *_: (_ for _ in ()).throw(OSError(5, "disk"))
        )
        told = run("--out", "mine", "--force", "--seed", "2")
    assert told.exit_code == 1
    assert "--resume mine.new --out mine --force" in told.stderr
    assert open_run(here / "mine").seed == 1
    assert left_in(here) == {"mine", "mine.new"}
    go_on = ["run", "--resume", "mine.new", "--out", "mine"]
    assert CliRunner().invoke(app, go_on).exit_code == 2
    assert CliRunner().invoke(app, [*go_on, "--force"]).exit_code == 0
    assert open_run(here / "mine").seed == 2
    assert left_in(here) == {"mine"}


@pytest.mark.process
def test_a_folder_that_force_needs_for_a_while_is_not_taken_from_its_owner(here, quick):
    """What stands beside a run may be somebody's work."""
    run("--out", "mine")
    (here / "mine.new").mkdir()
    (here / "mine.new" / "thesis.txt").write_text("x", encoding="utf-8")
    told = run("--out", "mine", "--force")
    assert told.exit_code == 2
    assert "'mine.new'" in told.stderr
    assert left_in(here / "mine.new") == {"thesis.txt"}


def test_a_place_that_cannot_be_written_is_one_line(here, quick):
    """The system's own reason, about the place that was asked for."""
    told = run("--out", "rules.yaml/inside")
    assert told.exit_code == 1
    assert told.stderr.splitlines() == ["evenhand: rules.yaml/inside: Not a directory"]


@pytest.mark.process
@posix
def test_a_full_disk_is_one_line_and_leaves_nothing(here):
    """A limit on the size of files fails a write just as a full disk does."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))"
    process = start(here, "run", "rules.yaml", "--scenario", "world.yaml", *SHORT, first=limit)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    last = err.splitlines()[-1]
    assert last.startswith("evenhand: ")
    assert last.endswith("plan.json: File too large")
    assert "Traceback" not in err
    assert out == ""
    assert left_in(here) == set()


@pytest.mark.process
@posix
def test_on_a_terminal_there_is_a_bar_and_it_goes_away(here):
    """Progress is for the eye; it must leave a clean screen and a clean stdout."""
    pty = pytest.importorskip("pty")
    screen, terminal = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command = [sys.executable, "-m", "evenhand", "run", "rules.yaml", "--scenario", "world.yaml", *SHORT]
    with subprocess.Popen(
        [*command, "--format", "json"], stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True
    ) as process:
        os.close(terminal)
        drawn = b""
        while True:
            try:
                chunk = os.read(screen, 4096)
            except OSError:  # the other side is closed
                break
            if not chunk:
                break
            drawn += chunk
        assert process.stdout is not None
        json.loads(process.stdout.read())
    assert process.returncode == 0
    assert b"replication 2 of 2" in drawn
    assert "━".encode() in drawn
