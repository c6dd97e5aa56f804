"""One rule for `--out` of every command: what may be written to, and what is never replaced."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.storage.output_path import check_file, check_folder, check_replaceable, foreign, is_result
from tests.support.app_files import finished, write_files

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
EVENTS = "case,activity,time\n1,filed,2024-01-01\n1,closed,2024-01-03\n"
RULES = "title: Small\nrules:\n  first: {template: init, activity: filed, says: it begins with a filing}\n"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, to be copied."""
    path = tmp_path_factory.mktemp("runs") / "lived"
    finished(path, seed=2, days=20)
    return path


@pytest.fixture
def here(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in: two files, a log, and a finished run."""
    write_files(tmp_path)
    (tmp_path / "log.csv").write_text(EVENTS, encoding="utf-8")
    shutil.copytree(lived, tmp_path / "lived")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(folder: Path) -> list[str]:
    """All that stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


FILES: dict[str, tuple[str, ...]] = {
    ".xes": ("export", "lived", "--to", "xes"),
    ".csv": ("query", "lived", "select 1 as one"),
    ".svg": ("timeline", "rules.yaml"),
    ".md": ("report", "lived", "--stress-des"),
    ".txt": ("conform", "lived"),
    ".yaml": ("calibrate", "log.csv", "--accept-guesses", "--policy", "rules.yaml", "--base", "world.yaml"),
}
"""A command for each kind of file, by the ending that suits it."""
FOLDERS: dict[str, tuple[str, ...]] = {
    "run": ("run", "rules.yaml", "--scenario", "world.yaml"),
    "compare": ("compare", "rules.yaml", "rules.yaml", "--scenario", "world.yaml"),
    "sweep": ("sweep", "rules.yaml", "--scenario", "world.yaml", "--vary", "decision.standard=0.4..0.6"),
}


def existing(path: Path) -> str:
    path.write_text("mine", encoding="utf-8")
    return "is there already; add --force"


def link(path: Path) -> str:
    path.with_name("target").write_text("mine", encoding="utf-8")
    path.symlink_to("target")
    return "is a symbolic link; name what it points to, 'target'"


def dangling(path: Path) -> str:
    path.symlink_to("nowhere")
    return "is a symbolic link"


def pipe(path: Path) -> str:
    os.mkfifo(path)
    return "is a pipe"


def device(path: Path) -> str:
    path.symlink_to(os.devnull)
    return "is a device"


def stream(path: Path) -> str:
    path.symlink_to("/proc/self/fd/1")
    return "is a stream"


def folder(path: Path) -> str:
    path.mkdir()
    return "is a folder"


@posix
@pytest.mark.parametrize("forced", [False, True])
@pytest.mark.parametrize("make", [existing, link, dangling, pipe, device, stream, folder])
@pytest.mark.parametrize("ending", FILES)
def test_a_file_takes_no_place_that_is_not_free(
    ending: str, make: Callable[[Path], str], forced: bool, here: Path
) -> None:
    """Before anything is computed, by every command alike; `--force` is for regular files only."""
    path = Path(f"out{ending}")
    said = make(path)
    if forced and make is existing:
        pytest.skip("this is what --force is for")
    kind, names = path.lstat().st_mode, names_in(Path())
    told = evenhand(*FILES[ending], "--out", str(path), *(["--force"] if forced else []))
    assert (told.exit_code, said in told.stderr) == (2, True), told.output
    assert len(told.stderr.splitlines()) == 1
    assert (path.lstat().st_mode, names_in(Path())) == (kind, names)
    if make in (existing, link):
        assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("ending", [one for one in FILES if one != ".yaml"])
def test_force_replaces_a_file(ending: str, here: Path) -> None:
    """And leaves nothing beside it."""
    path = Path(f"out{ending}")
    path.write_text("mine", encoding="utf-8")
    names = names_in(Path())
    told = evenhand(*FILES[ending], "--out", str(path), "--force")
    assert told.exit_code in (0, 1), told.output  # 1: conform has found a broken rule
    assert path.read_bytes() != b"mine"
    assert names_in(Path()) == names


@pytest.mark.parametrize("ending", FILES)
@pytest.mark.parametrize("inside", ["manifest", "new", "parts/000000-000000/disputes-000"])
def test_nothing_is_written_into_the_folder_of_a_run(ending: str, inside: str, here: Path) -> None:
    """A run is its records; a part or a manifest that is replaced is a run that is lost."""
    before = {path: path.read_bytes() for path in Path("lived").rglob("*") if path.is_file()}
    told = evenhand(*FILES[ending], "--out", f"lived/{inside}{ending}", "--force")
    assert told.exit_code == 2
    assert "must not be in the folder of a run" in told.stderr
    assert {path: path.read_bytes() for path in Path("lived").rglob("*") if path.is_file()} == before


def test_the_manifest_of_a_run_is_never_replaced(here: Path) -> None:
    """By its own name, for a command that minds no endings."""
    before = Path("lived/manifest.json").read_bytes()
    for command in (FILES[".md"], FILES[".txt"], (*FILES[".xes"][:3], "csv"), FILES[".csv"]):
        told = evenhand(*command, "--out", "lived/manifest.json", "--force")
        assert (told.exit_code, "must not be in the folder of a run" in told.stderr) == (2, True)
    assert Path("lived/manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("command", "out"),
    [
        (("conform", "log.csv"), "log.csv"),
        (("conform", "log.csv", "small.yaml"), "small.yaml"),
        (("conform", "log.csv", "--policy", "rules.yaml"), "rules.yaml"),
        ((*FILES[".yaml"],), "world.yaml"),
        ((*FILES[".yaml"],), "rules.yaml"),
        ((*FILES[".yaml"][:-2], "--base", "world.yaml", "--map", "map.yaml"), "map.yaml"),
    ],
)
def test_no_input_is_replaced(command: tuple[str, ...], out: str, here: Path) -> None:
    """Also not by --force, and not under another name of the same file."""
    Path("small.yaml").write_text(RULES, encoding="utf-8")
    Path("map.yaml").write_text("case: case\n", encoding="utf-8")
    before = Path(out).read_bytes()
    os.link(out, "again.yaml")
    for name in (out, "again.yaml"):
        told = evenhand(*command, "--out", name, "--force")
        assert (told.exit_code, "is read by this command" in told.stderr) == (2, True), told.output
    assert Path(out).read_bytes() == before


def test_a_journal_of_trials_is_not_the_log(here: Path) -> None:
    """`calibrate --resume` writes to the file that it names."""
    command = (*FILES[".yaml"], "--out", "made.yaml")
    told = evenhand(*command, "--resume", "log.csv")
    assert "--resume: 'log.csv' is read by this command" in told.stderr
    told = evenhand(*command, "--resume", "made.yaml")
    assert "--resume: must be another file than --out" in told.stderr
    assert Path("log.csv").read_text(encoding="utf-8") == EVENTS


@pytest.mark.parametrize("ending", [one for one in FILES if one not in {".xes", ".yaml"}])
def test_force_without_a_file_is_refused(ending: str, here: Path) -> None:
    """An option that means nothing is not ignored; export and calibrate have a file always."""
    told = evenhand(*FILES[ending], "--force")
    assert (told.exit_code, "--force: replaces the file given by --out" in told.stderr) == (2, True)


@posix
@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_takes_no_place_that_is_not_free(name: str, here: Path) -> None:
    """A link is refused before the work: it was left unfinished after hours of it."""
    Path("work").mkdir()
    Path("work/thesis.txt").write_text("mine", encoding="utf-8")
    Path("empty").mkdir()
    Path("link").symlink_to("empty", target_is_directory=True)
    os.mkfifo("pipe")
    cases = {
        "link": "is a symbolic link",
        "pipe": "is a pipe",
        "rules.yaml": "is a file",
        "work": "run" if name != "sweep" else "holds no sweep",
        "lived/inner": "in the folder of a run",
        ".": "the folder that you are in",
        os.devnull: "is a device",
    }
    for place, said in cases.items():
        told = evenhand(*FOLDERS[name], "--out", place, "--force")
        assert (told.exit_code, said in told.stderr) == (2, True), told.output
    assert names_in(Path("work")) == ["thesis.txt"]
    assert names_in(Path("empty")) == []


def test_a_folder_is_a_result_only_by_what_is_written_in_it(tmp_path: Path) -> None:
    """Many programs write a manifest.json or a plan.json; theirs are not ours to replace."""
    for name, text in {
        "manifest.json": '{"name": "an extension of a browser"}',
        "plan.json": '{"kind": "diet"}',
    }.items():
        place = tmp_path / name.removesuffix(".json")
        place.mkdir()
        (place / name).write_text(text, encoding="utf-8")
        assert not is_result(place)
        with pytest.raises(UsageError, match="is not one"):
            check_replaceable(place)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "manifest.json").write_text("[" * 100_000, encoding="utf-8")
    assert not is_result(tmp_path / "deep")


def test_a_run_with_something_else_in_it_is_not_replaced(here: Path) -> None:
    """Notes that somebody keeps beside a run would go with it."""
    assert is_result(Path("lived"))
    assert foreign(Path("lived")) == []
    Path("lived/.DS_Store").touch()
    check_replaceable(Path("lived"))
    Path("lived/notes.txt").write_text("mine", encoding="utf-8")
    told = evenhand(*FOLDERS["run"], "--out", "lived", "--force")
    assert (told.exit_code, "holds 'notes.txt'" in told.stderr) == (2, True)
    assert json.loads(Path("lived/manifest.json").read_text(encoding="utf-8"))["seed"] == 2


@posix
def test_sockets_and_closed_folders_are_known_before_the_work(tmp_path: Path) -> None:
    """The check needs no write to find out."""
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(tmp_path)
        one.bind("s")
        with pytest.raises(UsageError, match="is a socket"):
            check_file(tmp_path / "s", force=True)
        with pytest.raises(UsageError, match="is a socket"):
            check_folder(tmp_path / "s")
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        check_file(tmp_path / "file" / "below.csv", force=False)


def test_a_dash_is_the_screen_for_event_logs_and_no_name_elsewhere(here: Path) -> None:
    """A file called '-' is nobody's wish."""
    assert evenhand(*FILES[".xes"], "--out", "-").stdout.startswith("<?xml")
    told = evenhand(*FILES[".md"], "--out", "-")
    assert (told.exit_code, "leave it out and the result goes to the screen" in told.stderr) == (2, True)
    assert not Path("-").exists()
