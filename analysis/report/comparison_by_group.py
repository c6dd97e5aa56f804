"""Differences by group on the page: before and after in every group, and what happens to the gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite

from matplotlib.figure import Figure

from evenhand.analysis.charts.caption import captioned
from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, forest
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.by_group import FEWEST, ByGroup, Gap, InGroup
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.words import figures, probability, unit_of
from evenhand.analysis.report.comparison_differences import HUNDREDTHS, contrast, minus
from evenhand.analysis.report.comparison_group_words import gap_levels, gap_sentence, levels, sentence
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import WIDE, Exhibit, Panel, Table
from evenhand.analysis.report.numbers import integer
from evenhand.analysis.report.page import HEADLINES
from evenhand.locale.current import gettext

MOST = 6
"""Measures that are all drawn; of more, those that head the page."""
GAPS: dict[str, Judgement] = {"narrower": "better", "wider": "worse"}


def by_groups(comparison: Comparison) -> Iterator[Exhibit]:
    """An exhibit for each column that the comparison was split by, and each measure that is drawn."""
    for number, one in enumerate(comparison.by, 1):
        for place, metric in enumerate(drawn(one), 1):
            yield _exhibit(one, metric, f"groups-{number}-{place}")


def poster(found: ByGroup, metric: str, width: float = WIDE) -> Figure:
    """The differences of a metric in all groups as a chart that stands alone, with its sentences under it.

    Raises ValueError for a metric that was not measured by group.
    """
    if metric not in measured(found):
        raise ValueError(
            gettext("metric: must be one of {measured}, found {metric!r}").format(
                measured=", ".join(measured(found)), metric=metric
            )
        )
    title = _title(found, metric)
    return captioned(picture(found, metric, width), title, [*said_of(found, metric), texts.GROUPS_N], width)


def measured(found: ByGroup) -> list[str]:
    """Names of the metrics that have groups."""
    return list(dict.fromkeys(one.difference.metric for one in found.groups))


def sets(found: ByGroup, metric: str) -> list[tuple[list[InGroup], list[Gap]]]:
    """Differences and gaps of a metric, a set for each scenario and policy."""
    keys = dict.fromkeys((one.difference.scenario, one.difference.policy) for one in found.groups)

    def belongs(one: Difference, key: tuple[str, str]) -> bool:
        return (one.metric, one.scenario, one.policy) == (metric, *key)

    return [
        (
            [one for one in found.groups if belongs(one.difference, key)],
            [one for one in found.gaps if belongs(one.difference, key)],
        )
        for key in keys
    ]


def picture(found: ByGroup, metric: str, width: float) -> Figure:
    """The forest of groups and gaps, one axis for each policy."""
    brief = width < NARROW
    several = len({one.difference.scenario for one in found.groups}) > 1
    units = []
    for groups, gaps in sets(found, metric):
        rows = [_group(found, one, brief=brief) for one in groups]
        rows += [_gap(found, one, brief=brief) for one in gaps if isfinite(one.difference.difference)]
        first = groups[0].difference
        form = texts.GROUPS_UNIT_IN if several else texts.GROUPS_UNIT
        heading = form.format(
            policy=plain(gettext(found.policies[first.policy])),
            baseline=plain(gettext(found.policies[first.baseline])),
            scenario=plain(first.scenario),
            unit=plain(unit_of(first.unit)),
        )
        largest = 200.0 if first.unit in HUNDREDTHS else float("inf")
        units.append(Unit(heading.removesuffix(": "), tuple(rows), largest))
    return forest(units, texts.groups, width=width)


def _group(found: ByGroup, one: InGroup, *, brief: bool) -> Contrast:
    made = contrast(one.difference, brief=brief)
    return made._replace(
        name=plain(gettext(found.titles[one.group])),
        written=_written(one.difference, levels(one.difference), made.written, brief=brief),
        n=one.policy_cases,
    )


def _gap(found: ByGroup, one: Gap, *, brief: bool) -> Contrast:
    made = contrast(one.difference, brief=brief)
    name = texts.GROUPS_GAP.format(
        group=plain(gettext(found.titles[one.group])), reference=plain(gettext(found.titles[one.reference]))
    )
    return made._replace(
        name=name,
        written=_written(one.difference, gap_levels(one.difference), made.written, brief=brief),
        better=0,
        judgement=GAPS.get(one.verdict, "unsure"),
    )


def _written(one: Difference, values: list[str], difference: str, *, brief: bool) -> str:
    if brief or not isfinite(one.difference):
        return difference
    before, after = values
    return texts.GROUPS_WRITTEN.format(before=before, after=after, difference=difference)


def _title(found: ByGroup, metric: str) -> str:
    titles = {one.difference.metric: one.difference.title for one in found.groups}
    return texts.GROUPS_PANEL.format(metric=gettext(titles[metric]), column=column_title(found))


def column_title(found: ByGroup) -> str:
    """What groups are called that a column makes."""
    return plain(texts.GROUPS_COLUMNS.get(found.column, found.column.replace("_", " ")))


def said_of(found: ByGroup, metric: str) -> list[str]:
    """The sentence of each policy, and one for each of its gaps that is known."""
    return [
        line
        for groups, gaps in sets(found, metric)
        for line in (
            sentence(found, groups),
            *(gap_sentence(found, one) for one in gaps if isfinite(one.difference.difference)),
        )
    ]


def drawn(found: ByGroup) -> list[str]:
    """Metrics that have a chart: all of a few, else those that head the page, or the first ones."""
    names = measured(found)
    if len(names) <= MOST:
        return names
    return [name for name in HEADLINES if name in names] or names[:MOST]


def _exhibit(found: ByGroup, metric: str, key: str) -> Exhibit:
    """The groups in a measure; under the last one that is drawn stand those that are not, too."""
    alone = metric != drawn(found)[-1]
    shown = {metric} if alone else {metric, *measured(found)} - set(drawn(found)[:-1])
    every: list[InGroup | Gap] = [*found.groups, *found.gaps]
    parts = [one for one in every if one.difference.metric in shown]
    rows = [_row(found, one) for one in sorted(parts, key=_place_of(found))]
    note = texts.GROUPS_NOTE.format(
        fewest=FEWEST,
        family=max((one.difference.family for one in found.groups), default=0),
        gaps=max((one.difference.family for one in found.gaps), default=0),
    )
    note = texts.all_of([note, texts.GROUPS_N])
    drawn_as, said = panel(found, metric, key), texts.all_of(said_of(found, metric))
    return Exhibit(key, drawn_as.title, said, (drawn_as,), Table(texts.GROUPS_HEAD, rows), note)


def _place_of(found: ByGroup) -> Callable[[InGroup | Gap], tuple[int, bool, int]]:
    """Where a row stands: measure by measure, group by group, so that policies are beside each other."""
    names, titles = measured(found), list(found.titles)
    return lambda one: (
        names.index(one.difference.metric),
        isinstance(one, Gap),
        titles.index(one.group),
    )


def panel(found: ByGroup, metric: str, key: str) -> Panel:
    """The chart of a measure, with its title and what it shows in words."""
    title = _title(found, metric)
    alternative = texts.GROUPS_ALT.format(title=title, sentence=texts.all_of(said_of(found, metric)))
    return Panel(key, title, alternative, lambda width: picture(found, metric, width), wide=True)


def _row(found: ByGroup, part: InGroup | Gap) -> tuple[str, ...]:
    one, nothing = part.difference, texts.NO_INTERVAL
    group = plain(gettext(found.titles[part.group]))
    cases = (nothing, nothing)
    if isinstance(part, Gap):
        reference = plain(gettext(found.titles[part.reference]))
        group = texts.GROUPS_GAP.format(group=group, reference=reference)
    else:
        cases = (integer(part.baseline_cases), integer(part.policy_cases))
    before, after = gap_levels(one) if isinstance(part, Gap) else levels(one)
    value, *ends = (minus(x) for x in figures((one.difference, *(one.ci or ())), one.unit, one.half_width))
    wider = [minus(x) for x in figures(one.simultaneous_ci or (), one.unit, one.half_width)]
    return (
        gettext(one.title),
        plain(gettext(found.policies[one.policy])),
        group,
        before,
        cases[0],
        after,
        cases[1],
        value,
        texts.RANGE.format(low=ends[0], high=ends[1]) if ends else nothing,
        texts.RANGE.format(low=wider[0], high=wider[1]) if wider else nothing,
        probability(one.p_adjusted),
        integer(one.n),
    )
