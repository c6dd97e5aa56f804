"""The first text of a file: its base, its title, a change as a comment, and its schema for editors."""

from __future__ import annotations

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
    return f"""\
# yaml-language-server: $schema={schema_path(loaded.kind).as_uri()}
kind: {loaded.kind}
title: {_quoted(title)}
base: {_quoted(base)}

# Write below only what differs from the base; `evenhand show` lists every setting and its value.
# For example ({now.description.rstrip(".")}; in the base {now.value}):
#
# {group}:
#   {key}: {value}
#   # where a value comes from can stand beside it:
#   # {key}: {{value: {value}, source: "our draft of March", confidence: assumed}}
"""


def _quoted(text: str) -> str:
    """A text as a YAML value, in double quotes with what needs it escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
