"""Where disputes end: the flow from grievance to outcome, and the outcomes of every cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.charts import Band, Bar, Node, Part, flow, stacked_bars
from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.palette import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    PAPER,
    PURPLE,
    SLATE,
    SOFT_SLATE,
    VERMILLION,
    Fill,
)
from evenhand.analysis.metrics.chunks import AnyRun, counted_pieces
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, exhibit
from evenhand.analysis.report.numbers import count, integer, percent
from evenhand.analysis.report.texts import texts
from evenhand.sim.lifecycle.codes import (
    ABANDONED,
    DEFAULTED,
    INADMISSIBLE,
    LAPSED,
    OPEN,
    RULED,
    SETTLED,
    WITHDRAWN,
)
from evenhand.sim.runs.records import Run

Ints = NDArray[np.int64]

STAGES = tuple(texts.STAGES)
OUTCOMES = tuple(texts.OUTCOMES)
FILLS = {
    "ruled_buyer": Fill(BLUE, "", PAPER),
    "ruled_merchant": Fill(VERMILLION, "", PAPER),
    "settled_late": Fill(GREEN, "////", PAPER),
    "defaulted": Fill(BLUE, "\\\\\\\\", PAPER),
    "withdrawn": Fill(PURPLE, "", PAPER),
    "inadmissible": Fill(AMBER, "", PAPER),
    "settled": Fill(GREEN, "", PAPER),
    "abandoned": Fill(SLATE, "", PAPER),
    "lapsed": Fill(SLATE, "////", PAPER),
    "open": Fill(SOFT_SLATE, "", INK),
}
IN_BARS = (
    "settled",
    "settled_late",
    "ruled_buyer",
    "defaulted",
    "ruled_merchant",
    "inadmissible",
    "withdrawn",
    "lapsed",
    "abandoned",
    "open",
)
"""Outcomes in the order in which a bar shows them: agreed, decided, not heard, given up, open."""
FEW = 30
"""Causes with fewer disputes are not compared in words."""


def outcome(run: Run) -> Ints:
    """Position in `OUTCOMES` of how each dispute ended."""
    ending, filed = run.disputes["ending"], ~np.isnan(run.disputes["filed_at"])
    upheld = run.disputes["upheld"].astype(bool)
    cases = {
        "ruled_buyer": (ending == RULED) & upheld,
        "ruled_merchant": (ending == RULED) & ~upheld,
        "settled_late": (ending == SETTLED) & filed,
        "settled": (ending == SETTLED) & ~filed,
        "defaulted": ending == DEFAULTED,
        "withdrawn": ending == WITHDRAWN,
        "inadmissible": ending == INADMISSIBLE,
        "abandoned": ending == ABANDONED,
        "lapsed": ending == LAPSED,
        "open": ending == OPEN,
    }
    return np.select([cases[name] for name in OUTCOMES], np.arange(len(OUTCOMES)))


def stages_reached(run: Run) -> dict[str, NDArray[np.bool_]]:
    """Which disputes passed each stage; who went straight to the platform had no talks."""
    d = run.disputes
    straight = (d["talks_over_at"] == d["opened_at"]) & (d["rounds"] == 0)
    return {
        "talks": ~straight,
        "filed": ~np.isnan(d["filed_at"]),
        "heard": ~np.isnan(d["screened_at"]) & (d["ending"] != INADMISSIBLE),
        "ruled_on": ~np.isnan(d["ruled_at"]),
    }


class EndingCounts(NamedTuple):
    """How disputes ended, counted: valid ones first and groundless ones second in the last axis."""

    steps: Ints
    """From one node of the flow to another; shape (nodes, nodes, 2)."""
    reached: Ints
    """Disputes that passed each stage; shape (stages, 2)."""
    ended: Ints
    """Disputes with each outcome; shape (outcomes, 2)."""
    causes: Ints
    """Disputes of each true cause with each outcome; shape (causes, outcomes)."""

    @property
    def n(self) -> int:
        """Disputes."""
        return int(self.ended.sum())


def ends(run: AnyRun) -> EndingCounts:
    """Count how the disputes of a run ended."""
    counted = [_ends_of(piece) for piece in counted_pieces(run)]
    return EndingCounts(*(np.sum(one, axis=0) for one in zip(*counted, strict=True)))


def _ends_of(run: Run) -> EndingCounts:
    """Follow the disputes of a piece from kind to stage to outcome."""
    first_outcome = 2 + len(STAGES)
    kind = np.where(run.disputes["valid"], 0, 1).astype(np.int64)
    last, at = outcome(run), kind.copy()
    steps = np.zeros((first_outcome + len(OUTCOMES),) * 2 + (2,), np.int64)
    reached = []
    for i, passed in enumerate(stages_reached(run).values()):
        np.add.at(steps, (at[passed], np.full(passed.sum(), 2 + i), kind[passed]), 1)
        at[passed] = 2 + i
        reached.append(np.bincount(kind[passed], minlength=2))
    np.add.at(steps, (at, first_outcome + last, kind), 1)
    ended = np.zeros((len(OUTCOMES), 2), np.int64)
    np.add.at(ended, (last, kind), 1)
    causes = np.zeros((len(run.labels("cause")), len(OUTCOMES)), np.int64)
    np.add.at(causes, (run.disputes["cause"].astype(np.int64), last), 1)
    return EndingCounts(steps, np.array(reached), ended, causes)


def flows(found: EndingCounts) -> tuple[list[Node], list[Band]]:
    """The nodes of the flow and the numbers of disputes that went from one to the next."""
    last = len(STAGES) + 1
    nodes = [Node(key, 0, name) for key, name in zip(("valid", "groundless"), texts.KINDS_SHORT, strict=True)]
    nodes += [Node(key, i + 1, texts.STAGES[key]) for i, key in enumerate(STAGES)]
    nodes += [Node(key, last, texts.OUTCOMES[key]) for key in OUTCOMES]
    bands = [
        Band(nodes[a].key, nodes[b].key, (float(found.steps[a, b, 0]), float(found.steps[a, b, 1])))
        for a, b in np.argwhere(found.steps.sum(axis=2) > 0)
    ]
    return nodes, bands


@exhibit(10)
def where_disputes_end(run: AnyRun) -> Exhibit:
    """The exhibit with the flow."""
    found = ends(run)
    n, by_outcome = found.n, found.ended.sum(axis=1)
    rows = [(texts.FLOW_STAGE.format(stage=texts.STAGES[k]), *found.reached[i]) for i, k in enumerate(STAGES)]
    rows += [(texts.OUTCOMES[name], *found.ended[i]) for i, name in enumerate(OUTCOMES)]
    table = Table(texts.FLOW_HEAD, [(name, *_counts(int(a), int(b), n)) for name, a, b in rows])
    listed = texts.PARTS.join(
        texts.FLOW_PART.format(name=texts.OUTCOMES[name], share=percent(by_outcome[i] / n))
        for i, name in enumerate(OUTCOMES)
        if by_outcome[i]
    )
    nodes, bands = flows(found)
    panel = Panel(
        "flow",
        texts.FLOW_TITLE,
        texts.FLOW_ALT.format(endings=listed) if n else texts.FLOW_EMPTY,
        lambda width: (
            flow(nodes, bands, texts.KINDS, width=width) if n else empty(width, 120, texts.FLOW_EMPTY)
        ),
        wide=True,
    )
    note = texts.FLOW_NOTE.format(n=integer(n)) if n else ""
    return Exhibit("endings", texts.FLOW_TITLE, _flow_sentence(found), (panel,), table, note)


def _counts(valid: int, groundless: int, n: int) -> tuple[str, ...]:
    """How many are valid, groundless, together, and their share of all."""
    total = valid + groundless
    return integer(valid), integer(groundless), integer(total), percent(total / n if n else float("nan"))


def _flow_sentence(found: EndingCounts) -> str:
    n = found.n
    if n == 0:
        return texts.FLOW_EMPTY
    of = dict(zip(OUTCOMES, found.ended.sum(axis=1).tolist(), strict=True))
    ruled = of["ruled_buyer"] + of["ruled_merchant"]
    said = texts.FLOW_SENTENCE if ruled else texts.FLOW_NO_RULINGS
    return said.format(
        disputes=count(n, texts.DISPUTES),
        talks=percent(of["settled"] / n),
        filed=percent(found.reached[STAGES.index("filed")].sum() / n),
        ruled=percent(ruled / n),
        won=percent(of["ruled_buyer"] / ruled if ruled else float("nan")),
        n=integer(ruled),
    )


@exhibit(30)
def outcomes_by_cause(run: AnyRun) -> Exhibit:
    """The exhibit with a bar for every true cause."""
    labels = run.labels("cause")
    cells = ends(run).causes[:, [OUTCOMES.index(name) for name in IN_BARS]]
    bars = [
        Bar(texts.cause(label), tuple(map(float, row)), int(row.sum()))
        for label, row in zip(labels, cells, strict=True)
    ]
    parts = [Part(texts.OUTCOMES[name], FILLS[name]) for name in IN_BARS]
    head = (*texts.CAUSES_HEAD, *(part.name for part in parts), texts.CAUSES_COUNT)
    rows = [
        (bar.name, *(percent(x / bar.n if bar.n else float("nan")) for x in bar.amounts), integer(bar.n))
        for bar in bars
    ]
    said = texts.PARTS.join(map(_most_common, (bar for bar in bars if bar.n))) or texts.FLOW_NOTHING
    panel = Panel(
        "causes",
        texts.CAUSES_TITLE,
        texts.CAUSES_ALT.format(parts=said),
        lambda width: stacked_bars(bars, parts, width=width),
        wide=True,
    )
    sentence = _cause_sentence(labels, bars)
    return Exhibit("causes", texts.CAUSES_TITLE, sentence, (panel,), Table(head, rows), texts.CAUSES_NOTE)


def _most_common(bar: Bar) -> str:
    i = int(np.argmax(bar.amounts))
    ended = texts.OUTCOMES_SAID[IN_BARS[i]]
    return texts.CAUSES_PART.format(name=bar.name, share=percent(bar.amounts[i] / bar.n), outcome=ended)


def _cause_sentence(labels: Sequence[str], bars: Sequence[Bar]) -> str:
    """Which cause is settled most and least often, of those with enough disputes to say so."""
    agreed = [IN_BARS.index("settled"), IN_BARS.index("settled_late")]
    shares = {
        label: sum(bar.amounts[i] for i in agreed) / bar.n
        for label, bar in zip(labels, bars, strict=True)
        if bar.n >= FEW
    }
    if len(shares) < 2:
        return texts.CAUSES_FEW.format(few=FEW)
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    high, low = percent(shares[most]), percent(shares[least])
    if high == low:
        return texts.CAUSES_EQUAL.format(few=FEW, share=high)
    n = {label: integer(bar.n) for label, bar in zip(labels, bars, strict=True)}
    return texts.CAUSES_SENTENCE.format(
        most=texts.cause_in_sentence(most),
        most_share=high,
        most_n=n[most],
        least=texts.cause_in_sentence(least),
        least_share=low,
        least_n=n[least],
    )
