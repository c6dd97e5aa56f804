"""Atomic writes, and what killed processes leave behind: whole or not there, and swept by the next one."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.analysis.runs.atomic import HOST, beside, is_running, leftovers, whole
from evenhand.analysis.runs.closed import opened
from evenhand.analysis.runs.scratch import new_scratch, remove_abandoned, scratch
from evenhand.storage.output_dir import Site, replace, tidy
from tests.support.app_files import ROOT, finished

posix = pytest.mark.skipif(os.name == "nt", reason="Windows is not asked which processes live")


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """A failure in the middle leaves the old file, and nothing beside it."""
    path = tmp_path / "a" / "b.csv"
    with whole(path) as unfinished:
        assert (unfinished.suffix, unfinished.parent) == (".csv", path.parent)
        unfinished.write_text("one", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), whole(path) as unfinished:
        unfinished.write_text("tw\N{SNOWMAN}", encoding="ascii")
    assert path.read_text(encoding="utf-8") == "one"
    assert names_in(path.parent) == {"b.csv"}


def test_a_full_disk_says_which_file_did_not_fit(tmp_path: Path) -> None:
    """The system's line names no file where a write fails."""
    with pytest.raises(OSError, match=r"b\.csv") as told, whole(tmp_path / "b.csv"):
        raise OSError(28, "No space left on device")
    assert told.value.errno == 28


@posix
def test_nothing_is_written_through_a_link_with_our_name(tmp_path: Path) -> None:
    """The name can be foreseen in a folder that others write to."""
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    beside(tmp_path / "b.csv").symlink_to(victim)
    with whole(tmp_path / "b.csv") as unfinished:
        unfinished.write_text("one", encoding="utf-8")
    assert victim.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "b.csv").is_symlink()


@posix
def test_the_next_write_removes_what_a_killed_one_left_and_nothing_else(tmp_path: Path, dead: int) -> None:
    """Only of the same file, of a process of this host that lives no more, and only files."""
    stays = {
        f".b.partial-{HOST}-{os.getppid()}.csv",  # its process lives
        f".b.partial-00000000-{dead}.csv",  # of another host, where that number may live
        f".c.partial-{HOST}-{dead}.csv",  # of another file
        f".b.partial-{HOST}-{dead}.csv.bak",
        "b.partial.csv",
    }
    for name in (*stays, f".b.partial-{HOST}-{dead}.csv", f".b.partial-{dead}.csv"):
        (tmp_path / name).touch()
    with whole(tmp_path / "b.csv") as unfinished:
        unfinished.touch()
    assert names_in(tmp_path) == {*stays, "b.csv"}


@pytest.mark.process
@posix
def test_what_a_killed_command_left_is_gone_after_the_next(tmp_path: Path) -> None:
    """End to end, with kill -9 in the middle of a write, as a scheduler or a lack of memory does it."""
    code = (
        "import sys; from pathlib import Path; from evenhand.analysis.runs.atomic import whole\n"
        "with whole(Path(sys.argv[1])) as unfinished:\n"
        "    unfinished.touch(); print('there', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "b.csv")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        assert leftovers(tmp_path / "b.csv") == [], "its process still lives"
        process.send_signal(signal.SIGKILL)
    assert len(leftovers(tmp_path / "b.csv")) == 1
    with whole(tmp_path / "b.csv") as unfinished:
        unfinished.touch()
    assert names_in(tmp_path) == {"b.csv"}


@posix
def test_a_result_put_aside_by_a_killed_command_comes_back(tmp_path: Path, dead: int) -> None:
    """Killed between two renames, the earlier run has another name: it must not be lost, nor stay hidden."""
    place = tmp_path / "mine"
    finished(tmp_path / f".mine.old-{HOST}-{dead}", seed=2, days=20)
    finished(tmp_path / f".mine.partial-{HOST}-{dead}", seed=3, days=20)
    tidy(place)
    assert names_in(tmp_path) == {"mine"}
    assert (place / "manifest.json").is_file()
    finished(tmp_path / f".mine.old-{HOST}-{dead}", seed=2, days=20)
    (tmp_path / f".mine.partial-{HOST}-{dead}").mkdir()
    (tmp_path / f".mine.partial-{HOST}-{dead}" / "notes.txt").touch()
    tidy(place)
    assert names_in(tmp_path) == {"mine", f".mine.partial-{HOST}-{dead}"}, "notes are not ours"


def test_a_place_that_was_filled_during_the_work_is_left_alone(tmp_path: Path) -> None:
    """The check before the work is hours old at its end; neither the result nor the files are lost."""
    site = Site(tmp_path / "mine", exact=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    (tmp_path / "built").mkdir()
    site.take(tmp_path / "built")
    assert site.final == tmp_path / "mine-2"
    assert names_in(tmp_path) == {"mine", "mine-2"}
    assert names_in(tmp_path / "mine") == {"thesis.txt"}
    (tmp_path / "other").mkdir()
    replace(tmp_path / "mine-2", tmp_path / "other")  # an empty folder is nobody's work
    assert names_in(tmp_path) == {"mine", "other"}


@posix
def test_temporary_folders_are_private_and_those_of_killed_processes_go(
    tmp_path: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this user and host only, and only what nobody else can have filled."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        remove_abandoned()
        assert folder.is_dir(), "its process lives"
    left, shared = (tmp_path / f"evenhand-{HOST}-{dead}-{name}" for name in ("left", "shared"))
    left.mkdir(mode=0o700)
    shared.mkdir()
    shared.chmod(0o777)
    (tmp_path / f"evenhand-{HOST}-{dead}-link").symlink_to(shared, target_is_directory=True)
    (tmp_path / "evenhand-query").mkdir()
    new_scratch().rmdir()
    assert names_in(tmp_path) == {shared.name, f"evenhand-{HOST}-{dead}-link", "evenhand-query"}


def test_a_database_of_questions_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once must not spill into the same files, nor into a folder that somebody else has made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one, two = opened([], lambda _: None), opened([], lambda _: None)
    assert len(names_in(tmp_path)) == 2
    one.close()
    two.close()
    del one, two
    assert names_in(tmp_path) == set()


@posix
def test_a_process_lives_until_it_has_ended(dead: int) -> None:
    """Also where it belongs to somebody else."""
    assert is_running(os.getpid())
    assert is_running(1)
    assert not is_running(dead)
