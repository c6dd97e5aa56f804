"""Settings of a policy as rules refer to them, over all that the policy may be: before and after reforms."""

from __future__ import annotations

from functools import reduce
from typing import Any

from pydantic import BaseModel

from analysis.conform.rules import SETTING, Rule
from sim.policy import Policy


class NotApplicable(Exception):
    """A rule that cannot be applied to this log; the text says why."""


class Settings:
    """What a policy says, by dotted path; a setting that changes has several values."""

    def __init__(self, policy: Policy | None) -> None:
        """Without a policy every setting is unknown."""
        self._versions = [version for _, version in policy.versions()] if policy else []

    def values(self, path: str) -> list[Any]:
        """All values that a setting has. Raises NotApplicable where it is unknown."""
        if not self._versions:
            raise NotApplicable(f"needs a policy, for {path}")
        try:
            return [reduce(_step, path.split("."), version) for version in self._versions]
        except (AttributeError, KeyError):
            raise NotApplicable(f"the policy has no setting '{path}'") from None

    def largest(self, given: Any) -> Any:
        """A value as it stands, or the largest of the setting that it names."""
        return max(self.values(given[1:])) if is_setting(given) else given

    def smallest(self, given: Any) -> Any:
        """A value as it stands, or the smallest of the setting that it names."""
        return min(self.values(given[1:])) if is_setting(given) else given

    def check(self, rule: Rule) -> None:
        """Raise NotApplicable where the policy is not one that the rule is about, at all times."""
        for path, wanted in rule.given.items():
            allowed = wanted if isinstance(wanted, tuple) else (wanted,)
            for value in self.values(path):
                if not matches(value, allowed):
                    raise NotApplicable(f"{path} is {_told(value)}")


def is_setting(given: Any) -> bool:
    """Whether a value names a setting."""
    return isinstance(given, str) and given.startswith(SETTING)


def matches(value: Any, allowed: tuple[Any, ...]) -> bool:
    """Whether a value is one of those allowed; a list is if it has exactly these entries."""
    if isinstance(value, tuple):
        return set(value) == set(allowed)
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in allowed)


def _step(model: Any, name: str) -> Any:
    return getattr(model, name) if isinstance(model, BaseModel) else model[name]


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
