"""A search as plain data: what `--format json` prints, and what stands beside its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.search.found import limits_words
from evenhand.analysis.search.study import FIRST_WORLDS
from evenhand.jobs.rule_patches import Bases, said
from evenhand.storage.version import version

if TYPE_CHECKING:
    from evenhand.jobs.rule_search import Searched

DOCUMENT = "search.json"


def write(done: Searched, bases: Bases, business: Sequence[str]) -> None:
    """Write what was found beside the page, for those who look at it without the search. Raises OSError."""
    save(done.folder / DOCUMENT, document(done) | _kept(done, bases, business))


def save(path: Path, made: dict[str, Any]) -> None:
    """Write plain data to a file, whole or not at all. Raises OSError."""
    with whole(path) as unfinished:
        text = json.dumps(plain_json(made), ensure_ascii=False, indent=1)
        unfinished.write_text(text + "\n", encoding="utf-8", newline="\n")


def _kept(done: Searched, bases: Bases, business: Sequence[str]) -> dict[str, Any]:
    """Beyond what is printed: every candidate as it was seen first, and its files and levers by name."""
    found = done.found
    base = found.experiment.scenario, found.experiment.policy
    means = found.explored.means(FIRST_WORLDS)
    metrics = [one.name for one in found.aims.metrics]
    tried = [
        {
            "candidate": one.number,
            "values": dict(one.values),
            **dict(zip(metrics, map(float, means[place]), strict=True)),
        }
        for place, one in enumerate(found.explored.candidates)
    ]
    return {
        "kind": "search",
        "currency": base[0].currency,
        "metrics": metrics,
        "levers": {one.name: one.plain() for one in found.levers},
        "business": list(business),
        "bases": bases._asdict(),
        "said": {str(one.number): said(base, found.models(one)) for one in found.front},
        "tried": tried,
    }


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
