"""How many disputes each exception, each reform and the automatic rule of a policy have reached."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Mask
from evenhand.analysis.metrics.chunks import AnyRun, counted_pieces
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.locale.formats import numerals
from evenhand.locale.words import Named, Text, Words
from evenhand.sim.lifecycle.codes import BY_RULE
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run


class TouchedWords(Words):
    """What is said of an exception or a reform."""

    DECIDED = Text(
        "Automatic decisions: {n} of {all} disputes were decided by rule. Talks come first: {filed} were "
        "filed, the others ended without the platform."
    )
    DECIDED_AT_ONCE = Text(
        "Automatic decisions: {n} of {all} disputes were decided by rule; {filed} were filed."
    )
    AFTER_TALKS = Text("{said} Talks come first: {filed} of them were filed, {by_rule} decided by rule.")
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
    """An exception, a reform or the automatic rule, and the counted disputes that it was applied to."""

    kind: Literal["exception", "reform", "rule"]
    name: str
    """Of an exception its name; of a reform the date or the day from which on it holds."""
    n: int
    """Those of all replications; of the rule, those that it decided."""
    of: int
    """All counted disputes."""
    filed: int = 0
    """Those of an exception that were filed; of the rule, all that were."""
    by_rule: int = 0
    """Those of an exception that a rule decided."""
    after_talks: bool = False
    """It decides by rule, and talks come before it."""

    @property
    def sentence(self) -> str:
        """How many disputes it has reached."""
        n, of, filed, by_rule = (numerals(f"{x:,}") for x in (self.n, self.of, self.filed, self.by_rule))
        if self.kind == "rule":
            form = words.DECIDED if self.after_talks else words.DECIDED_AT_ONCE
            return form.format(n=n, all=of, filed=filed)
        said = (words.REACHED if self.n else words.NOBODY)[self.kind].format(name=self.name, n=n, all=of)
        if not self.after_talks or not self.n:
            return said
        return words.AFTER_TALKS.format(said=said, filed=filed, by_rule=by_rule)

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
    """Every exception, every reform and the automatic rule of a run's policy, with the disputes under it.

    A dispute is under a reform by its version, and under an exception by the conditions that it met when it
    was opened or filed. Exceptions that depend on the review alone are not recorded and not told; the
    automatic rule is, where it is on without an exception.
    """
    versions = [plan for _, plan in run.policy.versions()]
    names = list(dict.fromkeys(name for plan in versions for name in plan.by_case))
    ruled = [plan for plan in versions if plan.decision.automatic.enabled]
    if not names and not run.policy.reforms and not ruled:
        return ()
    met, later, of = np.zeros((len(names), 3), np.int64), np.zeros(len(versions), np.int64), 0
    decided = np.zeros(2, np.int64)
    for piece in counted_pieces(run):
        of += len(piece)
        later += [np.count_nonzero(piece.disputes["version"] >= version) for version in range(len(versions))]
        met += np.array([_met(piece, versions, name) for name in names], np.int64).reshape(-1, 3)
        filed, by_rule = _ended(piece)
        decided += [np.count_nonzero(by_rule), np.count_nonzero(filed)]
    exceptions = [
        Touched("exception", name, int(n), of, int(filed), int(by_rule), _after_talks(versions, {name}))
        for name, (n, filed, by_rule) in zip(names, met, strict=True)
    ]
    dates = [str(reform.starts) for reform in run.policy.reforms]
    reforms = [Touched("reform", date, int(n), of) for date, n in zip(dates, later[1:], strict=True)]
    n, came = map(int, decided)
    rule = [Touched("rule", "", n, of, came, n, any(map(talks_first, ruled)))] if ruled else []
    return (*exceptions, *reforms, *rule)


def talks_first(plan: Policy) -> bool:
    """Whether automatic decisions are on, and talks come before them."""
    return plan.decision.automatic.enabled and plan.negotiation.rounds > 0


def _after_talks(versions: list[Policy], name: set[str]) -> bool:
    """Whether an exception brings automatic decisions that talks come before."""
    return any(
        talks_first(plan.under(name)) and not plan.decision.automatic.enabled
        for plan in versions
        if name <= set(plan.by_case)
    )


def _ended(run: Run) -> tuple[Mask, Mask]:
    """Disputes that were filed, and those that a rule decided."""
    d = run.disputes
    return np.asarray(~np.isnan(d["filed_at"])), np.asarray(d["decider"] == BY_RULE)


def _met(run: Run, versions: list[Policy], name: str) -> tuple[int, int, int]:
    """Disputes under an exception, those filed, and those decided by rule.

    Its place among the bits is that of the version they are under.
    """
    found = np.zeros(len(run), np.bool_)
    for version, plan in enumerate(versions):
        if name in plan.by_case:
            bit = run.disputes["exceptions"] >> plan.by_case.index(name) & 1
            found |= (run.disputes["version"] == version) & (bit == 1)
    filed, by_rule = _ended(run)
    return int(found.sum()), int((found & filed).sum()), int((found & by_rule).sum())
