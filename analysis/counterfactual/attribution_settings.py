"""Settings: in what two policies differ, setting by setting, and policies between the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy

NAMES = ("kind", "name", "title", "description")
"""What a policy is called; it changes nothing."""


class Setting(NamedTuple):
    """A setting in which two policies differ."""

    path: str
    """Dotted path, as in a policy file."""
    a: Any
    b: Any

    def __str__(self) -> str:
        return f"{self.path}: {written(self.a)} -> {written(self.b)}"


def settings(policy_a: Policy, policy_b: Policy) -> tuple[Setting, ...]:
    """All settings in which two policies differ, in the order of the policy file; names left aside.

    A mapping by cause, a list and the reforms count as one setting each, and so does a group that one of
    the two has not.
    """
    return tuple(one for one in _pairs(policy_a, policy_b) if one.a != one.b)


def mixed(policy_a: Policy, policy_b: Policy, changed: Iterable[Setting]) -> Policy:
    """Policy A with some settings as they are in B. Raises ValueError where these do not go together."""
    data = policy_a.model_dump()
    theirs = policy_b.model_dump()
    paths = [setting.path for setting in changed]
    for path in paths:
        *parents, last = path.split(".")
        here, there = data, theirs
        for name in parents:
            here, there = here[name], there[name]
        here[last] = there[last]
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        why = "; ".join(str(one["msg"]) for one in error.errors())
        raise ValueError(
            gettext("{paths} cannot change without the others: {why}").format(paths=", ".join(paths), why=why)
        ) from error


def written(value: Any) -> str:
    """A value as a reader knows it from the file."""
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return ", ".join(map(written, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {written(one)}" for key, one in value.items()) or "none"
    if isinstance(value, BaseModel):
        return written(value.model_dump(mode="json"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _pairs(a: BaseModel, b: BaseModel, above: str = "") -> Iterator[Setting]:
    """Every setting of two policies, equal or not, with its path."""
    for name in type(a).model_fields:
        here, there = getattr(a, name), getattr(b, name)
        if isinstance(here, BaseModel) and isinstance(there, BaseModel):
            yield from _pairs(here, there, f"{above}{name}.")
        elif above or name not in NAMES:
            yield Setting(f"{above}{name}", here, there)
