"""What people do counts the same in memory, from a folder, from a stream, and in a comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis.metrics.metric import EVERY_GROUP
from evenhand.analysis.runs.stored import Stored
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.streaming import Streamed, streamed
from tests.support import respond, small
from tests.support.stored import store

ASKED: dict[str, Any] = {"seed": 5, "replications": 2, "days": 30, "engine": "simpy"}
NAMES = (
    "buyer_missed_share",
    "merchant_missed_share",
    "opportunistic_claims_per_thousand_orders",
    "problem_rate",
    "gated_share",
    "marks_per_problem",
    "rating_lost_per_hundred_problems",
    "exits_per_month",
    "entries_per_month",
    "buyer_loss_per_dispute",
    "merchant_loss_per_dispute",
    "social_cost_per_order",
)


@pytest.fixture(scope="module")
def run() -> Run:
    return sim.simulate(respond.everything(), small.policy(), **ASKED)


@pytest.fixture(params=[pytest.param("stored", marks=pytest.mark.process), "streamed"])
def pieces(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Stored | Streamed:
    """The same run in pieces of a few rows."""
    if request.param == "stored":
        return store(run, tmp_path, a_part=1, a_file=250, rows=200)
    return replace(streamed(run.scenario, run.policy, **ASKED), rows=200)


@pytest.mark.process
def test_metrics_of_people_are_those_of_the_run_in_memory(run: Run, pieces: Stored | Streamed) -> None:
    """There is one definition of each; sums over pieces agree to rounding, counts exactly."""
    assert len(list(pieces.pieces())) > 1
    found = {"": (analysis.outcomes(run, NAMES), analysis.outcomes(pieces, NAMES))}
    for column in (*EVERY_GROUP, "category"):
        names = [name for name in NAMES if analysis.METRICS[name].splits(column)]
        ours, theirs = (analysis.outcomes_by(each, column, names) for each in (run, pieces))
        found |= {f"{column}:{label}": (ours[label], theirs[label]) for label in ours}
    assert sum(len(ours) for ours, _ in found.values()) > 100
    for group, (ours, theirs) in found.items():
        for name, one in ours.items():
            other = theirs[name]
            assert other.n == one.n, (group, name)
            np.testing.assert_allclose(
                other.per_replication, one.per_replication, rtol=1e-9, atol=1e-9, err_msg=f"{group} {name}"
            )


@pytest.mark.process
def test_a_comparison_has_them_by_category_of_the_goods(run: Run) -> None:
    """World by world, the value under a policy is that of the run alone."""
    names = ["buyer_missed_share", "buyer_loss_per_dispute", "social_cost_per_order"]
    both = {"base": run.policy, "strict": small.policy({"decision": {"standard": 0.9}})}
    table = analysis.compare(run.scenario, both, metrics=names, by=["category"], **ASKED).values
    base = table["policy"] == "base"
    whole, parts = analysis.outcomes(run, names), analysis.outcomes_by(run, "category", names[:2])
    expected = {(name, ""): one for name, one in whole.items()}
    expected |= {(n, f"category:{label}"): one for label, of in parts.items() for n, one in of.items()}
    assert set(zip(table["metric"], table["group"], strict=True)) == set(expected)
    for (name, group), one in expected.items():
        mine = base & (table["metric"] == name) & (table["group"] == group)
        np.testing.assert_allclose(table["value"][mine], one.per_replication, rtol=1e-9, err_msg=name)
