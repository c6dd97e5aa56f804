"""`new`: the first file of somebody who writes rules, with everything that an editor and a reader need."""

from __future__ import annotations

import os
from pathlib import Path

from evenhand import scenarios
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Kind, Loaded, Place, Problem
from evenhand.scenarios.catalogue import NotFoundError, find, shipped_kind
from evenhand.scenarios.schema import path as schema_path
from evenhand.storage.output_path import check_outside

EXAMPLES: dict[Kind, tuple[str, str]] = {
    "policy": ("windows.merchant_evidence", "48 h"),
    "scenario": ("market.orders_per_day", "2000"),
}
"""A setting that everybody understands, and another value for it."""
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


def text(name: str, base: str, loaded: Loaded) -> str:
    """The file: its schema for editors, its title, its base, and a change to begin with, as a comment."""
    setting, value = EXAMPLES[loaded.kind]
    group, _, key = setting.partition(".")
    now = {one.path: one for one in scenarios.settings(loaded)}[setting]
    title = name.replace("-", " ").replace("_", " ").strip().capitalize() or name
    return gettext(
        "# yaml-language-server: $schema={as_uri}\nkind: {kind}\ntitle: {quoted}\nbase: "
        "{quoted_2}\n\n# Write below only what differs from the base; `evenhand show` lists every "
        "setting and its value.\n# For example ({rstrip}; in the base {value}):\n#\n# {group}:\n#   "
        "{key}: {value_2}\n#   # where a value comes from can stand beside it:\n#   # {key}: "
        '{{value: {value_2}, source: "our draft of March", confidence: assumed}}\n'
    ).format(
        as_uri=schema_path(loaded.kind).as_uri(),
        kind=loaded.kind,
        quoted=_quoted(title),
        quoted_2=_quoted(base),
        rstrip=now.description.rstrip("."),
        value=now.value,
        group=group,
        key=key,
        value_2=value,
    )


def _quoted(text: str) -> str:
    """A text as a YAML value, in double quotes with what needs it escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
