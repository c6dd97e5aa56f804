"""A run in plain words: how disputes end and who is wronged, what it costs, and what to mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evenhand.analysis.metrics.cautions import Caution
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.report.numbers import count, integer, interval, with_unit
from evenhand.analysis.report.texts import texts
from evenhand.analysis.runs.background import Background

MOST_OPEN = 0.1
"""Share of open disputes from which on a reader is told."""


def in_plain_words(
    run: AnyRun, estimates: Mapping[str, Estimate], cautioned: Sequence[Caution], background: Background
) -> list[str]:
    """Three sentences about a run, in the language in force."""
    said = {name: _said(one) for name, one in estimates.items()}
    ways = texts.PLAIN_WAYS.format(n=integer(estimates["disputes"].n), **said)
    wronged = texts.PLAIN_WRONGED.format(**said)
    return [
        texts.all_of((ways, wronged)),
        texts.PLAIN_COSTS.format(**said),
        texts.all_of(_mind(run, estimates, cautioned, background)),
    ]


def _said(one: Estimate) -> str:
    """A value with its interval, if it has one."""
    value = with_unit(one.value, one.unit)
    return value if one.ci is None else texts.PLAIN_SURE.format(value=value, ends=interval(one))


def _mind(
    run: AnyRun, estimates: Mapping[str, Estimate], cautioned: Sequence[Caution], background: Background
) -> list[str]:
    """What a reader must not overlook, the gravest first."""
    said = [texts.PLAIN_ALERT] if cautioned else []
    if run.replications == 1:
        said.append(texts.PLAIN_ONE)
    else:
        said.append(texts.PLAIN_LUCK.format(replications=count(run.replications, texts.REPLICATIONS)))
    still = estimates["open_share"]
    if still.value > MOST_OPEN:
        said.append(texts.PLAIN_OPEN.format(open=with_unit(still.value, still.unit)))
    n, of = (sum(getattr(one, name) for one in background.assumed) for name in ("n", "of"))
    if of:
        said.append(texts.PLAIN_ASSUMED.format(n=integer(n), all=integer(of)))
    return said
