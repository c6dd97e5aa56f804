"""Values as a form shows them, and texts from a form as values that `scenarios.edited` takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from evenhand.scenarios.fields import Meaning, SettingAbout
from evenhand.scenarios.shape import Allowed

Shown = str | tuple[str, ...]
"""What an input holds; several texts where several may be chosen."""
YES, NO = "true", "false"
MOST = 5_000
"""Characters of a law or a list."""
_LINKS = re.compile(r"[&*!]")
"""Anchors, aliases and tags, which no value of a form needs."""
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")


def shown(value: Any, may: Allowed) -> Shown:
    """A value of `scenarios.form` as an input holds it."""
    if is_group(value, may):
        return flow(value)
    if may.items is not None:
        return tuple(plain(one) for one in value or ())
    return plain(value)


def is_filled_in(one: SettingAbout, value: Any) -> bool:
    """Whether a setting is one input: a value, a list, or a law; not a group of settings, or one left out."""
    may = one.may
    return not (may.models or may.entries or may.anything) or (isinstance(value, dict) and "law" in value)


def is_group(value: Any, may: Allowed) -> bool:
    """Whether a value is written in brackets: a law, or a list that is no choice of words."""
    return (isinstance(value, dict) and bool(value)) or (may.items is not None and not may.items.words)


def flow(value: Any) -> str:
    """A law or a list as a file writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]" if value else ""
    return plain(value)


def plain(value: Any) -> str:
    """A single value as a text."""
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain, value))
    return str(value)


def typed(texts: Sequence[str], may: Allowed) -> Any:
    """What was filled in at a setting, as a value for the editor of files."""
    text = texts[-1].strip() if texts else ""
    if may.models or (may.items is not None and not may.items.words):
        return read(text) if text else []
    if may.items is not None:
        return [text for text in texts if text]
    if may.types == {bool} or (bool in may.types and text in (YES, NO)):
        return {YES: True, NO: False}.get(text, text or None)
    if not text and may.optional:
        return None
    if may.duration and _NUMBER.fullmatch(text):
        return float(text)  # whose mistake says which units there are
    return text


def read(text: str) -> Any:
    """A number, a date, a law or a list of one line; the text itself where it is none of these."""
    if len(text) > MOST or _LINKS.search(text):
        return text
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return text


def widget(one: SettingAbout) -> str:
    """How a setting is filled in: `many`, `yesno`, `choice`, `number`, `long`, `line` or `text`."""
    may = one.may
    if may.items is not None:
        return "many" if may.items.words else "line"
    if may.models:
        return "line"
    if bool in may.types:
        return "yesno"
    if may.words:
        return "choice"
    if may.types & {int, float} and not may.duration and str not in may.types:
        return "number"
    return "long" if one.path == "description" else "text"


def words_of(may: Allowed) -> tuple[str, ...]:
    """The words of a choice, or of a list of choices."""
    return may.items.words if may.items is not None else may.words


def unit_said(meaning: Meaning) -> str:
    """The unit beside an input; nothing where the input says it itself."""
    return (
        ""
        if meaning.unit in ("choice", "yes or no", "text", "settings", "duration", "date or day")
        else meaning.unit
    )
