"""What switching a group does, path by path: the flip audits of the policies as waterfalls."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.analysis.charts.waterfall import Kind, Step, waterfall
from evenhand.analysis.charts.words import plain
from evenhand.analysis.counterfactual import Findings
from evenhand.analysis.counterfactual.group_flip import INTERACTION, TOTAL
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.report.comparison_differences import minus
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import integer, interval, number, with_unit
from evenhand.locale.current import gettext

MEASURE = "refund"
KINDS: dict[str, Kind] = {INTERACTION: "together", TOTAL: "whole"}


def steps(audit: Findings, measure: str = MEASURE) -> list[Step]:
    """A flip audit as the steps of a waterfall. Raises ValueError for an audit of another kind."""
    found = [one for one in audit.findings if one.measure.name == measure and one.part]
    if not any(one.part == TOTAL for one in found):
        raise ValueError(
            gettext("the audit {name!r} has no {measure} by path; it takes `audit.flip`").format(
                name=audit.name, measure=measure
            )
        )
    return [
        Step(
            plain(gettext(one.part)),
            one.estimate.value,
            one.estimate.ci,
            _signed(one.estimate.value),
            KINDS.get(one.part, "part"),
        )
        for one in found
    ]


def _signed(value: float) -> str:
    written = number(value)
    return f"+{written}" if value > 0 and written.strip("0.,") else written


def paths(audits: Mapping[str, Findings]) -> Exhibit:
    """The exhibit with a waterfall of the refund for every audited policy."""
    rows = [
        (
            gettext(one.measure.title),
            plain(name),
            plain(gettext(one.part)) or texts.NO_INTERVAL,
            _value(one.estimate),
            minus(interval(one.estimate)),
            integer(one.estimate.n),
            gettext(one.estimate.unit),
        )
        for name, audit in audits.items()
        for one in audit.findings
    ]
    panels = tuple(
        _panel(f"paths-{number}", plain(name), audit, wide=len(audits) == 1)
        for number, (name, audit) in enumerate(audits.items(), 1)
    )
    said = texts.all_of(
        texts.PATHS_SENTENCE.format(policy=plain(name), sentence=minus(plain(audit.sentence)))
        for name, audit in audits.items()
    )
    table = Table(texts.PATHS_HEAD, rows)
    return Exhibit("paths", texts.PATHS_TITLE, said, panels, table, texts.PATHS_NOTE)


def _value(one: Estimate) -> str:
    return minus(with_unit(one.value, one.unit))


def _panel(key: str, name: str, audit: Findings, *, wide: bool) -> Panel:
    title = texts.PATHS_PANEL.format(policy=name, title=plain(audit.title))
    found = steps(audit)
    parts = texts.PARTS.join(texts.PATHS_PART.format(name=one.name, value=one.written) for one in found)
    currency = next(one.estimate.unit for one in audit.findings if one.measure.name == MEASURE)
    axis = texts.PATHS_AXIS.format(currency=plain(gettext(currency)))
    return Panel(
        key,
        title,
        texts.PATHS_ALT.format(title=title, parts=parts),
        lambda width: waterfall(found, axis=axis, note=texts.PATHS_WHISKERS, width=width),
        wide=wide,
    )
