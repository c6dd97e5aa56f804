"""Runs that are stopped: nothing that was done is lost, and what is resumed is what would have been."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.folder import TABLES, part_name
from evenhand.cli.main import app
from evenhand.storage import parts
from evenhand.storage.plan import Order, check
from evenhand.storage.run_dir import open_run
from tests.support.app_files import COMMAND, HEARS, PATIENCE, ROOT, left_in, until, write_files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and locks")

LONG = ("--days", "20", "--replications", "30", "--engine", "simpy", "--seed", "5")
ENDLESS = ("--days", "20", "--replications", "100000", "--engine", "simpy")
NAME = "rules-world-seed5"
SMALL_JOBS = """
from evenhand.storage import plan; from evenhand.parallel import pool as workers
plan.GRIEVANCES_A_JOB["simpy"] = 1_500
workers.PROCESSES_REPAY = 0.0
"""
"""Jobs that are done soon, and processes although they do not repay themselves."""
HELD = """
import time
from pathlib import Path
perform = workers.perform
def held(*all_):
    for number, done in enumerate(perform(*all_), 1):
        yield done
        if number == 2:
            Path("held").touch()
            while not Path("go").exists():
                time.sleep(0.02)
workers.perform = held
"""
"""Whoever hands out the jobs waits after the second, so that no test depends on when a signal comes."""


def files_of(folder: Path) -> dict[str, bytes]:
    """Every byte of a run."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with the two files, to work in."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> dict[str, bytes]:
    """What the long run leaves when nobody disturbs it."""
    folder = Path(tmp_path_factory.mktemp("whole"))
    write_files(folder)
    process = begin(folder, *LONG, "--workers", "1")
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return files_of(folder / "runs" / NAME)


def begin(folder: Path, *arguments: str, first: str = "") -> subprocess.Popen[str]:
    """Start a run of the two files."""
    code = f"{HEARS}\n{SMALL_JOBS}\n{first}\n{COMMAND}"
    return subprocess.Popen(
        [sys.executable, "-c", code, "run", "rules.yaml", "--scenario", "world.yaml", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def started(here) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start runs that are ended, whatever becomes of the test."""
    processes = []

    def go(*arguments: str, first: str = "") -> subprocess.Popen[str]:
        processes.append(begin(here, *arguments, first=first))
        return processes[-1]

    yield go
    for process in processes:
        process.kill()
        process.communicate()


def some_parts(folder: Path) -> bool:
    return len(parts.whole(folder / "parts")) >= 2


@pytest.mark.process
def test_the_long_run_of_these_tests_has_several_parts(uninterrupted):
    """Otherwise there would be nothing to be interrupted between."""
    assert sum(name.startswith("parts/") for name in uninterrupted) >= 5 * len(TABLES)


@pytest.mark.process
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_killed_in_the_middle_goes_on_to_the_same_bytes(workers, here, started, uninterrupted):
    """Nothing can clean up after SIGKILL; the folder must be enough."""
    process, folder = started(*LONG, "--workers", workers, first=HELD), here / "runs" / NAME
    until((here / "held").is_file)
    process.kill()
    process.communicate()
    done = parts.whole(folder / "parts")
    assert not (folder / "manifest.json").exists()
    made = {ends: (folder / "parts" / part_name(*ends)).stat().st_mtime_ns for ends in done}
    told = CliRunner().invoke(app, ["run", "--resume", str(folder)], catch_exceptions=False)
    assert told.exit_code == 0
    assert files_of(folder) == uninterrupted
    assert {ends: (folder / "parts" / part_name(*ends)).stat().st_mtime_ns for ends in done} == made


@pytest.mark.process
def test_a_worker_killed_in_the_middle_is_replaced(here, started, uninterrupted):
    """The system kills whom it likes when memory is short; the run must not notice."""
    process, folder = started(*LONG, "--workers", "2", first=HELD), here / "runs" / NAME
    until((here / "held").is_file)
    os.kill(min(children(process.pid)), signal.SIGKILL)
    (here / "go").touch()
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert files_of(folder) == uninterrupted


def children(pid: int) -> list[int]:
    """The processes that a process has started to work."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


@pytest.mark.process
@pytest.mark.parametrize(
    ("signalled", "status", "workers"), [("SIGINT", 130, "1"), ("SIGTERM", 143, "1"), ("SIGINT", 130, "2")]
)
def test_an_interrupted_run_says_how_to_go_on(signalled: str, status: int, workers: str, started, here):
    """Ctrl-C is how people change their minds, and a job system sends the other one; both come back."""
    process, folder = started(*ENDLESS, "--workers", workers), here / "runs" / "rules-world-seed1"
    until(lambda: some_parts(folder))
    process.send_signal(getattr(signal, signalled))
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == status
    assert "Traceback" not in err
    assert err.count("evenhand: interrupted") == (signalled == "SIGINT")
    assert out == ""
    done = sum(last - first + 1 for first, last in parts.whole(folder / "parts"))
    assert (
        f"evenhand: {done} of 100000 replications are done and kept; "
        "go on with: evenhand run --resume runs/rules-world-seed1\n"
    ) in err
    assert left_in(folder) == {"plan.json", "parts"}
    assert not [path for path in (folder / "parts").iterdir() if path.name.startswith(".")]


@pytest.mark.process
def test_where_ctrl_c_is_ignored_it_stays_ignored_and_a_polite_request_stops(started, here):
    """A shell has what it starts in the background ignore Ctrl-C, so that a script may be stopped alone."""
    deaf = "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    process, folder = started(*ENDLESS, "--workers", "1", first=deaf), here / "runs" / "rules-world-seed1"
    until(lambda: some_parts(folder))
    process.send_signal(signal.SIGINT)
    done = len(parts.whole(folder / "parts"))
    until(lambda: len(parts.whole(folder / "parts")) > done + 1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert "evenhand run --resume runs/rules-world-seed1" in err


@pytest.mark.process
def test_workers_end_with_a_program_that_is_killed(started, here):
    """A worker without its program would keep a core busy, and its folder."""
    process, folder = started(*ENDLESS, "--workers", "2"), here / "runs" / "rules-world-seed1"
    until(lambda: some_parts(folder))
    orphans = children(process.pid)
    assert len(orphans) == 2
    process.kill()
    process.communicate()
    until(lambda: not any(map(lives, orphans)))


def lives(pid: int) -> bool:
    """Whether a process is there; one that has ended may wait for a parent that reads its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.process
def test_only_one_process_builds_in_a_folder(started, here):
    """Two would remove each other's work."""
    folder = here / "runs" / "rules-world-seed1"
    started(*ENDLESS, "--workers", "1")
    until(lambda: some_parts(folder))
    told = CliRunner().invoke(app, ["run", "--resume", str(folder)])
    assert told.exit_code == 2
    assert "is being worked on by another process" in told.stderr
    assert some_parts(folder)


@pytest.fixture(scope="module")
def half(tmp_path_factory) -> Path:
    """A run whose report failed."""
    folder = Path(tmp_path_factory.mktemp("half"))
    write_files(folder)
    with pytest.MonkeyPatch.context() as broken:
        broken.chdir(folder)
        broken.setattr(
            "evenhand.analysis.report.write", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full"))
        )
        whole = ["run", "rules.yaml", "--scenario", "world.yaml", "--days", "30", "--replications", "2"]
        assert CliRunner().invoke(app, [*whole, "--out", "half"]).exit_code == 1
    return folder / "half"


@pytest.fixture
def unfinished(here, half) -> Path:
    """A copy of it, to work with."""
    return Path(shutil.copytree(half, "half"))


@pytest.mark.process
@pytest.mark.parametrize(
    "command", [("explain", "half", "1"), ("report", "--stress-des", "half"), ("fairness", "half")]
)
def test_an_unfinished_run_is_said_to_be_one(command, unfinished):
    """Half a run must not be read as a run, and the way out is one command."""
    told = CliRunner().invoke(app, list(command))
    assert told.exit_code == 2
    assert told.stderr == "evenhand: 'half' is unfinished: evenhand run --resume half\n"


@pytest.mark.process
def test_a_place_with_an_unfinished_run_is_taken_by_force_only(unfinished):
    """Its owner may want to go on."""
    whole = ["run", "rules.yaml", "--scenario", "world.yaml", "--days", "30", "--out", "half"]
    told = CliRunner().invoke(app, whole)
    assert told.exit_code == 2
    assert "evenhand run --resume half" in told.stderr
    assert CliRunner().invoke(app, [*whole, "--force", "--seed", "3"]).exit_code == 0
    assert open_run(unfinished).seed == 3


@pytest.mark.process
def test_the_plan_is_all_that_a_resumed_run_needs(unfinished, here):
    """The files that were run may have changed or gone since."""
    (here / "rules.yaml").unlink()
    (here / "world.yaml").unlink()
    assert CliRunner().invoke(app, ["run", "--resume", "half"]).exit_code == 0


@pytest.mark.process
def test_what_a_plan_says_never_decides_what_is_replaced(unfinished, here):
    """A folder from a stranger is resumed by name; no other folder may be touched for it."""
    plan = json.loads((unfinished / "plan.json").read_text(encoding="utf-8"))
    (here / "victim").mkdir()
    (here / "victim" / "work.txt").write_text("mine", encoding="utf-8")
    (unfinished / "plan.json").write_text(
        json.dumps(sealed({**plan, "replaces": "victim"})), encoding="utf-8"
    )
    assert CliRunner().invoke(app, ["run", "--resume", "half"]).exit_code == 0
    assert (here / "victim" / "work.txt").read_text(encoding="utf-8") == "mine"
    assert open_run(unfinished).replications


@pytest.mark.process
def test_a_resumed_run_takes_the_place_of_a_run_only(unfinished, here):
    """The place is named by the user, and judged before the work."""
    (here / "victim").mkdir()
    (here / "victim" / "work.txt").write_text("mine", encoding="utf-8")
    told = CliRunner().invoke(app, ["run", "--resume", "half", "--out", "victim", "--force"])
    assert (told.exit_code, "replaces earlier runs only" in told.stderr) == (2, True)
    assert CliRunner().invoke(app, ["run", "--resume", "half", "--out", "whole"]).exit_code == 0
    assert open_run(here / "whole").replications
    assert not unfinished.exists()
    told = CliRunner().invoke(app, ["run", "--resume", "whole", "--out", "moved"])
    assert (told.exit_code, "is finished already" in told.stderr) == (0, True)
    assert open_run(here / "moved").replications


@pytest.mark.skipif(os.name == "nt", reason="Windows makes no links without the right to")
def test_parts_behind_a_link_are_neither_written_nor_tidied(unfinished, here):
    """Tidying removes hidden folders; behind a link they would be somebody's settings."""
    (here / "home" / ".settings").mkdir(parents=True)
    shutil.rmtree(unfinished / "parts")
    (unfinished / "parts").symlink_to(here / "home", target_is_directory=True)
    told = CliRunner().invoke(app, ["run", "--resume", "half"])
    assert (told.exit_code, "'parts' is a symbolic link" in told.stderr) == (2, True)
    assert [path.name for path in (here / "home").iterdir()] == [".settings"]


def test_resuming_a_finished_run_prints_it(unfinished):
    """A job system that starts the same command again must not fail at the end."""
    once = CliRunner().invoke(app, ["run", "--resume", "half", "--format", "json"])
    again = CliRunner().invoke(app, ["run", "--resume", "half", "--format", "json"])
    assert (once.exit_code, again.exit_code) == (0, 0)
    assert json.loads(again.stdout) == json.loads(once.stdout)
    assert "is finished already" in again.stderr


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("sources", "0", "evenhand has changed"),
        ("versions", {"numpy": "1.0"}, "numpy 1.0, now"),
        ("evenhand", "0.0.1", "evenhand 0.0.1, now"),
        ("layout", 1, "evenhand has changed"),
    ],
)
def test_a_run_is_not_finished_by_a_program_that_could_differ(key, value, said, unfinished):
    """Its second half would belong to another study than its first."""
    plan = json.loads((unfinished / "plan.json").read_text(encoding="utf-8"))
    (unfinished / "plan.json").write_text(json.dumps({**plan, key: value}), encoding="utf-8")
    told = CliRunner().invoke(app, ["run", "--resume", "half"])
    assert told.exit_code == 2
    assert said in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--resume", "half", "--seed", "2"), "--seed: has no meaning beside --resume"),
        (("--resume", "half", "--force"), "--force: replaces the folder given by --out"),
        (("rules.yaml", "--resume", "half"), "POLICY: has no meaning beside --resume"),
        (("--resume", "nowhere"), "'nowhere' is not a run: there is no such folder"),
        (("--resume", "."), "'.' is not a run: it has no plan.json"),
        ((), "run: needs a POLICY, or --resume"),
    ],
)
def test_what_is_asked_for_beside_resume_is_refused(arguments, said, unfinished):
    """The plan is in the folder; another one beside it would be accepted and ignored."""
    told = CliRunner().invoke(app, ["run", *arguments])
    assert told.exit_code == 2
    assert said in told.stderr


def test_a_damaged_plan_is_said_to_be_one(unfinished):
    """A traceback would not tell what to do."""
    (unfinished / "plan.json").write_text("{", encoding="utf-8")
    told = CliRunner().invoke(app, ["run", "--resume", "half"])
    assert told.exit_code == 2
    assert "its plan.json is damaged" in told.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("replications", "2"),
        ("replications", 2.5),
        ("jobs", 0),
        ("jobs", None),
        ("engine", "gpu"),
        ("events", 1),
    ],
)
def test_a_plan_with_a_sound_checksum_and_other_contents_is_damaged(key, value, unfinished):
    """Anybody can compute a checksum; what is carried out has the kinds that it needs."""
    document = json.loads((unfinished / "plan.json").read_text(encoding="utf-8"))
    (unfinished / "plan.json").write_text(json.dumps(sealed({**document, key: value})), encoding="utf-8")
    told = CliRunner().invoke(app, ["run", "--resume", "half"])
    assert told.exit_code == 2
    assert told.stderr.splitlines() == ["evenhand: 'half' cannot be read: its plan.json is damaged"]


def test_jobs_follow_from_the_plan_alone(here, monkeypatch):
    """If they followed from the machine, a run could not be finished on another."""
    order = Order("rules.yaml", "world.yaml", 500, 60, 1, "simpy", open_loop=False)
    plan = check(order)
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert check(order) == plan
    assert plan.jobs > 1
