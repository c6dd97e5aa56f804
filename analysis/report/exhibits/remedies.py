"""Which remedies people got, by what they deserved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.charts import Bar, Part, stacked_bars
from evenhand.analysis.charts.palette import AMBER, BLUE, GREEN, INK, PAPER, PURPLE, SOFT_SLATE, Fill
from evenhand.analysis.metrics.chunks import AnyRun, pieces
from evenhand.analysis.report import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit
from evenhand.analysis.report.numbers import percent
from evenhand.sim.lifecycle.codes import OPEN
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import FITS_FULL, FITS_HALF, REMEDIES

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
HARMS = tuple(texts.HARMS)


def harm_of(run: Run) -> Ints:
    """Position in `HARMS` of what each buyer deserved: all, about half, little, nothing."""
    d = run.disputes
    of_valid = np.select([d["adequate"] == FITS_FULL, d["adequate"] == FITS_HALF], [0, 1], 2)
    return np.asarray(np.where(d["valid"], of_valid, 3), np.int64)


def counted(run: AnyRun) -> Ints:
    """Closed disputes by harm and remedy; shape (harms, remedies)."""
    found = np.zeros((len(HARMS), len(REMEDIES)), np.int64)
    for piece in pieces(run):
        closed = piece.disputes["ending"] != OPEN
        np.add.at(found, (harm_of(piece)[closed], piece.disputes["remedy"][closed].astype(np.int64)), 1)
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
        (bar.name, *(percent(x / bar.n if bar.n else float("nan")) for x in bar.amounts), f"{bar.n:,}")
        for bar in bars
    ]
    said = "; ".join(
        texts.REMEDIES_PART.format(name=bar.name, share=percent(1 - bar.amounts[0] / bar.n))
        for bar in bars
        if bar.n
    ) or texts.FLOW_EMPTY.rstrip(".")
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
