"""The folder of the user: files, runs, and what the studio itself keeps there. Nothing outside is touched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.folder import MANIFEST, PLAN
from evenhand.jobs.comparison_folder import PAGE
from evenhand.scenarios import Checked, Kind, check_text
from evenhand.scenarios.catalogue import NotFoundError
from evenhand.scenarios.changes import Changed, against_base
from evenhand.scenarios.problems import BadFile
from evenhand.scenarios.yaml import read_text
from evenhand.storage.run_dir import REPORT

OWN, RUNS = ".evenhand", "runs"
ENDINGS = (".yaml", ".yml")
_NAME = re.compile(r"[\w][\w .+-]{0,119}")


class NoSuch(LookupError):
    """There is nothing of that name in the folder, or the name leads out of it."""


class File(NamedTuple):
    """A scenario or policy of the user's."""

    name: str
    """With its ending, as in addresses."""
    kind: Kind | None
    """None where the file is too damaged to say."""
    title: str
    checked: Checked
    changed: Changed | None

    @property
    def stem(self) -> str:
        """Its name for people."""
        return self.name.rpartition(".")[0]


class Result(NamedTuple):
    """A run or a comparison below `runs`."""

    name: str
    manifest: dict[str, Any] | None
    """None where it is unfinished."""

    @property
    def kind(self) -> str:
        """`run`, `comparison` or `unfinished`."""
        if self.manifest is None:
            return "unfinished"
        return "comparison" if self.manifest.get("kind") == "comparison" else "run"


class Folder:
    """Everything by names; a name never leads out, whatever it is made of."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._seen: tuple[frozenset[tuple[str, int, int]], list[File]] = frozenset(), []

    @property
    def cache(self) -> Path:
        """What may be deleted at any time."""
        return self.path / OWN / "cache"

    def file(self, name: str) -> Path:
        """The path of a file of the user's, there or not. Raises NoSuch for what none may be called."""
        if not name.endswith(ENDINGS) or not _NAME.fullmatch(name):
            raise NoSuch(name)
        return self._inside(self.path / name)

    def run(self, name: str) -> Path:
        """The folder of a run or comparison. Raises NoSuch where there is none."""
        if not _NAME.fullmatch(name):
            raise NoSuch(name)
        found = self._inside(self.path / RUNS / name)
        if not found.is_dir():
            raise NoSuch(name)
        return found

    def free_run(self, wanted: str) -> Path:
        """A place for a new run, with a number behind its name where that is taken."""
        stem = re.sub(r"[^\w.-]+", "-", wanted).strip(".-")[:80] or "run"
        name, number = stem, 1
        while (self.path / RUNS / name).exists():
            number += 1
            name = f"{stem}-{number}"
        return self.path / RUNS / name

    def files(self) -> list[File]:
        """All files of the user's, checked; looked at again when one of them, a base perhaps, has changed."""
        about = frozenset(self._stamps())
        if about != self._seen[0]:
            found = [one for name, _, _ in sorted(about) if (one := self._looked_at(name)) is not None]
            self._seen = about, found
        return self._seen[1]

    def results(self) -> list[Result]:
        """Runs and comparisons, the latest first."""
        home = self.path / RUNS
        if not home.is_dir() or home.is_symlink():
            return []
        found = [path for path in home.iterdir() if self._is_result(path)]
        return [result(path) for path in sorted(found, key=lambda path: -path.stat().st_mtime)]

    def text(self, name: str) -> str:
        """The text of a file. Raises NoSuch, BadFile where it cannot be read."""
        path = self.file(name)
        if not path.is_file():
            raise NoSuch(name)
        return read_text(path, name)

    def write(self, name: str, text: str) -> None:
        """Put a text in the place of a file, whole or not at all. Raises NoSuch, OSError."""
        with whole(self.file(name)) as unfinished:
            unfinished.write_text(text, encoding="utf-8", newline="")

    def _inside(self, path: Path) -> Path:
        """A path that stays inside when all links are followed. Raises NoSuch."""
        try:
            leads_to = path.resolve()
        except (OSError, RuntimeError, ValueError):
            raise NoSuch(path.name) from None
        if path.is_symlink() or not leads_to.is_relative_to(self.path):
            raise NoSuch(path.name)
        return leads_to

    def _is_result(self, path: Path) -> bool:
        named = _NAME.fullmatch(path.name) is not None
        there = any((path / name).is_file() for name in (MANIFEST, PLAN))
        return named and not path.is_symlink() and path.is_dir() and there

    def _stamps(self) -> Iterator[tuple[str, int, int]]:
        """Names of files with what shows that they have changed."""
        for path in self.path.iterdir():
            if path.name.endswith(ENDINGS):
                with suppress(OSError):
                    about = path.stat()
                    yield path.name, about.st_mtime_ns, about.st_size

    def _looked_at(self, name: str) -> File | None:
        """What a file is; None for what is none of the user's."""
        try:
            path = self.file(name)
            return _file(path) if path.is_file() else None
        except (NoSuch, OSError):
            return None


def hash_of(text: str) -> str:
    """By what a file is known to have changed."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def result(path: Path) -> Result:
    """A run or a comparison by its folder."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    return Result(path.name, manifest if isinstance(manifest, dict) else None)


def page_of(path: Path) -> Path | None:
    """The page of a run or a comparison, where it has one."""
    return next((path / name for name in (REPORT, PAGE) if (path / name).is_file()), None)


def _file(path: Path) -> File:
    try:
        checked = check_text(read_text(path, path.name), path.name, folder=path.parent)
    except BadFile as error:
        checked = Checked(error.problems, None)
    if checked.loaded is None:
        return File(path.name, _guess(path), path.stem, checked, None)
    changed = None
    with suppress(BadFile, NotFoundError):
        changed = against_base(path)
    model = checked.loaded.model
    return File(path.name, checked.loaded.kind, model.title or path.stem, checked, changed)


def _guess(path: Path) -> Kind | None:
    """What a damaged file most likely is: `kind:` may still be readable."""
    try:
        head = path.read_text(encoding="utf-8", errors="replace")[:4000]
    except OSError:
        return None
    found = re.search(r"^(?:kind|类型)\s*[:：]\s*(scenario|policy)\b", head, re.MULTILINE)
    if found is None:
        return None
    return "scenario" if found[1] == "scenario" else "policy"


def undo_places(folder: Folder, name: str) -> Iterator[Path]:
    """Earlier texts of a file, the latest first."""
    yield from sorted((folder.cache / "undo" / name).glob("*.yaml"), reverse=True)
