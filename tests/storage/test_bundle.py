"""Archives: the same bytes for the same folder, and nothing that would write or expand elsewhere."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from evenhand.analysis.runs.digest import sealed
from evenhand.errors import UsageError
from evenhand.storage import bundle
from evenhand.storage.bundle import INDEX, opened, pack
from tests.support.app_files import finished

Edit = Callable[[dict[str, bytes], zipfile.ZipInfo], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small finished run."""
    place = tmp_path_factory.mktemp("runs") / "one"
    finished(place, days=20, replications=2)
    return place


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    """Its archive."""
    pack(folder, tmp_path / "one.zip")
    return tmp_path / "one.zip"


def entries(path: Path) -> dict[str, bytes]:
    """What an archive holds, by name."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewritten(path: Path, parts: dict[str, bytes], **how: int) -> Path:
    """An archive of these entries in its place."""
    with zipfile.ZipFile(path, "w", how.get("method", zipfile.ZIP_STORED)) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = how.get("mode", 0) << 16
            entry.compress_type = how.get("method", zipfile.ZIP_STORED)
            file.writestr(entry, content)
    return path


def index_of(parts: dict[str, bytes]) -> dict[str, object]:
    """The index without its checksum."""
    said = json.loads(parts[INDEX])
    del said["checksum"]
    return dict(said)


def refused(path: Path) -> str:
    """The one line with which an archive is refused."""
    with pytest.raises(UsageError) as raised, opened(path):
        pass
    said = str(raised.value)
    assert "\n" not in said
    return said


def test_the_same_folder_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """No time, no owner, no order of the file system is in it; a copy made later is the same."""
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    assert pack(folder, first) == pack(folder, second) > 5
    (folder / "manifest.json").touch()
    (folder / ".hidden").write_text("mine", encoding="utf-8")
    pack(folder, second)
    (folder / ".hidden").unlink()
    assert first.read_bytes() == second.read_bytes()


def test_what_comes_out_is_what_went_in(folder: Path, archive: Path) -> None:
    """Byte by byte, in a folder that only this user can read and that is gone afterwards."""
    with opened(archive) as found:
        assert found.kind == "run"
        for path in folder.rglob("*"):
            if path.is_file():
                assert (found.folder / path.relative_to(folder)).read_bytes() == path.read_bytes()
        place = found.folder
    assert not place.exists()


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/tmp/evil.txt", "a/../../evil", "..\\evil", "C:evil", "a//b", "nul", "x.", "a\x1b[2J"],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(
    name: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the index lists it: an index is anybody's."""
    monkeypatch.setattr(bundle, "_unpack", lambda *_: pytest.fail("something was written"))
    parts = entries(archive)
    said = index_of(parts)
    said["files"][name] = "0" * 64  # type: ignore[index]
    parts[INDEX] = json.dumps(sealed(said)).encode()
    parts["data/" + name] = b"x"
    assert "name that is not allowed" in refused(rewritten(archive, parts))


def damages() -> Iterator[tuple[str, str]]:
    """What is done to an archive, and what is said."""
    yield "extra", "does not list once: 'data/extra'"
    yield "missing", "is damaged: it lacks"
    yield "changed", "is not as it was packed"
    yield "index", "its bundle.json is not as it was written"
    yield "no index", "is no bundle: it has no bundle.json"
    yield "packed", "was packed by another program"
    yield "link", "holds a link"
    yield "layout", "which packs otherwise"


@pytest.mark.parametrize(("damage", "said"), list(damages()))
def test_a_changed_archive_is_refused(damage: str, said: str, archive: Path) -> None:
    """One line, whatever was done to it."""
    parts, how = entries(archive), {}
    name = next(name for name in parts if name.endswith(".parquet"))
    if damage == "extra":
        parts["data/extra"] = b"x"
    elif damage == "missing":
        del parts[name]
    elif damage == "changed":
        parts[name] = parts[name][:-1] + b"?"
    elif damage == "index":
        parts[INDEX] = parts[INDEX].replace(b'"of": "run"', b'"of": "ruin"')
    elif damage == "no index":
        del parts[INDEX]
    elif damage == "packed":
        how = {"method": zipfile.ZIP_DEFLATED}
        parts = {INDEX: parts.pop(INDEX), **parts}
    elif damage == "link":
        how = {"mode": 0o120777}
    else:
        parts[INDEX] = json.dumps(sealed({**index_of(parts), "layout": 9})).encode()
    found = refused(rewritten(archive, parts, **how))
    if damage == "packed":
        assert "packed by another program" in found or "is too long" in found
    else:
        assert said in found


def test_every_cut_and_many_flips_are_refused_in_one_line(archive: Path) -> None:
    """Truncated downloads, and bits that a disk turned; what was not touched by a flip may still open."""
    whole = archive.read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        archive.write_bytes(whole[:length])
        assert refused(archive)
    for place in range(3, len(whole), len(whole) // 60):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        with suppress(UsageError), opened(archive):
            pass  # a flip in what no reader looks at is no damage


def test_a_bomb_is_refused_by_what_it_claims(archive: Path) -> None:
    """Stored entries can hold no more than the file is long; overlapping ones would."""
    parts = entries(archive)
    bomb = rewritten(archive, parts)
    content = bytearray(bomb.read_bytes())
    first = content.rfind(b"PK\x01\x02")
    content[first + 20 : first + 28] = (10**9).to_bytes(4, "little") * 2
    bomb.write_bytes(content)
    assert "claims to hold more than it is long" in refused(bomb)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "nothing", "is no folder of a result"),
        (lambda folder: folder.mkdir() or folder, "is no run, comparison or sweep"),
    ],
)
def test_what_is_no_result_is_not_packed(make: Callable[[Path], Path], said: str, tmp_path: Path) -> None:
    """And no archive is left."""
    with pytest.raises(UsageError, match=said):
        pack(make(tmp_path / "folder"), tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_a_folder_with_a_link_or_a_changed_manifest_is_not_packed(tmp_path: Path) -> None:
    """What leads out of the folder is not in it."""
    place = tmp_path / "one"
    finished(place, days=20, replications=1)
    (place / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="is a link"):
        pack(place, tmp_path / "out.zip")
    (place / "link").unlink()
    manifest = place / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 2'), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="is not as it was written"):
        pack(place, tmp_path / "out.zip")
