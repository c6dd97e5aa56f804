"""A search as plain data: what `--format json` prints, and what stands beside its page."""

from __future__ import annotations

from typing import Any

from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.search.found import limits_words
from evenhand.jobs.rule_search import Searched
from evenhand.storage.version import version


def document(done: Searched) -> dict[str, Any]:
    """All of it as one JSON object."""
    found = done.found
    rows = found.table()
    for row, patch in zip(rows[1:], done.patches, strict=True):
        row["changes"] = [one._asdict() for one in patch.changes]
        row["file"] = patch.name
    made: dict[str, Any] = plain_json(
        {
            "policy": found.experiment.policy.name,
            "scenario": found.experiment.scenario.name,
            "seed": found.experiment.seed,
            "days": found.experiment.days,
            "version": version(),
            "goals": [f"{one.metric.name}:{one.way}" for one in found.aims.goals],
            "limits": limits_words(found.aims.limits),
            "within_limits": found.within,
            "worlds": found.explored.spent,
            "fresh_worlds": found.judged.worlds,
            "candidates": len(found.explored.candidates),
            "floor": found.floor._asdict(),
            "optimism": {goal.metric.name: value for goal, value in found.optimism()},
            "matters": {goal.metric.name: shares for goal, shares in found.matters()},
            "front": rows,
        }
    )
    return made
