"""The search for hidden settings: simulated logs are made as like the real one as a budget of trials allows.

The loss is the mean of the behaviour distances of `analysis.calibration.distances`. All trials meet the
same worlds, of a seed that nothing else uses (`seeds`), so that two trials differ by their settings alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from evenhand.analysis.calibration.distances import LogMeasure, distances, score
from evenhand.analysis.calibration.hidden import patch_of
from evenhand.analysis.calibration.journal import Journal, named
from evenhand.analysis.calibration.knob import Knob
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.patch import Patch, laid, tree_of
from evenhand.analysis.calibration.rates import Rates
from evenhand.analysis.calibration.samples import money
from evenhand.analysis.calibration.simulated import simulated_log
from evenhand.analysis.runs.steps import Step
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.seeds import search_seed
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import N_VALID

Floats = NDArray[np.float64]
Values = dict[str, float]
Tell = Callable[[str, int], None]
"""Told what happens next, and how many trials are done."""
OUT_OF_STEP = 0.2
"""Where the logarithm of disputes wanted over disputes made is beyond this, rates are set anew in a trial."""
WORST = 1.0
_MOST_FACTOR = 20.0


class NoSearch(RuntimeError):
    """The library for searching is not installed; the text says what to do."""


class SearchTrial(NamedTuple):
    """Values that were tried and how far the log they made was from the real one."""

    values: Values
    loss: float


@dataclass
class SearchProblem:
    """What is searched: a scenario with all direct fits, its policy, and the log it is to resemble."""

    scenario: Scenario
    policy: Policy
    log: Log
    begins_with: str
    rates: Rates
    knobs: tuple[Knob, ...]
    measures: tuple[LogMeasure, ...]
    seed: int = 1
    replications: int = 1
    engine: EngineName = "simpy"
    correction: Floats = field(default_factory=lambda: np.ones(N_VALID))
    """Rates of claims, times those of the log: more arise than reach the log."""
    money_factor: float = 1.0
    """Median amount, times that of the log, where it has only what was paid ..."""
    money_spread: float = 1.0
    """... and the standard deviation of its logarithm."""

    @property
    def start(self) -> Values:
        """Where the search begins."""
        return {knob.name: knob.start for knob in self.knobs}

    @property
    def base(self) -> Values:
        """Values that leave the scenario as it is."""
        return {knob.name: knob.base for knob in self.knobs}

    def named(self, name: str) -> str:
        """A name for a search of this problem, which no search has that begins otherwise."""
        ranges = [[knob.name, knob.low, knob.high, knob.log, knob.start] for knob in self.knobs]
        settled = [self.correction.tolist(), self.money_factor, self.money_spread]
        return named(name, ranges, settled, self.seed, self.replications)

    def patch(self, values: Values, correction: Floats | None = None) -> Patch:
        """What values change, rates and amounts included."""
        groundless = values.get("groundless", self.rates.groundless)
        amount = self.scenario.market.amount
        found = patch_of(self.knobs, values, self.scenario)
        found |= self.rates.patch(groundless, self.correction if correction is None else correction)
        found["market", "amount"] = {
            "median": amount.median * self.money_factor,
            "sigma": min(amount.sigma * self.money_spread, 5.0),
        }
        return found

    def model(self, values: Values, correction: Floats | None = None) -> Scenario:
        """The scenario with these values. Raises pydantic's ValidationError."""
        return Scenario.model_validate(laid(tree_of(self.scenario), self.patch(values, correction)))

    def simulate(self, values: Values, correction: Floats | None = None, *, offset: int = 0) -> Log:
        """A log of the search's own worlds; `offset` gives others of them."""
        return simulated_log(
            self.model(values, correction),
            self.policy,
            self.log,
            self.begins_with,
            seed=search_seed(self.seed + offset),
            replications=self.replications,
            engine=self.engine,
        )

    def loss(self, values: Values) -> float:
        """Mean behaviour distance; the worst there is for values out of range."""
        try:
            made = self.simulate(values)
            ratio = self.out_of_step(made)
            if abs(np.log(ratio)) > OUT_OF_STEP:
                made = self.simulate(values, np.clip(self.correction * ratio, 0, _MOST_FACTOR))
        except ValidationError:
            return WORST
        return score(distances(made, self.log, self.measures), self.measures, behaviour_only=True)

    def out_of_step(self, made: Log) -> float:
        """Disputes of the log over those made in one world."""
        return float(
            np.clip(len(self.log) * self.replications / max(len(made), 1), 1 / _MOST_FACTOR, _MOST_FACTOR)
        )

    def settle(self, values: Values, rounds: int = 3) -> None:
        """Set rates and amounts so that as many disputes, of each cause, and payments as large come out."""
        for _ in range(rounds):
            made = self.simulate(values)
            ratio = np.full(N_VALID, self.out_of_step(made))
            if (self.log.cause >= 0).any():
                ours = np.bincount(made.cause[made.cause >= 0], minlength=N_VALID) + 0.5
                theirs = np.bincount(self.log.cause[self.log.cause >= 0], minlength=N_VALID) + 0.5
                ratio *= (theirs / theirs.sum()) / (ours / ours.sum())
            self.correction = np.clip(self.correction * ratio, 0, _MOST_FACTOR)
            if not (~np.isnan(self.log.amount)).any():
                self._settle_money(money(self.log), money(made))

    def _settle_money(self, wanted: Floats, paid: Floats) -> None:
        """Move the law of amounts by what payments are off, in the middle and in their spread."""
        if len(wanted) < 10 or len(paid) < 10:
            return
        self.money_factor *= float(np.median(wanted) / np.median(paid))
        self.money_spread *= float(np.log(wanted).std() / np.log(paid).std())


@dataclass
class SearchResult:
    """What a search found: all trials, the best first."""

    trials: list[SearchTrial]
    stopped: bool
    """Interrupted before the budget was used up."""

    @property
    def best(self) -> SearchTrial:
        """The trial with the least loss; the earliest of several."""
        return min(self.trials, key=lambda trial: trial.loss)


def optuna_or_not() -> Any:
    """The library. Raises NoSearch with the command that installs it."""
    try:
        import_module("cmaes")  # optuna needs it for its sampler
        import optuna
    except ImportError as error:
        raise NoSearch(
            gettext(
                "the search for hidden settings needs optuna: pip install optuna cmaes (the extra 'search'), "
                "or --trials 0 to leave it out"
            )
        ) from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def search(
    problem: SearchProblem, trials: int, tell: Tell, *, journal: Journal | None = None, name: str = "all"
) -> SearchResult:
    """Try values by the covariance matrix adaptation evolution strategy (Hansen & Ostermeier 2001).

    It begins at the knobs' starts and spreads over a sixth of their ranges. Ctrl-C keeps the best so far.
    `journal` keeps trials: those of a search of the same `name`, which began alike, are not made again, and
    what is found is what an unbroken search finds. Raises BadJournal where they are of another search.
    """
    from warnings import catch_warnings, simplefilter

    optuna = optuna_or_not()
    with catch_warnings():
        simplefilter("ignore")  # the sampler calls itself experimental
        sampler = optuna.samplers.CmaEsSampler(x0=problem.start, seed=problem.seed, n_startup_trials=1)
        study = optuna.create_study(sampler=sampler)
        study.enqueue_trial(problem.start)
        stopped = _try_all(study, problem, trials, tell, journal, problem.named(name))
    done = [SearchTrial(dict(t.params), float(t.value)) for t in study.trials if t.value is not None]
    if not done:
        raise KeyboardInterrupt
    return SearchResult(done, stopped)


def _try_all(
    study: Any, problem: SearchProblem, trials: int, tell: Tell, journal: Journal | None, name: str
) -> bool:
    """Try until the budget is used up; gives whether it was interrupted.

    The sampler is asked for every trial, those of the journal too, so that it comes to the same state.
    """
    best = float("inf")
    try:
        for number in range(trials):
            trial = study.ask()
            values = {
                k.name: float(trial.suggest_float(k.name, k.low, k.high, log=k.log)) for k in problem.knobs
            }
            known = journal.loss(name, number, values) if journal is not None else None
            loss = problem.loss(values) if known is None else known
            if journal is not None and known is None:
                journal.keep(name, number, values, loss)
            study.tell(trial, loss)
            best = min(best, loss)
            if known is None:
                tell(Step("trial", number=number + 1, total=trials, loss=loss, best=best), number + 1)
    except KeyboardInterrupt:
        return True
    return False
