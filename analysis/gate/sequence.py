"""A gate at work: looks at some replications, and at more of them while anything is undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from evenhand.analysis.gate.looks import looks
from evenhand.analysis.gate.verdict import Finding, Findings, Gauge, Reading, Verdict, judge


def examine(
    gauges: Sequence[Gauge], coming: Iterator[Mapping[str, Reading]], start: int, budget: int
) -> Findings:
    """Judge every gauge at the planned looks; what stays undecided at the last is `undecided`.

    `coming` gives the metrics of one replication after the other, from the first on, and is asked for no
    more than are needed. The looks go from `start` to `budget`, or to the fewest values that were
    accepted: a replication without its accepted twin tells nothing. A metric keeps its first verdict
    that decides. Nothing is simulated where nothing was accepted.
    """
    known = [len(gauge.accepted) for gauge in gauges if len(gauge.accepted)]
    plan = looks(start, min(budget, *known)) if known else ()
    found = {gauge.metric: Finding(gauge, Verdict.MISSING) for gauge in gauges}
    undecided = [gauge for gauge in gauges if len(gauge.accepted)]
    seen: list[Mapping[str, Reading]] = []
    for n in plan:
        seen += islice(coming, n - len(seen))
        for gauge in undecided:
            value, cases = (
                np.array(column) for column in zip(*(one[gauge.metric] for one in seen), strict=True)
            )
            found[gauge.metric] = judge(gauge, value, len(plan), cases)
        undecided = [one for one in undecided if found[one.metric].verdict is Verdict.UNDECIDED]
        if not undecided:
            break
    return Findings(found[gauge.metric] for gauge in gauges)
