"""Calibration as a whole: direct fits, the search for what no column shows, and the scenario they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.analysis.calibration.direct import fit_direct, rate_fields
from evenhand.analysis.calibration.distances import measures_of
from evenhand.analysis.calibration.field import Field, Silence, figure, rounded
from evenhand.analysis.calibration.hidden import hints_of, knobs
from evenhand.analysis.calibration.identify import Known, identify, tolerance
from evenhand.analysis.calibration.journal import Journal, asked
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.mapping import Mapping
from evenhand.analysis.calibration.patch import Patch, scenario_of, to_yaml, tree_of
from evenhand.analysis.calibration.search import (
    SearchProblem,
    SearchResult,
    Tell,
    Values,
    optuna_or_not,
    search,
)
from evenhand.analysis.calibration.shown import Direct
from evenhand.analysis.runs.steps import Step
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Calibration:
    """A scenario made from a log, and everything that is known about how."""

    base: str
    policy: Policy
    log: Log
    mapping: Mapping
    direct: Direct
    found: SearchResult | None
    """The search; None where there was none."""
    known: tuple[Known, ...]
    tolerance: float
    """Losses this near to the best are as good."""
    fields: tuple[Field, ...]
    scenario: Scenario

    @property
    def silences(self) -> tuple[Silence, ...]:
        """What the log does not say, hidden settings included."""
        lost = [
            Silence(one.knob.title, "put back to the base's value, simulated logs are as near the real one")
            for one in self.known
            if not one.kept
        ]
        return (*self.direct.silences, *lost)

    def yaml(self) -> str:
        """The scenario as a file."""
        head = [
            f"Made by evenhand calibrate from {self.log.name}, {self.log.start} to {self.log.last},",
            f"{len(self.log):,} disputes, over the scenario '{self.base}',",
            f"to be run under the policy '{self.policy.name}'.",
        ]
        head += ["What the log does not say (these settings are the base's):"] if self.silences else []
        head += [f"- {silence.what}: {silence.why}" for silence in self.silences]
        return to_yaml(self.fields, self.base, head)


@renamed_arguments
def calibrate(
    log: Log,
    mapping: Mapping,
    base: Scenario,
    base_name: str,
    policy: Policy,
    *,
    trials: int,
    seed: int,
    engine: EngineName,
    tell: Tell,
    journal: Path | None = None,
    replications: int = 1,
) -> Calibration:
    """Make a scenario that resembles a log under a policy.

    `trials` simulations are spent on what no column shows, the last third of them on those settings that
    turned out to matter; 0 leaves the base's values. `tell` is told of progress. `journal` is a file that
    keeps the trials: with it a calibration that was broken off goes on, and comes to what it would have come
    to. Raises ValueError where the log has too little, BadJournal where the file keeps the trials of another
    calibration or is damaged, NoSearch without the library for it, OSError.
    """
    tell(Step("fitting"), 0)
    direct = fit_direct(log, mapping, base, policy)
    assert direct.rates is not None
    kept = _kept(journal, log, mapping, base, policy, seed, replications) if journal else None
    model = scenario_of(tree_of(base), direct.patch | direct.rates.patch(direct.rates.groundless))
    problem = SearchProblem(
        model,
        policy,
        log,
        mapping.begins_with,
        direct.rates,
        knobs(model, policy, direct.known, direct.rates, hints_of(log)),
        measures_of(log),
        seed=seed,
        replications=replications,
        engine=engine,
    )
    values: Values = problem.base if trials == 0 else problem.start
    problem.settle(values)
    found, allowed = None, 0.0
    known: list[Known] = []
    if trials and any(one.behaviour for one in problem.measures):
        refine = trials // 3
        found = search(problem, trials - refine, tell, journal=kept)
        problem.settle(found.best.values)
        allowed = tolerance(problem, found.best.values)
        known, values, found = identify(problem, found, allowed, tell, refine=refine, journal=kept)
        problem.settle(values)
    fields = _fields(direct, problem, known, values, mapping, log)
    return Calibration(
        base_name,
        policy,
        log,
        mapping,
        direct,
        found,
        tuple(known),
        allowed,
        tuple(fields),
        scenario_of(tree_of(base), {one.path: one.value for one in fields}),
    )


def look_at_journal(
    journal: Path,
    log: Log,
    mapping: Mapping,
    base: Scenario,
    policy: Policy,
    *,
    seed: int,
    replications: int = 1,
) -> None:
    """Whether `calibrate` can go on with a journal, before any work; one that is not there is not begun.

    Raises BadJournal where it keeps the trials of another calibration or is damaged, NoSearch, OSError.
    """
    if journal.exists():
        _kept(journal, log, mapping, base, policy, seed, replications)


def _kept(
    journal: Path, log: Log, mapping: Mapping, base: Scenario, policy: Policy, seed: int, replications: int
) -> Journal:
    """The journal of this calibration."""
    optuna_or_not()
    return Journal(journal, asked(log, mapping, base, policy, seed, replications))


def _fields(
    direct: Direct, problem: SearchProblem, known: list[Known], values: Values, mapping: Mapping, log: Log
) -> list[Field]:
    """All fields of the file; a later one replaces an earlier one at the same place."""
    source = mapping.source or log.name
    title = mapping.title or f"Disputes of {log.name}, calibrated"
    made: dict[Any, Field] = {
        ("title",): Field(("title",), title, {}, "", ""),
        ("description",): Field(("description",), _description(log, problem, known), {}, "", ""),
    }
    made |= {one.path: one for one in direct.fields}
    groundless = values.get("groundless", problem.rates.groundless)
    rates = problem.rates.patch(groundless, problem.correction)
    made |= {one.path: one for one in rate_fields(direct, rates, source)}
    made |= {one.path: one for one in _hidden(problem, known, values, source)}
    if problem.money_factor != 1.0:
        law = made["market", "amount"]
        median = law.parts["median"].scaled(problem.money_factor)
        sigma = law.parts["sigma"].scaled(problem.money_spread)
        value = {"median": rounded(median.value), "sigma": rounded(min(sigma.value, 5.0), 4)}
        made["market", "amount"] = law._replace(value=value, parts={"median": median, "sigma": sigma})
    return list(made.values())


def _hidden(problem: SearchProblem, known: list[Known], values: Values, source: str) -> list[Field]:
    """What the search found, each setting with the values that were as good."""
    fields: dict[Any, Field] = {}
    model = problem.scenario
    for one in known:
        if not one.kept or one.knob.name == "groundless":
            continue
        patch: Patch = one.knob.change(model, values[one.knob.name])
        note = (
            f"{one.knob.title.lower()}: {figure(one.value)}; {one.verdict}, as good from "
            f"{figure(one.low)} to {figure(one.high)} (a range, not a confidence interval)"
        )
        for path, value in patch.items():
            before = fields.get(path)
            told = f"{before.note}; {note}" if before else note
            ends = [one.knob.change(model, end).get(path) for end in (one.low, one.high)]
            ranges = {**(before.ranges if before else {}), **_between(value, *ends)}
            matched = f"simulated logs matched to: {source}"
            fields[path] = Field(path, value, {}, matched, "derived", told, ranges)
        if one.knob.name == "reply":  # its shape builds on it
            model = scenario_of(tree_of(model), patch)
    return list(fields.values())


def _between(value: Any, low: Any, high: Any) -> dict[str, tuple[float, float]]:
    """Which numbers of a setting differ between two values of it, and from where to where."""
    parts = (value, low, high) if isinstance(value, dict) else ({"": value}, {"": low}, {"": high})
    if not all(isinstance(part, dict) for part in parts):
        return {}
    _, bottom, top = parts
    found = {}
    for name in parts[0]:
        ends = [end for end in (bottom.get(name), top.get(name)) if isinstance(end, (int, float))]
        if len(ends) == 2 and ends[0] != ends[1] and not any(isinstance(end, bool) for end in ends):
            found[name] = (float(min(ends)), float(max(ends)))
    return found


def _description(log: Log, problem: SearchProblem, known: list[Known]) -> str:
    hidden = sum(one.kept for one in known)
    return (
        f"Fitted to {len(log):,} disputes of {log.name} from {log.start} to {log.last} under the policy "
        f"{problem.policy.name}: arrivals, mix and amounts from its columns, {hidden} settings that no "
        "column shows by matching simulated logs to it. Resembles that log; says nothing of what it does "
        "not hold."
    )
