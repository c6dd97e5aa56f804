"""Compiled code is kept on disk, and never outlives the sources it was made from."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.clocks import cache
from sim.clocks.cache import KEEP, cache_folder, cache_root, forget_old, is_warm, source_hash

PACKAGE = Path(cache.__file__).parents[1]
SOURCES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's sources."""
    target = tmp_path / "sim"
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
    os.utime(copy / "draws.py", (1, 1))
    assert hash_now(copy) == source_hash()


def test_the_folder_is_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EVENHAND_CACHE first, then the user's cache folder."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here" / "evenhand" / source_hash()
    assert not is_warm()
    (cache_folder() / "sub").mkdir(parents=True)
    (cache_folder() / "sub" / "compiled._move-1.py311.nbi").touch()
    assert is_warm()
    monkeypatch.delenv("EVENHAND_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "evenhand"


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only home is no reason not to run."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "file" / "below"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "tmp"))
    assert tmp_path / "tmp" in cache_root().parents
    assert cache_root().name.startswith("evenhand-")


def test_only_the_newest_versions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change of a source would otherwise leave some megabytes behind for ever."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path))
    root, now = cache_root(), time.time()
    cache_folder().mkdir()
    os.utime(cache_folder(), (now - 1e6, now - 1e6))
    for age in range(8):
        (root / f"old{age}").mkdir()
        os.utime(root / f"old{age}", (now - age, now - age))
    forget_old()
    left = {path.name for path in root.iterdir()}
    assert left == {source_hash(), *(f"old{age}" for age in range(KEEP - 1))}


def test_forgetting_does_not_mind_that_another_process_was_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers start together and all tidy up."""
    monkeypatch.setenv("EVENHAND_CACHE", str(tmp_path / "gone"))
    root = cache_root()
    root.rmdir()
    monkeypatch.setattr(cache, "cache_root", lambda: root)
    forget_old()


@pytest.mark.slow
def test_a_changed_stage_is_compiled_anew(copy: Path, tmp_path: Path) -> None:
    """End to end: the same call before and after a change in an imported file gives different records."""
    environment = {**os.environ, "EVENHAND_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    small = Path(__file__).with_name("small.py").read_text(encoding="utf-8")
    (tmp_path / "small.py").write_text(small, encoding="utf-8")
    code = (
        "import small; from sim.replications import simulate; "
        "run = simulate(small.scenario(), small.policy(), clock='compiled'); "
        "print(run.disputes['refund'].sum(), (run.disputes['ending'] == 7).sum())"
    )

    def answer() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=True, timeout=600,
        )  # fmt: skip
        return done.stdout

    before = answer()
    assert answer() == before
    ruling = copy / "ruling.py"
    text = ruling.read_text(encoding="utf-8")
    assert text.count("if gap > 0.0:") == 1
    ruling.write_text(text.replace("if gap > 0.0:", "if gap > 1.0:"), encoding="utf-8")
    assert answer() != before
