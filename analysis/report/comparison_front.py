"""Two metrics against each other: where policies stand, and how sure it is that they are on the front."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import empty
from evenhand.analysis.charts.fronts import DRAWS, front_probability
from evenhand.analysis.charts.pareto import Rival, Scale, chance, pareto
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE, contributions, t_band
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_differences import SIDES
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.numbers import between, integer, with_unit
from evenhand.locale.current import gettext

FRONT = ("wrongful_denial_rate", "wrongful_grant_rate")
"""The two metrics that are shown unless others are asked for: what either side suffers."""


class Front(NamedTuple):
    """Policies by two metrics in one scenario."""

    scenario: str
    metrics: tuple[str, str]
    units: tuple[str, str]
    rivals: tuple[Rival, ...]
    worlds: int
    """Worlds in which both metrics are defined under every policy."""
    unseen: bool
    """Some world ended before a metric could be seen, so that nothing can be said."""


def measured(comparison: Comparison) -> list[str]:
    """Names of the metrics of a comparison."""
    return list(dict.fromkeys(one.metric for one in comparison.differences))


def front(comparison: Comparison, scenario: str, x: str, y: str) -> Front:
    """Two metrics of every policy in one scenario. Raises ValueError for one that was not measured."""
    for name in (x, y):
        if name not in measured(comparison):
            raise ValueError(
                gettext("{name!r} was not measured; there is {measured}").format(
                    name=name, measured=", ".join(measured(comparison))
                )
            )
    v = comparison.values
    here = (v["scenario"] == scenario) & (v["group"] == "")
    if not here.any():
        raise ValueError(gettext("no scenario {scenario!r} in this comparison").format(scenario=scenario))
    policies = list(dict.fromkeys(v["policy"][here].tolist()))
    columns, weights, unseen = [], [], False
    for policy in policies:
        for name in (x, y):
            rows = here & (v["policy"] == policy) & (v["metric"] == name)
            values = np.asarray(v["value"][rows], np.float64)
            unseen |= bool((np.isnan(values) & (v["n"][rows] > 0)).any())
            columns.append(values)
            weights.append(v["n"][rows] if name in comparison.pooled else np.ones(len(values)))
    values, weight = (np.stack(one, axis=1).reshape(-1, len(policies), 2) for one in (columns, weights))
    complete = ~np.isnan(values).any(axis=(1, 2))
    known = contributions(values[complete], weight[complete])
    higher = tuple(_side(name) > 0 for name in (x, y))
    sure = front_probability(known, higher, seed=comparison.seed)
    by_name = {one.metric: one.unit for one in comparison.differences}
    return Front(
        scenario,
        (x, y),
        (by_name[x], by_name[y]),
        tuple(_rival(name, known[:, i], float(sure[i])) for i, name in enumerate(policies)),
        len(known),
        unseen,
    )


def _side(name: str) -> int:
    """Which way a metric is better; of one that is neither, less is taken to be."""
    return SIDES[METRICS[name].direction] if name in METRICS else 0


def _rival(name: str, values: Floats, probability: float) -> Rival:
    band = t_band(values, CONFIDENCE)
    ends = [
        (float(low), float(high)) if isfinite(low) else None
        for low, high in zip(band.low, band.high, strict=True)
    ]
    return Rival(plain(name), values[:, 0], values[:, 1], ends[0], ends[1], probability)


def _scale(name: str, unit: str) -> Scale:
    title = gettext(METRICS[name].title) if name in METRICS else name
    if unit in {"share", "share of amount"}:
        return Scale(title, 100.0, "%" if unit == "share" else texts.FRONT_OF_AMOUNT, _side(name))
    return Scale(title, 1.0, "" if unit == "count" else gettext(unit), _side(name))


def picture(found: Front, width: float) -> Figure:
    """The chart, or why there is none."""
    if found.unseen or not found.worlds:
        return empty(width, 120, texts.FRONT_UNSEEN if found.unseen else texts.FRONT_EMPTY)
    return pareto(
        found.rivals,
        *map(_scale, found.metrics, found.units),
        front=texts.FRONT_ROW,
        unknown=texts.FRONT_UNKNOWN,
        note=texts.FRONT_NOTE,
        better=texts.FRONT_BETTER,
        width=width,
    )


def two_metrics(comparison: Comparison, x: str, y: str) -> list[Exhibit]:
    """An exhibit for each scenario."""
    return [
        _exhibit(front(comparison, stop.scenario, x, y), str(number), several=len(comparison.stops) > 1)
        for number, stop in enumerate(comparison.stops, 1)
    ]


def _exhibit(found: Front, number: str, *, several: bool) -> Exhibit:
    x, y = (_scale(*pair).title for pair in zip(found.metrics, found.units, strict=True))
    form = texts.FRONT_TITLE_IN if several else texts.FRONT_TITLE
    title = form.format(x=x, y=texts.inside(y), scenario=plain(found.scenario))
    rows = [_row(rival, found) for rival in found.rivals]
    parts = texts.PARTS.join(
        texts.FRONT_PART.format(name=row[0], x=row[1], y=row[3], probability=row[6]) for row in rows
    )
    panel = Panel(
        f"front-{number}",
        title,
        texts.FRONT_ALT.format(x=x, y=y, parts=parts),
        lambda width: picture(found, width),
        wide=True,
    )
    policy, interval, *rest = texts.FRONT_HEAD
    head = (policy, x, interval, y, interval, *rest)
    note = texts.FRONT_EXPLAINED.format(draws=integer(DRAWS))
    return Exhibit(f"front-of-{number}", title, _sentence(found), (panel,), Table(head, rows), note)


def _row(rival: Rival, found: Front) -> tuple[str, ...]:
    cells = []
    for values, ends, unit in zip(
        (rival.x, rival.y), (rival.x_interval, rival.y_interval), found.units, strict=True
    ):
        mean = float(values.mean()) if len(values) and not found.unseen else float("nan")
        cells.append(with_unit(mean, unit))
        known = ends and not found.unseen
        cells.append(between(*(with_unit(end, unit) for end in ends or ())) if known else texts.NO_INTERVAL)
    sure = isfinite(rival.probability) and not found.unseen
    return (rival.name, *cells, str(found.worlds), chance(rival.probability) if sure else texts.UNDEFINED)


def _sentence(found: Front) -> str:
    if found.unseen:
        return texts.FRONT_UNSEEN
    if found.worlds < 2:
        return texts.FRONT_LITTLE
    sure = [rival.name for rival in found.rivals if rival.probability == 1.0]
    doubtful = [rival for rival in found.rivals if 0 < rival.probability < 1]
    if not doubtful:
        return texts.FRONT_SURE(len(sure)).format(names=texts.listed(sure))
    parts = texts.ITEMS.join(
        texts.FRONT_CHANCE.format(name=rival.name, probability=chance(rival.probability))
        for rival in sorted(found.rivals, key=lambda r: -r.probability)
    )
    return texts.FRONT_MIXED.format(parts=parts)
