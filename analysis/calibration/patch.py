"""Fitted fields over a base: as a scenario to run, and as a file to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from evenhand.analysis.calibration.field import Field, Path, plausible
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
    ranges = plausible(field)
    if isinstance(field.value, dict):
        inner = {key: _ranged(value, ranges.get(key)) for key, value in field.value.items()}
        return {**inner, **said}
    ranged = _ranged(field.value, ranges.get(""))
    return {**(ranged if isinstance(ranged, dict) else {"value": ranged}), **said}


def _ranged(value: Any, ends: tuple[float, float] | None) -> Any:
    """A value with the ends of its interval as its plausible range."""
    if ends is None or ends[0] == ends[1]:
        return value
    whole = isinstance(value, int)
    written: list[Any] = [round(end) if whole else float(f"{end:.6g}") for end in ends]
    if isinstance(value, str):
        written = [f"{end:.12g} h" for end in written]
    return {"value": value, "plausible": written}
