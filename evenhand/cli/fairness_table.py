"""Fairness measures as a person, or a program, reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from evenhand import sim
from evenhand.analysis.fairness import AUDITED, FAIRNESS, ClusterEstimate, Entry
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.written import NOTHING, figures, finite
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext, gettext_noop
from evenhand.storage.version import version

HEADINGS = ("Id", "Measure", "Value", "95 % interval", "Unit", "n", "Merchants")
NEEDS = gettext_noop("needs --audits")
_MINUS = "_minus_"
"""Before the reference group in the name of a number; see `fairness.errors`."""


def print_entries(run: sim.Run, entries: Sequence[Entry]) -> None:
    """Print what was measured, each number with its interval, cases and merchants."""
    screen = console()
    screen.print(plain(f"{gettext(run.policy.title)} [{run.policy.name}]"), style="bold")
    times = (
        gettext("once")
        if run.replications == 1
        else gettext("{replications} times").format(replications=run.replications)
    )
    place = f"{gettext(run.scenario.title)} [{run.scenario.name}]"
    screen.print(
        plain(
            gettext("in: {place}, {days} days, {times}, seed {seed}\n").format(
                place=place, days=run.days, times=times, seed=run.seed
            )
        )
    )
    rows = [row for entry in entries for row in _rows(entry)]
    screen.print(table(HEADINGS, rows, right=(2, 3, 5, 6)))
    screen.print(f"\n{_meaning(entries)}")


def _rows(entry: Entry) -> Iterator[tuple[str, ...]]:
    """The measure and its number in one row, or the measure above its numbers."""
    if not entry.estimates:
        yield (
            entry.id,
            gettext(entry.title),
            gettext(NEEDS) if entry.measure in AUDITED else NOTHING,
            "",
            "",
            "",
            "",
        )
        return
    alone = len(entry.estimates) == 1
    if not alone:
        yield entry.id, gettext(entry.title), "", "", "", "", ""
    for name, one in entry.estimates.items():
        said = name.replace("_", " ")
        head = (entry.id, f"{gettext(entry.title)}: {said}") if alone else ("", f"  {said}")
        merchants = f"{one.clusters:,}" if isinstance(one, ClusterEstimate) else NOTHING
        yield (*head, *figures(one), f"{one.n:,}", merchants)


def _meaning(entries: Sequence[Entry]) -> str:
    """What the columns say, and what was resampled for the intervals."""
    found = [one for entry in entries for one in entry.estimates.values()]
    kinds = {one.intervals for one in found if isinstance(one, ClusterEstimate)}
    says = {
        "merchants": gettext("Intervals: from resampling merchants, never single disputes."),
        "replications": gettext(
            "Intervals: from the spread between replications, never from single disputes."
        ),
    }
    lines = [gettext("n: cases counted.  Merchants: whose cases they are, in each replication anew.")]
    lines += [says[kind] for kind in sorted(kinds) if kind in says]
    reasons = {one.reason for one in found if isinstance(one, ClusterEstimate) and one.reason}
    lines += [
        gettext("No interval: where {reason}; two replications or more do.").format(reason=reason)
        for reason in sorted(reasons)
    ]
    if any(not entry.estimates and entry.measure in AUDITED for entry in entries):
        lines.append(gettext("{needs}: takes more than one run of each world.").format(needs=gettext(NEEDS)))
    for reference, titles in _without_reference(entries).items():
        said = gettext(
            "nothing that they count is in the reference group '{reference}', or in the groups beside it"
        ).format(reference=reference)
        lines.append(
            plain(
                gettext("Undefined: {titles}, because {said}; --reference names another.").format(
                    titles=", ".join(titles), said=said
                )
            )
        )
    return "\n".join(lines)


def _without_reference(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Measures against a reference group of which no number is defined, by that group."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        against = {name: one for name, one in entry.estimates.items() if _MINUS in name}
        for reference in dict.fromkeys(name.rpartition(_MINUS)[2] for name in against):
            mine = [one for name, one in against.items() if name.rpartition(_MINUS)[2] == reference]
            if not any(isfinite(one.value) for one in mine):
                found.setdefault(reference, []).append(gettext(entry.title))
    return found


def document(run: sim.Run, entries: Sequence[Entry]) -> dict[str, Any]:
    """What a program gets: plain numbers, null where undefined; `needs` says why there are none."""
    return {
        "scenario": run.scenario.name,
        "policy": run.policy.name,
        "seed": run.seed,
        "replications": run.replications,
        "days": run.days,
        "version": version(),
        "measures": [
            {
                "measure": entry.measure,
                "id": entry.id,
                "title": entry.title,
                "needs": "--audits" if entry.measure in AUDITED and not entry.estimates else None,
                "estimates": [_plain(name, one) for name, one in entry.estimates.items()],
            }
            for entry in entries
        ],
    }


def _plain(name: str, one: Estimate) -> dict[str, Any]:
    clustered = one if isinstance(one, ClusterEstimate) else None
    ends = one.ci if one.ci and all(map(isfinite, one.ci)) else None
    return {
        "name": name,
        "value": finite(one.value),
        "ci": list(ends) if ends else None,
        "n": one.n,
        "merchants": clustered.clusters if clustered else None,
        "unit": one.unit,
        "intervals": clustered.intervals if clustered else "replications",
        "why_no_interval": (clustered.reason if clustered else "") or None,
    }


def print_list() -> None:
    """Print every measure: its place in the catalogue, what it says, and its options."""
    rows = [(one["id"], one["name"], one["says"], one["options"]) for one in listed()]
    told = [(id_, name, gettext(says), ", ".join(options)) for id_, name, says, options in rows]
    console().print(table(("Id", "Name", "What it says", "Options"), told))


def listed() -> list[dict[str, Any]]:
    """Every measure of one run as plain words."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "title": one.title,
            "says": one.sentence,
            "population": one.population,
            "unit": one.unit,
            "options": list(one.options),
        }
        for one in FAIRNESS.values()
    ]
