"""Which settings the models know at a place, to say what would have been allowed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from evenhand.sim.scenario.units import parse_hours, parse_window


class Allowed(NamedTuple):
    """What may stand at a setting."""

    types: frozenset[type] = frozenset()
    """Plain types: int, float, bool, str, date."""
    words: tuple[str, ...] = ()
    """The words of a choice."""
    models: tuple[type[BaseModel], ...] = ()
    """Groups of settings, or the laws to choose from."""
    items: Allowed | None = None
    """What each entry of a list may be."""
    entries: Allowed | None = None
    """What each entry of a group with free names may be."""
    keys: tuple[str, ...] = ()
    """The names that such entries may have; empty = any."""
    bounds: tuple[tuple[str, float], ...] = ()
    """Bounds of a number: 'ge', 'gt', 'le', 'lt'."""
    duration: bool = False
    business: bool = False
    """Business days are possible."""
    optional: bool = False
    anything: bool = False
    """Settings of a policy, as a file has them."""
    unit: str = ""

    @property
    def share(self) -> bool:
        """Whether it is a number from 0 to 1, such as a share or a chance."""
        low = [value for name, value in self.bounds if name in ("ge", "gt")]
        high = [value for name, value in self.bounds if name in ("le", "lt")]
        return float in self.types and min(low, default=-1) >= 0 and max(high, default=2) <= 1


def allowed(annotation: Any, metadata: Iterable[Any] = (), unit: str = "") -> Allowed:
    """Say what an annotation lets stand; `metadata` is what pydantic has taken off its outside."""
    one = _marked(Allowed(unit=unit), metadata)
    if get_origin(annotation) is Annotated:
        return allowed(get_args(annotation)[0], (*metadata, *annotation.__metadata__), unit)
    if get_origin(annotation) in (Union, UnionType):
        for inner in get_args(annotation):
            one = _either(one, allowed(inner, (), unit))
        return one
    if get_origin(annotation) is Literal:
        return one._replace(words=tuple(map(str, get_args(annotation))))
    if get_origin(annotation) is tuple and annotation is not None:
        return one._replace(items=allowed(get_args(annotation)[0], (), unit))
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        if value is Any:
            return one._replace(anything=True)
        return one._replace(entries=allowed(value, (), unit), keys=allowed(key).words)
    if annotation is NoneType:
        return one._replace(optional=True)
    if _is_model(annotation):
        return one._replace(models=(annotation,))
    return one._replace(types=one.types | {annotation}) if isinstance(annotation, type) else one


def _either(one: Allowed, other: Allowed) -> Allowed:
    """What may be this or that."""
    return one._replace(
        types=one.types | other.types,
        words=one.words + other.words,
        models=one.models + other.models,
        items=one.items or other.items,
        entries=one.entries or other.entries,
        keys=one.keys + other.keys,
        bounds=one.bounds + other.bounds,
        duration=one.duration or other.duration,
        business=one.business or other.business,
        optional=one.optional or other.optional,
    )


def _marked(one: Allowed, metadata: Iterable[Any]) -> Allowed:
    """Take in bounds and durations from the marks beside a type."""
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            one = _marked(one, mark.metadata)
        elif isinstance(mark, BeforeValidator) and mark.func in (parse_hours, parse_window):
            one = one._replace(duration=True, business=mark.func is parse_window)
        else:
            known = [name for name in ("ge", "gt", "le", "lt") if getattr(mark, name, None) is not None]
            one = one._replace(bounds=one.bounds + tuple((name, getattr(mark, name)) for name in known))
    return one


def settings_at(root: type[BaseModel], where: tuple[str | int, ...]) -> dict[str, FieldInfo]:
    """List the settings that may stand in the mapping at a pydantic location, by the name in a file."""
    return {name: field for model in models_at(root, where) for name, field in fields(model).items()}


def models_at(root: type[BaseModel], where: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """List the models that may stand at a pydantic location; the name of a law narrows them down."""
    options: list[Any] = [root]
    for part in where:
        options = [inner for option in options for inner in _step(option, part)]
    return [option for option in options if _is_model(option)]


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """List the fields of a model by the names that files use."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def law(model: type[BaseModel]) -> str | None:
    """Give the name of the law that a model is, or nothing for other models."""
    names = get_args(model.model_fields["law"].annotation) if "law" in model.model_fields else ()
    return str(names[0]) if names else None


def _step(option: Any, part: str | int) -> Iterator[Any]:
    if _is_model(option):
        if part in fields(option):
            yield from _alternatives(fields(option)[str(part)].annotation)
        elif part == law(option):
            yield option
    elif get_origin(option) is dict:
        yield from _alternatives(get_args(option)[1])
    elif get_origin(option) is tuple:
        yield from _alternatives(get_args(option)[0])


def _alternatives(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for inner in get_args(annotation):
            yield from _alternatives(inner)
    else:
        yield annotation


def _is_model(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)
