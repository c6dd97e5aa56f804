"""The one file of a search: its plan and all that was seen of every candidate, whole at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.metrics.apart import told
from evenhand.analysis.search import Candidate, Lever, Seen, Value
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.storage.point_file import undisturbed
from evenhand.storage.table_file import TableFile

Key = tuple[bool, int]
"""Whether worlds are fresh, and the number of a candidate."""


class SearchFile(TableFile):
    """Candidates on disk, each with all the worlds it was seen in.

    One row a candidate and world; columns: candidate, source, fresh (whether the world is one in which the
    front is judged), world, the levers (null = as the files say), and each metric (null = undefined) with the
    cases that it counts, `METRIC_n`.
    """

    KEY = "evenhand_search"
    WHAT = "search"
    ROWS = "candidates"

    def __init__(
        self,
        path: Path,
        plan: Mapping[str, Any],
        levers: Sequence[Lever],
        metrics: Sequence[str],
        *,
        anew: bool = False,
    ) -> None:
        """Take a place; `anew` forgets the search that stands there.

        Raises UsageError where it holds something else than this plan, or, `anew`, than any search.
        """
        super().__init__(path, plan)
        self.levers, self.metrics = levers, metrics
        self.done: dict[Key, tuple[Candidate, Seen]] = {}
        self.worlds: int | None = None
        """The budget in worlds, as it was worked out from minutes when the search began."""
        if path.exists() and anew:
            self.must_be_ours()
            path.unlink()
        elif path.exists():
            self._open()

    def known(self, candidate: Candidate, *, fresh: bool) -> Seen | None:
        """What is kept of a candidate. Raises UsageError where other values stand under its number."""
        found = self.done.get((fresh, candidate.number))
        if found is None:
            return None
        if found[0].values != candidate.values:
            raise self.another(
                gettext("its candidates, which another version of optuna or SciPy has proposed")
            )
        return found[1]

    def keep(self, candidate: Candidate, seen: Seen, *, fresh: bool) -> None:
        """Keep what was seen of a candidate, on the disk before this returns. Raises OSError."""
        undisturbed(partial(self._keep, candidate, seen, fresh=fresh))

    def _keep(self, candidate: Candidate, seen: Seen, *, fresh: bool) -> None:
        self.done[fresh, candidate.number] = candidate, seen
        self.save(self._columns())

    def checksum(self) -> str:
        """A checksum of the plan and of all that was seen; NaN is one value, whatever its bits."""
        hashed = blake2b(json.dumps(self.plan, sort_keys=True).encode(), digest_size=16)
        for (fresh, number), (candidate, seen) in sorted(self.done.items()):
            said = json.dumps([fresh, number, candidate.source, dict(candidate.values)], sort_keys=True)
            value = np.where(np.isnan(seen.value), np.nan, seen.value)
            hashed.update(f"{said} {value.shape}".encode())
            hashed.update(value.astype(np.float64).tobytes() + seen.n.astype(np.int64).tobytes())
        return hashed.hexdigest()

    def _columns(self) -> dict[str, np.ndarray[Any, Any]]:
        rows = sorted(self.done.items())
        counts = [len(seen.value) for _, (_, seen) in rows]
        value = np.concatenate([seen.value for _, (_, seen) in rows])
        n = np.concatenate([seen.n for _, (_, seen) in rows])
        columns: dict[str, np.ndarray[Any, Any]] = {
            "candidate": np.repeat([number for (_, number), _ in rows], counts).astype(np.int32),
            "source": np.repeat(np.array([one.source for _, (one, _) in rows], object), counts),
            "fresh": np.repeat([fresh for (fresh, _), _ in rows], counts),
            "world": np.concatenate([np.arange(count) for count in counts]).astype(np.int32),
        }
        for lever in self.levers:
            mine = [one.values.get(lever.name) for _, (one, _) in rows]
            columns[lever.name] = np.repeat(_column(lever, mine), counts)
        for place, metric in enumerate(self.metrics):
            columns[metric], columns[f"{metric}_n"] = value[:, place], n[:, place]
        return columns

    def _open(self) -> None:
        """Take over what was done before."""
        said, plan, columns = self.read()
        self.worlds = plan.get("worlds")
        if self.plan.get("worlds") is None:
            self.plan["worlds"] = self.worlds
        if apart := told(plan, self.plan):
            raise self.another(apart)
        names = {"candidate", "source", "fresh", "world", *(lever.name for lever in self.levers)}
        if not names | {*self.metrics, *(f"{one}_n" for one in self.metrics)} <= columns.keys():
            raise self.damaged()
        try:
            self._take(columns)
        except (ValueError, TypeError, KeyError):
            raise self.damaged() from None
        self.check_sum(said)

    def _take(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        numbers = np.asarray(columns["candidate"], np.int64)
        fresh = np.asarray(columns["fresh"], np.bool_)
        for key in sorted({*zip(fresh.tolist(), numbers.tolist(), strict=True)}):
            rows = np.flatnonzero((numbers == key[1]) & (fresh == key[0]))
            value = np.column_stack(
                [np.ma.filled(columns[one].astype(float), np.nan)[rows] for one in self.metrics]
            )
            n = np.column_stack([np.asarray(columns[f"{one}_n"], np.int64)[rows] for one in self.metrics])
            values = {
                lever.name: found
                for lever in self.levers
                if (found := _value(lever, columns[lever.name][rows[0]])) is not None
            }
            source = str(columns["source"][rows[0]])
            self.done[key] = Candidate(key[1], values, source), Seen(value, n)


def _column(lever: Lever, values: Sequence[Value | None]) -> np.ndarray[Any, Any]:
    """Values of a lever: numbers as they are, options as text."""
    if lever.axis is not None:
        return np.array([np.nan if one is None else float(one) for one in values])
    return np.array([None if one is None else lever.written(one) for one in values], object)


def _value(lever: Lever, found: Any) -> Value | None:
    """A value again as the lever has it. Raises ValueError for an option that it has not."""
    if found is None or found is np.ma.masked:
        return None
    if lever.axis is not None:
        return None if np.isnan(float(found)) else float(found)
    by_text = {lever.written(one): one for one in lever.options}
    if str(found) not in by_text:
        raise UsageError(f"{lever.name}: no option '{found}'")
    return by_text[str(found)]
