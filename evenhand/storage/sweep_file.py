"""The one file of a sweep: its plan and every point that is done, whole at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.experiments import Design, Measured
from evenhand.analysis.metrics.overload import Overload
from evenhand.locale.current import gettext_noop
from evenhand.storage.point_file import Columns, PointFile

OVERLOADS = "overloads"
"""The column of the desks that cannot keep up."""


class SweepFile(PointFile):
    """Points of a sweep: every one that is kept is in the file before the next can be.

    Columns: point, world, the settings (null = as the files say), and each metric with the cases that it
    counts, `METRIC_n`, and `overloads`, the desks that cannot keep up at the point as JSON.
    """

    PLAN = "evenhand_sweep"
    NOUN = gettext_noop("a sweep")
    TEXTS = (OVERLOADS,)

    def __init__(
        self, path: Path, plan: Mapping[str, Any], look: Design, metrics: Sequence[str], *, anew: bool = False
    ) -> None:
        """Take a place; `anew` forgets the sweep that stands there.

        Raises UsageError where it holds something else than this plan, or, `anew`, than any sweep.
        """
        self.look, self.metrics = look, metrics
        super().__init__(path, plan, anew=anew)

    def columns(self) -> Columns:
        """Everything that is done, point by point."""
        points = sorted(self.done)
        worlds = len(self.done[points[0]].value)
        value = np.concatenate([self.done[point].value for point in points])
        n = np.concatenate([self.done[point].n for point in points])
        first = np.where(self.look.other_worlds[points], worlds, 0)
        columns: Columns = {
            "point": np.repeat(points, worlds).astype(np.int32),
            "world": (first[:, None] + np.arange(worlds)).ravel().astype(np.int32),
        }
        for place, axis in enumerate(self.look.axes):
            columns[axis.name] = np.repeat(self.look.points[points, place], worlds)
        for place, metric in enumerate(self.metrics):
            columns[metric], columns[f"{metric}_n"] = value[:, place], n[:, place]
        said = [self.beside(self.done[point]) for point in points]
        columns[OVERLOADS] = np.repeat(np.array(said, object), worlds)
        return columns

    def beside(self, measured: Measured) -> str:
        """The desks that cannot keep up at a point, as text."""
        return json.dumps([asdict(desk) for desk in measured.overloads])

    def names(self) -> set[str]:
        """The columns of the file."""
        axes = {axis.name for axis in self.look.axes}
        return {"point", "world", OVERLOADS, *axes, *self.metrics, *(f"{name}_n" for name in self.metrics)}

    def take(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        """Fill `done`; False where the points are not those of the design. Raises ValueError, TypeError."""
        points = columns["point"].astype(int)
        if points.max() >= len(self.look) or not all(
            np.array_equal(columns[axis.name], self.look.points[points, place], equal_nan=True)
            for place, axis in enumerate(self.look.axes)
        ):
            return False
        for point in np.unique(points):
            rows = points == point
            value = np.column_stack([columns[name][rows] for name in self.metrics])
            n = np.column_stack([columns[f"{name}_n"][rows] for name in self.metrics])
            desks = json.loads(str(columns[OVERLOADS][rows][0]))
            self.done[int(point)] = Measured(
                value, n.astype(np.int64), tuple(Overload(**desk) for desk in desks)
            )
        return True
