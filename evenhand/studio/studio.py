"""A studio: the folder, its jobs, its previews and what the user has chosen."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from evenhand.analysis.runs.atomic import whole
from evenhand.locale.catalogue import ENGLISH, languages
from evenhand.studio.folder import OWN, Folder
from evenhand.studio.guard import Session
from evenhand.studio.previews import Previews
from evenhand.studio.texts import Texts
from evenhand.studio.work.board import Board

MARKET = "tmall"
"""Where rules are tried unless the user chooses otherwise."""


class Choices:
    """What the user has chosen, kept in `.evenhand/studio.json`."""

    def __init__(self, folder: Folder, lang: str | None) -> None:
        self._path = folder.path / OWN / "studio.json"
        self._said = self._read()
        if lang is not None:
            self._said["lang"] = lang

    @property
    def lang(self) -> str:
        """The language of the pages."""
        said = self._said.get("lang")
        return said if said in languages() else ENGLISH

    @property
    def market(self) -> str:
        """The scenario that rules are tried in: a shipped name, or a file of the folder."""
        said = self._said.get("market")
        return said if isinstance(said, str) else MARKET

    def choose(self, name: str, value: str) -> None:
        """Keep a choice; where the folder cannot be written to, for this session only."""
        self._said[name] = value
        with suppress(OSError), whole(self._path) as unfinished:
            unfinished.write_text(json.dumps(self._said, ensure_ascii=False) + "\n", encoding="utf-8")

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


class Studio:
    """Everything that pages need."""

    def __init__(
        self, folder: Folder, session: Session, lang: str | None = None, *, board: Board | None = None
    ) -> None:
        self.folder, self.session = folder, session
        self.choices = Choices(folder, lang)
        self.board = board or Board(folder.path)
        self.texts = Texts()
        self.previews = Previews(folder, self.board)
        self.last_previews: dict[str, str] = {}
        """By file: the last preview of a text without mistakes."""
        self.closing = False
        """Streams end when it is set."""
        self.streams = 0

    def close(self) -> None:
        """End all work; what is whole of it is kept."""
        self.closing = True
        self.board.close()
