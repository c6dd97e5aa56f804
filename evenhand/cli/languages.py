"""The language of a command: its help, its mistakes and its tables, as an option or the system asks."""

from __future__ import annotations

import gettext as standard
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from evenhand.errors import UsageError
from evenhand.locale.catalogue import ENGLISH, FOLDER, WHERE, UnknownLanguage, find, of_the_system
from evenhand.locale.current import gettext, language, tag

DOMAIN = "messages"
"""Under which the library that reads command lines looks its own words up."""
EXAMPLE = re.compile(r"( +evenhand .*?| {20,})(  +)(\S.*)|( {20,})(\S.*)")
"""A line of an example with a remark, or with the remark alone."""

END = re.compile(r"[。；：]|(?<=[.])\s|\n\n")
"""Ends what a list of commands says of one."""


def asked(words: Sequence[str]) -> str:
    """The language that a command line asks for, or else its surroundings.

    What is unknown is refused later, by the option itself, and in the language of the surroundings.
    """
    end = words.index("--") if "--" in words else len(words)
    for number, word in enumerate(words[:end]):
        name, equals, value = word.partition("=")
        if name == "--lang":
            value = value if equals else "".join(words[number + 1 : number + 2])
            with suppress(UnknownLanguage):
                return find(value, guess=False)
    return of_the_system()


@contextmanager
def spoken(words: Sequence[str]) -> Iterator[None]:
    """Say everything in the language of a command line, the library's own words too."""
    wanted = asked(words)
    if wanted == ENGLISH:
        yield
        return
    with ExitStack() as stack:
        from evenhand.locale.compiled import compiled

        stack.enter_context(language(wanted))
        folder = compiled(FOLDER / wanted / WHERE).folder
        if folder is not None:
            stack.enter_context(_bound(str(folder), wanted))
        yield


@contextmanager
def _bound(folder: str, wanted: str) -> Iterator[None]:
    """Let gettext of the standard library find our catalogue, and put back what was."""
    before, variable = standard.bindtextdomain(DOMAIN), os.environ.get("LANGUAGE")
    standard.bindtextdomain(DOMAIN, folder)
    os.environ["LANGUAGE"] = wanted
    try:
        yield
    finally:
        standard.bindtextdomain(DOMAIN, before)
        os.environ.pop("LANGUAGE")
        if variable is not None:
            os.environ["LANGUAGE"] = variable


def translated(command: Any) -> None:
    """Put the help of a command, of its parameters and of commands below into the language in force."""
    if tag() == ENGLISH:
        return
    from evenhand.cli.help_format import InLanguage

    command.context_class = InLanguage
    command.help = said(command.help or "")
    command.short_help = END.split(command.help, maxsplit=1)[0]
    for one in command.params:
        if getattr(one, "help", None):
            one.help = gettext(one.help)
        if one.name == "lang":
            one.default = tag()
    for below in getattr(command, "commands", {}).values():
        translated(below)


def without_lang(command: Any, words: list[str]) -> list[str]:
    """The words after a command without `--lang`, where it has no such option itself. Raises UsageError."""
    end = words.index("--") if "--" in words else len(words)
    at = next((i for i in range(end) if words[i].partition("=")[0] == "--lang"), None)
    if at is None or any("--lang" in one.opts for one in command.params):
        return words
    value = words[at].partition("=")[2] or "".join(words[at + 1 : at + 2])
    try:
        find(value)
    except UnknownLanguage as error:
        raise UsageError(f"--lang: {error}") from error
    return words[:at] + words[at + (1 if "=" in words[at] else 2) :]


def messages(command: Any) -> Iterator[str]:
    """Everything of the help of a command, and of those below it, that a catalogue must have."""
    yield from (one for one, is_text in _pieces(command.help or "") if is_text)
    yield from (one.help for one in command.params if getattr(one, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from messages(below)


def said(text: str) -> str:
    """A help text in the language in force: its paragraphs, and the remarks of its examples."""
    return "".join(gettext(piece) if is_text else piece for piece, is_text in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A help text in pieces: what can be translated, and what stands between."""
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield "\n\n", False
        if not paragraph.startswith("\b\n"):
            yield " ".join(paragraph.split()), True
            continue
        for count, line in enumerate(paragraph.split("\n")):
            if count:
                yield "\n", False
            yield from _example(line)


def _example(line: str) -> Iterator[tuple[str, bool]]:
    """A line of a block that keeps its lines: a heading, an example, or one with a remark."""
    if line and not line.startswith((" ", "\b")):
        yield line, True
    elif match := EXAMPLE.fullmatch(line):
        yield (match[1] + match[2] if match[1] else match[4]), False
        yield match[3] or match[5], True
    else:
        yield line, False
