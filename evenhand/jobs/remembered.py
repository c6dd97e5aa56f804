"""Measurements that are at hand: a policy that has lived in a world is not sent there again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np

from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.worlds import Reader, Worlds
from evenhand.scenarios.keys import plan_key

MOST = 5_000
"""Measurements that are kept: a world under one policy each."""


class Remembered:
    """What was measured by policies and worlds, for comparisons one after the other in one process.

    Whoever edits rules compares them with the same base again and again: the base lives once. How single
    disputes go beside the baseline is not kept, so that such a comparison does not say why.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Measurement] = OrderedDict()

    def reading(self, reader: Reader) -> Reader:
        """A reader that sends only those policies into worlds that have not been there."""

        def read(
            worlds: Worlds, numbers: Sequence[int], names: Sequence[str] | None = None, /
        ) -> Iterator[Measurement]:
            if worlds.rules or worlds.by:  # functions have no content that could be compared
                return reader(worlds, numbers, names)
            return self._read(reader, worlds, numbers, tuple(worlds.policies if names is None else names))

        return read

    def _read(
        self, reader: Reader, worlds: Worlds, numbers: Sequence[int], names: tuple[str, ...]
    ) -> Iterator[Measurement]:
        keys = {name: _key(worlds, name) for name in names}
        new = [name for name in names if any((keys[name], number) not in self._kept for number in numbers)]
        coming = reader(worlds, numbers, new) if new else iter(())
        try:
            for number in numbers:
                rows = {name: self._kept[keys[name], number] for name in names if name not in new}
                if new:
                    rows |= dict(zip(new, _rows(next(coming)), strict=True))
                for name in names:
                    self._keep((keys[name], number), rows[name])
                yield _together([rows[name] for name in names])
        finally:
            close = getattr(coming, "close", None)
            if close is not None:
                close()

    def _keep(self, key: tuple[str, int], row: Measurement) -> None:
        self._kept[key] = row
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


def _rows(found: Measurement) -> list[Measurement]:
    """A measurement of several policies as one of each, without how disputes go beside the baseline."""
    value, n, clusters, flow = found[:4]
    return [Measurement(value[i], n[i], clusters[i], flow[i]) for i in range(len(value))]


def _together(rows: Sequence[Measurement]) -> Measurement:
    """Measurements of one policy each as one of all."""
    value, n, clusters, flow = (np.stack(column) for column in list(zip(*rows, strict=True))[:4])
    return Measurement(value, n, clusters, flow, (None,) * len(rows))


def _key(worlds: Worlds, name: str) -> str:
    """What the measurements of a policy depend on, its name left aside."""
    about = worlds.experiment
    return plan_key(
        about.scenario,
        [worlds.policies[name]],
        seed=about.seed,
        days=about.days,
        replications=0,
        open_loop=about.open_loop,
        versions={"metrics": ",".join(one.name for one in worlds.metrics)},
        cohort=None if about.cohort is None else str(about.cohort),
    )
