"""Every setting of a scenario or policy on a line of its own: what it is and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from evenhand.scenarios.problems import clean
from evenhand.scenarios.provenance import NONE
from evenhand.scenarios.ranges import Alternatives, Range, alternatives, ranges
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.shape import fields, law
from evenhand.scenarios.yaml import Node
from evenhand.sim.scenario.units import Window, parse_hours

DEFAULT, UNMARKED = "default", "unmarked"
ASSUMED = ("assumed", UNMARKED)
"""Confidences with no source behind them."""
Found = tuple[str, Any, FieldInfo, str, Node | None]


class Setting(NamedTuple):
    """One setting, as `evenhand show` prints it."""

    path: str
    value: str
    description: str
    source: str
    confidence: str
    """As the file says, `unmarked` where it does not, or `default` where the setting is not in the file."""
    note: str
    plausible: str = ""
    """What it may well be instead; empty for what has a source and no range beside it."""
    because: str = ""
    """Why, as far as the file says."""


def settings(loaded: Loaded) -> list[Setting]:
    """List all settings in the order of the model, defaults included; a delay with its law is one."""
    found = _model(loaded.model, loaded.tree, "", "")
    told = _told(loaded)
    return [_setting(*one, told) for one in found if one[0] != "kind"]


Told = tuple[dict[str, Range], dict[str, Alternatives]]


def _told(loaded: Loaded) -> Told:
    parts = (loaded.kind, loaded.model, loaded.tree)
    return ranges(*parts), alternatives(*parts)


def assumed(loaded: Loaded) -> tuple[int, int]:
    """Settings that a file and its bases give without a source, and all that they give; texts left aside."""
    given = [
        one
        for one in settings(loaded)
        if one.confidence != DEFAULT and one.path not in ("name", "title", "description")
    ]
    return sum(one.confidence in ASSUMED for one in given), len(given)


def _setting(
    path: str, value: Any, field: FieldInfo, description: str, node: Node | None, told: Told
) -> Setting:
    text = _plain(value, field) if node is None else _as_written(node)
    source, confidence, note, _ = node.provenance if node else NONE
    confidence = confidence or (UNMARKED if node else DEFAULT)
    return Setting(path, text, description, source, confidence, note, *_plausible(path, told))


def _plausible(path: str, told: Told) -> tuple[str, str]:
    """The range of a setting, of a law or a list those of all its numbers, and the reason."""
    known, choices = told
    if path in choices:
        one = choices[path]
        return " or ".join(_scalar(other) for other in one.others), one.because
    inner = {name.removeprefix(path).removeprefix("."): one for name, one in _below(known, path)}
    if not inner:
        return "", ""
    if list(inner) == [""]:
        return inner[""].sentence, inner[""].because
    parts = [f"{name.replace('_', ' ')} {one.sentence}" for name, one in inner.items()]
    if all(name.isdecimal() for name in inner):
        parts = [one.sentence for one in inner.values()]
    return "; ".join(parts), next(iter(inner.values())).because


def _below(known: dict[str, Range], path: str) -> Iterator[tuple[str, Range]]:
    return ((name, one) for name, one in known.items() if name == path or name.startswith(f"{path}."))


def _model(model: BaseModel, node: Node | None, path: str, about: str) -> Iterator[Found]:
    """Go through the fields of a model; one without a description has that of its model's place."""
    for name, (attribute, field) in _attributes(model).items():
        inner = f"{path}.{name}" if path else name
        child = node.child(name) if node else None
        yield from _value(getattr(model, attribute), field, field.description or about, child, inner)


def _value(value: Any, field: FieldInfo, description: str, node: Node | None, path: str) -> Iterator[Found]:
    """Go down to what is one setting: a scalar, a list of scalars, or a law."""
    if isinstance(value, BaseModel) and law(type(value)) is None:
        yield from _model(value, node, path, description or _first_line(type(value)))
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            child = node.child(key) if node else None
            yield from _value(item, field, description, child, f"{path}.{key}")
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for index, item in enumerate(value):
            child = node.child(index) if node else None
            yield from _value(item, field, description, child, f"{path}.{index}")
    else:
        yield path, value, field, description, node


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


def _attributes(model: BaseModel) -> dict[str, tuple[str, FieldInfo]]:
    attributes = type(model).model_fields
    return dict(zip(fields(type(model)), attributes.items(), strict=True))


def _as_written(node: Node) -> str:
    """Give a value as the file writes it: '48 h', not 48.0."""
    if isinstance(node.value, dict):
        parts = {key: _as_written(child) for key, child in node.value.items()}
        kind = parts.pop("law", "")
        told = ", ".join(f"{key.replace('_', ' ')} {text}" for key, text in parts.items())
        return ", ".join(filter(None, [kind, told])) or "none"
    if isinstance(node.value, tuple):
        return ", ".join(_as_written(item) for item in node.value) or "none"
    return _scalar(node.value)


def _plain(value: Any, field: FieldInfo) -> str:
    """Give a default as a file would write it."""
    if isinstance(value, Window):
        return str(value)
    if isinstance(value, (tuple, dict)):
        return ", ".join(_scalar(item) for item in value) or "none"
    is_hours = any(isinstance(m, BeforeValidator) and m.func is parse_hours for m in field.metadata)
    return str(Window(value)) if is_hours else _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value == "":
        return "none"
    return f"{value:.12g}" if isinstance(value, float) else clean(str(value), 2000)
