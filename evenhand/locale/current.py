"""The language in force: English, or what the caller's context asks for; other threads have their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import NamedTuple

from evenhand.locale.catalogue import ENGLISH, find, translations


class _Language(NamedTuple):
    tag: str
    translations: NullTranslations


_ENGLISH = _Language(ENGLISH, NullTranslations())
_current = ContextVar("language", default=_ENGLISH)


@contextmanager
def language(asked: str) -> Iterator[str]:
    """Say everything in a language inside the `with`; gives its tag. Raises UnknownLanguage."""
    found = find(asked)
    token = _current.set(_Language(found, translations(found)))
    try:
        yield found
    finally:
        _current.reset(token)


def tag() -> str:
    """The tag of the language in force, as in `<html lang>`."""
    return _current.get().tag


def gettext(message: str) -> str:
    """A message in the language in force; one without a translation stays as it is."""
    return _current.get().translations.gettext(message) if message else ""  # "" is a catalogue's header


def gettext_noop(message: str) -> str:
    """The message itself: it is looked up later, and this call tells who collects messages that it is one."""
    return message


def ngettext(one: str, many: str, n: float) -> str:
    """A message for one thing or for many, by the rule of the language in force.

    A number that is not whole takes the form of two things: gettext's rules know whole numbers only.
    """
    return _current.get().translations.ngettext(one, many, int(n) if n == int(n) else 2)
