"""What `--lever` says: which setting may be turned, from where to where or through which options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from evenhand.analysis.search import Lever
from evenhand.errors import UsageError
from evenhand.jobs.sweep_axes import axis, shortest
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Loaded, Problem
from evenhand.scenarios.levers import Turnable, placer, turnable
from evenhand.scenarios.numbers import NotVariableError, Number
from evenhand.scenarios.without_effect import SAID, idle
from evenhand.sim.policy.compatibility import misfits
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

HOW = (
    "write SETTING=LOW..HIGH or SETTING=VALUE,VALUE,..., e.g. windows.merchant_evidence=24h..120h or "
    "decision.decider=desk,panel"
)
OPTION = "--lever"


class Turned(NamedTuple):
    """The levers, and which of them count on business days."""

    levers: tuple[Lever, ...]
    business: tuple[str, ...]


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Say of a mistake in which option it was made; axes of sweeps know only their own."""
    try:
        yield
    except UsageError as error:
        raise UsageError(str(error).replace("--vary", option)) from error
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def read(given: Sequence[str], scenario: Scenario, policy: Policy) -> Turned:
    """Read every `--lever`. Raises UsageError that says what was found and what is allowed."""
    with naming(OPTION):
        levers = tuple(_lever(text, scenario, policy) for text in given)
        names = [one.name for one in levers]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(gettext("{twice} is given twice").format(twice=twice))
    return turned(levers)


def turned(levers: Iterable[Lever]) -> Turned:
    """Levers with those that count on business days."""
    every = tuple(levers)
    return Turned(every, tuple(one.name for one in every if one.axis and one.axis.unit == "business"))


def _lever(text: str, scenario: Scenario, policy: Policy) -> Lever:
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise ValueError(f"{HOW}; found '{text}'")
    try:
        setting = turnable(scenario, policy, name)
    except NotVariableError as error:
        said = str(error).replace("which is no number", "which is no number, choice or switch")
        raise ValueError(f"'{name}' {said}") from error
    if isinstance(setting, Number):
        return Lever.of(axis(text, scenario, policy))
    return _choice(setting, name, [part.strip() for part in values.split(",")])


def _choice(setting: Turnable, name: str, parts: Sequence[str]) -> Lever:
    by_text = {_plain(one): one for one in setting.options}
    by_text |= {"yes": True, "no": False, "on": True, "off": False} if True in setting.options else {}
    for part in parts:
        if part not in by_text:
            allowed = ", ".join(map(_plain, setting.options))
            raise ValueError(
                gettext("{name} takes {allowed}; found '{part}'{did_you_mean}").format(
                    name=name, allowed=allowed, part=part, did_you_mean=did_you_mean(part, by_text)
                )
            )
    return Lever(name, None, tuple(by_text[part] for part in parts), setting.value)


def _plain(option: str | bool) -> str:
    return option if isinstance(option, str) else "true" if option else "false"


def check(found: Turned, scenario: Loaded, policy: Loaded, market: Scenario, days: int) -> None:
    """Refuse levers that the pair does not allow, with the place of each in its file. Raises BadFile."""
    assert isinstance(policy.model, Policy)
    wrong = [
        Problem(_side(lever, market, scenario, policy).place_of(_bare(lever.name)), lever.name, said)
        for lever in found.levers
        for said in _against(lever, found, market, policy.model, days)
    ]
    if wrong:
        raise BadFile(wrong)


def _against(lever: Lever, found: Turned, market: Scenario, policy: Policy, days: int) -> Iterator[str]:
    """What keeps a lever from being turned: a value that is not allowed, or that nothing reads it."""
    place = placer(market, policy, found.business)
    for value in lever.tried:
        try:
            world, rules = place({lever.name: value})
        except ValueError as error:
            said = str(error).removeprefix(f"{_bare(lever.name)}: ")
            yield gettext("{OPTION} to {value}: {said}").format(
                OPTION=OPTION, value=lever.written(value), said=said
            )
            continue
        for one in misfits(world, rules, days):
            where = "" if one.path == _bare(lever.name) else f"{one.path} "
            yield gettext("{OPTION} to {value}: {where}{message}").format(
                OPTION=OPTION, value=lever.written(value), where=where, message=one.message
            )
    if why := _never(lever, found, market, policy):
        yield f"{OPTION}: {SAID.format(why=why)}"


def _never(lever: Lever, found: Turned, market: Scenario, policy: Policy) -> str:
    """Why a lever has no effect, as the policy is and whatever any other lever alone stands at."""
    setting = turnable(market, policy, lever.name)
    if setting.side != "policy":
        return ""
    place = placer(market, policy, found.business)
    why = idle(policy, setting.path)
    for other in found.levers:
        for value in other.tried:
            try:
                _, rules = place({other.name: value})
            except ValueError:
                continue
            if not idle(rules, setting.path):
                return ""
    return why


def _bare(name: str) -> str:
    return name.removeprefix("policy.").removeprefix("scenario.")


def _side(lever: Lever, market: Scenario, scenario: Loaded, policy: Loaded) -> Loaded:
    assert isinstance(policy.model, Policy)
    return scenario if turnable(market, policy.model, lever.name).side == "scenario" else policy


def shortest_of(setting: Number | Turnable, scenario: Scenario, policy: Policy) -> str:
    """The path of a setting as it is shortest on a command line."""
    if isinstance(setting, Number):
        return shortest(setting, scenario, policy)
    return setting.path
