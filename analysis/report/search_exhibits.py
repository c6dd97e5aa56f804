"""The exhibits of a search: its front, differences to the base, the floor, and which settings matter."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from matplotlib.figure import Figure

from evenhand.analysis.charts.candidates import Floats, Legend, Spot, candidates
from evenhand.analysis.charts.dots import Block, Dot, interval_dots
from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, forest
from evenhand.analysis.charts.pareto import Scale, chance
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.words import figures, probability, with_word
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.written import HUNDREDTHS
from evenhand.analysis.report.comparison_differences import SIDES, minus
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import between, integer, percent, with_unit
from evenhand.analysis.report.search_texts import texts
from evenhand.analysis.search import Found, Goal
from evenhand.analysis.search.judge import LEVEL
from evenhand.analysis.search.study import FIRST_WORLDS
from evenhand.locale.current import gettext


def shown(place: int) -> str:
    """What a judged candidate is called: by its number on the front."""
    return str(place) if place else texts.BASE


def front(found: Found, files: Sequence[str] = ()) -> Exhibit:
    """The front, by its first two goals, or by its one."""
    goals = found.aims.goals
    panels: tuple[Panel, ...] = ()
    if len(goals) > 1:
        x, y = (_title(one.metric) for one in goals[:2])
        parts = texts.PARTS.join(_part(found, place) for place in range(len(found.judged.numbers)))
        alternative = texts.FRONT_ALT.format(x=x, y=y, parts=parts)
        panels = (
            Panel("front", texts.FRONT_TITLE, alternative, lambda width: _picture(found, width), wide=True),
        )
    rows = [_front_row(found, place, files) for place in range(len(found.judged.numbers))]
    note = texts.FRONT_NOTE.format(worlds=integer(found.judged.worlds))
    return Exhibit(
        "front", texts.FRONT_TITLE, _front_sentence(found), panels, Table(texts.FRONT_HEAD, rows), note
    )


def _title(metric: Metric) -> str:
    return gettext(metric.title)


def _part(found: Found, place: int) -> str:
    x, y = (_value(found, place, one.metric) for one in found.aims.goals[:2])
    sure = chance(float(found.judged.on_front[place]))
    return texts.FRONT_PART.format(name=shown(place), x=x, y=y, chance=sure)


def _value(found: Found, place: int, metric: Metric) -> str:
    return with_unit(float(found.judged.means[place, found.aims.place(metric)]), found.unit(metric))


def _scale(found: Found, number: int) -> Scale:
    goal = found.aims.goals[number]
    return scale_of(goal, found.unit(goal.metric))


def scale_of(goal: Goal, unit: str) -> Scale:
    """The axis of a goal."""
    side = -1 if goal.way == "min" else 1
    if unit in HUNDREDTHS:
        return Scale(_title(goal.metric), 100.0, "%", side)
    return Scale(_title(goal.metric), 1.0, "" if unit == "count" else gettext(unit), side)


def _picture(found: Found, width: float) -> Figure:
    scales = _scale(found, 0), _scale(found, 1)
    places = [found.aims.place(one.metric) for one in found.aims.goals[:2]]
    means = found.explored.means(FIRST_WORLDS)
    spots = [_spot(found, place, scales, places) for place in range(len(found.judged.numbers))]
    return front_picture((means[:, places[0]], means[:, places[1]]), spots, scales, width)


def front_picture(
    tried: tuple[Floats, Floats], spots: Sequence[Spot], scales: tuple[Scale, Scale], width: float
) -> Figure:
    """All that was tried by two goals, and the spots: the base first, then the front."""
    legend = Legend(*texts.LEGEND)
    return candidates(tried, spots[0], spots[1:], scales, legend, better=texts.BETTER, width=width)


def _spot(found: Found, place: int, scales: tuple[Scale, Scale], places: Sequence[int]) -> Spot:
    judged = found.judged
    values = [float(judged.means[place, at]) * one.factor for at, one in zip(places, scales, strict=True)]
    halves = [float(judged.halves[place, at]) * one.factor for at, one in zip(places, scales, strict=True)]
    sure = bool(judged.on_front[place] > 0.5)
    return Spot(shown(place), values[0], values[1], halves[0], halves[1], sure)


def _front_sentence(found: Found) -> str:
    if not found.front:
        return texts.FRONT_NONE
    sure = int((found.judged.on_front[1:] > 0.5).sum())
    said = texts.FRONT_SENTENCE(len(found.front)).format(n=integer(len(found.front)), sure=integer(sure))
    worse = [(goal, value) for goal, value in found.optimism() if isfinite(value) and value > 0]
    parts = texts.PARTS.join(
        texts.FLOOR_PART.format(
            name=texts.inside(gettext(goal.metric.title)), value=apart(value, found.unit(goal.metric))
        )
        for goal, value in worse
    )
    return texts.all_of((said, texts.FRONT_OPTIMISM.format(parts=parts) if parts else ""))


def apart(value: float, unit: str) -> str:
    """A difference without its sign, with its unit."""
    return with_word(figures((value,), unit, value / 10, signed=False)[0], unit)


def _front_row(found: Found, place: int, files: Sequence[str]) -> tuple[str, ...]:
    judged = found.judged
    same = [one for group in judged.groups if place - 1 in group for one in group if one != place - 1]
    one_goal = len(found.aims.goals) == 1
    unit = found.unit(found.aims.goals[0].metric) if one_goal else "share"
    return (
        shown(place),
        _chance(float(judged.on_front[place])),
        apart(float(judged.regret[place]), unit)
        if one_goal
        else with_unit(float(judged.regret[place]), unit),
        _chance(float(judged.keeps[place])) if found.aims.limits else texts.NO_INTERVAL,
        texts.ITEMS.join(shown(one + 1) for one in same) or texts.NOBODY,
        plain(files[place - 1]) if place and files else texts.NO_FILE if not place else "",
    )


def _chance(value: float) -> str:
    return chance(value) if isfinite(value) else texts.UNDEFINED


def gains(found: Found) -> Exhibit:
    """Paired differences of each candidate to the base, goal by goal and limit by limit."""
    metrics = found.aims.metrics
    sides = {one.metric.name: -int(one.sign) for one in found.aims.goals}
    units = []
    for metric in metrics:
        side = sides.get(metric.name, SIDES[metric.direction])
        rows = tuple(_contrast(found, place, metric, side) for place in range(1, len(found.judged.numbers)))
        word = texts.UNITS.get(metric.unit, gettext(found.unit(metric)))
        form = texts.GAINS_UNITLESS if metric.unit == "count" else texts.GAINS_UNIT
        heading = form.format(metric=_title(metric), unit=word)
        units.append(Unit(heading, rows, 100.0 if metric.unit == "share" else inf))
    better = [
        texts.GAINS_PART.format(name=shown(place), metric=texts.inside(_title(metric)), written=row.written)
        for unit, metric in zip(units, metrics, strict=True)
        if metric.name in sides
        for place, row in enumerate(unit.contrasts, 1)
        if row.judgement == "better"
    ]
    parts = texts.PARTS.join(
        texts.GAINS_PART.format(name=row.name, metric=_title(metric), written=row.written)
        for unit, metric in zip(units, metrics, strict=True)
        for row in unit.contrasts
    )
    sentence = texts.GAINS_SENTENCE.format(parts=texts.PARTS.join(better)) if better else texts.GAINS_NONE
    panel = Panel(
        "gains",
        texts.GAINS_TITLE,
        texts.GAINS_ALT.format(parts=parts),
        lambda width: forest(_brief(units, width), texts.forest, width=width),
        wide=True,
    )
    told = [
        _gain_row(found, place, metric) for metric in metrics for place in range(1, len(found.judged.numbers))
    ]
    return Exhibit(
        "gains", texts.GAINS_TITLE, sentence, (panel,), Table(texts.GAINS_HEAD, told), texts.GAINS_NOTE
    )


def _brief(units: Sequence[Unit], width: float) -> list[Unit]:
    """The units; on a narrow page the numbers go without their intervals."""
    if width >= NARROW:
        return list(units)
    return [
        one._replace(
            contrasts=tuple(row._replace(written=row.written.partition(" (")[0]) for row in one.contrasts)
        )
        for one in units
    ]


def _contrast(found: Found, place: int, metric: Metric, side: int) -> Contrast:
    at = found.aims.place(metric)
    pair = found.judged.against_base
    value, half = float(pair.mean[place, at]), float(pair.half[place, at])
    factor = 100.0 if metric.unit in HUNDREDTHS else 1.0
    ends = (value - half, value + half) if isfinite(half) else None
    written, *between_ = figures((value, *(ends or ())), metric.unit, half)
    said = minus(written)
    if between_:
        said = texts.WITH_RANGE.format(value=said, low=minus(between_[0]), high=minus(between_[1]))
    judgement: Judgement = "unsure"
    if _p(found, place, metric) < LEVEL:
        judgement = "other" if not side else "better" if side * value > 0 else "worse"
    interval = (factor * ends[0], factor * ends[1]) if ends else None
    return Contrast(shown(place), factor * value, interval, None, said, found.judged.worlds, side, judgement)


def _p(found: Found, place: int, metric: Metric) -> float:
    """Adjusted p of a goal, of any other metric p alone."""
    names = [one.metric.name for one in found.aims.goals]
    if metric.name in names:
        return float(found.judged.adjusted[place, names.index(metric.name)])
    return float(found.judged.against_base.p[place, found.aims.place(metric)])


def _gain_row(found: Found, place: int, metric: Metric) -> tuple[str, ...]:
    one = _contrast(found, place, metric, 0)
    ends = texts.NO_INTERVAL
    if one.interval:
        ends = between(*(minus(f"{end:+.4g}") for end in one.interval))
    value = minus(f"{one.value:+.4g}") if isfinite(one.value) else texts.UNDEFINED
    return (
        one.name,
        _title(metric),
        _value(found, place, metric),
        value,
        ends,
        probability(_p(found, place, metric)),
    )


def floor(found: Found) -> Exhibit:
    """Whether the optimiser covered more than as many Sobol points."""
    one = found.floor
    name = found.explored.sampler.name
    values = {
        "points": integer(one.points),
        "sobol": percent(one.sobol),
        "same": percent(one.same),
        "optimiser": name,
        "rivals": integer(one.rivals),
    }
    few = one.rivals < one.points
    form = texts.FLOOR_FEW if few else texts.FLOOR_YES if one.same > one.sobol else texts.FLOOR_NO
    shares = {"sobol": one.sobol, "same": one.same, "every": one.every}
    counts = {
        "sobol": one.points,
        "same": min(one.points, one.rivals),
        "every": len(found.explored.candidates),
    }
    dots = tuple(Dot(texts.FLOOR_ROWS[key], shares[key], None, counts[key]) for key in shares)
    parts = texts.ITEMS.join(texts.FLOOR_PART.format(name=dot.name, value=percent(dot.value)) for dot in dots)
    panel = Panel(
        "floor",
        texts.FLOOR_TITLE,
        texts.FLOOR_ALT.format(parts=parts),
        lambda width: interval_dots([Block("", dots)], axis=texts.COVERED, note=texts.NO_BARS, width=width),
        wide=True,
    )
    rows = [(dot.name, percent(dot.value), integer(dot.n)) for dot in dots]
    note = texts.FLOOR_NOTE.format(worlds=FIRST_WORLDS)
    return Exhibit(
        "floor", texts.FLOOR_TITLE, form.format(**values), (panel,), Table(texts.FLOOR_HEAD, rows), note
    )


def matter(found: Found) -> Exhibit | None:
    """Which levers matter for each of at most three goals; None where there are too few candidates."""
    every = [(goal, shares) for goal, shares in found.matters() if shares][:3]
    if not every:
        return None
    tried = len(found.explored.candidates) - 1
    blocks = [
        Block(
            _title(goal.metric),
            tuple(Dot(plain(name), share, None, tried) for name, share in shares.items()),
        )
        for goal, shares in every
    ]
    sentences = []
    for goal, shares in every:
        name, share = max(shares.items(), key=lambda one: one[1])
        sentences.append(
            texts.MATTER_SENTENCE.format(
                metric=texts.inside(_title(goal.metric)), name=plain(name), value=percent(share)
            )
        )
    parts = texts.PARTS.join(
        texts.MATTER_PART.format(name=dot.name, value=percent(dot.value))
        for block in blocks
        for dot in block.dots
    )
    panel = Panel(
        "matter",
        texts.MATTER_TITLE,
        texts.MATTER_ALT.format(parts=parts),
        lambda width: interval_dots(blocks, axis=texts.MATTER_AXIS, note=texts.NO_BARS, width=width),
        wide=True,
    )
    rows = [(dot.name, block.heading, percent(dot.value)) for block in blocks for dot in block.dots]
    return Exhibit(
        "matter",
        texts.MATTER_TITLE,
        texts.all_of(sentences),
        (panel,),
        Table(texts.MATTER_HEAD, rows),
        texts.MATTER_NOTE,
    )
