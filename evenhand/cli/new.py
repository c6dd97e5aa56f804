"""`new`: the first file of somebody who writes rules, with everything that an editor and a reader need."""

from __future__ import annotations

import os
from pathlib import Path

from evenhand import scenarios
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Kind, Place, Problem
from evenhand.scenarios.begin import text
from evenhand.scenarios.catalogue import NotFoundError, find, shipped_kind
from evenhand.storage.output_path import check_outside

_ENDINGS = (".yaml", ".yml")


def carry_out(name: str, base: str, kind: Kind) -> None:
    """Write a file that changes nothing of its base yet. Raises BadFile, and UsageError where it exists."""
    path = Path(name if name.endswith(_ENDINGS) else f"{name}.yaml")
    try:
        below = find(base, kind)
    except NotFoundError as error:
        raise BadFile([Problem(Place("--base"), "", f"'{base}' {error}")]) from None
    check_outside(path, "NAME")
    loaded = scenarios.read(below, kind)
    named = below.stem if shipped_kind(below) else os.path.relpath(below, path.parent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text(path.stem, named, loaded))
    except FileExistsError:
        raise UsageError(
            gettext("'{path}' is there already; nothing was written").format(path=path)
        ) from None
    print(
        plain(
            gettext("{path}: a {kind} that is {name} so far; edit it, then: evenhand check {path}").format(
                path=path, kind=gettext(kind), name=loaded.name
            )
        )
    )
