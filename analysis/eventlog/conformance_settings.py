"""Settings of a policy as rules refer to them, over all that the policy may be: before and after reforms."""

from __future__ import annotations

from functools import reduce
from typing import Any

from pydantic import BaseModel

from evenhand.analysis.eventlog.conformance_rules import SETTING, Rule
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.units import Window


class NotApplicable(Exception):
    """A rule that cannot be applied to this log; the text says why."""


class Settings:
    """What a policy says, by dotted path; a setting that differs by case, by review or by date has several
    values."""

    def __init__(self, policy: Policy | None) -> None:
        """Without a policy every setting is unknown."""
        versions = [version for _, version in policy.versions()] if policy else []
        steps = (step for version in versions for course in version.steps for step in course)
        self._plans = list({repr(step.plan): step.plan for step in steps}.values())

    def values(self, text: str) -> list[Any]:
        """All values of a setting, or of a sum of durations such as `$windows.a + $windows.b`.

        Raises NotApplicable where it is unknown.
        """
        if not self._plans:
            raise NotApplicable(
                gettext("needs a policy, for {replace}").format(replace=text.replace(SETTING, ""))
            )
        paths = [part.strip().removeprefix(SETTING) for part in text.split("+")]
        found = [[_at(plan, path) for path in paths] for plan in self._plans]
        return [parts[0] if len(parts) == 1 else _sum(parts, text) for parts in found]

    def largest(self, given: Any) -> Any:
        """A value as it stands, or the largest of the setting that it names."""
        return max(self.values(given)) if is_setting(given) else given

    def smallest(self, given: Any) -> Any:
        """A value as it stands, or the smallest of the setting that it names."""
        return min(self.values(given)) if is_setting(given) else given

    def check(self, rule: Rule) -> None:
        """Raise NotApplicable where the policy is not one that the rule is about, at all times."""
        for path, wanted in rule.given.items():
            allowed = wanted if isinstance(wanted, tuple) else (wanted,)
            for value in self.values(path):
                if not matches(value, allowed):
                    raise NotApplicable(gettext("{path} is {told}").format(path=path, told=_told(value)))


def is_setting(given: Any) -> bool:
    """Whether a value names a setting."""
    return isinstance(given, str) and given.startswith(SETTING)


def matches(value: Any, allowed: tuple[Any, ...]) -> bool:
    """Whether a value is one of those allowed; a list is if it has exactly these entries."""
    if isinstance(value, tuple):
        return set(value) == set(allowed)
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in allowed)


def _at(plan: Policy, path: str) -> Any:
    try:
        return reduce(_step, path.split("."), plan)
    except (AttributeError, KeyError):
        raise NotApplicable(gettext("the policy has no setting '{path}'").format(path=path)) from None


def _sum(parts: list[Any], text: str) -> Window:
    """The sum of durations that count alike; those of nothing count like any."""
    windows = [Window(part) if isinstance(part, (int, float)) else part for part in parts]
    used = [window for window in windows if window.hours]
    if len({window.business for window in used}) > 1:
        raise NotApplicable(
            gettext("{replace} adds business days to days").format(replace=text.replace(SETTING, ""))
        )
    return Window(sum(window.hours for window in used), bool(used) and used[0].business)


def _step(model: Any, name: str) -> Any:
    return getattr(model, name) if isinstance(model, BaseModel) else model[name]


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
