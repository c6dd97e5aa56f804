"""The long table: every value of every world, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.worlds import Worlds
from evenhand.sim.runs.records import Columns

COLUMNS = ("metric", "scenario", "policy", "replication", "group", "value", "n", "clusters")


def long_table(studies: Iterable[tuple[Worlds, Sequence[Measurement]]]) -> Columns:
    """All values of all scenarios, by scenario, policy, what is measured, and world."""
    parts: list[tuple[Any, ...]] = []
    for worlds, read in studies:
        value, n, clusters = (np.stack(column) for column in list(zip(*read, strict=True))[:3])
        count = len(read)
        for p, policy in enumerate(worlds.policies):
            for r, row in enumerate(worlds.rows):
                metric, scenario, name, group = (
                    np.full(count, label) for label in (row.metric.name, worlds.name, policy, row.group)
                )
                numbers = np.arange(count, dtype=np.int32)
                measured = (value[:, p, r], n[:, p, r], clusters[:, p, r])
                parts.append((metric, scenario, name, numbers, group, *measured))
    columns = zip(*parts, strict=True)
    return {name: np.concatenate(column) for name, column in zip(COLUMNS, columns, strict=True)}
