"""The optimiser: asked for candidates and told what came of them; optuna does the thinking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

import numpy as np

from evenhand.analysis.calibration.search import optuna_or_not
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.search.lever import Lever, Value

MANY_GOALS = 4
"""Goals from which on the evolution strategy NSGA-II takes the place of TPE."""
Values = dict[str, Value]


class Proposal(NamedTuple):
    """Values to try, and the trial that they belong to."""

    trial: Any
    values: Values


def sobol(levers: Sequence[Lever], count: int, seed: int) -> list[Values]:
    """Scrambled Sobol points over the levers, the floor that an optimiser must beat (Owen 1998)."""
    from scipy.stats import qmc  # here, because it takes a third of a second to load

    sampler = qmc.Sobol(len(levers), rng=np.random.default_rng(seed))
    points = sampler.random_base2(max(int(np.ceil(np.log2(max(count, 1)))), 0))[:count]
    return [{lever.name: lever.at(float(u)) for lever, u in zip(levers, row, strict=True)} for row in points]


class Sampler:
    """An optuna study that is asked and told; the same seed and the same answers give the same proposals.

    TPE in its multi-objective form (Ozaki et al. 2022), all levers together; NSGA-II (Deb et al. 2002) from
    four goals on. Less is better in every goal; a constraint above 0 is broken.
    """

    def __init__(self, levers: Sequence[Lever], goals: int, seed: int, floor: int) -> None:
        """Begin a study; `floor` is the number of points that it will be given before it proposes."""
        optuna = optuna_or_not()
        self.levers = tuple(levers)
        self.name = "NSGA-II" if goals >= MANY_GOALS else "TPE"
        with catch_warnings():
            simplefilter("ignore")  # parts of it call themselves experimental
            if goals >= MANY_GOALS:
                self._sampler = optuna.samplers.NSGAIISampler(population_size=max(floor, 8), seed=seed)
            else:
                self._sampler = optuna.samplers.TPESampler(
                    n_startup_trials=1, multivariate=True, constant_liar=True, seed=seed
                )
            self.study = optuna.create_study(directions=["minimize"] * goals, sampler=self._sampler)
        self._fail = optuna.trial.TrialState.FAIL

    def given(self, values: Mapping[str, Value]) -> Proposal:
        """Have these values be the next proposal."""
        self.study.enqueue_trial(dict(values))
        return self.ask()

    def ask(self) -> Proposal:
        """The next values to try."""
        with catch_warnings():
            simplefilter("ignore")
            trial = self.study.ask()
            return Proposal(trial, {lever.name: lever.suggest(trial) for lever in self.levers})

    def tell(self, one: Proposal, costs: Floats | None, excess: Floats) -> None:
        """Say what came of a proposal; without costs, or with undefined ones, that nothing can."""
        if costs is None or not np.isfinite(costs).all() or not np.isfinite(excess).all():
            self.study.tell(one.trial, state=self._fail)
            return
        for number, amount in enumerate(excess):
            one.trial.set_constraint(f"limit {number}", float(amount))
        self.study.tell(one.trial, [float(cost) for cost in costs])


def importances(sampler: Sampler, goal: int) -> dict[str, float]:
    """How much each lever matters for reaching the best tenth of a goal, by PED-ANOVA; they sum to 1.

    Exploratory: the points are where the optimiser looked, and few. Empty where there are too few of them.
    Source: Watanabe, Bansal & Hutter (2023), PED-ANOVA.
    """
    optuna = optuna_or_not()
    with catch_warnings():
        simplefilter("ignore")
        try:
            found = optuna.importance.get_param_importances(
                sampler.study,
                evaluator=optuna.importance.PedAnovaImportanceEvaluator(),
                target=lambda trial: trial.values[goal],
            )
        except (RuntimeError, ValueError):
            return {}
    return {name: float(share) for name, share in found.items() if np.isfinite(share)}
