"""Flips: what changed between two policies, in total, by group and cause, and in the dearest cases."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.counterfactual.attribution_align import Alignment
from evenhand.analysis.counterfactual.attribution_responsible import responsible
from evenhand.analysis.counterfactual.attribution_settings import Setting
from evenhand.analysis.counterfactual.findings import Finding, Findings, Measure, Tally
from evenhand.analysis.counterfactual.resimulation import Mask
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.written import percent
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.lifecycle.codes import ACTIVITIES

COLUMNS = ("buyer_group", "merchant_group", "cause")
DIVERGED = Measure("diverged", gettext_noop("disputes whose life went another way"), "share")
RIGHT = Measure("to_right", gettext_noop("decisions flipped to right"), "share")
WRONG = Measure("to_wrong", gettext_noop("decisions flipped to wrong"), "share")
NET = Measure("net", gettext_noop("flipped to right less flipped to wrong"), DIFFERENCE)


class Event(NamedTuple):
    """One event of a dispute."""

    time: float
    activity: str
    resource: int
    """Arbiter, seats or side, as the activity has it; -1 = nobody."""


class Flip(NamedTuple):
    """One decision that is different under the two policies, with all that is known of it."""

    replication: int
    dispute: int
    money: float
    """Refund under B less refund under A."""
    to_right: bool
    parting: str
    """The first event that differs, in words."""
    responsible: tuple[Setting, ...]
    """Settings that can have made that difference; empty: none acts there, other disputes did it."""
    a: dict[str, Any]
    """The record under policy A, numbers as in the run."""
    b: dict[str, Any]
    events_a: tuple[Event, ...]
    events_b: tuple[Event, ...]


def changes(alignment: Alignment) -> Findings:
    """Count what went otherwise under B, over all pairs and by buyer group, merchant group and cause.

    `diverged`: pairs whose life parts anywhere, of all pairs; `to_right` and `to_wrong`: decisions flipped,
    of pairs decided under both, and `net` their difference; `refund` and `injustice`: mean change of the
    refund, and of its distance from the deserved one, of all pairs. Intervals are over replications.
    """
    currency = alignment.a.scenario.currency
    means = (
        (DIVERGED, alignment.divergences.diverged, None),
        (RIGHT, alignment.to_right, alignment.decided),
        (WRONG, alignment.to_wrong, alignment.decided),
        (NET, alignment.to_right.astype(float) - alignment.to_wrong, alignment.decided),
        (Measure("refund", gettext_noop("refund"), currency), alignment.money, None),
        (
            Measure("injustice", gettext("distance from the deserved refund"), currency),
            alignment.injustice,
            None,
        ),
    )
    tally = Tally()
    replication = alignment.of_a("replication")
    for part, mine in _parts(alignment):
        for number in np.unique(alignment.a.merchants["replication"]):
            here = mine & (replication == number)
            for measure, values, among in means:
                tally.mean(measure, part, values, here if among is None else here & among)
    findings = tally.findings()
    return Findings(
        "align", gettext("the same disputes under both policies"), findings, _sentence(alignment, findings)
    )


def _parts(alignment: Alignment) -> list[tuple[str, Mask]]:
    """All pairs, and those of each group and cause that there are."""
    parts = [("", np.ones(len(alignment), np.bool_))]
    for column in COLUMNS:
        values = alignment.of_a(column)
        name = column.removesuffix("_group")
        for number, label in enumerate(alignment.a.labels(column)):
            if (values == number).any():
                parts.append((f"{name}: {label}", np.asarray(values == number)))
    return parts


def _sentence(alignment: Alignment, findings: tuple[Finding, ...]) -> str:
    flipped, right = int(alignment.flipped.sum()), int(alignment.to_right.sum())
    moved = float(np.abs(alignment.money).sum())
    lost = len(alignment.only_a) + len(alignment.only_b)
    found = Findings("", "", findings, "")
    return gettext(
        "Of {n:,} disputes, {diverged} go another way; of {decided:,} decided under both, {flipped:,} are "
        "decided for the other side, {right:,} of them rightly. {moved:,.0f} {currency} change hands, "
        "{net:+,.0f} net towards buyers; {lost:,} disputes arise under one policy only."
    ).format(
        n=len(alignment),
        diverged=percent(found.of("diverged").value),
        decided=int(alignment.decided.sum()),
        flipped=flipped,
        right=right,
        moved=moved,
        currency=alignment.a.scenario.currency,
        net=float(alignment.money.sum()),
        lost=lost,
    )


def partings(alignment: Alignment) -> list[tuple[str, int, int, float, tuple[Setting, ...]]]:
    """Where lives part, the most frequent first: in words, pairs, flips, money moved, settings at work.

    Pairs that part at the same step but another time are put together under "later" or "sooner".
    """
    d = alignment.divergences
    groups: dict[tuple[int, int, float], list[int]] = {}
    for pair in np.flatnonzero(d.diverged):
        a, b = int(d.activity_a[pair]), int(d.activity_b[pair])
        way = float(np.sign(d.time_b[pair] - d.time_a[pair])) if a == b else 0.0
        groups.setdefault((a, b, way), []).append(int(pair))
    rows = []
    for (a, b, way), pairs in groups.items():
        if a == b:
            how = {1.0: gettext("came later"), -1.0: gettext("came sooner")}.get(
                way, gettext("had another result")
            )
            words = f"'{ACTIVITIES[a]}' {how}"
        else:
            words = d.words(pairs[0])
        moved = float(np.abs(alignment.money[pairs]).sum())
        flips = int(alignment.flipped[pairs].sum())
        acting = responsible(a, b, alignment.differing, only_time=way != 0)
        rows.append((words, len(pairs), flips, moved, acting))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def dearest(alignment: Alignment, count: int = 20) -> tuple[Flip, ...]:
    """The flipped decisions that move most money, with both records and event lists; dearest first."""
    flipped = np.flatnonzero(alignment.flipped)
    order = np.argsort(-np.abs(alignment.money[flipped]), kind="stable")[:count]
    return tuple(_flip(alignment, int(pair)) for pair in flipped[order])


def _flip(alignment: Alignment, pair: int) -> Flip:
    d = alignment.divergences
    before, after = int(d.activity_a[pair]), int(d.activity_b[pair])
    only_time = before == after and bool(d.time_a[pair] != d.time_b[pair])
    a = _record(alignment.a.disputes, alignment.row_a[pair])
    b = _record(alignment.b.disputes, alignment.row_b[pair])
    return Flip(
        a["replication"],
        a["dispute"],
        float(alignment.money[pair]),
        bool(alignment.to_right[pair]),
        d.words(pair),
        responsible(before, after, alignment.differing, only_time=only_time),
        a,
        b,
        _events(alignment.a.events, a),
        _events(alignment.b.events, b),
    )


def _record(columns: Any, row: int) -> dict[str, Any]:
    return {name: values[row].item() for name, values in columns.items()}


def _events(columns: Any, record: dict[str, Any]) -> tuple[Event, ...]:
    mine = (columns["replication"] == record["replication"]) & (columns["case"] == record["dispute"])
    rows = zip(*(columns[name][mine].tolist() for name in ("time", "activity", "resource")), strict=True)
    return tuple(Event(time, ACTIVITIES[activity], resource) for time, activity, resource in rows)
