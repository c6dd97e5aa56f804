"""Compiled code is kept on disk, and never outlives the sources it was made from."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evenhand.sim.jit import cache
from evenhand.sim.jit.cache import (
    KEEP,
    MARK,
    MARKED,
    cache_folder,
    cache_root,
    compiled,
    forget_old,
    is_warm,
    make_folder,
    source_hash,
    unsafe,
)

PACKAGE = Path(cache.__file__).parents[1]
SOURCES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's sources."""
    target = tmp_path / "evenhand" / "sim"
    target.parent.mkdir()
    for name in ("__init__.py", "lazy.py"):
        shutil.copy(PACKAGE.parent / name, target.parent / name)
    for path in SOURCES:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes((PACKAGE / path).read_bytes())
    return target


def hash_now(package: Path) -> str:
    """The hash of a package as it is at this moment, not as it was when first asked for."""
    return source_hash.__wrapped__(package)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_change_to_any_source_file_changes_the_folder(copy: Path, path: Path) -> None:
    """Numba looks at one file only; old machine code would answer for a stage changed in another."""
    before = hash_now(copy)
    with (copy / path).open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    assert hash_now(copy) != before


def test_new_renamed_and_moved_lines_change_the_folder_too(copy: Path) -> None:
    """Names count as well as contents, and nothing runs together across files."""
    seen = {hash_now(copy)}
    (copy / "another.py").write_text("", encoding="utf-8")
    seen.add(hash_now(copy))
    (copy / "another.py").rename(copy / "other.py")
    seen.add(hash_now(copy))
    assert len(seen) == 3


def test_the_same_sources_have_the_same_folder_wherever_they_lie(copy: Path) -> None:
    """Time stamps and places do not count: a fresh clone finds what was compiled before."""
    assert hash_now(copy) == source_hash()
    os.utime(copy / "sampling" / "streams.py", (1, 1))
    assert hash_now(copy) == source_hash()


def test_the_folder_is_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EVENHAND_CACHE first, then the user's cache folder."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here" / "evenhand" / source_hash()
    assert not is_warm()
    (cache_folder() / "sub").mkdir(parents=True)
    (cache_folder() / "sub" / "numba_engine._move-1.py311.nbi").touch()
    assert is_warm()
    monkeypatch.delenv("EVENHAND_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "evenhand"


@pytest.fixture
def private_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, and no private cache made so far."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    for kept in (cache._private_folder, cache._warn):
        kept.cache_clear()
    return tmp_path / "tmp"


def in_temporary_folder(root: Path, temporary: Path) -> None:
    """Hold that a root lies in a private folder of this process, alone in the temporary folder."""
    (made,) = temporary.iterdir()
    assert root.parent == made
    assert f"-{os.getpid()}-" in made.name
    assert cache_root() == root, "one folder a process, which its workers find too"
    if os.name != "nt":
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(
    tmp_path: Path, private_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only home is no reason not to run; the folder is private, and its name cannot be foreseen."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "file" / "below"))
    in_temporary_folder(cache_root(), private_tmp)


def test_only_the_newest_versions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change of a source would otherwise leave some megabytes behind for ever."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    root, now = cache_root(), time.time()
    make_folder(cache_folder())
    os.utime(cache_folder(), (now - 1e6, now - 1e6))
    for age in range(8):
        version = root / f"{age:020x}"
        version.mkdir()
        (version / MARK).write_text(MARKED, encoding="ascii")
        os.utime(version, (now - age, now - age))
    forget_old()
    left = {path.name for path in root.iterdir()}
    assert left == {source_hash(), *(f"{age:020x}" for age in range(KEEP - 1))}


def test_folders_without_our_mark_are_never_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The root may be a folder where somebody works, such as a checkout: all in it is theirs.

    Neither a name like a version's, nor another program's mark, nor a link to a marked folder is enough.
    """
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    root = cache_root()
    marked = tmp_path / "elsewhere"
    marked.mkdir()
    (marked / MARK).write_text(MARKED, encoding="ascii")
    for name in ("sim", "docs", "tests", "thesis", "data", "runs", *(f"{i:020x}" for i in range(6))):
        (root / name).mkdir()
        (root / name / "work.txt").write_text("mine", encoding="utf-8")
    (root / "data" / MARK).write_text(MARKED, encoding="ascii")
    (root / f"{1:020x}" / MARK).write_text(MARKED.splitlines()[0] + "\n# another program\n", encoding="ascii")
    for number in range(8, 8 + 2 * KEEP):
        (root / f"{number:020x}").symlink_to(marked, target_is_directory=True)
    before = sorted(path.name for path in root.iterdir())
    forget_old()
    assert sorted(path.name for path in root.iterdir()) == before
    assert (marked / MARK).is_file()


def test_what_is_compiled_lies_in_a_marked_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else our own folders would stay for ever."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    compiled(source_hash.__wrapped__)
    assert (cache_folder() / MARK).read_text(encoding="ascii") == MARKED


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda root: root.chmod(0o777), "others can write to"),
        (lambda root: root.chmod(0o775), "others can write to"),
        (lambda root: root.parent.chmod(0o777), "others can write to"),
    ],
)
def test_a_cache_that_others_can_fill_is_not_used(
    change: Callable[[Path], None],
    why: str,
    tmp_path: Path,
    private_tmp: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An index of compiled code is a pickle: who can put one there runs code as this user."""
    above = tmp_path / "given"
    above.mkdir(mode=0o755)
    monkeypatch.setenv("EVENHAND_CACHE", str(above))
    root = cache_root()
    assert root == above / "evenhand"
    change(root)
    in_temporary_folder(cache_root(), private_tmp)
    told = caplog.text
    assert why in told
    assert told.count("is not used") == 1, "said once, not once a function"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such owners")
def test_a_cache_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its mode is right: the owner can put anything into it."""
    root = tmp_path / "evenhand"
    root.mkdir(mode=0o700)
    assert unsafe(root) is None
    monkeypatch.setattr("os.geteuid", lambda: root.stat().st_uid + 1)
    assert "belongs to another user" in str(unsafe(root))


def test_forgetting_does_not_mind_that_another_process_was_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers start together and all tidy up."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "gone"))
    root = cache_root()
    root.rmdir()  # by another process
    monkeypatch.setattr(cache, "cache_root", lambda: root)
    forget_old()


@pytest.mark.slow
def test_a_changed_stage_is_compiled_anew(copy: Path, tmp_path: Path) -> None:
    """End to end: the same call before and after a change in an imported file gives different records."""
    environment = {**os.environ, "EVENHAND_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    small = (Path(__file__).parents[2] / "support/small.py").read_text(encoding="utf-8")
    (tmp_path / "small.py").write_text(small, encoding="utf-8")
    code = (
        "import small; from evenhand.sim.runs.runner import simulate; "
        "run = simulate(small.scenario(), small.policy(), engine='numba'); "
        "print(run.disputes['refund'].sum(), (run.disputes['ending'] == 7).sum())"
    )

    def answer() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
        return done.stdout

    before = answer()
    assert answer() == before
    ruling = copy / "lifecycle" / "decision_rule.py"
    text = ruling.read_text(encoding="utf-8")
    assert text.count("if gap > 0.0:") == 1
    ruling.write_text(text.replace("if gap > 0.0:", "if gap > 1.0:"), encoding="utf-8")
    assert answer() != before
