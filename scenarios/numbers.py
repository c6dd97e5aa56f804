"""The numbers among the settings of a scenario and a policy, and the two with other values in their place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic.fields import FieldInfo

from evenhand.locale.current import gettext
from evenhand.renamed import SETTINGS, current
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.problems import clean, listed
from evenhand.scenarios.shape import fields
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window, parse_hours

Form = Literal["number", "whole", "hours", "window"]
"""What may stand there: any number, a whole one, a plain duration, or one that may count business days."""
Both = tuple[Scenario, Policy]
Model = TypeVar("Model", Scenario, Policy)
SIDES: tuple[Kind, ...] = ("policy", "scenario")


class Number(NamedTuple):
    """One setting that is a number, or may be one."""

    side: Kind
    path: str
    """Dotted, as in the file, without the side."""
    form: Form
    value: float | Window | None
    """As it stands; None where the setting is not set."""


class NotVariableError(ValueError):
    """A path that leads to no number; the text says what there is."""


def numbers(scenario: Scenario, policy: Policy) -> list[Number]:
    """All numbers of both, those of the policy first, in the order of their files."""
    sides: dict[Kind, Scenario | Policy] = {"policy": policy, "scenario": scenario}
    return [one for side in SIDES for one in numbers_of(sides[side], side)]


def numbers_of(model: Scenario | Policy, side: Kind) -> Iterator[Number]:
    """The numbers of one of the two, in the order of its file."""
    return (Number(side, *found) for found in _of_model(model, ""))


def number(scenario: Scenario, policy: Policy, name: str) -> Number:
    """The number that a dotted path leads to; the path may begin with `policy.` or `scenario.`.

    Raises NotVariableError with near names for an unknown path, and where both have such a setting.
    """
    name, every = current(name, SETTINGS), numbers(scenario, policy)
    known = _by_name(every)
    if name not in known:
        raise NotVariableError(_unknown(name, every, scenario, policy))
    found = known[name]
    if found is None:
        both = listed([f"{side}.{name}" for side in SIDES])
        raise NotVariableError(
            gettext("is in the policy and in the scenario; write {both}").format(both=both)
        )
    return found


def _by_name(every: list[Number]) -> dict[str, Number | None]:
    """All numbers by their paths, with and without the side; None where a path is one of both sides."""
    known: dict[str, Number | None] = {}
    for one in every:
        known[one.path] = None if one.path in known else one
    return known | {f"{one.side}.{one.path}": one for one in every}


def builder(
    scenario: Scenario, policy: Policy, business: tuple[str, ...] = ()
) -> Callable[[Mapping[str, float]], Both]:
    """A function from values by path to a scenario and a policy with these values in place.

    Durations are in hours, around the clock but for the windows named in `business`, whose hours count on
    business days. The function raises NotVariableError for unknown paths, and ValueError where a value is
    not allowed or does not go together with the others.
    """
    known = {name: one for name, one in _by_name(numbers(scenario, policy)).items() if one is not None}

    def build(values: Mapping[str, float]) -> Both:
        changes: dict[Kind, dict[str, float | Window]] = {"policy": {}, "scenario": {}}
        for name, value in values.items():
            one = known.get(name) or number(scenario, policy, name)  # which says why there is none
            changes[one.side][one.path] = _as_written(one, value, business=name in business)
        return changed(scenario, changes["scenario"]), changed(policy, changes["policy"])

    return build


def _as_written(one: Number, value: float, *, business: bool) -> float | Window:
    """A value as the model takes it."""
    if one.form == "window":
        return Window(float(value), business)
    if one.form == "whole":
        if value != round(value):
            raise ValueError(
                gettext("{path}: must be a whole number, found {value:g}").format(path=one.path, value=value)
            )
        return int(value)
    return float(value)


def changed(model: Model, changes: Mapping[str, Any]) -> Model:
    """The model with other values by path, checked as a whole. Raises ValueError."""
    if not changes:
        return model
    data = model.model_dump(by_alias=True)
    for path, value in changes.items():
        _put(data, path.split("."), value)
    try:
        return type(model).model_validate(data)
    except ValidationError as error:
        raise ValueError("; ".join(_said(one, changes) for one in error.errors()[:5])) from error


def _said(one: Any, changes: Mapping[str, Any]) -> str:
    """What a model complains of, and which of the new values it may be about."""
    where = ".".join(map(str, one["loc"]))
    about = where if where in changes or not changes else where or listed(list(changes), "and")
    message = str(one["msg"]).replace("Input should be", "must be").removeprefix("Value error, ")
    ending = (
        gettext(", found {input:g}").format(input=one["input"])
        if isinstance(one["input"], (int, float))
        else ""
    )
    return f"{clean(about, 200)}: {message}{ending}"


def _put(data: Any, parts: list[str], value: Any) -> None:
    """Put a value into nested mappings and lists; lists are copied on the way."""
    for part, after in pairwise(parts):
        key: Any = int(part) if isinstance(data, list) else part
        if isinstance(data[key], tuple) and after.isdecimal():
            data[key] = list(data[key])
        data = data[key]
    data[int(parts[-1]) if isinstance(data, list) else parts[-1]] = value


def _of_model(model: BaseModel, above: str) -> Iterator[tuple[str, Form, float | Window | None]]:
    attributes = type(model).model_fields
    for name, (attribute, field) in zip(fields(type(model)), attributes.items(), strict=True):
        yield from _of_value(getattr(model, attribute), field, f"{above}{name}")


def _of_value(value: Any, field: FieldInfo, path: str) -> Iterator[tuple[str, Form, float | Window | None]]:
    """Go down to numbers; a setting that is not set counts where a number could stand."""
    if isinstance(value, BaseModel):
        yield from _of_model(value, f"{path}.")
    elif isinstance(value, Window):
        yield path, "window", value
    elif isinstance(value, (dict, tuple)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _of_value(item, field, f"{path}.{key}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, _form(value, field), value
    elif value is None:
        options = _options(field.annotation)
        if Window in options:
            yield path, "window", None
        elif int in options or float in options:
            yield path, "whole" if int in options else "number", None


def _form(value: float, field: FieldInfo) -> Form:
    if any(isinstance(mark, BeforeValidator) and mark.func is parse_hours for mark in field.metadata):
        return "hours"
    return "whole" if isinstance(value, int) else "number"


def _options(annotation: Any) -> set[Any]:
    """The plain types that an annotation such as `Annotated[int, ...] | None` allows."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    inner = get_args(annotation)
    return set().union(*map(_options, inner)) if inner else {annotation}


def _unknown(name: str, every: list[Number], scenario: Scenario, policy: Policy) -> str:
    """Say what a path leads to, or which numbers have names near to it."""
    side, _, rest = name.partition(".")
    for kind, model in (("policy", policy), ("scenario", scenario)):
        path = rest if side == kind else name
        there, value = _follow(model, path.split("."))
        if there:
            below = [one.path for one in every if one.side == kind and one.path.startswith(f"{path}.")]
            more = (
                gettext("; numbers in it are {listed}").format(listed=listed(below[:6], "and"))
                if below
                else ""
            )
            what = (
                gettext("a group of settings")
                if below
                else gettext("'{value}', which is no number").format(value=clean(str(value)))
            )
            return gettext("is {what}{more}").format(what=what, more=more)
    bare = rest if side in SIDES else name
    near = difflib.get_close_matches(bare, [one.path for one in every], n=3, cutoff=0.75)
    last = bare.rpartition(".")[2]
    alike = set(difflib.get_close_matches(last, {one.path.rpartition(".")[2] for one in every}, 3, 0.8))
    ends = [one.path for one in every if one.path.rpartition(".")[2] in alike]
    likely = list(dict.fromkeys([*near, *ends]))[:3]
    return gettext("is no setting") + (
        gettext("; did you mean {likely}?").format(likely=listed(likely))
        if likely
        else gettext("; see evenhand show")
    )


def _follow(value: Any, parts: list[str]) -> tuple[bool, Any]:
    """What a path leads to, number or not."""
    for part in parts:
        if isinstance(value, BaseModel):
            known = dict(zip(fields(type(value)), type(value).model_fields, strict=True))
            if part not in known:
                return False, None
            value = getattr(value, known[part])
        elif isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False, None
    return True, value
