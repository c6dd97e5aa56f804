"""What `--vary` says: which setting, and from which value to which or at which values."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import NamedTuple

from evenhand.analysis.experiments import Axis
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.numbers import NotVariableError, Number, number
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window, parse_window

HOW = gettext_noop(
    "write SETTING=LOW..HIGH, SETTING=LOW..HIGH:log or SETTING=VALUE,VALUE,..., e.g. "
    "windows.merchant_reply=24h..120h"
)
RANGE, LOG = "..", ":log"


class Varied(NamedTuple):
    """The axes, and which of them count on business days."""

    axes: list[Axis]
    business: tuple[str, ...]


def read(given: Sequence[str], scenario: Scenario, policy: Policy) -> Varied:
    """Read every `--vary`. Raises UsageError that says what was found and what is allowed."""
    axes = [axis(text, scenario, policy) for text in given]
    names = [one.name for one in axes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(gettext("--vary: {twice} is given twice").format(twice=twice))
    return Varied(axes, tuple(one.name for one in axes if one.unit == "business"))


def axis(text: str, scenario: Scenario, policy: Policy) -> Axis:
    """The axis that `SETTING=VALUES` stands for. Raises UsageError that says what is allowed."""
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise UsageError(gettext("--vary: {how}; found '{text}'").format(how=gettext(HOW), text=text))
    try:
        setting = number(scenario, policy, name)
    except NotVariableError as error:
        raise UsageError(f"--vary: '{name}' {error}") from error
    log = values.endswith(LOG)
    values = values.removesuffix(LOG)
    parts = [part.strip() for part in values.split(RANGE if RANGE in values else ",")]
    if len(parts) < 2 or (RANGE in values and len(parts) > 2) or not all(parts):
        raise UsageError(gettext("--vary: {how}; found '{text}'").format(how=gettext(HOW), text=text))
    if log and RANGE not in values:
        raise UsageError(
            gettext("--vary: a log scale is for a range, and '{text}' is a list").format(text=text)
        )
    numbers, unit = _values(setting, parts)
    low_high = {"low": numbers[0], "high": numbers[1]} if RANGE in values else {"values": tuple(numbers)}
    try:
        return Axis(
            name=shortest(setting, scenario, policy),
            scale="log" if log else "linear",
            whole=setting.form == "whole",
            unit=unit,
            base=_base(setting, unit),
            **low_high,
        )
    except ValueError as error:
        raise UsageError(f"--vary: {error}") from error


def shortest(setting: Number, scenario: Scenario, policy: Policy) -> str:
    """The path without its side, where nothing else has it."""
    try:
        number(scenario, policy, setting.path)
    except NotVariableError:
        return f"{setting.side}.{setting.path}"
    return setting.path


def _values(setting: Number, parts: Sequence[str]) -> tuple[list[float], str]:
    """Numbers in the unit of the setting, and that unit. Raises UsageError."""
    if setting.form in {"number", "whole"}:
        return [_plain(setting, part) for part in parts], ""
    with_unit = [not _is_number(part) for part in parts]
    if any(with_unit) and not all(with_unit):
        raise UsageError(
            gettext("--vary: {path}: give every value its unit, found '{parts}'").format(
                path=setting.path, parts=", ".join(parts)
            )
        )
    try:
        windows = [parse_window(float(part) if _is_number(part) else part) for part in parts]
    except ValueError as error:
        raise UsageError(
            gettext("--vary: {path}: {error}, found '{parts}'").format(
                path=setting.path, error=error, parts=", ".join(parts)
            )
        ) from error
    kinds = {window.business for window in windows}
    if len(kinds) > 1:
        raise UsageError(
            gettext("--vary: {path}: business days or not, but not both in one list").format(
                path=setting.path
            )
        )
    if True in kinds and setting.form == "hours":
        raise UsageError(
            gettext("--vary: {path}: business days are for the windows of a policy").format(path=setting.path)
        )
    return [window.hours for window in windows], "business" if True in kinds else "h"


def _plain(setting: Number, text: str) -> float:
    if not _is_number(text):
        kind = gettext("whole numbers") if setting.form == "whole" else gettext("numbers without a unit")
        raise UsageError(
            gettext("--vary: {path} takes {kind}, found '{text}'").format(
                path=setting.path, kind=kind, text=text
            )
        )
    return float(text)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _base(setting: Number, unit: str) -> float:
    """The value as it is, where it can stand on the axis."""
    if isinstance(setting.value, Window):
        return setting.value.hours if setting.value.business == (unit == "business") else nan
    return nan if setting.value is None else float(setting.value)
