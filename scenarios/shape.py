"""Which settings the models know at a place, to say what would have been allowed there."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


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
