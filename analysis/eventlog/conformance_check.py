"""Checking a log against rules, case by case: what was judged, what was broken, what is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.eventlog.conformance_rules import (
    ANY,
    COUNTED,
    ONE_WAY,
    UNARY,
    NumberRange,
    Rule,
    Rules,
)
from evenhand.analysis.eventlog.conformance_settings import NotApplicable, Settings, matches
from evenhand.analysis.eventlog.conformance_templates import JUDGES, Breach, Trace
from evenhand.analysis.eventlog.log import Case, Event
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.units import Window

TOLERANCE = 1 / 3600
"""Hours by which a limit may be missed: logs keep times to the second or so."""
_LAGS: dict[str, Callable[[float, float], bool]] = {
    "within": lambda lag, limit: lag <= limit + TOLERANCE,
    "at_least": lambda lag, limit: lag >= limit - TOLERANCE,
    "beyond": lambda lag, limit: lag > limit + TOLERANCE,
    "before": lambda lag, limit: lag < limit - TOLERANCE,
}


class Violation(NamedTuple):
    """One breach of a rule."""

    rule: str
    case: str
    position: int | None
    """Which event of the case is to blame, from 1; None = one that never happened."""
    event: Event | None


@dataclass
class Tally:
    """What came of one rule."""

    name: str
    rule: Rule
    judged: int = 0
    """Activations; for templates about a whole case, cases."""
    violations: int = 0
    pending: int = 0
    """Open cases that lack something which may yet come."""
    cases: int = 0
    """Cases with a violation."""
    unnamed: int = 0
    """Cases to which the rule was not applied, because an event does not say who acted."""
    skipped: str = ""
    """Why the rule was not applied; empty = it was, or nothing in the log called for it."""

    @property
    def applied(self) -> bool:
        """Whether anything was judged, broken or is still open: only such a rule can be kept."""
        return not self.skipped and bool(self.judged or self.violations or self.pending)


@dataclass(frozen=True)
class Lag:
    """The conditions of a rule on two events."""

    limits: tuple[tuple[str, Window], ...]
    resource: str | None
    days: BusinessDays

    def __call__(self, earlier: Event, later: Event) -> bool:
        """Whether they go together."""
        if self.resource is not None and (earlier.resource == later.resource) != (self.resource == "same"):
            return False
        if self.limits and later.time < earlier.time:  # a time that runs backwards is within no limit
            return False
        return all(
            _LAGS[name](self.days.passed(earlier.time, later.time, window), window.hours)
            for name, window in self.limits
        )

    def too_late(self, earlier: Event, now: float) -> bool:
        """Whether more time has passed than the rule allows."""
        passed = self.days.passed
        late = {"within": "beyond", "before": "at_least"}
        return any(
            _LAGS[late[name]](passed(earlier.time, now, window), window.hours)
            for name, window in self.limits
            if name in late
        )


@dataclass
class Checker:
    """Rules made ready for one log; feed it cases, then read the tallies."""

    rules: Rules
    policy: Policy | None
    days: BusinessDays
    tallies: list[Tally] = field(init=False)
    seen: set[str] = field(init=False, default_factory=set)
    """Activities of the cases so far."""

    def __post_init__(self) -> None:
        """Look up settings once; a rule whose settings are unknown is skipped, and says why."""
        settings = Settings(self.policy)
        self._ready: list[_Ready] = []
        self.tallies = [Tally(name, rule) for name, rule in self.rules.rules.items()]
        for tally in self.tallies:
            try:
                settings.check(tally.rule)
                self._ready.append(_Ready(tally, settings, self.days))
            except NotApplicable as reason:
                tally.skipped = str(reason)

    def violations(self, cases: Iterable[Case]) -> Iterator[Violation]:
        """Judge cases and give each violation as it is found; the tallies grow meanwhile."""
        for case in cases:
            happened = {event.activity for event in case.events}
            self.seen |= happened
            over = not self.rules.ends or not happened.isdisjoint(self.rules.ends)
            for ready in self._ready:
                if ready.concerns(case, happened):
                    yield from ready.judge(case, over)
        for ready in self._ready:
            ready.close()

    @property
    def matched(self) -> bool:
        """Whether a rule could be applied and names an activity of the log, or is about any activity.

        Where none does, the rules speak of another log: even "must not happen" is kept there by accident.
        """
        return any(
            tally.applied and (ANY in tally.rule.activation or not self.seen.isdisjoint(tally.rule.named))
            for tally in self.tallies
        )


class _Ready:
    """One rule with its settings looked up."""

    def __init__(self, tally: Tally, settings: Settings, days: BusinessDays) -> None:
        self.tally = tally
        self.rule = rule = tally.rule
        self.activation, self.target = set(rule.activation), set(rule.target)
        lenient = {"within": settings.largest, "beyond": settings.largest}
        limits = {name: lenient.get(name, settings.smallest)(value) for name, value in rule.limits().items()}
        self.pair = Lag(tuple(limits.items()), rule.resource, days)
        self.times = self._times(settings)
        self.conditions = {name: _condition(wanted, settings) for name, wanted in rule.cases.items()}
        self.unknown = set(self.conditions)
        self.waits = self.rule.template in ONE_WAY and ANY not in self.activation

    def _times(self, settings: Settings) -> int:
        name = COUNTED.get(self.rule.template)
        if name is None:
            return 0
        choose = settings.largest if name == "most" else settings.smallest
        return int(choose(getattr(self.rule, name)))

    def judge(self, case: Case, over: bool) -> Iterator[Violation]:
        """What one case has against it."""
        positions = self._looked_at(case)
        events = [case.events[at] for at in positions]
        trace = Trace(events, self._activations(events), _places(events, self.target), over)
        if self.rule.resource and any(not events[at].resource for at in {*trace.activations, *trace.targets}):
            self.tally.unnamed += 1  # who is not known is neither the same nor another
            return
        self.tally.judged += 1 if self._about_the_case() else len(trace.activations)
        broken = 0
        for found in JUDGES[self.rule.template](trace, self.pair, self.times):
            if found.pending:
                self.tally.pending += 1
                continue
            broken += 1
            yield _violation(self.tally.name, case, found, positions)
        self.tally.violations += broken
        self.tally.cases += broken > 0

    def close(self) -> None:
        """An attribute that no case had means that the rule was not applied."""
        if self.unknown:
            self.tally.skipped = gettext("the log has no attribute {join}").format(
                join=", ".join(sorted(self.unknown))
            )
        elif self.tally.unnamed and not self.tally.applied:
            self.tally.skipped = gettext("the log does not say who acted, in {unnamed:,} cases").format(
                unnamed=self.tally.unnamed
            )

    def concerns(self, case: Case, happened: set[str]) -> bool:
        """Whether there can be anything to judge: most rules are about a few events that most cases lack."""
        if self.unknown:
            self.unknown -= case.attributes.keys()
        if self.waits and happened.isdisjoint(self.activation):
            return False
        return all(
            name in case.attributes and fits(case.attributes[name]) for name, fits in self.conditions.items()
        )

    def _looked_at(self, case: Case) -> list[int]:
        among = self.rule.among
        return [at for at, event in enumerate(case.events) if not among or event.activity in among]

    def _activations(self, events: Sequence[Event]) -> list[int]:
        found = _places(events, self.activation)
        if not self.rule.by:
            return found
        return [at for at in found if any(fnmatchcase(events[at].resource, who) for who in self.rule.by)]

    def _about_the_case(self) -> bool:
        return self.rule.template in UNARY or self.rule.template in {"choice", "exclusive_choice"}


def _places(events: Sequence[Event], activities: set[str]) -> list[int]:
    everything = ANY in activities
    return [at for at, event in enumerate(events) if everything or event.activity in activities]


def _violation(rule: str, case: Case, found: Breach, positions: Sequence[int]) -> Violation:
    if found.at is None:
        return Violation(rule, case.name, None, None)
    at = positions[found.at]
    return Violation(rule, case.name, at + 1, case.events[at])


def _condition(wanted: Any, settings: Settings) -> Callable[[Any], bool]:
    """A test of an attribute; a missing value fits only where a missing one is asked for."""
    if isinstance(wanted, NumberRange):
        below, above = settings.smallest(wanted.below), settings.largest(wanted.above)
        return lambda value: (
            value is not None and (below is None or value < below) and (above is None or value > above)
        )
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    return lambda value: matches(value, allowed)
