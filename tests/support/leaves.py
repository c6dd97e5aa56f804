"""Every single setting of a scenario or policy, as dotted paths, and values to change it to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window
from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS, GOODS, VALID_CAUSES

Path = tuple[str, ...]


def leaves(value: Any, path: Path = (), kind: Any = None) -> Iterator[tuple[Path, Any, Any]]:
    """(path, value, annotation) of everything under a model that is no model or mapping itself."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from leaves(getattr(value, name), (*path, field.alias or name), field.annotation)
    elif isinstance(value, dict):
        of_values = get_args(kind)[1] if len(get_args(kind)) == 2 else None
        for name, below in value.items():
            yield from leaves(below, (*path, name), of_values)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, below in enumerate(value):
            yield from leaves(below, (*path, str(number)))
    else:
        yield path, value, kind


def choices(kind: Any) -> tuple[Any, ...]:
    """The words that a Literal allows, also where it is part of a union or an Annotated."""
    if not get_args(kind):
        return ()
    if "Literal" in str(get_origin(kind)):
        return get_args(kind)
    return ()


def variants(value: Any, kind: Any) -> list[list[Any]]:
    """Groups of other values: of each group, one valid value at least must make a difference."""
    if words := choices(kind):
        return [[word] for word in words if word != value]
    if isinstance(value, bool):
        return [[True, False]]
    if isinstance(value, Window):
        days = f"{max(1, round(value.hours / 72))} business days"
        return [[value.hours / 2, value.hours / 8, 0.0], *([] if value.business else [[days]])]
    if isinstance(value, int):
        return [[value + 1, value - 1, 2 * value, value // 2]]
    if isinstance(value, float):
        return [[value * 0.5, value * 1.5, value + 0.2, 0.0, value + 1.0, value * 8, 1.0, 0.99]]
    if isinstance(value, date):
        return [[(value + timedelta(days=some)).isoformat() for some in (1, 3, -1, 10)]]
    if isinstance(value, tuple):
        return [list(_other_tuples(value))]
    if isinstance(value, str):
        return [[value + "x"]]
    raise AssertionError(f"no way to change {value!r}")


def _other_tuples(value: tuple[Any, ...]) -> Iterator[list[Any]]:
    if not value or isinstance(value[0], date):
        yield ["2025-09-10", "2025-09-11", "2025-09-24"]
        yield list(VALID_CAUSES[:1])
        yield ["dispatch_record"]
        yield ["merchant"]
    elif isinstance(value[0], float):
        yield [value[0] * 0.7, *value[1:]]
        yield [value[0] + 2.0, *value[1:]]
        yield [*value[:-1], value[-1] * 0.7]
    else:
        yield list(value[:-1])
        for words in (WEEKDAYS, VALID_CAUSES, EVIDENCE_KINDS, GOODS):
            if set(value) <= set(words):
                yield [word for word in words if word not in value] or list(words[:3])


def changed(model: Scenario | Policy, path: Path, value: Any) -> Any | None:
    """The model with one field changed, and what must change with it.

    None where that is not valid, or where the model has no such part.
    """
    data = model.model_dump(mode="json", by_alias=True)
    at: Any = data
    for key in path[:-1]:
        if at is None or (isinstance(at, dict) and key not in at):
            return None
        at = at[int(key)] if isinstance(at, list) else at[key]
    last: Any = int(path[-1]) if isinstance(at, list) else path[-1]
    if at is None or (isinstance(at, dict) and last not in at):
        return None
    before, at[last] = at[last], value
    if sibling := _sibling(data, path):
        where, other = sibling
        where[other] -= value - before
    try:
        return type(model).model_validate(data)
    except ValidationError:
        return None


def _at(data: Any, path: Path) -> Any:
    """The part of a model's data under a path."""
    for key in path:
        data = data[key]
    return data


def _sibling(data: Any, path: Path) -> tuple[dict[str, Any], str] | None:
    """Where the rest of a sum to one is found: another group, another fault, the other weight."""
    if path[-1] == "share" and path[-3] in {"groups", "styles"}:
        groups = _at(data, path[:-2])
        return groups[next(name for name in reversed(groups) if name != path[-2])], "share"
    if path[-2:-1] == ("fault",):
        fault = data["causes"][path[1]]["fault"]
        return fault, "merchant" if path[-1] != "merchant" else "carrier"
    if path[-2:-1] == ("rounding",):
        habits = _at(data, path[:-1])
        return habits, "fine" if path[-1] != "fine" else "coarse"
    if path[-1] in {"outcome_weight", "process_weight"}:
        other = {"outcome_weight", "process_weight"} - {path[-1]}
        return data["behaviour"]["trust"], other.pop()
    return None
