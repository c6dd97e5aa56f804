"""What `--vary` says: which setting, and from which value to which or at which values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite, nan
from typing import NamedTuple

from evenhand.analysis.experiments import Axis
from evenhand.errors import UsageError
from evenhand.scenarios.numbers import NotVariableError, Number, number
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window, parse_window

HOW = (
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
    with naming("--vary"):
        axes = [axis(text, scenario, policy) for text in given]
        names = [one.name for one in axes]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"{twice} is given twice")
    return Varied(axes, tuple(axis.name for axis in axes if axis.unit == "business"))


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Say of a mistake in which option it was made."""
    try:
        yield
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def axis(text: str, scenario: Scenario, policy: Policy) -> Axis:
    """The axis that `SETTING=VALUES` stands for. Raises ValueError that says what is allowed."""
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise ValueError(f"{HOW}; found '{text}'")
    try:
        setting = number(scenario, policy, name)
    except NotVariableError as error:
        raise ValueError(f"'{name}' {error}") from error
    log = values.endswith(LOG)
    values = values.removesuffix(LOG)
    parts = [part.strip() for part in values.split(RANGE if RANGE in values else ",")]
    if len(parts) < 2 or (RANGE in values and len(parts) > 2) or not all(parts):
        raise ValueError(f"{HOW}; found '{text}'")
    if log and RANGE not in values:
        raise ValueError(f"a log scale is for a range, and '{text}' is a list")
    numbers, unit = _values(setting, parts)
    low_high = {"low": numbers[0], "high": numbers[1]} if RANGE in values else {"values": tuple(numbers)}
    return Axis(
        name=shortest(setting, scenario, policy),
        scale="log" if log else "linear",
        whole=setting.form == "whole",
        unit=unit,
        base=_base(setting, unit),
        **low_high,
    )


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
        raise ValueError(f"{setting.path}: give every value its unit, found '{', '.join(parts)}'")
    try:
        windows = [parse_window(float(part) if _is_number(part) else part) for part in parts]
    except ValueError as error:
        raise ValueError(f"{setting.path}: {error}, found '{', '.join(parts)}'") from error
    kinds = {window.business for window in windows}
    if len(kinds) > 1:
        raise ValueError(f"{setting.path}: business days or not, but not both in one list")
    if True in kinds and setting.form == "hours":
        raise ValueError(f"{setting.path}: business days are for the windows of a policy")
    return [window.hours for window in windows], "business" if True in kinds else "h"


def _plain(setting: Number, text: str) -> float:
    if not _is_number(text):
        kind = "whole numbers" if setting.form == "whole" else "numbers without a unit"
        raise ValueError(f"{setting.path} takes {kind}, found '{text}'")
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
