"""Settings by path: a row class names settings of a model, and each field is filled from the model.

A field is named by the path of its setting with `_` for every dot, or by as much of the end of the path
as no other setting shares: `panel_quorum` is `decision.panel.quorum`. A `bool` field may add one of the
choices of a setting: `remedy_proportional` asks whether `decision.remedy` is 'proportional',
`consent_of_buyer` whether `consent.of` has 'buyer', `goods_in_hand_yes` whether a yes, no or none is yes.
How other values become numbers is decided by their type; `Read` marks the exceptions, in the model.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from enum import Enum
from functools import cache
from math import log
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from evenhand.sim.scenario.units import Window

Row = TypeVar("Row")
UNLIMITED = 1e18
"""A number beyond every time and every amount of money."""


class Read(Enum):
    """How stages read a setting, where its type does not say it; written into the setting's annotation."""

    LOG_ODDS = "the natural log odds of a probability"
    NO_LIMIT = "none stands for a limit that nothing reaches"
    EMPTY_IS_ALL = "no choice stands for all of them"


class SettingPath(NamedTuple):
    """One setting of a model."""

    path: tuple[str, ...]
    choices: tuple[Any, ...]
    """What it can be, or, for a tuple, hold; empty where it is a number."""
    read: tuple[Read, ...]

    def names(self) -> list[str]:
        """Names by which a row may call it: the whole path first, then ever shorter ends."""
        return ["_".join(self.path[k:]) for k in range(len(self.path))]


class RowField(NamedTuple):
    """A field of a row and where its value comes from."""

    name: str
    kind: Callable[[Any], Any]
    setting: SettingPath
    choice: Any = None
    """The choice that a bool field asks for; None = the value itself."""


def logit(p: float) -> float:
    """Natural log odds of a probability strictly between 0 and 1."""
    return log(p / (1 - p))


@cache
def settings_of(model: Any) -> tuple[SettingPath, ...]:
    """All settings of a model class, those of its parts included, in their order."""
    return tuple(_walk(model, ()))


def _walk(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[SettingPath]:
    for name, field in model.model_fields.items():
        kind = _without_none(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _walk(kind, (*above, name))
        read = tuple(one for one in field.metadata if isinstance(one, Read))
        yield SettingPath((*above, name), _choices(kind), read)


def _without_none(kind: Any) -> Any:
    """The type of an optional value, without what Annotated adds."""
    if get_origin(kind) is Annotated:
        return _without_none(get_args(kind)[0])
    if get_origin(kind) in {Union, types.UnionType}:
        rest = [one for one in get_args(kind) if one is not type(None)]
        return _without_none(rest[0]) if len(rest) == 1 else kind
    return kind


def _choices(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) is tuple:
        return _choices(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return get_args(kind)
    return (True, False) if kind is bool else ()


def _word(choice: Any) -> str:
    return {True: "yes", False: "no"}.get(choice, str(choice))


@cache
def fields_of(row: Any, model: type[BaseModel], given: frozenset[str] = frozenset()) -> tuple[RowField, ...]:
    """The fields of a row class that come from settings of a model, all but those given.

    Raises TypeError for a field that names no setting, or more than one.
    """
    kinds = {name: kind for name, kind in get_type_hints(row).items() if name not in given}
    return tuple(_find(row, name, kind, model) for name, kind in kinds.items())


def _find(row: type, name: str, kind: type, model: type[BaseModel]) -> RowField:
    found = []
    for setting in settings_of(model):
        asked = [(called, None) for called in setting.names()]
        if kind is bool:
            asked += [(f"{end}_{_word(one)}", one) for end in setting.names() for one in setting.choices]
        found += [(called, setting, choice) for called, choice in asked if called == name]
    whole = [one for one in found if one[1].names()[0] == name]
    if len(whole or found) != 1:
        where = f"{row.__name__}.{name}: "
        if found:
            paths = ", ".join(".".join(setting.path) for _, setting, _ in found)
            raise TypeError(f"{where}more than one setting is called so: {paths}")
        names = [end for setting in settings_of(model) for end in setting.names()]
        close = get_close_matches(name, names, 1)
        raise TypeError(f"{where}no setting is called so{f'; did you mean {close[0]!r}?' if close else ''}")
    ((_, setting, choice),) = whole or found
    return RowField(name, kind, setting, choice)


def by_path(
    row: type[Row], model: BaseModel, law: Callable[[Any], int] | None = None, /, **given: Any
) -> Row:
    """A row with the settings of a model; `law` gives a distribution its number, `given` is not in the model.

    Raises TypeError for a field that names no setting, or more than one.
    """
    kind: Any = row
    fields = fields_of(kind, type(model), frozenset(given))
    return row(**given, **{field.name: _value(field, model, law) for field in fields})


def _value(field: RowField, model: BaseModel, law: Callable[[Any], int] | None) -> Any:
    value: Any = model
    for name in field.setting.path:
        value = getattr(value, name) if value is not None else None
    return field.kind(_number(field, value, law))


def _number(field: RowField, value: Any, law: Callable[[Any], int] | None) -> Any:
    """The number, or the truth of the choice, that stands for a value."""
    read, choices = field.setting.read, field.setting.choices
    if field.choice is not None:
        return field.choice in value if isinstance(value, tuple) else value == field.choice
    if value is None:
        return UNLIMITED if Read.NO_LIMIT in read else 0
    if Read.LOG_ODDS in read:
        return logit(value)
    if isinstance(value, Window):
        return value.hours
    if isinstance(value, tuple):
        chosen = choices if Read.EMPTY_IS_ALL in read and not value else value
        return sum(1 << choices.index(one) for one in chosen)
    if isinstance(value, BaseModel):
        assert law is not None, field.name
        return law(value)
    return choices.index(value) if isinstance(value, str) else value
