"""Fitted fields over a base: as a scenario to run, and as a file to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from evenhand.analysis.calibration.field import Field, Path
from evenhand.sim.scenario.scenario import Scenario

Patch = dict[Path, Any]


def tree_of(base: Scenario) -> dict[str, Any]:
    """The base as the nested data that its model is made from."""
    return base.model_dump(by_alias=True)


def laid(base: Mapping[str, Any], patch: Patch) -> dict[str, Any]:
    """Nested data with some values replaced; the base stays as it is."""
    tree: dict[str, Any] = _copy(base)
    for path, value in patch.items():
        node = tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value
    return tree


def _copy(node: Any) -> Any:
    return {key: _copy(value) for key, value in node.items()} if isinstance(node, Mapping) else node


def scenario_of(base: Mapping[str, Any], patch: Patch) -> Scenario:
    """The scenario that a patch makes of a base. Raises ValidationError for values out of range."""
    return Scenario.model_validate(laid(base, patch))


def to_yaml(fields: Iterable[Field], base: str, head: Iterable[str]) -> str:
    """A scenario file: the base's name, and each field with its source, confidence and interval.

    `head` are lines of comment at the top.
    """
    from ruamel.yaml import YAML

    tree: dict[str, Any] = {"kind": "scenario", "base": base}
    for field in fields:
        node = tree
        for key in field.path[:-1]:
            node = node.setdefault(key, {})
        node[field.path[-1]] = _leaf(field)
    out = StringIO()
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 108, True
    yaml.dump(tree, out)
    return "".join(f"# {line}".rstrip() + "\n" for line in head) + out.getvalue()


def _leaf(field: Field) -> Any:
    said = {"source": field.source, "confidence": field.confidence}
    if field.told:
        said["note"] = field.told
    if not field.confidence:
        return field.value
    if isinstance(field.value, dict):
        return {**field.value, **said}
    return {"value": field.value, **said}
