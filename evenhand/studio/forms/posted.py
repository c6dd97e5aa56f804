"""What was filled in, as changes of the text that the form was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import scenarios
from evenhand.scenarios import BACK, BadFile, Loaded, Problem, edited
from evenhand.scenarios.fields import SettingAbout, setting_at
from evenhand.scenarios.forms import form
from evenhand.studio.forms.sections import LEFT_OUT
from evenhand.studio.forms.shown import Shown, is_filled_in, shown, typed

Filled = Mapping[str, Sequence[str]]


class Draft(NamedTuple):
    """A text as it would become, or why it cannot."""

    text: str
    """The new text; the one before where there are mistakes."""
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> dict[str, tuple[str, ...]]:
        """Mistakes by setting."""
        found: dict[str, list[str]] = {}
        for one in self.problems:
            found.setdefault(one.path, []).append(one.message)
        return {path: tuple(said) for path, said in found.items()}


def changes(loaded: Loaded, filled: Filled) -> dict[str, Any]:
    """The settings whose inputs do not hold what they held, with their new values."""
    values = form(loaded.model)
    found: dict[str, Any] = {}
    for path, texts in filled.items():
        one = setting_at(loaded.kind, path)
        if one is None or path in LEFT_OUT or not is_filled_in(one, values.get(path)):
            continue
        before = shown(values.get(path), one.may)
        now = _now(texts, before)
        if isinstance(now, str) and path != "description":
            now = now.strip()
        if (
            now == before
            or _same_lines(now, before)
            or (may_be_in_any_order(one) and set(now) == set(before))
        ):
            continue
        if path not in values and not now:
            continue  # an empty row of a table, or an input of a group that is not there
        emptied = not now and one.path.endswith(".*")  # a row of a table that is not wanted any more
        found[path] = BACK if emptied else typed(texts, one.may)
    return found


def _now(texts: Sequence[str], before: Shown) -> Shown:
    """What an input holds now: several texts where several may be chosen."""
    return "".join(texts[-1:]) if isinstance(before, str) else tuple(text for text in texts if text)


def apply(text: str, wanted: Mapping[str, Any], name: str, folder: Path) -> Draft:
    """The text with these changes, checked as a whole."""
    try:
        return Draft(edited(text, wanted, name, folder=folder) if wanted else text)
    except BadFile as error:
        return Draft(text, error.problems)


def checked(text: str, name: str, folder: Path) -> Draft:
    """A text that somebody has typed as a whole."""
    return Draft(text, scenarios.check_text(text, name, "policy", folder).problems)


def may_be_in_any_order(one: SettingAbout) -> bool:
    """Whether a list is a choice of several words."""
    return one.may.items is not None and bool(one.may.items.words)


def _same_lines(now: Any, before: Any) -> bool:
    """Browsers send lines with another ending than files have."""
    return isinstance(now, str) and isinstance(before, str) and now.split() == before.split() and "\n" in now


__all__ = ["BACK", "Draft", "Filled", "apply", "changes", "checked"]
