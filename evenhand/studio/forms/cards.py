"""Exceptions and reforms as cards: a sentence, its conditions, and what is different; and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from evenhand.locale.current import gettext
from evenhand.scenarios import BACK
from evenhand.scenarios.fields import about, setting_at
from evenhand.scenarios.forms import form
from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy
from evenhand.studio.forms.fields import Field, Look, Option, fields
from evenhand.studio.forms.shown import Shown, shown

_WHEN = "exceptions.*.when."


class Card(NamedTuple):
    """An exception or a reform."""

    path: str
    name: str
    sentence: str
    conditions: tuple[Field, ...]
    """Those that are set."""
    others: tuple[Field, ...]
    changes: tuple[Field, ...]
    is_own: bool
    """It stands in the file itself, and can be taken out."""


def exceptions(look: Look) -> list[Card]:
    """The exceptions of a policy."""
    rules = look.loaded.model
    assert isinstance(rules, Policy)
    return [_card(look, f"exceptions.{name}", name) for name in rules.exceptions]


def reforms(look: Look) -> list[Card]:
    """The reforms of a policy."""
    rules = look.loaded.model
    assert isinstance(rules, Policy)
    return [_card(look, f"reforms.{number}", str(one.starts)) for number, one in enumerate(rules.reforms)]


def conditions() -> list[Option]:
    """What an exception can depend on."""
    return [
        Option(one.path.removeprefix(_WHEN), gettext(one.meaning.label))
        for one in about("policy")
        if one.path.startswith(_WHEN)
    ]


def new_exception(name: str, when: str, value: str, setting: str, to: str) -> dict[str, Any]:
    """The changes that add an exception with a condition and a setting."""
    condition = setting_at("policy", f"{_WHEN}{when}")
    wanted: Any = value
    if condition is not None and condition.may.items is not None:
        wanted = [part.strip().replace(" ", "_") for part in value.split(",") if part.strip()]
    return {
        f"exceptions.{name}.when.{when}": wanted,
        f"exceptions.{name}.changes.{setting}": to,
    }


def new_reform(look: Look, starts: str, setting: str, to: str) -> dict[str, Any]:
    """The changes that add a reform behind those there are."""
    day: Any = int(starts) if starts.isascii() and starts.isdecimal() else starts
    added = {"starts": day, "changes": nested({setting: to})}
    return {"reforms": [*_written(look), added]}


def without_reform(look: Look, number: int) -> dict[str, Any]:
    """The changes that take a reform out."""
    rest = [one for place, one in enumerate(_written(look)) if place != number]
    return {
        "reforms": rest
        or (BACK if not look.base or not form(look.base.model).get("reforms.0.starts") else [])
    }


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by their paths as groups in groups."""
    found: dict[str, Any] = {}
    for path, value in flat.items():
        at = found
        *groups, last = path.split(".")
        for part in groups:
            at = at.setdefault(part, {})
        at[last] = value
    return found


def _written(look: Look) -> list[Any]:
    """The reforms as a file writes them."""
    flat = {path: value for path, value in form(look.loaded.model).items() if path.startswith("reforms.")}
    groups = nested(flat).get("reforms", {})
    return [groups[key] for key in sorted(groups, key=int)]


def _card(look: Look, path: str, name: str) -> Card:
    every = list(fields(look, path))
    changed = tuple(one for one in every if ".changes." in one.path)
    told = [one for one in every if ".changes." not in one.path]
    usual = _usual() if path.startswith("exceptions.") else {}
    is_set = {one.path: one.value != usual.get(one.path.rpartition(".")[2]) for one in told}
    place = look.loaded.places.get(path)
    return Card(
        path,
        name,
        _sentence([one for one in told if is_set[one.path]], changed),
        tuple(one for one in told if is_set[one.path]),
        tuple(one for one in told if not is_set[one.path]),
        changed,
        place is not None and place.file == look.loaded.path.name,
    )


def _usual() -> dict[str, Shown]:
    """Conditions that leave every case in."""
    found = {}
    for key, value in form(When.model_construct()).items():
        one = setting_at("policy", f"{_WHEN}{key}")
        if one is not None:
            found[key] = shown(value, one.may)
    return found


def _sentence(told: list[Field], changed: tuple[Field, ...]) -> str:
    """The card in a sentence."""
    join = gettext(", ")
    when = join.join(f"{one.label} {said(one)}" for one in told) or gettext("always")
    then = join.join(f"{one.label} {said(one)}" for one in changed) or gettext("nothing")
    return gettext("{when} → {then}").format(when=when, then=then)


def said(field: Field) -> str:
    """The value of a field in words."""
    texts = (field.value,) if isinstance(field.value, str) else field.value
    labels = {one.value: one.label for one in field.options} | {
        "true": gettext("yes"),
        "false": gettext("no"),
    }
    return ", ".join(labels.get(text, text) for text in texts) or gettext("none")
