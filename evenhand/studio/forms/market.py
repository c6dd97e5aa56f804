"""The fields of a market: the settings of a scenario in sections, of which a page shows one."""

from __future__ import annotations

import re
from typing import Any

from evenhand import scenarios
from evenhand.locale.current import gettext
from evenhand.locale.words import Named, Words
from evenhand.scenarios.fields import setting_at
from evenhand.scenarios.forms import form
from evenhand.studio.forms.choices import plain_word
from evenhand.studio.forms.fields import Field, Group, Look, Part, field_at
from evenhand.studio.forms.sections import LEFT_OUT
from evenhand.studio.forms.shown import is_filled_in, read


class MarketWords(Words):
    """Headings, and what each section is about."""

    TITLES = Named(
        orders="Orders and calendar",
        desks="Desks and who decides",
        merchants="Merchants",
        buyers="Buyers",
        problems="Problems with orders",
        evidence="Evidence",
        people="How people respond",
        file="About this file",
    )
    LEADS = Named(
        orders="How many orders a day, of what, when, festivals and holidays.",
        desks="Staff, their hours and wages, and how often they err.",
        merchants="Groups of merchants: how many, how much they sell, how carefully, and how they answer.",
        buyers="Groups of buyers: how often they order, how honest and how patient they are.",
        problems="What goes wrong with orders, how often, and what buyers make up.",
        evidence="What each kind of evidence is worth, and how often it is there.",
        people="Claims, talks, trust, habit, care: what rules do to people.",
        file="What the market is called and how it is described.",
    )


SECTIONS = {
    "orders": ("days", "start_up", "market", "calendar", "shipping", "confirming", "review_request"),
    "desks": ("desks", "arbiters", "model", "jurors"),
    "merchants": ("merchants",),
    "buyers": ("buyers",),
    "problems": ("causes",),
    "evidence": ("evidence",),
    "people": ("behaviour",),
    "file": ("title", "description", "currency"),
}
"""Sections with the groups of settings that stand in them; the first is the one that opens."""
_ROW = re.compile(r"(.+?)\.(\d+)\.([^.]+)$")
"""A cell of a row of a list: the list, the row, the cell."""
_OF = {group: key for key, groups in SECTIONS.items() for group in groups}


def section_of(path: str) -> str | None:
    """The section that a setting is in; None for what no form shows."""
    return None if path in LEFT_OUT else _OF.get(path.partition(".")[0])


def tabs(look: Look) -> list[tuple[str, str, int]]:
    """Every section: its key, its title, and how many of its settings differ from the base."""
    counted = dict.fromkeys(SECTIONS, 0)
    for path in changed(look):
        if key := section_of(path):
            counted[key] += 1
    return [(key, MarketWords().TITLES[key], n) for key, n in counted.items()]


def changed(look: Look) -> list[str]:
    """Settings whose value is not that of the base."""
    if look.base is None:
        return []
    values, below = form(look.loaded.model), form(look.base.model)
    return [path for path in dict.fromkeys((*values, *below)) if values.get(path) != below.get(path)]


def part(look: Look, key: str) -> Part:
    """A section with its fields, under the headings of their groups."""
    groups: dict[str, list[Field]] = {}
    values, below = form(look.loaded.model), form(look.base.model) if look.base else None
    told = {one.path: one for one in scenarios.settings(look.loaded)}
    for path in (*values, *_new_rows(values)):
        one = setting_at("scenario", path) if section_of(path) == key else None
        if one is not None and is_filled_in(one, values.get(path)):
            field = field_at(one, path, values, below, told.get(path), "", look)
            groups.setdefault(path.rpartition(".")[0], []).append(field)
    new = {f"{path.rpartition('.')[0]}." for path in _new_rows(values)}
    words = MarketWords()
    made = tuple(
        Group(_heading(stem, key, is_new=f"{stem}." in new), tuple(fields)) for stem, fields in groups.items()
    )
    return Part(key, words.TITLES[key], words.LEADS[key], made)


def whole_lists(look: Look, wanted: dict[str, Any]) -> dict[str, Any]:
    """Changes of single rows of a list as a change of the list: a list in the base is replaced as a whole.

    A row whose cells are all empty is taken out.
    """
    values, found = form(look.loaded.model), dict(wanted)
    for stem in {match[1] for path in wanted if (match := _ROW.match(path))}:
        rows: dict[int, dict[str, Any]] = {}
        for path in dict.fromkeys((*values, *wanted)):
            if (row := _ROW.match(path)) and row[1] == stem:
                rows.setdefault(int(row[2]), {})[row[3]] = (
                    _cell(path, wanted[path]) if path in wanted else values[path]
                )
                found.pop(path, None)
        filled = [
            row for _, row in sorted(rows.items()) if any(one not in (None, "") for one in row.values())
        ]
        found[stem] = filled
    return found


def _cell(path: str, typed: Any) -> Any:
    """What was typed in a row: a number or a date where no text is meant."""
    one = setting_at("scenario", path)
    is_text = one is None or str in one.may.types or not isinstance(typed, str)
    return typed if is_text else read(typed)


def _new_rows(values: dict[str, Any]) -> list[str]:
    """An empty row behind each list of rows, for one more."""
    last: dict[str, int] = {}
    for path in values:
        if row := _ROW.match(path):
            last[row[1]] = max(last.get(row[1], 0), int(row[2]))
    rows = [(row, path) for path in values if (row := _ROW.match(path)) and row[2] == "0"]
    return [f"{row[1]}.{last[row[1]] + 1}.{row[3]}" for row, _ in rows]


def _heading(stem: str, key: str, *, is_new: bool) -> str:
    """Where a group of fields stands, in words; nothing for the ones of the section itself."""
    said, path = [], ""
    for name in stem.split("."):
        path = f"{path}.{name}".strip(".")
        one = setting_at("scenario", path)
        if one is None or one.path.endswith("*"):
            number = gettext("one more") if is_new else str(int(name) + 1) if name.isdecimal() else ""
            said.append(number or plain_word(name))
        elif path not in SECTIONS[key] or len(SECTIONS[key]) > 1:
            said.append(gettext(one.meaning.label))
    return " · ".join(said)
