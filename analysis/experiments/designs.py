"""Designs: at which points a sweep looks, and which of them belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.locale.current import gettext

Kind = Literal["grid", "lhs", "sobol", "saltelli"]
DESIGNS: tuple[Kind, ...] = get_args(Kind)
MOST = 100_000
"""Points at most."""
_POWERS = ("sobol", "saltelli")


@dataclass(frozen=True, eq=False)
class Design:
    """Points to be looked at, each once, and their parts in the study.

    `points` has a row a point and a column an axis, NaN where the setting stays as it is. `other_worlds`
    says which points are looked at in worlds of their own, behind those that all others share.
    """

    kind: Kind
    axes: tuple[Axis, ...]
    points: Floats
    other_worlds: NDArray[np.bool_]
    base: int
    """The point at which nothing is changed."""
    alone: Ints
    """Points that differ from it in one setting, at its low and its high end; shape (axes, 2)."""
    spread: Ints
    """The points that fill the space."""
    a: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Saltelli's matrix A by its rows; empty in other designs, as those that follow."""
    b: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    ab: Ints = field(default_factory=lambda: np.empty((0, 0), np.int64))
    """A with one column of B; shape (axes, rows)."""
    dummy: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """A in other worlds: a factor that changes nothing but the luck."""

    def __len__(self) -> int:
        """How many points there are."""
        return len(self.points)

    @property
    def settings(self) -> Floats:
        """The points with the values as they are filled in; NaN where these are not known."""
        return np.where(np.isnan(self.points), [axis.base for axis in self.axes], self.points)

    def values(self, point: int) -> dict[str, float]:
        """What is changed at a point."""
        row = self.points[point]
        return {axis.name: float(v) for axis, v in zip(self.axes, row, strict=True) if not np.isnan(v)}


class _Points:
    """Collects points; one that is there already is not looked at twice."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self.bases = np.array([axis.base for axis in axes])
        self.rows: list[Floats] = []
        self.other: list[bool] = []
        self.known: dict[tuple[float | bool, ...], int] = {}

    def add(self, row: Floats, *, other_worlds: bool = False) -> int:
        """The number of a point."""
        same = np.where(np.isnan(row), self.bases, row)  # NaN where not even the base is known
        key = (*("as it is" if np.isnan(v) else float(v) for v in same), other_worlds)
        number = self.known.setdefault(key, len(self.rows))  # type: ignore[arg-type]
        if number == len(self.rows):
            self.rows.append(row)
            self.other.append(other_worlds)
        return number

    def all(self, rows: Floats, *, other_worlds: bool = False) -> Ints:
        """The numbers of many."""
        return np.array([self.add(row, other_worlds=other_worlds) for row in rows], np.int64)


def design(kind: Kind, axes: Sequence[Axis], points: int, seed: int = 1) -> Design:
    """The points of a sweep: the base, one setting at a time at its ends, and those that fill the space.

    `points` are the values of an axis in a "grid", the points in all for "lhs" (Latin hypercube; McKay,
    Beckman & Conover 1979) and "sobol" (scrambled Sobol points; Owen 1998), and the rows of A for "saltelli"
    (A, B, and A with each column of B; Saltelli et al. 2010), which Sobol indices need and which looks at
    points x (axes + 3). Raises ValueError.
    """
    _check(kind, axes, points)
    found = _Points(axes)
    base = found.add(np.full(len(axes), np.nan))
    alone = np.array([found.all(_ends(axes, place)) for place in range(len(axes))], np.int64)
    blocks: dict[str, Ints] = {}
    if kind == "saltelli":
        blocks = _saltelli(found, axes, points, seed)
        spread = np.concatenate([blocks["a"], blocks["b"]])
    else:
        spread = found.all(_fill(kind, axes, points, seed))
    rows, other = np.array(found.rows), np.array(found.other)
    once = np.array(list(dict.fromkeys(spread.tolist())), np.int64)
    return Design(kind, tuple(axes), rows, other, base, alone, once, **blocks)


def _check(kind: Kind, axes: Sequence[Axis], points: int) -> None:
    if kind not in DESIGNS:
        raise ValueError(
            gettext("design must be one of {designs}, found {kind!r}").format(
                designs=", ".join(DESIGNS), kind=kind
            )
        )
    if not axes:
        raise ValueError(gettext("a sweep needs one axis or more"))
    names = [axis.name for axis in axes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(gettext("the axis {twice} is given twice").format(twice=twice))
    if points < 2:
        raise ValueError(gettext("points must be 2 or more, found {points}").format(points=points))
    if kind in _POWERS and points & (points - 1):
        near = 2 ** round(np.log2(points))
        raise ValueError(
            gettext("points must be a power of 2 for {kind}, found {points}; {near} is near").format(
                kind=kind, points=points, near=near
            )
        )
    per_axis = [len(axis.values) or points for axis in axes]
    size = {"grid": np.prod(per_axis, dtype=float), "saltelli": points * (len(axes) + 3.0)}.get(kind, points)
    if size > MOST:
        raise ValueError(
            gettext("{size:,.0f} points are too many; at most {most:,}").format(size=size, most=MOST)
        )


def _ends(axes: Sequence[Axis], place: int) -> Floats:
    """Two rows: one setting at its low and its high end, all others as they are."""
    rows = np.full((2, len(axes)), np.nan)
    rows[:, place] = axes[place].ends
    return rows


def _fill(kind: Kind, axes: Sequence[Axis], points: int, seed: int) -> Floats:
    if kind == "grid":
        return np.array(list(product(*(axis.levels(points) for axis in axes))))
    from scipy.stats import qmc  # here, because it takes a third of a second to load

    source = np.random.default_rng(seed)
    sampler = qmc.LatinHypercube(len(axes), rng=source) if kind == "lhs" else qmc.Sobol(len(axes), rng=source)
    return _on_axes(axes, sampler.random(points))


def _on_axes(axes: Sequence[Axis], u: Floats) -> Floats:
    return np.column_stack([axis.at(u[:, place]) for place, axis in enumerate(axes)])


def _saltelli(found: _Points, axes: Sequence[Axis], points: int, seed: int) -> dict[str, Ints]:
    """A and B from one Sobol sequence of twice as many dimensions, A with each column of B, A elsewhere."""
    from scipy.stats import qmc  # here, because it takes a third of a second to load

    sampler = qmc.Sobol(2 * len(axes), rng=np.random.default_rng(seed))
    u = sampler.random(points)
    a, b = _on_axes(axes, u[:, : len(axes)]), _on_axes(axes, u[:, len(axes) :])
    mixed = []
    for place in range(len(axes)):
        one = a.copy()
        one[:, place] = b[:, place]
        mixed.append(one)
    return {
        "a": found.all(a),
        "b": found.all(b),
        "ab": np.array([found.all(one) for one in mixed], np.int64),
        "dummy": found.all(a, other_worlds=True),
    }
