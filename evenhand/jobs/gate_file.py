"""The file of a gate: what is expected of which policy in which scenario, and how far it may move."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import fsum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from evenhand import scenarios, sim
from evenhand.analysis import METRICS
from evenhand.analysis.gate import Gauge, Role
from evenhand.analysis.metrics.metric import Metric, own_metrics
from evenhand.analysis.metrics.registry import known_metrics
from evenhand.analysis.metrics.renamed import current
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.own_code import BadCode, code_of, rule, split
from evenhand.scenarios import BadFile, Kind, Loaded, Problem
from evenhand.scenarios.catalogue import NotFoundError, find
from evenhand.scenarios.merge import join
from evenhand.scenarios.models import read_model
from evenhand.scenarios.problems import found
from evenhand.scenarios.yaml import Node
from evenhand.sim.runs.experiment import Decide
from evenhand.sim.runs.seeds import Seed
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.suggest import did_you_mean
from evenhand.sim.scenario.units import parse_hours
from evenhand.storage.plan import check_counted

LEAST = 10
"""Replications to start with: with fewer, the spread of the differences is too uncertain to stop on."""
_POINTS = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*pt\s*")
_SHARES = ("share", "share of amount")
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(strict=True)]


class Watched(Model):
    """A metric that a gate watches."""

    margin: Number | str
    """How far it may move: in the metric's unit, or `0.5 pt` for shares, `2 h` for times."""
    role: Role = "equivalence"
    """`equivalence`: must not move either way; `not_worse`: must not move for the worse."""
    expected: Number | None = None
    """The accepted values in one: pooled where there are `cases`, else their mean; written by --accept."""
    values: tuple[Number, ...] = ()
    """Accepted values, one a replication; written by --accept."""
    cases: tuple[Annotated[int, Field(strict=True, ge=0)], ...] = ()
    """Cases behind each value of a ratio, by which it is pooled; written by --accept."""


class Entry(Model):
    """A policy in a scenario, and the metrics that are watched there."""

    scenario: Text
    policy: Text
    """A shipped name or a file; behind it a decision rule in Python, as `tmall+rules.py:generous`."""
    metrics: Annotated[dict[str, Watched], Field(min_length=1)]


class Accepted(Model):
    """How the accepted values came about; written by --accept."""

    reason: str
    evenhand: str
    date: date
    seed: int
    days: int
    cohort: str | None = None
    own: dict[str, str] = Field(default_factory=dict)
    """What each metric of one's own said, as a SHA-256: other words would be another metric."""


class Expectations(Model):
    """A whole file."""

    kind: Literal["gate"] = "gate"
    seed: Seed = 1
    days: Annotated[int, Field(strict=True, ge=1, le=36_500)]
    cohort: str | None = None
    """The disputes that are counted, as days of the run: `30..120`, `30..120:filing`."""
    replications: Annotated[int, Field(strict=True, ge=LEAST)] = LEAST
    """To start with."""
    budget: Annotated[int, Field(strict=True, ge=LEAST)] = 4 * LEAST
    """At most, while anything is undecided."""
    metrics_from: Text | None = None
    """A file of Python beside this one, whose metrics may be watched too."""
    gates: Annotated[tuple[Entry, ...], Field(min_length=1)]
    accepted: Accepted | None = None

    @model_validator(mode="after")
    def _budget_is_enough(self) -> Expectations:
        if self.budget < self.replications:
            raise ValueError(
                gettext("budget: must be {replications} (replications) or more").format(
                    replications=self.replications
                )
            )
        return self


class Gate(NamedTuple):
    """An entry of a file with everything that it names."""

    scenario: sim.Scenario
    policy: sim.Policy
    gauges: list[Gauge]
    metrics: Mapping[str, Metric]
    """What is watched, by name."""
    decide: Decide | None = None
    """A decision rule in Python."""


class GateFile(NamedTuple):
    """A file that has been read and checked."""

    path: Path
    says: Expectations
    gates: list[Gate]
    known: Mapping[str, Metric]
    """Metrics that can be watched: those that are shipped and one's own."""


def read(
    path: Path,
    *,
    accepting: bool = False,
    metrics: Iterable[Metric] = (),
    decide: Decide | Mapping[str, Decide] | None = None,
) -> GateFile:
    """Read a file with the scenarios and policies that it names. Raises BadFile with all mistakes.

    Who is `accepting` may do so because what was accepted before no longer fits; it is left out then.
    `metrics` of one's own may be watched beside those of the file's `metrics_from`; `decide` is a decision
    rule for all policies, or for some of them by name, that have none in the file.
    """
    problems: list[Problem] = []
    says, tree = read_model(Expectations, path, problems)
    known = _known(says, tree, path.resolve().parent, metrics, problems)
    doubts = [*_doubts(says, tree), *_changed(says, tree, known)]
    problems += doubts if not accepting else []
    gates = []
    for index, entry in enumerate(says.gates):
        node, where = _at(tree, "gates", index), f"gates.{index}"
        named = _named(entry, node, path.resolve().parent, says, where, problems)
        gauges = list(_gauges(entry, node, where, problems, known, forget=bool(doubts)))
        if named:
            scenario, policy, rule = named
            rule = rule or (decide.get(policy.name) if isinstance(decide, Mapping) else decide)
            gates.append(Gate(scenario, policy, gauges, known, rule))
    if problems:
        raise BadFile(problems)
    return GateFile(path, says, gates, known)


def _known(
    says: Expectations, tree: Node, folder: Path, given: Iterable[Metric], problems: list[Problem]
) -> Mapping[str, Metric]:
    """Metrics that can be watched; what is wrong with those of one's own goes to `problems`."""
    own = {one.name: one for one in given}
    try:
        if says.metrics_from is not None:
            own |= own_metrics(Path(says.metrics_from), folder)
        return known_metrics(own)
    except BadCode as error:
        problems.append(Problem(_at(tree, "metrics_from").place, "metrics_from", str(error)))
        return METRICS


def own_hashes(says: Expectations, known: Mapping[str, Metric]) -> dict[str, str]:
    """What the metrics of one's own that a file watches say, each as a SHA-256."""
    watched = {current(name) for entry in says.gates for name in entry.metrics}
    own = [one for name, one in known.items() if name in watched and name not in METRICS]
    return {one.name: code_of(one.function).sha256 for one in own}


def _changed(says: Expectations, tree: Node, known: Mapping[str, Metric]) -> Iterator[Problem]:
    """Metrics of one's own that say something else than when their values were accepted."""
    now = own_hashes(says, known)
    for name, before in (says.accepted.own if says.accepted else {}).items():
        if now.get(name, before) != before:
            said = gettext(
                "{name} is computed otherwise than when its values were accepted; accept again"
            ).format(name=name)
            yield Problem(_at(tree, "metrics_from").place, "metrics_from", said)


def _at(node: Node, *parts: str | int) -> Node:
    """A part of the tree, or the nearest part around it that the file has."""
    for part in parts:
        node = node.child(part) or node
    return node


def _doubts(says: Expectations, tree: Node) -> Iterator[Problem]:
    """What does not fit about the accepted values: made in other worlds, or changed by hand."""
    for index, entry in enumerate(says.gates):
        for name, watched in entry.metrics.items():
            where = ("gates", index, "metrics", name)
            for part, said in _unlike_accepted(watched):
                place = _at(tree, *where, part).place
                yield Problem(
                    place,
                    ".".join(map(str, (*where, part))),
                    gettext("{said}; accept again").format(said=said),
                )
    if says.accepted is None:
        if any(watched.values for entry in says.gates for watched in entry.metrics.values()):
            yield Problem(
                tree.place, "accepted", gettext("must be given where there are values; accept again")
            )
        return
    for name in ("seed", "days", "cohort"):
        before, now = getattr(says.accepted, name), getattr(says, name)
        if before != now:
            said = gettext(
                "was {before} when values were accepted, found {now}; put it back or accept again"
            ).format(before=before, now=now)
            yield Problem(_at(tree, name).place, name, said)


def expected(values: Sequence[float], cases: Sequence[int]) -> float:
    """The value over all replications: a ratio pooled by its cases, the mean where there are none."""
    if not any(cases):
        return fsum(values) / len(values)
    return fsum(value * n for value, n in zip(values, cases, strict=True)) / sum(cases)


def _unlike_accepted(watched: Watched) -> Iterator[tuple[str, str]]:
    if 0 < len(watched.values) < LEAST:
        yield (
            "values",
            gettext("must have {least} entries or more, found {values}").format(
                least=LEAST, values=len(watched.values)
            ),
        )
    if watched.cases and len(watched.cases) != len(watched.values):
        yield (
            "cases",
            gettext("must have {values} entries like the values, found {cases}").format(
                values=len(watched.values), cases=len(watched.cases)
            ),
        )
        return
    mean = expected(watched.values, watched.cases) if watched.values else None
    if watched.expected != mean:
        yield (
            "expected",
            gettext("must be the mean of the values, {mean}, found {expected}").format(
                mean=found(mean), expected=found(watched.expected)
            ),
        )


def _named(
    entry: Entry, node: Node, folder: Path, says: Expectations, path: str, problems: list[Problem]
) -> tuple[sim.Scenario, sim.Policy, Decide | None] | None:
    """Scenario, policy and decision rule of an entry; files are looked for beside the file of the gate."""
    try:
        named = split(entry.policy)
        decide = None if named.file is None else rule(named.file, str(named.function), folder)
    except BadCode as error:
        problems.append(Problem(_at(node, "policy").place, f"{path}.policy", str(error)))
        return None
    asked: tuple[tuple[Kind, str], ...] = (("scenario", entry.scenario), ("policy", named.policy))
    loaded: list[Loaded] = []
    for kind, name in asked:
        try:
            loaded.append(scenarios.read(find(name, kind, folder), kind))
        except NotFoundError as error:
            problems.append(Problem(_at(node, kind).place, f"{path}.{kind}", f"{found(name)} {error}"))
        except BadFile as error:
            problems += error.problems
    if len(loaded) < len(asked):
        return None
    try:
        scenarios.check_pair(loaded[0], loaded[1], says.days)
    except BadFile as error:
        problems += error.problems
    scenario, policy = loaded[0].model, loaded[1].model
    assert isinstance(scenario, sim.Scenario)
    assert isinstance(policy, sim.Policy)
    try:
        check_counted(scenario, says.days, says.cohort)
    except UsageError as error:
        problems.append(
            Problem(_at(node, "scenario").place, f"{path}.scenario", str(error).replace("--", ""))
        )
    if named.function is not None:
        policy = policy.model_copy(update={"name": f"{policy.name}+{named.function}"})
    return scenario, policy, decide


def _gauges(
    entry: Entry,
    node: Node,
    path: str,
    problems: list[Problem],
    known: Mapping[str, Metric],
    *,
    forget: bool,
) -> Iterator[Gauge]:
    """The metrics of an entry as they are judged; what is wrong with them goes to `problems`."""
    for name, watched in entry.metrics.items():
        here, where = _at(node, "metrics", name), join(join(path, "metrics"), name)
        mistakes = [
            Problem(_at(here, part).place, join(where, part), said)
            if part
            else Problem(here.key or here.place, where, said)
            for part, said in _mistakes(name, watched, known)
        ]
        problems += mistakes
        if not mistakes:
            metric = known[current(name)]
            margin = in_units(watched.margin, metric.unit)
            accepted = np.array(() if forget else watched.values)
            cases = np.array(watched.cases) if watched.cases and not forget else None
            yield Gauge(metric.name, accepted, margin, watched.role, metric.direction, cases)


def _mistakes(name: str, watched: Watched, known: Mapping[str, Metric]) -> Iterator[tuple[str, str]]:
    """What is wrong with a metric: the part it is about, if any, and what to say."""
    metric = known.get(current(name))
    if metric is None:
        yield "", gettext("no such metric{did_you_mean}").format(did_you_mean=did_you_mean(name, known))
        return
    try:
        in_units(watched.margin, metric.unit)
    except ValueError as error:
        yield "margin", gettext("{error}, found {margin}").format(error=error, margin=found(watched.margin))
    if watched.role == "not_worse" and metric.direction == "neutral":
        yield "role", gettext("must be 'equivalence', because neither way is worse; found 'not_worse'")


def in_units(margin: float | str, unit: str) -> float:
    """A margin in the unit of its metric. Raises ValueError that says what is allowed."""
    value, also = margin, ""
    if unit in _SHARES:
        also = gettext(" or points such as '0.5 pt'")
        points = _POINTS.fullmatch(margin) if isinstance(margin, str) else None
        value = float(points[1]) / 100 if points else margin
    elif unit == "h":
        also = gettext(" or a duration such as '2 h'")
        value = _hours(margin)
    if isinstance(value, str):
        raise ValueError(gettext("must be a number (unit: {unit}){also}").format(unit=unit, also=also))  # noqa: TRY004 (a mistake in a file)
    if value <= 0 or (unit in _SHARES and value >= 1):
        raise ValueError(
            gettext("must be above 0{what}").format(
                what=gettext(" and below 1, or points") if unit in _SHARES else ""
            )
        )
    return value


def _hours(text: float | str) -> float | str:
    try:
        return parse_hours(text)
    except ValueError:
        return text
