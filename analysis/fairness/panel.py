"""The default panel: the few numbers that a reader sees first, everything else one click deeper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

from evenhand.analysis.fairness.catalogue import find
from evenhand.analysis.fairness.resample import Intervals
from evenhand.analysis.fairness.study import Study
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.frames import Estimates
from evenhand.locale.current import gettext
from evenhand.result import Result
from evenhand.sim.runs.records import Run

AUDITED: dict[str, tuple[str, str]] = {
    "flip_rate": ("I3", "Rulings changed by the group alone"),
    "flip_effect": ("I4", "Signed effect of the group alone"),
    "noise": ("I9", "Noise of the same case judged again"),
    "leverage": ("P6", "Leverage of evidence, merchant to buyer"),
    "feedback_share": ("Y4", "Part of the gap made by feedback"),
}
"""Numbers of the panel that take more than one run: what they are called, and their places."""


@dataclass(frozen=True)
class Entry:
    """One entry of the panel: its place in the catalogue, and the estimates by name."""

    id: str
    title: str
    measure: str
    """Name of the measure in `FAIRNESS`, or of the audit."""
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    """Empty where an audit has not been made."""


class Panel(Result, dict[str, Entry]):
    """The entries of the panel by name; a plain dictionary that a notebook can show."""

    def table(self) -> list[dict[str, Any]]:
        """One flat row an estimate; an entry whose audit has not been made has one row without a value."""
        return [row for name, entry in self.items() for row in _rows(name, entry)]

    def summary(self) -> str:
        """How many entries there are, and which have not been audited."""
        missing = [name for name, entry in self.items() if not entry.estimates]
        left = f"; without {', '.join(missing)}, which take audits" if missing else ""
        return f"{len(self)} entries{left}"

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns and measures."""
        return {**super().labels, "id": "Id", **{name: entry.title for name, entry in self.items()}}


def _rows(name: str, entry: Entry) -> Iterator[dict[str, Any]]:
    about = {"measure": name, "id": entry.id, "title": entry.title}
    nowhere: dict[str, Any] = {"name": "", "value": nan, "low": nan, "high": nan, "n": 0, "unit": ""}
    if not entry.estimates:
        yield {**about, **nowhere}
    for row in Estimates(entry.estimates).rows():
        yield {**about, **row}


def panel(
    run: Run,
    *,
    by_buyer: str = "buyer_group",
    by_merchant: str = "merchant_group",
    reference: Mapping[str, str] | None = None,
    audits: Mapping[str, Mapping[str, Estimate]] | None = None,
    draws: int = 1000,
    intervals: Intervals = "auto",
) -> Panel:
    """The default panel of a run: both error rates, their gaps and spread, and what people meet.

    `by_buyer` and `by_merchant` are the columns to group either side by; `reference` names, by column,
    the group that others are compared with (the scenario's first unless named). What takes more than
    one run (`AUDITED`) is there without estimates unless `audits` brings them, by the same keys. Raises
    ValueError for unknown columns, groups and audits.
    """
    study = Study(run, draws=draws, intervals=intervals)
    chosen, brought = dict(reference or {}), dict(audits or {})
    for name, allowed, given in (
        ("reference", (by_buyer, by_merchant), chosen),
        ("audits", tuple(AUDITED), brought),
    ):
        for key in given:
            if key not in allowed:
                raise ValueError(
                    gettext("{name}: must be among {allowed}, found {key!r}").format(
                        name=name, allowed=", ".join(allowed), key=key
                    )
                )

    merchants = {"by": by_merchant, "reference": chosen.get(by_merchant)}
    buyers = {"by": by_buyer, "reference": chosen.get(by_buyer)}
    numbers: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = [
        ("wrongful_denial", {}, ()),
        ("wrongful_grant", {}, ()),
        ("equalized_odds", merchants, ("tpr_gap", "fpr_gap")),
        ("spread", {"by": by_merchant}, ()),
        ("timeliness", {}, ("p90_hours",)),
        ("defaults", {}, ("wrongful_default",)),
        ("loss_theil", {"side": "buyer"}, ("loss_between_share",)),
        ("effective_denial_gap", buyers, ()),
    ]
    found: dict[str, Entry] = {}
    for name, options, kept in numbers:
        one = find(name)
        answer = one(study, **options)
        shown = {key: value for key, value in answer.items() if not kept or key.startswith(kept)}
        found[name] = Entry(one.id, one.title, name, shown)
    for name, (id_, title) in AUDITED.items():
        found[name] = Entry(id_, title, name, brought.get(name, {}))
    order = (
        "wrongful_denial",
        "wrongful_grant",
        "equalized_odds",
        "spread",
        "flip_rate",
        "flip_effect",
        "noise",
        "timeliness",
        "defaults",
        "leverage",
        "loss_theil",
        "effective_denial_gap",
        "feedback_share",
    )
    return Panel({name: found[name] for name in order})
