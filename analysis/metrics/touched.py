"""How many disputes each exception and each reform of a policy has reached."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from evenhand.analysis.metrics.chunks import AnyRun, counted_pieces
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.locale.formats import numerals
from evenhand.locale.words import Named, Words
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run


class TouchedWords(Words):
    """What is said of an exception or a reform."""

    REACHED = Named(
        exception="Exception “{name}” was met by {n} of {all} disputes.",
        reform="The reform of {name} reached {n} of {all} disputes.",
    )
    NOBODY = Named(
        exception="Exception “{name}” has no effect here: none of {all} disputes met it.",
        reform="The reform of {name} has no effect here: it reached none of {all} disputes.",
    )


words = TouchedWords()


class Touched(NamedTuple):
    """An exception or a reform, and the counted disputes of all replications that it was applied to."""

    kind: Literal["exception", "reform"]
    name: str
    """Of an exception its name; of a reform the date or the day from which on it holds."""
    n: int
    of: int
    """All counted disputes."""

    @property
    def sentence(self) -> str:
        """How many disputes it has reached."""
        n, of = (numerals(f"{x:,}") for x in (self.n, self.of))
        return (words.REACHED if self.n else words.NOBODY)[self.kind].format(name=self.name, n=n, all=of)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        with language(ENGLISH):
            sentence = self.sentence
        return {
            "kind": self.kind,
            "name": self.name,
            "disputes": self.n,
            "of": self.of,
            "sentence": sentence,
        }


def touched(run: AnyRun) -> tuple[Touched, ...]:
    """Every exception and reform of a run's policy, with the disputes under it, in the order of the file.

    A dispute is under a reform by its version, and under an exception by the conditions that it met when it
    was opened or filed. Exceptions that depend on the review alone are not recorded and not told.
    """
    versions = [plan for _, plan in run.policy.versions()]
    names = list(dict.fromkeys(name for plan in versions for name in plan.by_case))
    if not names and not run.policy.reforms:
        return ()
    met, later, of = np.zeros(len(names), np.int64), np.zeros(len(versions), np.int64), 0
    for piece in counted_pieces(run):
        of += len(piece)
        later += [np.count_nonzero(piece.disputes["version"] >= version) for version in range(len(versions))]
        met += [_met(piece, versions, name) for name in names]
    exceptions = [Touched("exception", name, int(n), of) for name, n in zip(names, met, strict=True)]
    dates = [str(reform.starts) for reform in run.policy.reforms]
    reforms = [Touched("reform", date, int(n), of) for date, n in zip(dates, later[1:], strict=True)]
    return (*exceptions, *reforms)


def _met(run: Run, versions: list[Policy], name: str) -> int:
    """Disputes under an exception; its place among the bits is that of the version they are under."""
    found = 0
    for version, plan in enumerate(versions):
        if name in plan.by_case:
            mine = run.disputes["exceptions"][run.disputes["version"] == version]
            found += int(np.count_nonzero(mine >> plan.by_case.index(name) & 1))
    return found
