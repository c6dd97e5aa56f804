"""The one file of a sweep: its plan and every point that is done, whole at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.experiments import Design, Measured
from evenhand.analysis.metrics.apart import told
from evenhand.storage.table_file import TableFile, undisturbed


class SweepFile(TableFile):
    """Points on disk: every one that is kept is in the file before the next can be.

    One row a point and world; columns: point, world, the settings (null = as the files say), and each metric
    (null = undefined) with the cases that it counts, `METRIC_n`.
    """

    KEY = "evenhand_sweep"
    WHAT = "sweep"

    def __init__(
        self, path: Path, plan: Mapping[str, Any], look: Design, metrics: Sequence[str], *, anew: bool = False
    ) -> None:
        """Take a place; `anew` forgets the sweep that stands there.

        Raises UsageError where it holds something else than this plan, or, `anew`, than any sweep.
        """
        super().__init__(path, plan)
        self.look, self.metrics = look, metrics
        self.done: dict[int, Measured] = {}
        if path.exists() and anew:
            self.must_be_ours()
            path.unlink()
        elif path.exists():
            self._open()

    def keep(self, point: int, measured: Measured) -> None:
        """Add a point, on the disk before this returns. Raises OSError."""
        undisturbed(partial(self._keep, point, measured))

    def _keep(self, point: int, measured: Measured) -> None:
        self.done[point] = measured
        self.save(self._columns())

    def _columns(self) -> dict[str, np.ndarray[Any, Any]]:
        points = sorted(self.done)
        worlds = len(self.done[points[0]].value)
        value = np.concatenate([self.done[point].value for point in points])
        n = np.concatenate([self.done[point].n for point in points])
        first = np.where(self.look.other_worlds[points], worlds, 0)
        columns: dict[str, np.ndarray[Any, Any]] = {
            "point": np.repeat(points, worlds).astype(np.int32),
            "world": (first[:, None] + np.arange(worlds)).ravel().astype(np.int32),
        }
        for place, axis in enumerate(self.look.axes):
            columns[axis.name] = np.repeat(self.look.points[points, place], worlds)
        for place, metric in enumerate(self.metrics):
            columns[metric], columns[f"{metric}_n"] = value[:, place], n[:, place]
        return columns

    def _open(self) -> None:
        """Take over what was done before."""
        said, plan, found = self.read()
        try:
            columns = {name: np.ma.filled(column.astype(float), np.nan) for name, column in found.items()}
        except ValueError:
            raise self.damaged() from None
        apart = told(plan, self.plan)
        if not apart and not self._names() <= columns.keys():
            raise self.damaged()
        if not apart and not self._same_points(columns):
            apart = "the points themselves, which another version of SciPy has drawn"
        if apart:
            raise self.another(apart)
        for point in np.unique(columns["point"]).astype(int):
            rows = columns["point"] == point
            value = np.column_stack([columns[name][rows] for name in self.metrics])
            n = np.column_stack([columns[f"{name}_n"][rows] for name in self.metrics])
            self.done[int(point)] = Measured(value, n.astype(np.int64))
        self.check_sum(said)

    def _names(self) -> set[str]:
        """The columns of the file."""
        axes = {axis.name for axis in self.look.axes}
        return {"point", "world", *axes, *self.metrics, *(f"{name}_n" for name in self.metrics)}

    def checksum(self) -> str:
        """A checksum of the plan and of all points; NaN is one value, whatever its bits."""
        hashed = blake2b(json.dumps(self.plan, sort_keys=True).encode(), digest_size=16)
        for point, measured in sorted(self.done.items()):
            value = np.where(np.isnan(measured.value), np.nan, measured.value)
            hashed.update(f"{point} {value.shape}".encode())
            hashed.update(value.astype(np.float64).tobytes() + measured.n.astype(np.int64).tobytes())
        return hashed.hexdigest()

    def _same_points(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        points = columns["point"].astype(int)
        if points.max() >= len(self.look):
            return False
        return all(
            np.array_equal(columns[axis.name], self.look.points[points, place], equal_nan=True)
            for place, axis in enumerate(self.look.axes)
        )
