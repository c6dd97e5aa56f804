"""A sweep on the screen: what each setting does alone, how much each explains, and the points of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from evenhand.analysis.compare.words import figures
from evenhand.analysis.experiments import DUMMY, End, Sweep, Swing, indices, tornado
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.metrics.written import NOTHING, in_one_style, plain_json
from evenhand.analysis.report.sweep_tornado import unit_of
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext
from evenhand.storage.version import version

MOST, FEW = 25, 2
"""Points that are listed on the screen, where there are few measures; the page lists all."""


def print_sweep(sweep: Sweep, metrics: Sequence[str]) -> None:
    """Print what was swept, and for each measure what moves it."""
    screen = console()
    print_alerts(_alerts(sweep))
    screen.print(plain(f"{gettext(sweep.policy.title)} [{sweep.policy.name}]"), style="bold")
    screen.print(
        plain(
            gettext(
                "in: {title} [{name}], {days} days, {design} points x {replications} worlds, seed {seed}"
            ).format(
                title=gettext(sweep.scenario.title),
                name=sweep.scenario.name,
                days=sweep.days,
                design=len(sweep.design),
                replications=sweep.replications,
                seed=sweep.seed,
            )
        )
    )
    for name in metrics:
        place = sweep.place(name)
        unit = sweep.units[place]
        base = sweep.estimate(sweep.design.base, name)
        value, *ends = (
            in_one_style([base.value, *(base.ci or ())], unit) if isfinite(base.value) else [NOTHING]
        )
        told = (f" ({' to '.join(ends)})" if ends else "") + f", n = {base.n:,},"
        percent = " %" if unit == "share" else f" {unit}"
        screen.print(
            plain(
                gettext("\n{title}: {value}{percent}{told} at the base").format(
                    title=gettext(sweep.metrics[place].title), value=value, percent=percent, told=told
                )
            ),
            style="bold",
        )
        rows = [_row(swing, unit) for swing in tornado(sweep, name)]
        heads = (
            gettext("One setting alone"),
            gettext("Low end"),
            "Difference",
            gettext("High end"),
            "Difference",
            "Unit",
            "Worlds",
        )
        screen.print(table(heads, rows, right=(1, 2, 3, 4, 6)))
        if sweep.design.kind == "saltelli":
            _print_indices(sweep, name)
    if sweep.design.kind == "grid" and len(sweep.design.spread) <= MOST and len(metrics) <= FEW:
        _print_points(sweep, metrics)
    screen.print(gettext("\nThe same worlds at every point. Intervals cover the luck of the worlds."))


def _alerts(sweep: Sweep) -> Iterator[tuple[str, str]]:
    """The desks that cannot keep up at the base; elsewhere the first point of each, and how many more."""
    base = sweep.design.base
    elsewhere: dict[str, list[tuple[int, Overload]]] = {}
    for point, desk in sweep.warnings:
        if point == base:
            yield gettext("at the base"), desk.sentence
        else:
            elsewhere.setdefault(desk.desk, []).append((point, desk))
    for found in elsewhere.values():
        point, desk = found[0]
        more = gettext(", as at {n} more points").format(n=len(found) - 1) if len(found) > 1 else ""
        yield (
            gettext("at {settings}{more}").format(settings=sweep.written_settings(point), more=more),
            desk.sentence,
        )


def _row(swing: Swing, unit: str) -> tuple[str, ...]:
    cells = []
    for end in (swing.low, swing.high):
        cells += [swing.axis.written(end.setting), _written(end, unit)]
    return (swing.axis.name, *cells, unit_of(unit), str(min(swing.low.n, swing.high.n)))


def _written(end: End, unit: str) -> str:
    half = (end.ci[1] - end.ci[0]) / 2 if end.ci else 0.0
    value, *ends = figures((end.difference, *(end.ci or ())), unit, half)
    return (
        gettext("{value} ({what} to {what_2})").format(value=value, what=ends[0], what_2=ends[1])
        if ends
        else value
    )


def _print_indices(sweep: Sweep, metric: str) -> None:
    found = indices(sweep, metric)
    floor = found[-1].total_ci[1]
    rows = []
    for one in found:
        weak = one.name != DUMMY and one.known and one.total <= floor
        rows.append(
            (
                one.name,
                *(
                    _share(value, ends)
                    for value, ends in ((one.first, one.first_ci), (one.total, one.total_ci))
                ),
                gettext("no more than luck") if weak else "",
            )
        )
    heads = (gettext("Share of variance (Sobol)"), "Alone", gettext("With all others"), "")
    console().print(table(heads, rows, right=(1, 2)))


def _share(value: float, ends: tuple[float, float]) -> str:
    return (
        gettext("{value:.2f} ({what:.2f} to {what_2:.2f})").format(value=value, what=ends[0], what_2=ends[1])
        if isfinite(value)
        else NOTHING
    )


def _print_points(sweep: Sweep, metrics: Sequence[str]) -> None:
    screen, rows = console(), []
    for point in sweep.design.spread:
        where = sweep.settings(int(point))
        cells = [axis.written(where[axis.name]) for axis in sweep.axes]
        for name in metrics:
            unit = sweep.units[sweep.place(name)]
            one = sweep.estimate(int(point), name)
            cells.append(in_one_style([one.value], unit)[0] if isfinite(one.value) else NOTHING)
            cells.append(f"{one.n:,}")
        rows.append(tuple(cells))
    titles = [head for name in metrics for head in (gettext(sweep.metrics[sweep.place(name)].title), "n")]
    heads = (*(axis.name for axis in sweep.axes), *titles)
    screen.print("\nPoints", style="bold")
    screen.print(table(heads, rows, right=tuple(range(len(heads)))))


def document(sweep: Sweep, metrics: Sequence[str]) -> dict[str, Any]:
    """What `--format json` prints; null where a number is not known."""
    made: dict[str, Any] = {
        "scenario": sweep.scenario.name,
        "policy": sweep.policy.name,
        "seed": sweep.seed,
        "replications": sweep.replications,
        "days": sweep.days,
        "version": version(),
        "design": sweep.design.kind,
        "axes": [axis.plain() for axis in sweep.axes],
        "warnings": [
            {"point": point, "settings": plain_json(sweep.settings(point)), **desk.as_json()}
            for point, desk in sweep.warnings
        ],
        "points": [plain_json(row) for row in sweep.table() if row["metric"] in metrics],
        "tornado": {},
    }
    for name in metrics:
        made["tornado"][name] = [
            {
                "setting": swing.axis.name,
                **{key: plain_json(end._asdict()) for key, end in (("low", swing.low), ("high", swing.high))},
            }
            for swing in tornado(sweep, name)
        ]
    if sweep.design.kind == "saltelli":
        made["sobol"] = {
            name: [plain_json(one._asdict()) for one in indices(sweep, name)] for name in metrics
        }
    return made
