"""Which remedies people got, by what they deserved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.charts import Bar, Part, Rung, rungs, stacked_bars
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.palette import AMBER, BLUE, GREEN, INK, PAPER, PURPLE, SOFT_SLATE, Fill
from evenhand.analysis.metrics.chunks import AnyRun, counted_pieces
from evenhand.analysis.metrics.talks import HARMS, Steps, harm_of, talked_about
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit
from evenhand.analysis.report.numbers import integer, interval, percent, with_unit
from evenhand.analysis.report.texts import texts
from evenhand.sim.lifecycle.codes import OPEN
from evenhand.sim.scenario.vocabulary import REMEDIES

Ints = NDArray[np.int64]

FILLS = {
    "nothing": Fill(SOFT_SLATE, "", INK),
    "return": Fill(BLUE, "", PAPER),
    "refund": Fill(BLUE, "////", PAPER),
    "partial": Fill(AMBER, "", PAPER),
    "replacement": Fill(GREEN, "", PAPER),
    "repair": Fill(GREEN, "////", PAPER),
    "coupon": Fill(PURPLE, "", PAPER),
}


def counted(run: AnyRun) -> Ints:
    """Closed disputes by harm and remedy; shape (harms, remedies)."""
    found = np.zeros((len(HARMS), len(REMEDIES)), np.int64)
    for piece in counted_pieces(run):
        closed = piece.disputes["ending"] != OPEN
        harm = harm_of(piece.disputes["adequate"], piece.disputes["valid"])
        np.add.at(found, (harm[closed], piece.disputes["remedy"][closed].astype(np.int64)), 1)
    return found


@exhibit(35)
def remedies_by_harm(run: AnyRun) -> Exhibit:
    """The exhibit with a bar for everything that can be deserved."""
    found = counted(run)
    bars = [
        Bar(texts.HARMS[harm], tuple(map(float, row)), int(row.sum()))
        for harm, row in zip(HARMS, found, strict=True)
    ]
    parts = [Part(texts.REMEDIES[name], FILLS[name]) for name in REMEDIES]
    head = (*texts.REMEDIES_HEAD, *(part.name for part in parts), texts.CAUSES_COUNT)
    rows = [
        (bar.name, *(percent(x / bar.n if bar.n else float("nan")) for x in bar.amounts), integer(bar.n))
        for bar in bars
    ]
    said = (
        texts.PARTS.join(
            texts.REMEDIES_PART.format(name=bar.name, share=percent(1 - bar.amounts[0] / bar.n))
            for bar in bars
            if bar.n
        )
        or texts.FLOW_NOTHING
    )
    panel = Panel(
        "remedies",
        texts.REMEDIES_TITLE,
        texts.REMEDIES_ALT.format(parts=said),
        lambda width: stacked_bars(bars, parts, width=width),
        wide=True,
    )
    sentence = texts.REMEDIES_SENTENCE.format(parts=said)
    return Exhibit(
        "remedies", texts.REMEDIES_TITLE, sentence, (panel,), Table(head, rows), texts.REMEDIES_NOTE
    )


@exhibit(36)
def talks_by_harm(run: AnyRun) -> Exhibit:
    """The exhibit with what was asked, offered and agreed, beside the harm."""
    found = talked_about(run)
    rows = [_rung(texts.HARMS[harm], steps) for harm, steps in found.items()]
    said = texts.PARTS.join(
        texts.TALKS_PART.format(
            name=row.name,
            **{kind: percent(value) for kind, value in zip(texts.TALKS_KINDS, row.values, strict=True)},
            harm=percent(row.due),
        )
        for row in rows
        if row.n
    )
    note = texts.BARS_OVER_REPLICATIONS if run.replications > 1 else texts.BARS_NONE
    kinds = tuple(texts.TALKS_KINDS.values())
    panel = Panel(
        "talks",
        texts.TALKS_TITLE,
        texts.TALKS_ALT.format(parts=said) if said else texts.TALKS_EMPTY,
        lambda width: (
            rungs(
                rows,
                kinds,
                due=texts.TALKS_DUE,
                axis=texts.TALKS_AXIS,
                note=note,
                undefined=texts.UNDEFINED,
                width=width,
            )
            if said
            else empty(width, 120, texts.TALKS_EMPTY)
        ),
        wide=True,
    )
    table = Table(texts.TALKS_HEAD, [(texts.HARMS[harm], *_cells(steps)) for harm, steps in found.items()])
    sentence = texts.REMEDIES_SENTENCE.format(parts=said) if said else texts.TALKS_EMPTY
    return Exhibit("talks", texts.TALKS_TITLE, sentence, (panel,), table, texts.TALKS_NOTE if said else "")


def _rung(name: str, steps: Steps) -> Rung:
    values = steps[1:]
    return Rung(
        name,
        tuple(one.value for one in values),
        tuple(one.ci for one in values),
        steps.harm.value,
        steps.asked.n,
    )


def _cells(steps: Steps) -> tuple[str, ...]:
    """Value, interval and n of each step."""
    return tuple(
        text for one in steps for text in (with_unit(one.value, one.unit), interval(one), integer(one.n))
    )
