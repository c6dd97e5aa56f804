"""The fields of the editor: each setting with its value, its base, what it means, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from evenhand import scenarios
from evenhand.locale.current import gettext
from evenhand.scenarios import Loaded
from evenhand.scenarios.fields import UNITS, SettingAbout, about, setting_at
from evenhand.scenarios.forms import form
from evenhand.scenarios.show import Setting
from evenhand.scenarios.without_effect import without_effect
from evenhand.studio.forms.choices import choice, plain_word
from evenhand.studio.forms.sections import LEFT_OUT, SECTIONS, SectionWords, group_of, section_of
from evenhand.studio.forms.shown import Shown, shown, unit_said, widget, words_of


class Option(NamedTuple):
    """A choice."""

    value: str
    label: str


class Field(NamedTuple):
    """A setting as the form has it."""

    path: str
    label: str
    means: str
    unit: str
    unit_means: str
    allowed: str
    widget: str
    value: Shown
    base: Shown | None
    """In the base; None where there is none."""
    options: tuple[Option, ...]
    source: str
    confidence: str
    note: str
    idle: str
    """Why it has no effect under these rules; empty where it may have."""
    errors: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the base."""
        if self.widget == "many" and self.base is not None:
            return set(self.value) != set(self.base)
        return self.base is not None and self.value != self.base

    @property
    def base_said(self) -> str:
        """The value of the base in words."""
        if self.base is None:
            return ""
        texts = (self.base,) if isinstance(self.base, str) else self.base
        labels = {one.value: one.label for one in self.options}
        return ", ".join(labels.get(text, text) for text in texts) or gettext("none")


class Group(NamedTuple):
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]


class Part(NamedTuple):
    """A section with its fields."""

    key: str
    title: str
    lead: str
    groups: tuple[Group, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them."""
        return tuple(field for group in self.groups for field in group.fields)

    @property
    def changed(self) -> int:
        """How many differ from the base."""
        return sum(field.is_changed for field in self.fields)


class Look(NamedTuple):
    """What a form is made from."""

    loaded: Loaded
    base: Loaded | None
    filled: Mapping[str, Sequence[str]] = {}
    """What was typed and may not be valid, by path; it is shown as it is."""
    errors: Mapping[str, tuple[str, ...]] = {}
    """What is wrong with it, by path."""


def parts(look: Look) -> list[Part]:
    """The sections with their fields; exceptions and reforms are told elsewhere."""
    found: dict[str, dict[str, list[Field]]] = {}
    for field in fields(look):
        section = section_of(field.path)
        assert section is not None
        found.setdefault(section, {}).setdefault(group_of(field.path), []).append(field)
    words = SectionWords()
    made = []
    for one in SECTIONS:
        groups = found.get(one.key, {})
        order = sorted(groups, key=lambda stem: (stem != "windows", stem != ""))  # time limits first
        titled = tuple(Group(words.GROUPS.get(stem, ""), tuple(groups[stem])) for stem in order)
        made.append(Part(one.key, words.TITLES[one.key], words.LEADS[one.key], titled))
    return made


def fields(look: Look, within: str = "") -> Iterator[Field]:
    """All fields outside of exceptions and reforms, or those below the path `within`, in order."""
    values, below = form(look.loaded.model), form(look.base.model) if look.base else None
    told = {one.path: one for one in scenarios.settings(look.loaded)}
    paths = [path for path in _paths(values) if _is_shown(path, within)]
    idle = {one.path: one.message for one in without_effect(look.loaded, paths, None, 0)}
    for path in paths:
        one = setting_at("policy", path)
        if one is not None and not (one.may.models or one.may.entries or one.may.anything):
            yield field_at(one, path, values, below, told.get(path), idle.get(path, ""), look)


def settings_for_changes() -> list[tuple[str, list[Option]]]:
    """Settings that an exception or a reform may change, by section: for a list to choose from."""
    found: dict[str, list[Option]] = {}
    for one in about("policy"):
        section = section_of(one.path)
        single = not (one.may.models or one.may.entries or one.may.anything or "*" in one.path)
        if section in (None, "file", "exceptions", "reforms") or not single:
            continue
        group = SectionWords().GROUPS.get(group_of(one.path), "")
        label = gettext(one.meaning.label)
        found.setdefault(section, []).append(Option(one.path, f"{group}: {label}" if group else label))
    return [(SectionWords().TITLES[one.key], found[one.key]) for one in SECTIONS if one.key in found]


def _paths(values: Mapping[str, object]) -> list[str]:
    """Every setting that may be filled in, those of empty groups and tables too, in the models' order."""
    found: dict[str, None] = {}
    for one in about("policy"):
        if "*" not in one.path:
            found.update(dict.fromkeys(f"{one.path}.{key}" for key in one.may.keys) or {one.path: None})
    found.update(dict.fromkeys(values))
    return list(found)


def _is_shown(path: str, within: str) -> bool:
    if within:
        return path.startswith(f"{within}.")
    return section_of(path) not in (None, "exceptions", "reforms") and path not in LEFT_OUT


def field_at(
    one: SettingAbout,
    path: str,
    values: Mapping[str, object],
    below: Mapping[str, object] | None,
    told: Setting | None,
    idle: str,
    look: Look,
) -> Field:
    """A setting of a form: its value, its base, or what was typed; `idle` says why it has no effect."""
    said, may = one.meaning, one.may
    value = shown(values.get(path), may)
    if path in look.filled:
        typed = look.filled[path]
        value = "".join(typed[-1:]) if isinstance(value, str) else tuple(text for text in typed if text)
    kind = widget(one)
    return Field(
        path,
        _named(path) if one.path.endswith(".*") else gettext(said.label),
        gettext(said.description),
        gettext(unit_said(said)),
        gettext(UNITS.get(said.unit, "")),
        gettext(said.allowed),
        kind,
        value,
        None if below is None else shown(below.get(path), may),
        tuple(Option(word, choice(path, word)) for word in words_of(may)),
        told.source if told else "",
        gettext(told.confidence if told else "default"),
        told.note if told else "",
        idle,
        tuple(look.errors.get(path, ())),
    )


def _named(path: str) -> str:
    """The name of a row of a table."""
    return plain_word(path.rpartition(".")[2])
