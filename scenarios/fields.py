"""What there is to know of every setting beside its value: label, meaning, unit, order, what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from evenhand.locale.current import gettext, gettext_noop, tag
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.layers import MODELS
from evenhand.scenarios.shape import Allowed, allowed, fields, law
from evenhand.sim.scenario.units import ALLOWED

UNITS = {
    "nats": gettext_noop(
        "log odds: 0.7 doubles the odds, 1.1 trebles them, 2.3 makes them ten times as high"
    ),
    "log units": gettext_noop(
        "standard deviation of a logarithm: 0.1 is about 10 %, 0.7 about a factor of 2"
    ),
    "sigmas": gettext_noop(
        "distance in standard deviations (d'): 1 tells right from wrong in 69 of 100 cases"
    ),
    "share": gettext_noop("a part of the whole: 0.25 is a quarter; 25% is understood as well"),
    "weight": gettext_noop("only the ratios of such weights count"),
    "money": gettext_noop("in the currency of the scenario"),
}
"""What units mean that a reader may not know."""
PLAIN = gettext_noop("a duration such as '48 h', '7 d' or '2 weeks'")


class Meaning(NamedTuple):
    """What forms and editors show of a field of a model."""

    label: str
    description: str
    unit: str
    order: int
    """Position in its group, from 0."""
    allowed: str
    """What may stand there, in words."""


class SettingAbout(NamedTuple):
    """A setting of a kind of file, by its dotted path; `*` stands for a name or a position of the user's."""

    path: str
    meaning: Meaning
    may: Allowed


def meanings(model: type[BaseModel]) -> dict[str, Meaning]:
    """Everything there is to know of the fields of a model, by the names that files use.

    Words are in the language in force; units are words of code, and `UNITS` says what they mean.
    """
    labels = getattr(model, "labels", {})
    return {
        name: Meaning(
            gettext(labels.get(name) or name.replace("_", " ").capitalize()),
            gettext(described(field)),
            _unit(may),
            order,
            _allowed(may),
        )
        for order, (name, field, may) in enumerate(_fields(model))
    }


def described(field: FieldInfo) -> str:
    """What a field means, on one line, in English."""
    return " ".join((field.description or "").split())


def about(kind: Kind) -> tuple[SettingAbout, ...]:
    """Every setting that a kind of file can have, groups included, in the order of the models."""
    return _about(kind, tag())


def setting_at(kind: Kind, path: str) -> SettingAbout | None:
    """What there is to know of the setting at a dotted path of a file; None where there is none.

    What an exception or a reform changes is the setting of that name outside of it. A row of a table has
    the meaning of its table.
    """
    know, inner = known(kind), path.partition(".changes.")[2] or path
    found = know.settings.get(know.pattern(inner))
    if found is not None:
        return found
    table = know.settings.get(know.pattern(inner.rpartition(".")[0]))
    if table is None or table.may.entries is None:
        return None
    may = table.may.entries
    return SettingAbout(f"{table.path}.*", table.meaning._replace(allowed=_allowed(may)), may)


@lru_cache(maxsize=8)
def _about(kind: Kind, _language: str) -> tuple[SettingAbout, ...]:
    """In a language, since all that is said is in the one in force."""
    return tuple(_walk(MODELS[kind], ""))


class Known(NamedTuple):
    """Every setting of a kind of file by its path, and all groups on the way to one."""

    settings: Mapping[str, SettingAbout]
    stems: frozenset[str]

    def pattern(self, path: str) -> str:
        """The path with `*` for the parts that a user has named, as `about` writes it."""
        found = ""
        for part in path.split("."):
            inner = f"{found}.{part}" if found else part
            found = inner if inner in self.settings or f"{found}.*" not in self.stems else f"{found}.*"
        return found

    def allowed(self, path: str) -> Allowed | None:
        """What may stand at a path, an entry of a list or of a group included; None for no setting."""
        pattern = self.pattern(path)
        if pattern in self.settings:
            may = self.settings[pattern].may
            timeless = bool(may.unit)
            return may._replace(duration=may.duration and not timeless)
        above, _, last = pattern.rpartition(".")
        if above not in self.settings:
            return None
        may = self.settings[above].may
        part = may.items if last.isdecimal() else may.entries
        return part or may.entries or may.items


def known(kind: Kind) -> Known:
    """What there is to know of the settings of a kind of file, looked up by path."""
    return _known(kind, tag())


@lru_cache(maxsize=8)
def _known(kind: Kind, _language: str) -> Known:
    every = {one.path: one for one in about(kind)}
    return Known(
        every, frozenset(stem for path in every for stem in accumulate(path.split("."), "{}.{}".format))
    )


def models(kind: Kind) -> dict[str, type[BaseModel]]:
    """All models that a kind of file is made of, by their names."""
    found: dict[str, type[BaseModel]] = {}
    waiting: list[type[BaseModel]] = [MODELS[kind]]
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            waiting += [inner for _, _, may in _fields(model) for inner in _inside(may)]
    return found


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo, Allowed]]:
    units = getattr(model, "units", {})
    for name, field in fields(model).items():
        yield name, field, allowed(field.annotation, field.metadata, units.get(name, ""))


def _inside(may: Allowed) -> list[type[BaseModel]]:
    parts = [part for part in (may.items, may.entries) if part is not None]
    return [*may.models, *(model for part in parts for model in _inside(part))]


def _walk(model: type[BaseModel], above: str) -> Iterator[SettingAbout]:
    known = meanings(model)
    for name, _, may in _fields(model):
        path = f"{above}{name}"
        yield SettingAbout(path, known[name], may)
        yield from _below(may, path)


def _below(may: Allowed, path: str) -> Iterator[SettingAbout]:
    seen: set[str] = set()
    for model in may.models:
        for one in _walk(model, f"{path}."):
            if one.path not in seen:  # parameters that several laws share
                seen.add(one.path)
                yield one
    for part in (may.items, may.entries):
        if part is not None:
            yield from _below(part, f"{path}.*")


def _unit(may: Allowed) -> str:
    """The unit of a field: said by its model, or known from its type."""
    part = may.items or may.entries or may
    if may.unit:
        return may.unit
    if part.duration:
        return "duration"
    if may.anything or (part.models and not any(map(law, part.models))):
        return "settings"
    if part.models:
        return "duration"
    if part.words:
        return "choice"
    if part.share:
        return "share"
    plain = {bool: "yes or no", str: "text", date: "date"}
    return next((name for kind, name in plain.items() if kind in part.types), "")


def _allowed(may: Allowed) -> str:
    """What may stand at a field, in words."""
    if may.anything:
        return gettext("settings as they stand in a policy file")
    if may.items:
        return gettext("a list; each entry: {allowed}").format(allowed=_allowed(may.items))
    if may.entries:
        names = gettext(" named {either}").format(either=_either(may.keys)) if may.keys else ""
        return gettext("entries{names}; each: {allowed}").format(names=names, allowed=_allowed(may.entries))
    return gettext(" or ").join([*_options(may), *([gettext("nothing")] if may.optional else [])])


def _options(may: Allowed) -> Iterator[str]:
    """The forms that a single value may have."""
    if may.words:
        yield _either(may.words)
    if may.duration:
        yield gettext(ALLOWED if may.business else PLAIN)
    elif may.types & {int, float}:
        yield _number(may)
    if bool in may.types:
        yield gettext("true or false")
    if date in may.types:
        yield gettext("a date such as 2026-11-11")
    if str in may.types and not may.words:
        yield gettext("any text")
    if may.models:
        laws = [name for model in may.models if (name := law(model))]
        yield (
            gettext("a law: {either}").format(either=_either(laws))
            if laws
            else gettext("a group of settings")
        )


def _number(may: Allowed) -> str:
    what = gettext("a number") if float in may.types else gettext("a whole number")
    said = {
        "ge": gettext("from {:,.12g}"),
        "gt": gettext("above {:,.12g}"),
        "le": gettext("to {:,.12g}"),
        "lt": gettext("below {:,.12g}"),
    }
    return " ".join([what, *(said[name].format(value) for name, value in may.bounds)])


def _either(words: list[str] | tuple[str, ...]) -> str:
    return (
        ", ".join(words[:-1]) + gettext(" or {what}").format(what=words[-1]) if len(words) > 1 else words[0]
    )
