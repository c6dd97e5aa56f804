"""Finds files by shipped name or by path."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from evenhand.locale.current import gettext
from evenhand.renamed import SCENARIOS, current
from evenhand.scenarios.merge import settle
from evenhand.scenarios.problems import BadFile, clean, listed
from evenhand.scenarios.yaml import parse, read_text
from evenhand.sim.scenario.suggest import did_you_mean

Kind = Literal["scenario", "policy"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_PARTS = 20
"""Files that one name `A+B+...` may lay over each other."""
HOME = Path(__file__).parent
FOLDERS: dict[Kind, str] = {"scenario": "worlds", "policy": "policies"}


class Entry(NamedTuple):
    """A shipped file."""

    kind: Kind
    name: str
    title: str
    path: Path


class NotFoundError(LookupError):
    """No such file or shipped name; the text says so in words for a person."""


def shipped(kind: Kind) -> dict[str, Path]:
    """List the shipped files of a kind by name."""
    return {path.stem: path for path in sorted((HOME / FOLDERS[kind]).glob("*.yaml"))}


def shipped_kind(path: Path) -> Kind | None:
    """Say of which kind a file is by the folder of shipped files that it stands in."""
    folder = path.parent.resolve()
    return next((kind for kind in KINDS if folder == (HOME / FOLDERS[kind]).resolve()), None)


def available() -> list[Entry]:
    """List all shipped scenarios and policies; a broken file is listed without its title."""
    return [Entry(kind, name, _title(path), path) for kind in KINDS for name, path in shipped(kind).items()]


def _title(path: Path) -> str:
    found = path.stat()
    return _title_of(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _title_of(path: Path, _changed: int, _size: int) -> str:
    """The title of a file as it is at a moment; reading all shipped files takes a quarter of a second."""
    try:
        tree = settle(parse(read_text(path, path.name), path.name, []), [])
    except BadFile:
        return ""
    title = tree.child("title")
    return str(title.value) if title and isinstance(title.value, str) else ""


def find(name: str | os.PathLike[str], kind: Kind | None = None, folder: Path | None = None) -> Path:
    """Find a file by its shipped name, or by its path, relative to `folder` if one is given.

    Raises NotFoundError with a suggestion. `worlds/tmall` and `policies/tmall` name the one of two
    files with the same name.
    """
    kinds = [kind] if kind else list(KINDS)
    if isinstance(name, str):
        full = {f"{FOLDERS[k]}/{stem}": path for k in KINDS for stem, path in shipped(k).items()}
        hits = [shipped(k)[name] for k in kinds if name in shipped(k)]
        hits = hits or [path for key, path in full.items() if key == name]
        if len(hits) > 1:
            both = listed([key for key, path in full.items() if path in hits])
            raise NotFoundError(gettext("is a scenario and a policy; write {both}").format(both=both))
        if hits:
            return hits[0]
    path = (folder or Path()) / name
    if os.path.exists(path):  # noqa: PTH110 (unlike Path.exists, never raises for a strange name)
        return path
    if kind != "policy" and str(name) in SCENARIOS:
        return find(current(str(name), SCENARIOS), "scenario")
    names = [stem for k in kinds for stem in shipped(k)]
    what = gettext("shipped {kind}").format(kind=kind) if kind else gettext("shipped scenario or policy")
    hint = did_you_mean(Path(name).stem, names) or (
        gettext("; shipped are {names}").format(names=listed(names, "and")) if names else ""
    )
    raise NotFoundError(gettext("is no file and no {what}{hint}").format(what=what, hint=hint))


def find_all(
    name: str | os.PathLike[str], kind: Kind | None = None, folder: Path | None = None
) -> list[Path]:
    """Find a file, or for a name `A+B` the files that are laid over each other, A first.

    Raises NotFoundError with a suggestion.
    """
    if isinstance(name, str) and name.count("+") >= MAX_PARTS:
        raise NotFoundError(
            gettext("lays more than {max_parts} files over each other, which is the most").format(
                max_parts=MAX_PARTS
            )
        )
    whole = (folder or Path()) / name
    if not isinstance(name, str) or "+" not in name or os.path.exists(whole):  # noqa: PTH110 (as above)
        return [find(name, kind, folder)]
    found = []
    if not all(part.strip() for part in name.split("+")):
        raise NotFoundError(gettext("has nothing beside a '+'; write A+B to lay B over A"))
    for part in name.split("+"):
        try:
            found.append(find(part.strip(), kind, folder))
        except NotFoundError as error:
            raise NotFoundError(
                gettext("names '{strip}', which {error}").format(strip=clean(part.strip()), error=error)
            ) from None
    return found


def label(path: Path) -> str:
    """Name a file in messages: as short as it can be found from here."""
    try:
        return str(path.relative_to(Path.cwd())) if path.is_absolute() else str(path)
    except ValueError:
        return str(path)
