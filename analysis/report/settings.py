"""The settings of a policy or a scenario as a flat table, in the order of their models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from evenhand.analysis.charts.words import plain
from evenhand.analysis.report.exhibit import Table
from evenhand.analysis.report.texts import texts
from evenhand.locale.current import gettext

MOST = 24
"""Entries of a list that are written out: the hours of a day."""
_IN_HEADER = {"kind", "name", "title"}
_SAID = {"title", "description"}
"""Settings that are read by people only; other words are those of the file."""


def settings(model: BaseModel) -> Table:
    """All settings, by dotted path."""
    rows = [row for row in _flat("", model.model_dump(mode="json")) if row[0] not in _IN_HEADER]
    return Table(texts.SETTING_HEAD, rows)


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Settings under a path; lists of plain values stay together."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(f"{path}.{plain(key)}" if path else plain(key), inner)
    elif isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
        for i, inner in enumerate(value):
            yield from _flat(f"{path}.{i}", inner)
    else:
        said = _text(value)
        yield path, gettext(said) if path.rpartition(".")[2] in _SAID else said


def _text(value: Any) -> str:
    """A plain value as a reader would write it."""
    if isinstance(value, bool):
        return texts.YES if value else texts.NO
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        shown = [_text(item) for item in value[:MOST]]
        if len(value) > MOST:
            shown.append(texts.LIST_MORE.format(n=len(value) - MOST))
        return ", ".join(shown) or texts.NONE
    if value is None or value in ({}, ""):
        return texts.NONE
    return plain(value)
