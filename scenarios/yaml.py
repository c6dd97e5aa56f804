"""YAML text as a tree that knows where each part stands; hostile input is refused early.

The tree is built from the parser's events, one at a time, so that depth and size are bounded
while reading and not after the damage is done.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from evenhand.locale.current import gettext
from evenhand.scenarios.problems import BadFile, Place, Problem, bad, clean
from evenhand.scenarios.provenance import NONE, Provenance
from evenhand.scenarios.typed import as_typed

MAX_BYTES = 1_000_000
MAX_PARTS = 20_000
"""Values in one file, each alias counted as often as what it stands for."""
MAX_DEPTH = 40
REPLACE = "!replace"
"""The one tag that is known: these settings replace those of a base as a whole."""

Scalar = str | int | float | bool | date | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    ".nan": float("nan"),
    ".inf": float("inf"),
    "-.inf": -float("inf"),
}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_WORDS = {
    "mapping values are not allowed here": "a ':' where none can be; is a text with ': ' not in quotes?",
    "found character '\\t' that cannot start any token": "a tab; indent with spaces",
    "found unexpected end of stream": "a quotation mark that is never closed",
    "could not find expected ':'": "a setting without ':'",
    "found unexpected ':'": "a ':' where none can be",
}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value of a file: a scalar, a list or a mapping, with its place and its provenance."""

    value: Scalar | tuple[Node, ...] | dict[str, Node]
    place: Place
    key: Place | None = None
    """Where its key stands, if it has one."""
    provenance: Provenance = NONE
    wrapped: bool = False
    """Written as `{value: ...}`."""
    replaces: bool = False
    """Written as `!replace {...}`: it takes the place of what a base has there, and is not laid over it."""

    def child(self, part: str | int) -> Node | None:
        """Find a direct part by its key or position."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, tuple) and str(part).isdecimal() and int(part) < len(self.value):
            return self.value[int(part)]
        return None

    def data(self) -> Any:
        """Give the bare value, without places."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.data() for node in self.value]
        return self.value


def read_text(path: Path, file: str) -> str:
    """Read a text file of bounded size; `file` is its name in messages."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise bad(Place(file), gettext("is a folder, not a file"))
        if not stat.S_ISREG(status.st_mode):
            raise bad(Place(file), gettext("is not an ordinary file"))
        if status.st_size > MAX_BYTES:
            raise bad(
                Place(file),
                gettext("has {st_size:,} bytes; at most {max_bytes:,} are allowed").format(
                    st_size=status.st_size, max_bytes=MAX_BYTES
                ),
            )
        raw = path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else gettext("unknown reason")
        raise bad(Place(file), gettext("cannot be read: {reason}").format(reason=reason)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise bad(Place(file, line, column), gettext("is not text in UTF-8; save it as UTF-8")) from None


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """Parse one YAML document whose top is a mapping; `problems` gets what does not stop the reading."""
    text, moved = as_typed(text)
    try:
        tree = _Builder(text, file, problems, moved).document()
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise bad(Place(file, line, column), gettext("a control character; only text is allowed")) from None
    except MarkedYAMLError as error:
        mark, said = error.problem_mark, str(error.problem)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise bad(
            place,
            gettext("not valid YAML: {plain_words}").format(
                plain_words=_PLAIN_WORDS.get(said, clean(said, 120))
            ),
        ) from None
    except YAMLError:
        raise bad(Place(file), gettext("not valid YAML")) from None
    if tree is None or tree.value is None:
        raise bad(Place(file), gettext("is empty"))
    if not isinstance(tree.value, dict):
        raise bad(tree.place, gettext("must be settings of the form 'name: value'"))
    return tree


class _Builder:
    """Turns parser events into a tree, within the bounds."""

    def __init__(self, text: str, file: str, problems: list[Problem], moved: dict[int, int]) -> None:
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))
        self.file = file
        self.problems = problems
        self.moved = moved
        self.parts = 0
        self.anchors: dict[str, tuple[Node, int]] = {}

    def document(self) -> Node | None:
        tree = None
        for event in self.events:
            if isinstance(event, StreamEndEvent):
                break
            if isinstance(event, DocumentStartEvent):
                if tree is not None:
                    raise self.bad(event, gettext("a second document ('---'); only one is allowed in a file"))
                tree = self.node(next(self.events), 1)
        return tree

    def node(self, event: Any, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self.alias(event)
        before = self.parts
        self.count(event, 1)
        if depth > MAX_DEPTH:
            raise self.bad(
                event,
                gettext("nested too deeply; at most {max_depth} levels are allowed").format(
                    max_depth=MAX_DEPTH
                ),
            )
        replaces = str(event.tag) == REPLACE and isinstance(event, MappingStartEvent)
        if event.tag is not None and not replaces:
            said = gettext(
                "tags such as '{tag}' are not allowed; only '{replace}' is, before settings"
            ).format(tag=clean(event.tag), replace=REPLACE)
            self.problems.append(Problem(self.place(event), "", said))
        node = Node(self.content(event, depth), self.place(event), replaces=replaces)
        if event.anchor is not None:
            self.anchors[event.anchor] = node, self.parts - before
        return node

    def content(self, event: Any, depth: int) -> Scalar | tuple[Node, ...] | dict[str, Node]:
        if isinstance(event, MappingStartEvent):
            return self.mapping(depth)
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(item := next(self.events), SequenceEndEvent):
                items.append(self.node(item, depth + 1))
            return tuple(items)
        return _scalar(event.value) if event.style is None else str(event.value)

    def mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(key := next(self.events), MappingEndEvent):
            if not isinstance(key, ScalarEvent):
                raise self.bad(key, gettext("the name of a setting must be a plain word"))
            name, place = str(key.value), self.place(key)
            node = self.node(next(self.events), depth + 1)
            # nothing after the ':' is nowhere; its key is the place to look at
            value = replace(node, key=place, place=place if node.value is None else node.place)
            if name in entries:
                first = entries[name].key
                said = gettext("given twice, first in line {line}").format(line=first.line if first else 0)
                self.problems.append(Problem(place, clean(name), said))
            elif name == "<<":
                self.problems.append(
                    Problem(place, "", gettext("'<<' is not supported; write the settings out"))
                )
            else:
                entries[name] = value
        return entries

    def alias(self, event: AliasEvent) -> Node:
        known = self.anchors.get(str(event.anchor))
        if known is None:
            name = clean(str(event.anchor))
            raise self.bad(
                event,
                gettext("'*{name}' stands for nothing; '&{name}' must come before it").format(name=name),
            )
        node, parts = known
        self.count(event, parts)
        return replace(node, place=self.place(event))

    def count(self, event: Any, parts: int) -> None:
        self.parts += parts
        if self.parts > MAX_PARTS:
            raise self.bad(
                event,
                gettext("too large; at most {max_parts:,} values are allowed, aliases written out").format(
                    max_parts=MAX_PARTS
                ),
            )

    def place(self, event: Any) -> Place:
        line, column = event.start_mark.line, event.start_mark.column
        return Place(self.file, line + 1, column + (column <= self.moved.get(line, column)))

    def bad(self, event: Any, message: str) -> BadFile:
        return bad(self.place(event), message)


def _scalar(text: str) -> Scalar:
    """Read an unquoted scalar as YAML 1.2's core schema does, and dates besides."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # 2026-02-30: the model says what is allowed
    return text
