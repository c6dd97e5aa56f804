"""The file of how disputes go under each policy of a comparison: all counts that are not 0, one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.moves import MOVES, Moves
from evenhand.analysis.compare.partings import STEPS
from evenhand.analysis.compare.paths import PATHS
from evenhand.analysis.compare.splits import group_titles
from evenhand.analysis.compare.ways import Ways
from evenhand.analysis.counterfactual.attribution_settings import settings
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage import parquet

WAYS = "ways.parquet"
_WHOLE = ("disputes", "steps", "groups", "examples")
"""What is counted in whole numbers; the rest are sums."""


def write_ways(ways: Sequence[Ways], path: Path) -> None:
    """Write what was counted: scenario, policy, which count, its place among all of them, and its value.

    Examples are written one higher, since none is -1. Raises OSError.
    """
    parts: list[tuple[Any, ...]] = []
    for one in ways:
        for name, found in one.counts._asdict().items():
            flat = np.asarray(found, np.float64).ravel() + (name == "examples")
            place = np.flatnonzero(flat)
            whose = (np.full(len(place), word) for word in (one.scenario, one.policy, name))
            parts.append((*whose, place.astype(np.int64), flat[place]))
    columns = dict(
        zip(("scenario", "policy", "count", "place", "value"), zip(*parts, strict=True), strict=True)
    )
    numbered, words = {}, {}
    for name, several in columns.items():
        column = np.concatenate(several)
        if column.dtype.kind == "U":
            labels, column = np.unique(column, return_inverse=True)
            words[name] = [str(label) for label in labels]
        numbered[name] = column
    parquet.write(numbered, path, words.get, whole=("place",))


def layout() -> dict[str, Any]:
    """What the places in the file mean; another version may know other paths or steps."""
    return {"paths": list(PATHS), "steps": len(STEPS)}


def read_ways(
    path: Path,
    metrics: Sequence[str],
    baseline: str,
    scenarios: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
) -> tuple[Ways, ...]:
    """Read how disputes went under each policy beside the baseline. Raises UsageError for a damaged file."""
    with connect() as database:
        rows = database.read_parquet(str(path)).fetchnumpy()
    found = []
    for where, scenario in scenarios.items():
        groups = tuple(group_titles(scenario, "merchant_group").values())
        for name, policy in policies.items():
            mine = (rows["scenario"] == where) & (rows["policy"] == name)
            if name == baseline or not mine.any():
                continue
            counts = _counts({key: one[mine] for key, one in rows.items()}, len(metrics), len(groups), path)
            differing = settings(policies[baseline], policy)
            found.append(
                Ways(where, name, baseline, tuple(metrics), counts, differing, groups, policy.answer.silence)
            )
    return tuple(found)


def _counts(rows: Mapping[str, Any], metrics: int, groups: int, path: Path) -> Moves:
    shapes = {
        "disputes": (MOVES,),
        "steps": (MOVES, len(STEPS), 2),
        "groups": (MOVES, groups),
        "top": (metrics, MOVES),
        "bottom": (metrics, MOVES),
        "sums": (metrics, 4),
        "waits": (4,),
        "examples": (MOVES, 2),
    }
    arrays: dict[str, Any] = {}
    for name, shape in shapes.items():
        mine = rows["count"] == name
        flat = np.zeros(int(np.prod(shape)))
        try:
            flat[np.asarray(rows["place"][mine], np.int64)] = rows["value"][mine]
        except IndexError as error:
            raise UsageError(gettext("'{path}' is damaged").format(path=path)) from error
        flat -= name == "examples"
        arrays[name] = flat.astype(np.int64 if name in _WHOLE else np.float64).reshape(shape)
    return Moves(**arrays)


def has_ways(comparison: Comparison) -> bool:
    """Whether anybody counted how disputes go."""
    return any(one.counts.disputes.any() for one in comparison.ways)
