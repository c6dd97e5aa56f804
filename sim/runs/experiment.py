"""An experiment: a scenario, a policy, the luck and the length of a simulation, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self, TypedDict, get_args
from weakref import WeakValueDictionary

import numpy as np
from pydantic import BaseModel, ValidationError

from evenhand.locale.current import gettext
from evenhand.own_code import code_of
from evenhand.renamed import renamed_arguments
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.policy.compatibility import DoesNotFit, misfits
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import About, ChosenEngine
from evenhand.sim.runs.seeds import LAST_SEED
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, candidate_rates
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS

EngineName = ChosenEngine
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
    cohort: Cohort | str | None


@dataclass(frozen=True, eq=False, repr=False)
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
        cohort: Cohort | str | None = None,
    ) -> Self:
        """Check what is asked for and fill in the rest.

        `days` and `open_loop` default to the scenario's, `engine` to the faster one where each world lives
        `lives` times; `cohort`, as in "30..120", says which disputes are counted. Raises DoesNotFit
        where scenario and policy cannot run together, ValueError for bad arguments.
        """
        if decide is not None and not callable(decide):
            raise ValueError(
                gettext("decide must be a function of a case file, found {decide!r}").format(decide=decide)
            )
        asked = "simpy" if decide is not None and engine == "auto" else engine
        horizon, chosen = plan(scenario, [policy], seed, replications, days, asked, lives)
        if decide is not None and chosen == "numba":
            raise ValueError(DECIDES_IN_PYTHON)
        if workers < 1:
            raise ValueError(gettext("workers must be 1 or more, found {workers}").format(workers=workers))
        frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
        threads = workers if chosen == "numba" else 1  # SimPy is plain Python, and gains nothing by them
        kept = None if cohort is None else read_cohort(cohort).check(scenario, horizon)
        return cls(
            scenario,
            policy,
            seed,
            replications,
            horizon,
            chosen,
            frozen,
            events,
            decide,
            threads,
            extent,
            cohort=kept,
        )

    def under(self, policy: Policy) -> Self:
        """The same worlds and luck under another policy. Raises DoesNotFit where it cannot run there."""
        problems = misfits(self.scenario, policy, self.days)
        if problems:
            raise DoesNotFit(problems)
        return replace(self, policy=policy)

    def about(self) -> dict[str, Any]:
        """What its records will be about, the decision rule by its name and hash."""
        return super().about() | {"rule": None if self.decide is None else code_of(self.decide)}

    def luck(self, replication: int) -> Luck:
        """The random numbers of one replication."""
        return Luck(self.seed, replication)

    @property
    def expected_disputes(self) -> float:
        """Roughly how many candidates all replications draw, festivals left aside."""
        return expected_disputes(self.scenario, self.days) * self.replications


def read_cohort(cohort: Cohort | str) -> Cohort:
    """A cohort that was given as it is or in words. Raises ValueError."""
    try:
        return Cohort.read(cohort)
    except ValueError as error:
        raise ValueError(f"cohort: {error}") from error


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
    must_be(scenario, Scenario, "scenario", "scenarios.load")
    rules = list(policies)
    for policy in rules:
        must_be(policy, Policy, "policy", "scenarios.policy")
    horizon = scenario.days if days is None else days
    asked = (("days", horizon, 1, MOST_DAYS), ("replications", replications, 1, MOST_REPLICATIONS))
    for name, value, least, most in (*asked, ("seed", seed, 0, LAST_SEED)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
            raise ValueError(  # noqa: TRY004 (as for all arguments)
                gettext("{name} must be a whole number, found {value!r}").format(name=name, value=value)
            )
        if value < least:
            raise ValueError(
                gettext("{name} must be {least} or more, found {value}").format(
                    name=name, least=least, value=value
                )
            )
        if value > most:
            raise ValueError(
                gettext("{name} must be {most:,} or less, found {value}").format(
                    name=name, most=most, value=value
                )
            )
    if 24 * horizon <= scenario.start_up:
        begins = int(scenario.start_up // 24)
        raise ValueError(
            gettext("days must be more than the {begins} of start-up, found {horizon}").format(
                begins=begins, horizon=horizon
            )
        )
    if engine not in get_args(EngineName):
        raise ValueError(
            gettext("engine: must be one of {engines}, found {engine!r}").format(
                engines=", ".join(get_args(EngineName)), engine=engine
            )
        )
    problems = [one for policy in rules for one in misfits(scenario, policy, horizon)]
    if problems:
        raise DoesNotFit(list(dict.fromkeys(problems)))
    return horizon, choose_engine(scenario, horizon, replications * times) if engine == "auto" else engine


_CHECKED: WeakValueDictionary[int, Scenario | Policy] = WeakValueDictionary()
"""Models that have been looked at; they are frozen, so once is enough."""


def must_be(model: object, kind: type[Scenario | Policy], name: str, reader: str) -> None:
    """Raise ValueError, in one line, for anything else than a sound scenario, or a sound policy."""
    if isinstance(model, kind):
        if _CHECKED.get(id(model)) is not model:
            check_model(model)
            _CHECKED[id(model)] = model
        return
    if isinstance(model, (Scenario, Policy)):
        found = gettext("the {lower} '{name}'; swap the two").format(
            lower=type(model).__name__.lower(), name=model.name
        )
        raise ValueError(  # noqa: TRY004 (as for all arguments)
            gettext("{name}: must be a {kind}, found {found}").format(
                name=name, kind=kind.__name__, found=found
            )
        )
    hint = (
        gettext("; {reader}({model!r}) reads it").format(reader=reader, model=model)
        if isinstance(model, str)
        else ""
    )
    raise ValueError(
        gettext("{name}: must be a {kind}, found {model!r:.80}{hint}").format(
            name=name, kind=kind.__name__, model=model, hint=hint
        )
    )


def check_model(model: Scenario | Policy) -> None:
    """Raise ValueError, in one line, where a model holds what its own rules forbid.

    `model_copy(update=...)` puts values in unseen.
    """
    kind = type(model).__name__.lower()
    given = _plain(model)
    try:
        read = _plain(type(model).model_validate(given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise ValueError(
            gettext(
                "{kind} '{name}': {where}: {said}, found {first!r:.80}; values put in by model_copy are "
                "not checked"
            ).format(kind=kind, name=model.name, where=where, said=said, first=first["input"])
        ) from error
    for where, found, wanted in _unlike(given, read):
        raise ValueError(
            gettext(
                "{kind} '{name}': {where}: must be {wanted!r:.80}, found {found!r:.80}; values put in by "
                "model_copy are not checked"
            ).format(kind=kind, name=model.name, where=where, wanted=wanted, found=found)
        )


def _unlike(given: Any, read: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where what was given is not what a file with it would have become: place, found and wanted."""
    if isinstance(read, dict) and isinstance(given, dict):
        for name, value in read.items():
            yield from _unlike(given.get(name), value, f"{path}.{name}".lstrip("."))
    elif isinstance(read, list) and isinstance(given, list):
        for place, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from _unlike(one, other, f"{path}.{place}")
    elif type(given) is not type(read) and given != read:
        yield path, given, read


def _plain(part: Any) -> Any:
    """A model as the parts that it was made of; what is no model stays as it is, whatever it is."""
    if isinstance(part, BaseModel):
        return {
            field.alias or name: _plain(getattr(part, name))
            for name, field in type(part).model_fields.items()
        }
    if isinstance(part, dict):
        return {key: _plain(value) for key, value in part.items()}
    return [_plain(one) for one in part] if type(part) in {list, tuple} else part
