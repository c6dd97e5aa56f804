"""An experiment: a scenario, a policy, the luck and the length of a simulation, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self, TypedDict, get_args

from evenhand.renamed import renamed_arguments
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.policy.compatibility import DoesNotFit, misfits
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import About
from evenhand.sim.runs.seeds import LAST_SEED
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, candidate_rates
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS

EngineName = Literal["auto", "simpy", "numba"]
Decide = Callable[[CaseFile], float]
"""A decision rule in Python: sees the case file, gives the refund share."""
Trace = Callable[[float, int, int], None]
"""Told of every wake-up just before it happens, under the SimPy engine: (now, dispute, stage)."""
DECIDES_IN_PYTHON = "a decision rule in Python runs under the SimPy engine: engine='simpy'"
LONG_RUN = 200_000
"""Candidates from which on the Numba engine repays its compilation, of about twenty seconds."""
LONG_RUN_WHEN_WARM = 10_000
"""The same where it is on disk and has only to be loaded, in about a second."""


class How(TypedDict, total=False):
    """How a scenario and a policy are run; what is left out is as in `Experiment.of`."""

    seed: int
    replications: int
    days: int | None
    engine: EngineName
    events: bool
    open_loop: bool | None
    decide: Decide | None
    workers: int


@dataclass(frozen=True, eq=False)
class Experiment(About):
    """A simulation that can be run: what its records will be about, and how they are made.

    Make it with `Experiment.of`, which checks it; `under` gives the same experiment under another policy.
    """

    events: bool = True
    """Whether the event log is kept."""
    decide: Decide | None = None
    """A decision rule in Python for cases that reach a desk, under the SimPy engine."""
    workers: int = 1
    """Threads that share the replications, under the Numba engine."""
    extent: Extent | None = None
    """How much luck is drawn; None = what the policy can use. More changes no record."""

    @classmethod
    @renamed_arguments
    def of(
        cls,
        scenario: Scenario,
        policy: Policy,
        *,
        seed: int = 1,
        replications: int = 1,
        days: int | None = None,
        engine: EngineName = "auto",
        events: bool = True,
        open_loop: bool | None = None,
        decide: Decide | None = None,
        workers: int = 1,
        extent: Extent | None = None,
        lives: int = 1,
    ) -> Self:
        """Check what is asked for and fill in the rest.

        `days` and `open_loop` default to the scenario's, `engine` to the faster one where each world lives
        `lives` times. Raises DoesNotFit where scenario and policy cannot run together, ValueError for bad
        arguments.
        """
        asked = "simpy" if decide is not None and engine == "auto" else engine
        horizon, chosen = plan(scenario, [policy], seed, replications, days, asked, lives)
        if decide is not None and chosen == "numba":
            raise ValueError(DECIDES_IN_PYTHON)
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, found {workers}")
        frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
        threads = workers if chosen == "numba" else 1  # SimPy is plain Python, and gains nothing by them
        return cls(
            scenario, policy, seed, replications, horizon, chosen, frozen, events, decide, threads, extent
        )

    def under(self, policy: Policy) -> Self:
        """The same worlds and luck under another policy. Raises DoesNotFit where it cannot run there."""
        problems = misfits(self.scenario, policy, self.days)
        if problems:
            raise DoesNotFit(problems)
        return replace(self, policy=policy)

    def luck(self, replication: int) -> Luck:
        """The random numbers of one replication."""
        return Luck(self.seed, replication)

    @property
    def expected_disputes(self) -> float:
        """Roughly how many candidates all replications draw, festivals left aside."""
        return expected_disputes(self.scenario, self.days) * self.replications


def expected_disputes(scenario: Scenario, days: int) -> float:
    """Roughly how many candidates one replication draws, festivals left aside."""
    return float(candidate_rates(scenario, draw_people(scenario, Luck(0, 0))).sum()) * days


def choose_engine(scenario: Scenario, days: int, replications: int) -> EngineName:
    """The Numba engine where it repays itself: loading it costs about a second, compiling twenty."""
    from evenhand.sim.jit.cache import is_warm

    disputes = expected_disputes(scenario, days) * replications
    return "numba" if disputes > (LONG_RUN_WHEN_WARM if is_warm() else LONG_RUN) else "simpy"


def plan(
    scenario: Scenario,
    policies: Iterable[Policy],
    seed: int,
    replications: int,
    days: int | None,
    engine: EngineName,
    times: int = 1,
) -> tuple[int, EngineName]:
    """Check what is asked for; gives the horizon in days and the engine. Raises DoesNotFit, ValueError.

    `times` is how often each world will live, which counts when the engine is chosen.
    """
    horizon = scenario.days if days is None else days
    asked = (("days", horizon, 1, MOST_DAYS), ("replications", replications, 1, MOST_REPLICATIONS))
    for name, value, least, most in (*asked, ("seed", seed, 0, LAST_SEED)):
        if value < least:
            raise ValueError(f"{name} must be {least} or more, found {value}")
        if value > most:
            raise ValueError(f"{name} must be {most:,} or less, found {value}")
    if engine not in get_args(EngineName):
        raise ValueError(f"engine: must be one of {', '.join(get_args(EngineName))}, found {engine!r}")
    problems = [one for policy in policies for one in misfits(scenario, policy, horizon)]
    if problems:
        raise DoesNotFit(list(dict.fromkeys(problems)))
    return horizon, choose_engine(scenario, horizon, replications * times) if engine == "auto" else engine
