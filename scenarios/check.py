"""Checks the text of a scenario or policy, whether or not it is on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import Kind, shipped_kind
from evenhand.scenarios.changes import parsed
from evenhand.scenarios.layers import FileReading, entries
from evenhand.scenarios.problems import BadFile, Place, Problem, bad
from evenhand.scenarios.reader import Loaded, loaded
from evenhand.scenarios.show import DEFAULT, settings
from evenhand.scenarios.yaml import MAX_BYTES, Node


class Checked(NamedTuple):
    """What a look at a text has found."""

    problems: tuple[Problem, ...]
    """Every mistake, in the order of the file; empty where it can be used."""
    loaded: Loaded | None
    """What the text says; None where there are mistakes."""
    notes: tuple[Problem, ...] = ()
    """What is no mistake, but should be known, e.g. what a policy without a base rests on."""


def check_text(
    text: str, name: str, kind: Kind | None = None, folder: str | os.PathLike[str] | None = None
) -> Checked:
    """Check the text of a file that need not be on disk; never raises for what stands in it.

    `name` is the file's name in messages. Bases are shipped names, or, where a `folder` is given, also
    files found from there, as if the text stood in it; nothing else is read.
    """
    reading = FileReading(from_disk=folder is not None)
    path = Path(folder or "") / name
    try:
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise bad(
                Place(name),
                gettext("is longer than the {max_bytes:,} bytes that are allowed").format(
                    max_bytes=MAX_BYTES
                ),
            )
        tree, stated = reading.text(text, path, kind, ())
        value = loaded(tree, kind, stated, [path], reading.problems)
    except BadFile as error:
        return Checked(error.problems, None)
    return Checked((), value, tuple(_notes(value, parsed(text, name), path)))


def _notes(value: Loaded, own: Node, path: Path) -> Iterator[Problem]:
    """What should be known before the numbers are believed."""
    if value.kind == "policy" and "base" not in entries(own) and shipped_kind(path) is None:
        every = [one for one in settings(value) if one.path not in ("name", "title", "description")]
        rest = sum(one.confidence == DEFAULT for one in every)
        said = gettext(
            "none is given: {rest} of {every} settings are not in the file and rest on built-in "
            "defaults, which are no system's rules; with 'base: tmall' they rest on the rules of "
            "tmall"
        ).format(rest=rest, every=len(every))
        yield Problem(own.place, "base", said)
