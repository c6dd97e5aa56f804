"""Differences by group as a person reads them, and the one chart of them that can be taken along."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.by_group import FEWEST, ByGroup, Gap, InGroup
from evenhand.analysis.compare.words import figures, many, probability
from evenhand.analysis.runs.atomic import whole
from evenhand.cli.compare_table import MAIN
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.storage.output_path import check_file

HEADINGS = ("Group", "{before}", "n", "{after}", "n", "Difference", "95 % interval", "Adj. p", "Worlds")
NUMBERS = tuple(range(1, 9))


def check_chart(chart: Path | None, by: Sequence[str], metrics: Sequence[str], *, force: bool) -> None:
    """Refuse a chart that cannot be drawn or written, before anything runs. Raises UsageError, OSError."""
    if chart is None:
        return
    from evenhand.analysis.charts.file import SUFFIXES

    if len(by) != 1:
        raise UsageError(
            gettext("--chart: draws the groups of one column; name it with --by, as in --by buyer_group")
        )
    if len(metrics) != 1:
        raise UsageError(
            gettext("--chart: draws one measure; name it with --metric, as in wrongful_denial_rate")
        )
    if chart.suffix.lower() not in SUFFIXES:
        allowed = gettext("{what} or {what_2}").format(what=", ".join(SUFFIXES[:-1]), what_2=SUFFIXES[-1])
        raise UsageError(
            gettext("--chart: must end in {allowed}, found '{name}'").format(allowed=allowed, name=chart.name)
        )
    check_file(chart, force=force, option="--chart")


def draw(found: Comparison, metric: str, chart: Path) -> None:
    """Draw a measure by group to a file, whole or not at all. Raises OSError."""
    from evenhand.analysis.charts.file import lacking, save
    from evenhand.analysis.report.comparison_by_group import poster

    with whole(chart) as temporary:
        drawn = poster(found.by_group(), metric)
        save(drawn, temporary)
    if said := lacking(drawn):
        print(f"evenhand: {said}", file=sys.stderr)


def print_groups(found: Comparison, asked: Sequence[str]) -> None:
    """Print a table and the gaps for each column, metric, scenario and policy, and what they mean."""
    from evenhand.analysis.report.comparison_by_group import measured, sets

    screen = console()
    for one in found.by:
        names = measured(one)
        shown = [name for name in names if name in (asked or MAIN)] or names
        for name in shown:
            for groups, gaps in sets(one, name):
                _print(one, groups, gaps, several=len(found.stops) > 1)
        screen.print(plain(_meaning(one)), soft_wrap=True)


def _print(found: ByGroup, groups: Sequence[InGroup], gaps: Sequence[Gap], *, several: bool) -> None:
    from evenhand.analysis.report.comparison_by_group import column_title
    from evenhand.analysis.report.comparison_group_words import gap_sentence, sentence

    screen, first = console(), groups[0].difference
    where = gettext(", in {scenario}").format(scenario=first.scenario) if several else ""
    title = gettext("\n{title}, by {column_title}: {policy} less {baseline}{where}").format(
        title=gettext(first.title),
        column_title=column_title(found),
        policy=first.policy,
        baseline=first.baseline,
        where=where,
    )
    screen.print(plain(title.strip("\n")), style="bold")
    heads = [head.format(before=first.baseline, after=first.policy) for head in HEADINGS]
    screen.print(table(heads, [_row(found, one) for one in groups], right=NUMBERS))
    screen.print()
    screen.print(plain(sentence(found, groups)), soft_wrap=True)
    known = [one for one in gaps if isfinite(one.difference.difference)]
    for gap in known:
        screen.print(plain(gap_sentence(found, gap)), soft_wrap=True)
    if len(known) < len(gaps):
        screen.print(
            plain(
                gettext("{many} not known: no world has cases of both.").format(
                    many=many(len(gaps) - len(known), "gap")
                )
            )
        )
    screen.print()


def _row(found: ByGroup, part: InGroup) -> tuple[str, ...]:
    one = part.difference
    means = (one.baseline_value, one.policy_value)
    before, after = figures(means, one.unit, one.half_width, signed=False, level=True)
    value, *ends = figures((one.difference, *(one.ci or ())), one.unit, one.half_width)
    return (
        gettext(found.titles[part.group]),
        before,
        f"{part.baseline_cases:,}",
        after,
        f"{part.policy_cases:,}",
        value,
        gettext("{what} to {what_2}").format(what=ends[0], what_2=ends[1]) if ends else "-",
        probability(one.p_adjusted),
        str(one.n),
    )


def _meaning(found: ByGroup) -> str:
    families = [
        max((one.difference.family for one in part), default=0) for part in (found.groups, found.gaps)
    ]
    return gettext(
        "By group: n are cases; a world counts for a group where it has cases under both "
        "policies, for a gap where both groups have; fewer than {fewest} worlds have no "
        "interval.\nAdj. p: Holm over {many} in groups (measures x groups x policies); changes of "
        "gaps are a family of their own, of {what:,}.\n"
    ).format(fewest=FEWEST, many=many(families[0], "difference"), what=families[1])
