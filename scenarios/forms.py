"""The settings of a scenario or policy as a form has them: by path, with values as a file writes them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from evenhand.scenarios.shape import Allowed, allowed, fields, law
from evenhand.sim.scenario.units import Window


def form(model: BaseModel) -> dict[str, Any]:
    """Every setting by its dotted path, with its value as a file writes it.

    A law, a list of values and an empty group are one setting each. `edit` takes such values back.
    """
    return dict(_settings(model, ""))


def _settings(model: BaseModel, above: str) -> Iterator[tuple[str, Any]]:
    for name, (value, may) in _parts(model).items():
        yield from _setting(value, may, f"{above}{name}")


def _setting(value: Any, may: Allowed, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel) and law(type(value)) is None:
        yield from _settings(value, f"{path}.")
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _setting(item, may.entries or Allowed(), f"{path}.{key}")
    elif isinstance(value, tuple) and not isinstance(value, Window) and _are_groups(value):
        for index, item in enumerate(value):
            yield from _setting(item, may.items or Allowed(), f"{path}.{index}")
    else:
        yield path, written(value, may)


def written(value: Any, may: Allowed) -> Any:
    """A value as a file writes it: durations with their unit, laws as groups, lists as lists."""
    if isinstance(value, Window):
        return _duration(value)
    if isinstance(value, BaseModel):
        timeless = bool(may.unit)  # a law of counts or money
        parts = _parts(value).items()
        return {
            name: written(one, at._replace(duration=at.duration and not timeless))
            for name, (one, at) in parts
        }
    if isinstance(value, tuple):
        return [written(item, may.items or Allowed()) for item in value]
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    if may.items and plain:
        return written(value, may.items)
    return _duration(Window(float(value))) if may.duration and plain else value


def _parts(model: BaseModel) -> dict[str, tuple[Any, Allowed]]:
    units = getattr(type(model), "units", {})
    attributes = type(model).model_fields
    return {
        name: (getattr(model, attribute), allowed(field.annotation, field.metadata, units.get(name, "")))
        for (name, field), attribute in zip(fields(type(model)).items(), attributes, strict=True)
    }


def _are_groups(value: tuple[Any, ...]) -> bool:
    return bool(value) and isinstance(value[0], BaseModel) and law(type(value[0])) is None


def _duration(window: Window) -> str:
    """A duration that reads back to the very same hours."""
    amount, _, unit = str(window).partition(" ")
    if float(amount) * (24.0 if unit != "h" else 1.0) == window.hours:
        return str(window)
    return f"{Decimal(repr(window.hours)):f} h"
