"""A policy on the table: its text, what it says, its base, what it changes, and how it is kept on disk."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Kind, Loaded, Problem, check_text
from evenhand.scenarios.changes import Change, base_of, differences
from evenhand.scenarios.without_effect import without_effect
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import Folder, hash_of, undo_places
from evenhand.studio.previews import Preview, market_of
from evenhand.studio.studio import Studio

UNDONE = 50
"""Earlier texts that are kept of a file."""


class Sheet(NamedTuple):
    """A text of a policy that can be used."""

    name: str
    text: str
    loaded: Loaded
    base: Loaded | None

    @property
    def changes(self) -> list[Change]:
        """What it changes against its base."""
        if self.base is None:
            return []
        below, model = self.base.model, self.loaded.model
        return list(differences(below, model))


class Side(NamedTuple):
    """What stands beside a form: what was changed, what is wrong, and what it does."""

    sheet: Sheet | None
    problems: tuple[Problem, ...]
    preview: Preview | None
    misfit: tuple[str, ...]
    """Why the rules cannot be tried in the market."""
    idle: tuple[Problem, ...]
    """Changes that have no effect."""
    is_stale: bool
    """The preview is of the last text without mistakes."""


class Conflict(Exception):
    """A file has changed on disk since the form was made."""

    def __init__(self, disk: str, mine: str) -> None:
        super().__init__(gettext("the file has changed on disk"))
        self.disk, self.mine = disk, mine


def sheet(folder: Folder, name: str, text: str, kind: Kind = "policy") -> Sheet:
    """Read a text as the file of that name. Raises BadFile."""
    checked = check_text(text, name, kind, folder.path)
    if checked.loaded is None:
        raise BadFile(checked.problems)
    return Sheet(name, text, checked.loaded, base_of(text, name, kind, folder.path))


def side(studio: Studio, name: str, text: str, problems: tuple[Problem, ...] = ()) -> Side:
    """What stands beside a text; it begins a preview where there is something to preview."""
    if not problems:
        try:
            return _side_of(studio, sheet(studio.folder, name, text))
        except BadFile as error:
            problems = error.problems
    last = studio.last_previews.get(name)
    preview = studio.previews.look(last) if last else None
    return Side(None, problems, preview, (), (), is_stale=True)


def _side_of(studio: Studio, found: Sheet) -> Side:
    preview: Preview | None = None
    misfit: tuple[str, ...] = ()
    idle = tuple(without_effect(found.loaded, [one.path for one in found.changes], None, 0))
    if found.base is not None and found.changes:
        try:
            market = market_of(studio.folder, studio.choices.market)
            preview = studio.previews.begin(found.loaded, found.base, market)
            studio.last_previews[found.name] = preview.key
        except (BadFile, DoesNotFit, LookupError) as error:
            misfit = tuple(str(error).splitlines())
    return Side(found, (), preview, misfit, idle, is_stale=False)


def keep(studio: Studio, name: str, text: str, seen: str, over: str = "") -> None:
    """Write a text in the place of a file that was `seen` with this hash, and remember what stood there.

    `over` is the hash of a newer text on disk that the user has seen and wants to replace. Raises Conflict
    where the file is neither, NoSuch, OSError.
    """
    now = studio.folder.text(name)
    if hash_of(now) not in (seen, over):
        raise Conflict(now, text)
    if now == text:
        return
    remember(studio.folder, name, now, text)
    studio.folder.write(name, text)
    studio.texts.keep(text)


def remember(folder: Folder, name: str, before: str, after: str) -> None:
    """Put the text that a file had on the stack of `undo`."""
    places = list(undo_places(folder, name))
    number = int(places[0].stem.partition("-")[0]) + 1 if places else 1
    place = folder.cache / "undo" / name / f"{number:06d}-{hash_of(after)[:16]}.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(before, encoding="utf-8", newline="")
    for old in places[UNDONE:]:
        old.unlink(missing_ok=True)


def may_undo(folder: Folder, name: str, text: str) -> bool:
    """Whether the last save can be taken back: nothing else has been written since."""
    last = next(undo_places(folder, name), None)
    return last is not None and last.stem.partition("-")[2] == hash_of(text)[:16]


def undo(studio: Studio, name: str) -> None:
    """Give a file the text that it had before the last save. Raises UsageError, NoSuch, OSError."""
    if not may_undo(studio.folder, name, studio.folder.text(name)):
        raise UsageError(
            gettext("undo: there is nothing to take back, or the file has changed on disk since")
        )
    last = next(undo_places(studio.folder, name))
    studio.folder.write(name, last.read_bytes().decode("utf-8"))
    last.unlink()
