"""Paired differences: the forest plot of one policy against the baseline, headlines, and all in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import inf, isfinite

from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, forest
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.words import figures, unit_of, with_word
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_html import row
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import SPACE
from evenhand.analysis.report.page import Headline
from evenhand.locale.current import gettext

HUNDREDTHS = ("share", "share of amount")
"""Units whose differences are said in points."""
SIDES = {"higher": 1, "lower": -1, "neutral": 0}


def minus(text: str) -> str:
    """Numbers with a real minus sign; hyphens stay."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def better_side(one: Difference) -> int:
    """1 where more of the metric is better, -1 where less is, 0 where neither or not known."""
    return SIDES[METRICS[one.metric].direction] if one.metric in METRICS else 0


def judgement(one: Difference) -> Judgement:
    """What a difference means for those whom the metric is good or bad for."""
    if one.verdict not in {"higher", "lower"}:
        return "unsure"
    side = better_side(one)
    if side == 0:
        return "other"
    return "better" if side == SIDES[one.verdict] else "worse"


def chosen(comparison: Comparison, scenario: str, policy: str) -> list[Difference]:
    """The differences of one policy in one scenario."""
    return [d for d in comparison.differences if (d.scenario, d.policy) == (scenario, policy)]


def pairs(comparison: Comparison) -> list[tuple[str, str]]:
    """Scenario and policy of every set of differences, in their order."""
    return list(dict.fromkeys((one.scenario, one.policy) for one in comparison.differences))


def contrast(one: Difference, *, brief: bool = False) -> Contrast:
    """A difference as the chart wants it: in points where it is one of shares."""
    factor = 100.0 if one.unit in HUNDREDTHS else 1.0
    interval, wider = (
        (factor * ends[0], factor * ends[1]) if ends else None for ends in (one.ci, one.simultaneous_ci)
    )
    value, *ends = figures((one.difference, *(one.ci or ())), one.unit, one.half_width)
    written = texts.UNDEFINED if not isfinite(one.difference) else minus(value)
    if ends and not brief:
        written = texts.WITH_RANGE.format(value=written, low=minus(ends[0]), high=minus(ends[1]))
    return Contrast(
        gettext(one.title),
        factor * one.difference,
        interval,
        wider,
        written,
        one.n,
        better_side(one),
        judgement(one),
    )


def units(differences: Iterable[Difference], *, brief: bool = False) -> list[Unit]:
    """Differences that share an axis, unit by unit."""
    found: dict[str, list[Contrast]] = {}
    for one in differences:
        found.setdefault(one.unit, []).append(contrast(one, brief=brief))
    return [
        Unit(
            texts.UNITS.get(unit, texts.UNIT_OTHER.format(unit=plain(gettext(unit)))),
            tuple(contrasts),
            100.0 if unit == "share" else inf,
        )
        for unit, contrasts in found.items()
    ]


def picture(differences: Sequence[Difference], width: float) -> Figure:
    """The forest plot; on a narrow page the numbers go without their intervals."""
    if not differences:
        return empty(width, 120, texts.UNDEFINED)
    return forest(units(differences, brief=width < NARROW), texts.forest, width=width)


def paired_differences(comparison: Comparison) -> list[Exhibit]:
    """An exhibit for each policy and scenario."""
    several = len(comparison.stops) > 1
    return [
        _exhibit(chosen(comparison, scenario, policy), f"{number}", several=several)
        for number, (scenario, policy) in enumerate(pairs(comparison), 1)
    ]


def _exhibit(found: Sequence[Difference], number: str, *, several: bool) -> Exhibit:
    first = found[0]
    names = {"policy": plain(first.policy), "baseline": plain(first.baseline)}
    form = texts.FOREST_TITLE_IN if several else texts.FOREST_TITLE
    title = form.format(**names, scenario=plain(first.scenario))
    told = [one for one in found if judgement(one) != "unsure"]
    parts = texts.PARTS.join(
        texts.FOREST_PART.format(
            name=gettext(one.title),
            written=with_word(contrast(one).written, one.unit),
            judgement=texts.JUDGEMENTS[judgement(one)],
        )
        for one in told
    )
    unsure = texts.ITEMS.join(gettext(one.title) for one in found if one not in told) or texts.NOBODY
    panel = Panel(
        f"forest-{number}",
        title,
        texts.FOREST_ALT.format(**names, parts=parts or texts.NOBODY, unsure=unsure),
        lambda width: picture(found, width),
        wide=True,
    )
    table = Table(texts.FOREST_HEAD, [_row(one) for one in found])
    return Exhibit(f"differences-{number}", title, sentence(found), (panel,), table)


def _row(one: Difference) -> tuple[str, ...]:
    """The cells of a difference, with the simultaneous interval beside its own."""
    cells = [minus(cell) for cell in row(one)]
    wider = figures(one.simultaneous_ci or (), one.unit, one.half_width)
    ends = minus(texts.RANGE.format(low=wider[0], high=wider[1])) if wider else texts.NO_INTERVAL
    return (*cells[:5], ends, *cells[5:])


def sentence(found: Sequence[Difference]) -> str:
    """How many measures differ, which way, and the clearest of them for better and for worse."""
    known = [one for one in found if one.n and isfinite(one.difference)]
    if not known:
        return texts.FOREST_ALL_EMPTY
    first, unknown = known[0], len(found) - len(known)
    names = {
        "policy": plain(first.policy),
        "baseline": plain(first.baseline),
        "all": len(known),
    }
    empty_ones = texts.FOREST_EMPTY(unknown).format(n=unknown) if unknown else ""
    if all(one.verdict == "identical" for one in known):
        return texts.all_of((texts.FOREST_IDENTICAL.format(**names), empty_ones))
    worlds = max(one.n for one in known)
    if worlds < 2:
        return texts.FOREST_ONE.format(**names)
    split = Counter(map(judgement, known))
    told = len(known) - split["unsure"]
    if not told:
        said = texts.FOREST_NONE.format(**names, worlds=texts.worlds(worlds))
        return texts.all_of((said, empty_ones))
    clear = [
        form.format(sentence=minus(plain(most.sentence)))
        for side, form in texts.FOREST_CLEAREST.items()
        if (most := clearest([one for one in known if judgement(one) == side]))
    ]
    parts = {side: split[side] for side in ("better", "worse", "other")}
    return texts.all_of((texts.FOREST_SENTENCE.format(**names, told=told, **parts), empty_ones, *clear))


def clearest(found: Sequence[Difference]) -> Difference | None:
    """The one that is furthest from nothing, measured by its own half-width."""
    return max(found, key=lambda d: abs(d.difference) / d.half_width if d.half_width else 0.0, default=None)


def headlines(comparison: Comparison, names: Sequence[str]) -> list[Headline]:
    """The most important differences, where there is one policy and one scenario to show."""
    if len(pairs(comparison)) != 1:
        return []
    by_name = {one.metric: one for one in comparison.differences}
    wanted = [by_name[name] for name in names if name in by_name]
    return [_headline(one) for one in wanted or comparison.differences[: len(names)]]


def _headline(one: Difference) -> Headline:
    value, *ends = figures((one.difference, *(one.ci or ())), one.unit, one.half_width)
    unit = unit_of(one.unit)
    said = minus(value) if isfinite(one.difference) else texts.UNDEFINED
    sure = texts.INTERVAL_OF.format(low=ends[0], high=ends[1]) if ends else texts.NO_INTERVAL_LONG
    worlds = texts.worlds(one.n)
    return Headline(
        gettext(one.title),
        said,
        minus(sure).replace("95 %", f"95{SPACE}%"),
        texts.WORLDS_IN.format(unit=unit, worlds=worlds) if unit else worlds,
    )


def all_differences(comparison: Comparison) -> Table:
    """Every difference with its sentence, and why it was found."""
    found = pairs(comparison)
    several = len(comparison.stops) > 1
    form = texts.WHOSE_IN if several else texts.WHOSE
    rows = []
    for one in comparison.differences:
        title = row(one)[0]
        whose = form.format(title=title, policy=plain(one.policy), scenario=plain(one.scenario))
        why = comparison.why(one)
        said = texts.all_of((one.said, why.sentence if why else ""))
        rows.append((title if len(found) == 1 else whose, *row(one)[-2:], minus(plain(said))))
    return Table(texts.DIFFERENCE_HEAD, rows)
