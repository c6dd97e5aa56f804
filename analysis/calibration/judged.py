"""Scoring a scenario on a log: every distance, beside what two random halves of the log are apart."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.analysis.calibration.distances import (
    Floor,
    LogMeasure,
    distances,
    measures_of,
    noise_floor,
    score,
)
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.simulated import simulated_log
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.seeds import refuse_reserved
from evenhand.sim.scenario.scenario import Scenario


class Contender(NamedTuple):
    """Something that a log is compared with: a simulated log, or other months of the same one."""

    title: str
    log: Log
    found: dict[str, float]
    """Distances by name."""

    def score(self, measures: tuple[LogMeasure, ...]) -> float:
        """The mean distance."""
        return score(self.found, measures)


class Judged(NamedTuple):
    """A log, its noise floor, and what it was compared with, the scenario in question first."""

    title: str
    log: Log
    measures: tuple[LogMeasure, ...]
    floor: dict[str, Floor]
    rivals: tuple[Contender, ...]

    @property
    def floor_score(self) -> float:
        """The mean distance of two random halves."""
        return sum(self.floor[one.name].mean for one in self.measures) / len(self.measures)


def rival(title: str, log: Log, against: Log, measures: tuple[LogMeasure, ...]) -> Contender:
    """Compare one log with another."""
    return Contender(title, log, distances(log, against, measures))


def simulated_rival(
    title: str,
    scenario: Scenario,
    policy: Policy,
    against: Log,
    begins_with: str,
    measures: tuple[LogMeasure, ...],
    *,
    seed: int,
    replications: int,
    engine: EngineName,
) -> Contender:
    """Simulate the days of a log and compare. Raises ValueError for a seed that belongs to searches."""
    refuse_reserved(seed)
    made = simulated_log(
        scenario, policy, against, begins_with, seed=seed, replications=replications, engine=engine
    )
    return rival(title, made, against, measures)


def judge(
    title: str,
    log: Log,
    policy: Policy,
    scenarios: dict[str, Scenario],
    begins_with: str,
    *,
    seed: int,
    replications: int,
    engine: EngineName,
    others: dict[str, Log] | None = None,
) -> Judged:
    """Compare scenarios under a policy, and other logs, with a log; titles name them.

    Raises ValueError for a seed that belongs to searches, or a log of fewer than 20 rows.
    """
    if len(log) < 20:
        raise ValueError(
            gettext("{title}: 20 disputes or more are needed, found {log}").format(title=title, log=len(log))
        )
    measures = measures_of(log)
    made = [
        simulated_rival(
            name, one, policy, log, begins_with, measures, seed=seed, replications=replications, engine=engine
        )
        for name, one in scenarios.items()
    ]
    made += [rival(name, other, log, measures) for name, other in (others or {}).items()]
    return Judged(title, log, measures, noise_floor(log, measures), tuple(made))
