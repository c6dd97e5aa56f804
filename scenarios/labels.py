"""What settings are called and mean, by their dotted paths, in the language in force."""

from __future__ import annotations

from functools import cache

from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.fields import Meaning, about

__all__ = ["description", "label", "unit"]
ANY = "*"
"""Stands in a path for a name or a position of the user's."""
CHANGES = ".changes."
"""After it, an exception and a reform have settings of a policy."""


def label(path: str, kind: Kind | None = None) -> str:
    """What a setting is called, as `For the merchant's evidence` for `windows.merchant_evidence`.

    Parts of a path that the user has named, and positions, stand as they are or as `*`. Without a kind, the
    settings of policies come first. Raises KeyError for a path that no file of the kind can have.
    """
    return gettext(_meaning(path, kind).label)


def description(path: str, kind: Kind | None = None) -> str:
    """What a setting means, in a sentence or two. Raises KeyError, as `label`."""
    return gettext(_meaning(path, kind).description)


def unit(path: str, kind: Kind | None = None) -> str:
    """The unit of a setting in words, empty where it has none. Raises KeyError, as `label`."""
    return gettext(_meaning(path, kind).unit)


def _meaning(path: str, kind: Kind | None) -> Meaning:
    inner = path.rpartition(CHANGES)[2]
    for one in (kind,) if kind else ("policy", "scenario"):
        for pattern, meaning in _known(one).get(len(inner.split(".")), ()):
            if all(part in (ANY, given) for part, given in zip(pattern, inner.split("."), strict=True)):
                return meaning
    raise KeyError(path)


@cache
def _known(kind: Kind) -> dict[int, list[tuple[list[str], Meaning]]]:
    """Every setting of a kind in English, by the number of parts of its path."""
    known: dict[int, list[tuple[list[str], Meaning]]] = {}
    with language(ENGLISH):
        for one in about(kind):
            parts = one.path.split(".")
            known.setdefault(len(parts), []).append((parts, one.meaning))
    return known
