"""The texts that open forms were made from, so that changes on disk can be told from the user's own."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from evenhand.studio.folder import hash_of

KEPT = 100


class Texts:
    """The latest texts by their hash, in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def keep(self, text: str) -> str:
        """Remember a text; gives its hash."""
        key = hash_of(text)
        with self._lock:
            self._kept[key] = text
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return key

    def of(self, key: str) -> str | None:
        """A text by its hash; None where it is forgotten."""
        with self._lock:
            return self._kept.get(key)
