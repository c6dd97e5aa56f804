"""The indices exhibit: how much of a measure's variance each setting explains, above the floor of luck."""

from __future__ import annotations

from evenhand.analysis.charts.shares import Factor, Slice, variance_shares
from evenhand.analysis.experiments import Index, Sweep, indices
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.sweep_texts import texts
from evenhand.locale.current import gettext


def explained(sweep: Sweep, metric: str) -> Exhibit:
    """The Sobol indices of a measure with their numbers."""
    title = gettext(sweep.metrics[sweep.place(metric)].title)
    found = indices(sweep, metric)
    factors = [
        Factor(one.name, _part(one.total, one.total_ci), _part(one.first, one.first_ci)) for one in found
    ]
    floor = found[-1].total_ci[1]
    parts = "; ".join(
        texts.INDEX_PART.format(name=one.name, total=_number(one.total), first=_number(one.first))
        for one in found
    )
    heading = texts.INDEX_TITLE.format(metric=title)
    axis = texts.INDEX_AXIS.format(worlds=sweep.replications)
    panel = Panel(
        f"indices-{metric.replace('_', '-')}",
        heading,
        texts.INDEX_ALT.format(metric=title, parts=parts),
        lambda width: variance_shares(
            factors,
            floor,
            total=texts.INDEX_TOTAL,
            first=texts.INDEX_FIRST,
            luck=texts.INDEX_LUCK,
            axis=axis,
            width=width,
        ),
        wide=True,
    )
    return Exhibit(
        f"explained-{metric.replace('_', '-')}",
        heading,
        _sentence(found, floor),
        (panel,),
        Table(texts.INDEX_HEAD, [_row(one) for one in found]),
        texts.INDEX_NOTE.format(worlds=sweep.replications),
    )


def _sentence(found: tuple[Index, ...], floor: float) -> str:
    *settings, _ = found
    if not all(one.known for one in found):
        return texts.INDEX_NONE
    most = max(settings, key=lambda one: one.total)
    weak = [one.name for one in settings if one.total <= floor]
    said = texts.INDEX_FLOOR.format(names=", ".join(weak)) if weak else texts.INDEX_FLOOR_NONE
    return texts.INDEX_SENTENCE.format(
        name=most.name, first=_number(most.first), total=_number(most.total), floor=said
    )


def _row(one: Index) -> tuple[str, ...]:
    ends = [
        texts.RANGE.format(low=_number(low), high=_number(high)) if one.known else texts.NO_INTERVAL
        for low, high in (one.first_ci, one.total_ci)
    ]
    return (
        one.name,
        _number(one.first),
        ends[0],
        _number(one.total),
        ends[1],
        f"{one.n:,}",
        f"{one.worlds:,}",
    )


def _part(value: float, ends: tuple[float, float]) -> Slice:
    return Slice(value, ends, f"{_number(value)} ({_number(ends[0])} to {_number(ends[1])})")


def _number(value: float) -> str:
    if value != value:  # noqa: PLR0124  # NaN
        return texts.UNDEFINED
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
