"""Words of a page: a class whose attributes are messages, read in the language in force when they are used.

class PageWords(Words):
    TITLE = Text("Where disputes end")
    HEAD = Listed("Outcome", "Share")

PageWords().TITLE  # 'Where disputes end', or its translation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evenhand.locale.current import gettext, ngettext, tag

Message = str | tuple[str, str]
"""What a catalogue has an entry for: a message, or one for one thing and one for many."""


class Text:
    """A message."""

    def __init__(self, message: str) -> None:
        self.messages: tuple[Message, ...] = (message,)
        self._message = message

    def __get__(self, words: object, owner: type | None = None) -> str:
        return gettext(self._message)


class Listed:
    """Several messages in an order."""

    def __init__(self, *messages: str) -> None:
        self.messages: tuple[Message, ...] = messages
        self._listed = messages

    def __get__(self, words: object, owner: type | None = None) -> tuple[str, ...]:
        return tuple(map(gettext, self._listed))


class Named:
    """Messages for the words of code, in the order in which they are shown."""

    def __init__(self, named: Mapping[Any, str] | None = None, /, **more: str) -> None:
        self._named = {**(named or {}), **more}
        self.messages: tuple[Message, ...] = tuple(self._named.values())

    def __get__(self, words: object, owner: type | None = None) -> dict[Any, str]:
        return {key: gettext(message) for key, message in self._named.items()}


class Counted:
    """A message about a number of things: a function of that number, outside a class too."""

    def __init__(self, one: str, many: str) -> None:
        self.messages: tuple[Message, ...] = ((one, many),)
        self._forms = one, many

    def __call__(self, n: float) -> str:
        """The message for so many things, not yet filled in."""
        return ngettext(*self._forms, n)


def in_words(code: str) -> str:
    """A word of the code, such as `late_dispatch`, in the language in force."""
    return gettext(code.replace("_", " "))


class Words:
    """The words of a page; subclasses have them as attributes."""

    @property
    def LANGUAGE(self) -> str:  # noqa: N802  # stands beside the words in a template
        """The tag of the language in force."""
        return tag()

    @classmethod
    def messages(cls) -> Iterator[Message]:
        """Everything that a catalogue must have for these words."""
        for owner in reversed(cls.__mro__):
            for word in vars(owner).values():
                if isinstance(word, (Text, Listed, Named, Counted)):
                    yield from word.messages
