"""What a log of a simulated platform would look like: the same columns, the same days, the same rounding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from evenhand.analysis.calibration.log import COLUMNS, Log
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName, Experiment
from evenhand.sim.runs.records import Columns
from evenhand.sim.runs.trial import Trial
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import ENDINGS, N_VALID

SETTLES = 30
"""Days that a run needs at least before its queues are as long as they stay."""
FOLLOWS = 180
"""Days in which nearly every dispute ends."""
_PAYING = [ENDINGS.index(name) for name in ("settled", "ruled", "defaulted")]


def warm_up(log: Log) -> int:
    """Days that a run lives before the days of the log begin.

    Long enough for desks to fill, and in a log by closing for the slowest disputes that close in it.
    """
    if not log.by_closing or not log.has_endings:
        return SETTLES
    return int(max(SETTLES, min(np.ceil(1.3 * np.nanquantile(log.durations, 0.99) / 24), 400)))


def follow_up(log: Log) -> int:
    """Days that a run goes on after those of the log: endings without times are the last ones."""
    return 0 if log.has_endings or not (log.ending >= 0).any() else FOLLOWS


def longest_window(policy: Policy) -> int:
    """Days of the longest window: no run may be shorter."""
    windows = [w for _, plan in policy.versions() for _, w in plan.windows]
    for _, plan in policy.versions():
        windows += [plan.decision.panel.voting, plan.decision.panel.reveal]
    return int(np.ceil(max(window.hours for window in windows) / 24))


def aligned(scenario: Scenario, policy: Policy, log: Log) -> Scenario:
    """The scenario over the days of a log and those before and after, so that days of the week agree.

    A log that is shorter than a window of the policy has more days before it, which are cut off here and
    so are no start-up.
    """
    days = log.days + follow_up(log)
    before = max(warm_up(log), longest_window(policy) - days)
    calendar = scenario.calendar.model_copy(update={"start": log.start - timedelta(days=before)})
    return scenario.model_copy(update={"calendar": calendar, "days": before + days, "start_up": 0.0})


def simulated_log(
    scenario: Scenario,
    policy: Policy,
    like: Log,
    begins_with: str,
    *,
    seed: int,
    replications: int,
    engine: EngineName,
) -> Log:
    """Simulate the days of a log and read the records as that log was read; all replications pooled.

    `begins_with` is 'filing' or 'complaint', as in a mapping.
    """
    moved = aligned(scenario, policy, like)
    experiment = Experiment.of(
        moved,
        policy,
        seed=seed,
        replications=replications,
        engine=engine,
        events=False,
        open_loop=True,
    )
    trial = Trial.of(experiment)
    parts = [
        log_of_part(trial.replicate(number).disputes, moved, like, begins_with, number)
        for number in range(replications)
    ]
    return pooled(parts)


def log_of_part(d: Columns, scenario: Scenario, like: Log, begins_with: str, world: int) -> Log:
    """One replication of an aligned scenario as a log over the days of another."""
    shift = 24.0 * (like.start - scenario.start).days
    opened = d["filed_at"] if begins_with == "filing" else d["opened_at"]
    there = ~np.isnan(opened)
    e: dict[str, Any] = {name: values[there] for name, values in d.items()}
    won = (e["share"] > 0) & np.isin(e["ending"], _PAYING)
    n = int(there.sum())
    whole = Log(
        name=scenario.name,
        start=like.start,
        days=like.days,
        by_closing=like.by_closing,
        grain=like.grain,
        opened=opened[there] - shift,
        closed=e["closed_at"] - shift,
        ending=e["ending"].astype(np.int64),
        won=won,
        cause=np.where(e["claimed"] < N_VALID, e["claimed"], -1).astype(np.int64),
        merchant=e["merchant"].astype(np.int64) + world * scenario.merchants.count,
        amount=e["amount"] if (~np.isnan(like.amount)).any() else np.full(n, np.nan),  # as blind as the log
        paid=np.where(e["refund"] > 0, e["refund"], np.nan),
        review_asked=np.where(np.isnan(e["ruled_at"]), np.nan, (e["reviews"] > 0).astype(float)),
        world=np.full(n, world, np.int64),
        moments={name: e[f"{name}_at"] - shift for name in ("filed", "answered", "ruled")},
    )
    if follow_up(like):
        return replace(whole, closed=np.full(n, np.nan)).where(
            (whole.opened >= 0) & (whole.opened < whole.horizon)
        )
    return whole.between(None, None)


def pooled(logs: list[Log]) -> Log:
    """The rows of several logs over the same days."""
    first = logs[0]
    columns: dict[str, Any] = {name: np.concatenate([getattr(log, name) for log in logs]) for name in COLUMNS}
    moments = {name: np.concatenate([log.moments[name] for log in logs]) for name in first.moments}
    return replace(first, **columns, moments=moments)
