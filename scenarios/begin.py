"""The first text of a file: its base, its title, a change as a comment, and its schema for editors."""

from __future__ import annotations

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.schema import path as schema_path
from evenhand.scenarios.show import settings

EXAMPLES: dict[Kind, tuple[str, str]] = {
    "policy": ("windows.merchant_evidence", "48 h"),
    "scenario": ("market.orders_per_day", "2000"),
}
"""A setting that everybody understands, and another value for it."""


def text(name: str, base: str, loaded: Loaded) -> str:
    """The file: its schema for editors, its title, its base, and a change to begin with, as a comment."""
    setting, value = EXAMPLES[loaded.kind]
    group, _, key = setting.partition(".")
    now = {one.path: one for one in settings(loaded)}[setting]
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
