"""Settings that can have no effect: what a policy asks for and never reaches, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.problems import Problem
from evenhand.scenarios.reader import Loaded
from evenhand.sim.policy.compatibility import _PATIENT, _unused
from evenhand.sim.policy.compile import start_hour
from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario

SAID = gettext_noop("has no effect, because {why}")
LIMITS = gettext_noop("has no effect as a limit, because {why}")
Unused = Callable[[Policy], bool]
_IDLE: tuple[tuple[str, Unused, str], ...] = (
    (
        "decision.panel.",
        lambda plan: plan.decision.decider != "panel" and _reviewer(plan) != "panel",
        gettext_noop(
            "nobody decides by panel; 'decision.decider: panel' or 'review.decider: panel' brings one"
        ),
    ),
    (
        "decision.model.",
        lambda plan: plan.decision.decider != "model" and _reviewer(plan) != "model",
        gettext_noop("no model decides; 'decision.decider: model' brings one"),
    ),
    (
        "decision.automatic.",
        lambda plan: not plan.decision.automatic.enabled,
        gettext_noop("no case is decided by rule; 'decision.automatic.enabled: true' turns that on"),
    ),
    (
        "mediation.",
        lambda plan: not plan.mediation.rounds,
        gettext_noop("there is no mediation: mediation.rounds is 0"),
    ),
    (
        "negotiation.",
        lambda plan: not plan.negotiation.rounds,
        gettext_noop("there are no talks: negotiation.rounds is 0"),
    ),
    (
        "offers.",
        lambda plan: not plan.offers.enabled,
        gettext_noop("there are no offers: offers.enabled is false"),
    ),
    ("review.", lambda plan: not plan.review.limit, gettext_noop("there is no review: review.limit is 0")),
)
"""Groups that another setting turns off: their path, when they are off, and why."""


def without_effect(policy: Loaded, paths: Iterable[str], scenario: Loaded | None, days: int) -> list[Problem]:
    """What of the settings at these paths, and of exceptions and reforms, is never reached.

    `paths` are the settings that the file itself gives; what it has from its base is left alone. Without a
    scenario, what depends on the market or on the days is not looked at.
    """
    rules, world = policy.model, scenario.model if scenario else None
    assert isinstance(rules, Policy)
    found = [*_settings(rules, paths)]
    found += _exceptions(rules, world if isinstance(world, Scenario) else None)
    if isinstance(world, Scenario):
        found += _reforms(rules, world, days)
    said = [Problem(policy.place_of(path), path, gettext(SAID).format(why=why)) for path, why in found]
    endless = _windows(rules, paths, days) if isinstance(world, Scenario) else ()
    return said + [
        Problem(policy.place_of(path), path, gettext(LIMITS).format(why=why)) for path, why in endless
    ]


def _reviewer(plan: Policy) -> str:
    return plan.review.decider if plan.review.limit else ""


def _plans(policy: Policy) -> list[Policy]:
    """The rules of every version, kind of case and review."""
    return [step.plan for _, plan in policy.versions() for steps in plan.steps for step in steps]


def idle(policy: Policy, path: str) -> str:
    """Why a setting of a policy can have no effect; empty where it can."""
    return next((why for _, why in _settings(policy, [path])), "")


def _settings(policy: Policy, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    plans = _plans(policy)
    for path in paths:
        for group, unused, why in _IDLE:
            switch = path in ("mediation.rounds", "negotiation.rounds", "review.limit") or path.endswith(
                ".enabled"
            )
            if path.startswith(group) and not switch and all(map(unused, plans)):
                yield path, gettext(why)
        name = path.removeprefix("windows.")
        if name != path and all(name in _unused(plan) - _PATIENT for plan in plans):
            yield path, gettext("under these rules that window never opens")


def _windows(policy: Policy, paths: Iterable[str], days: int) -> Iterator[tuple[str, str]]:
    """Windows that only ever end a chance to act, and do not end within a run."""
    for path in paths:
        name = path.removeprefix("windows.")
        window = getattr(policy.windows, name, None) if name in _PATIENT and name != path else None
        if window is not None and window.hours >= 24.0 * days:
            yield (
                path,
                gettext("the run of {days} days ends before it does: {window}").format(
                    days=days, window=window
                ),
            )


def _exceptions(policy: Policy, scenario: Scenario | None) -> Iterator[tuple[str, str]]:
    for name, one in policy.exceptions.items():
        for why in _never(one.when, policy, scenario):
            yield f"exceptions.{name}", gettext("no case can meet it: {why}").format(why=why)
            break
        else:
            if policy.under({name}) == policy.under(()):
                yield f"exceptions.{name}", gettext("what it changes is as it is without it")


def _never(when: When, policy: Policy, scenario: Scenario | None) -> Iterator[str]:
    """Why no case can ever meet these conditions."""
    steps = [step for _, plan in policy.versions() for steps in plan.steps for step in steps]
    longest = max(len(steps) for _, plan in policy.versions() for steps in plan.steps) - 1
    if when.amount_below is not None and when.amount_from >= when.amount_below:
        yield gettext("amounts from {amount_from:g} are not below {amount_below:g}").format(
            amount_from=when.amount_from, amount_below=when.amount_below
        )
    if when.rating_below is not None and when.rating_from >= when.rating_below:
        yield gettext("ratings from {rating_from:g} are not below {rating_below:g}").format(
            rating_from=when.rating_from, rating_below=when.rating_below
        )
    if when.review > longest:
        yield gettext("there are {longest} reviews at most").format(longest=longest)
    if when.seats > max(step.seats for step in steps):
        yield gettext("panels have {max} seats at most").format(max=max(step.seats for step in steps))
    if scenario is None:
        return
    causes = scenario.causes
    if when.causes and not any(causes.per_thousand(cause) for cause in when.causes):
        yield gettext("the scenario has no claims of {causes}").format(causes=" or ".join(when.causes))


def _reforms(policy: Policy, scenario: Scenario, days: int) -> Iterator[tuple[str, str]]:
    for number, reform in enumerate(policy.reforms):
        if start_hour(scenario, reform.starts) >= 24.0 * days:
            yield (
                f"reforms.{number}",
                gettext("the run of {days} days from {start} ends before it starts").format(
                    days=days, start=scenario.start
                ),
            )
