"""The settings of a scenario and a policy that can be turned: numbers, choices and switches, by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from evenhand.locale.current import gettext
from evenhand.renamed import SETTINGS, current
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.fields import known
from evenhand.scenarios.forms import form
from evenhand.scenarios.numbers import SIDES, Both, NotVariableError, Number, builder, changed, number
from evenhand.scenarios.problems import listed
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario


class Turnable(NamedTuple):
    """A setting that is a choice of words, or a switch."""

    side: Kind
    path: str
    """Dotted, as in the file, without the side."""
    options: tuple[str | bool, ...]
    value: Any
    """As it stands."""


def turnable(scenario: Scenario, policy: Policy, name: str) -> Number | Turnable:
    """The setting that a dotted path leads to; the path may begin with `policy.` or `scenario.`.

    Raises NotVariableError where it is neither a number, nor a choice, nor a switch; the text says what is.
    """
    name = current(name, SETTINGS)
    found = _choices(scenario, policy, name)
    if len(found) > 1:
        both = listed([f"{one.side}.{name}" for one in found])
        raise NotVariableError(
            gettext("is in the policy and in the scenario; write {both}").format(both=both)
        )
    return found[0] if found else number(scenario, policy, name)


def _choices(scenario: Scenario, policy: Policy, name: str) -> list[Turnable]:
    models: dict[Kind, Scenario | Policy] = {"policy": policy, "scenario": scenario}
    found = []
    for side in SIDES:
        path = name.removeprefix(f"{side}.")
        values = form(models[side])
        if path in values and (options := _options(side, path)):
            found.append(Turnable(side, path, options, values[path]))
    return found


def _options(side: Kind, path: str) -> tuple[str | bool, ...]:
    """The words of a choice, or on and off; nothing for any other setting."""
    may = known(side).allowed(path)
    if may is None:
        return ()
    if may.items or may.entries or may.models:
        return ()
    if may.words:
        return may.words
    return (False, True) if bool in may.types else ()


def placer(
    scenario: Scenario, policy: Policy, business: tuple[str, ...] = ()
) -> Callable[[Mapping[str, Any]], Both]:
    """A function from values by path to a scenario and a policy with these values in place.

    Numbers are as in `scenarios.builder`; words and switches stand as in a file. The function raises
    NotVariableError for unknown paths, and ValueError where a value is not allowed or does not go together
    with the others.
    """
    numbers = builder(scenario, policy, business)
    homes: dict[str, Turnable | None] = {}

    def home(name: str) -> Turnable | None:
        if name not in homes:
            found = turnable(scenario, policy, name)
            homes[name] = found if isinstance(found, Turnable) else None
        return homes[name]

    def place(values: Mapping[str, Any]) -> Both:
        words: dict[Kind, dict[str, Any]] = {"policy": {}, "scenario": {}}
        for name, value in values.items():
            if (one := home(name)) is not None:
                words[one.side][one.path] = value
        plain = {name: value for name, value in values.items() if home(name) is None}
        if not any(words.values()):
            return numbers(plain)
        # Words first: a choice may bring the group in which a number stands. Both are checked at the end.
        market, rules = changed(scenario, words["scenario"]), changed(policy, words["policy"])
        return builder(market, rules, business)(plain) if plain else (market, rules)

    return place
