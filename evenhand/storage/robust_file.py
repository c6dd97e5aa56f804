"""The one file of a robustness study: beliefs, futures, and every value under every policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.experiments import Measured
from evenhand.analysis.robust.running import Plan, Spot
from evenhand.locale.current import gettext_noop
from evenhand.storage.point_file import Columns, PointFile

OWN = ("point", "future", "world")
"""Columns that are no beliefs."""


class RobustFile(PointFile):
    """Points of a study, those of the screening, the futures, and beliefs alone.

    Columns: point; future, its number from 0 (null for other points); world; a column a belief, its position
    from -1 to 1; `METRIC:POLICY`, and the cases that it counts, `METRIC_n:POLICY`.
    """

    PLAN = "evenhand_robust"
    NOUN = gettext_noop("a robustness study")
    PAUSE = 2.0

    def __init__(
        self,
        path: Path,
        plan: Mapping[str, Any],
        look: Plan,
        beliefs: Sequence[str],
        values: Sequence[str],
        *,
        anew: bool = False,
    ) -> None:
        """Take a place; `values` are `METRIC:POLICY`, policies first. Arguments and errors as `PointFile`."""
        self.look, self.beliefs, self.values = look, beliefs, values
        self.spots: dict[int, Spot] = {spot.number: spot for spot in look.spots()}
        super().__init__(path, plan, anew=anew)

    def add(self, spots: Sequence[Spot]) -> None:
        """Know more points: those that follow from what was found."""
        self.spots |= {spot.number: spot for spot in spots}

    def columns(self) -> Columns:
        """Everything that is done, point by point."""
        points = sorted(self.done)
        spots = [self.spots[point] for point in points]
        worlds = [spot.worlds for spot in spots]
        place = np.array(points, float) - self.look.first_future
        place[(place < 0) | (place >= len(self.look.futures))] = np.nan
        columns: Columns = {
            "point": np.repeat(points, worlds).astype(np.int32),
            "future": np.repeat(place, worlds),
            "world": np.concatenate([spot.first + np.arange(spot.worlds) for spot in spots]).astype(np.int32),
        }
        z = np.repeat([spot.z for spot in spots], worlds, axis=0)
        value = np.concatenate([self.done[point].value for point in points])
        n = np.concatenate([self.done[point].n for point in points])
        columns |= {name: z[:, at] for at, name in enumerate(self.beliefs)}
        for at, name in enumerate(self.values):
            columns[name], columns[_counted(name)] = value[:, at], n[:, at]
        return columns

    def names(self) -> set[str]:
        """The columns of the file."""
        return {*OWN, *self.beliefs, *self.values, *map(_counted, self.values)}

    def take(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        """Fill `done`; False where the points are not those of the plan.

        Points at which beliefs move alone follow from the others, and are taken as they stand.
        """
        points = columns["point"].astype(int)
        z = np.column_stack([columns[name] for name in self.beliefs])
        for point in np.unique(points):
            rows = points == point
            spot = self.spots.get(int(point))
            if spot is None:
                spot = self._alone(int(point), z[rows][0], columns["world"][rows])
                self.spots[spot.number] = spot
            elif not np.array_equal(z[rows][0], spot.z):
                return False
            value = np.column_stack([columns[name][rows] for name in self.values])
            n = np.column_stack([columns[_counted(name)][rows] for name in self.values])
            self.done[int(point)] = Measured(value, n.astype(np.int64))
        return True

    def _alone(self, point: int, z: np.ndarray[Any, Any], worlds: np.ndarray[Any, Any]) -> Spot:
        return Spot(point, tuple(z.tolist()), int(worlds[0]), len(worlds))


def _counted(name: str) -> str:
    metric, _, policy = name.partition(":")
    return f"{metric}_n:{policy}"
