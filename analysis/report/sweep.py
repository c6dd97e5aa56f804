"""The page of a sweep: for each measure what moves it, along which curve, and what explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from pathlib import Path

from matplotlib.figure import Figure

from evenhand.analysis.charts.words import plain
from evenhand.analysis.experiments import Sweep
from evenhand.analysis.metrics.estimate import t_band
from evenhand.analysis.report.exhibit import WIDE, Exhibit, Table
from evenhand.analysis.report.numbers import count, with_unit
from evenhand.analysis.report.page import assemble, version
from evenhand.analysis.report.save import save
from evenhand.analysis.report.settings import settings
from evenhand.analysis.report.sweep_curves import curves
from evenhand.analysis.report.sweep_indices import explained
from evenhand.analysis.report.sweep_texts import texts
from evenhand.analysis.report.sweep_tornado import moved
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext

USUAL = (
    "effective_denial_rate",
    "wrongful_denial_rate",
    "wrongful_grant_rate",
    "filed_share",
    "median_hours_to_close",
    "platform_cost_per_dispute",
)
"""Measures of the page, where they were measured and no others are asked for."""


def render(sweep: Sweep, metrics: Sequence[str] | None = None, *, tell: Tell = silent) -> str:
    """The page as one HTML text. `metrics` are those to show. Raises ValueError for unknown ones."""
    shown = chosen(sweep, metrics)
    name = plain(gettext(sweep.policy.title)) or plain(sweep.policy.name)
    one = len(sweep.axes) == 1
    title = (texts.TITLE_ONE if one else texts.TITLE).format(
        policy=name, count=len(sweep.axes), name=sweep.axes[0].name
    )
    return assemble(
        exhibits(sweep, shown),
        tell=tell,
        title=title,
        texts=texts,
        facts=facts(sweep),
        alerts=alerts(sweep),
        headlines=[],
        under=texts.UNDER.format(scenario=plain(gettext(sweep.scenario.title))),
        note=texts.NOTE if sweep.replications > 1 else texts.NOTE_ONE,
        metrics=points(sweep, shown),
        settings=[(plain(gettext(model.title)), settings(model)) for model in (sweep.policy, sweep.scenario)],
    )


def write(
    sweep: Sweep, path: str | Path, metrics: Sequence[str] | None = None, *, tell: Tell = silent
) -> None:
    """Write the page to a file, whole or not at all; `tell` is told of exhibits drawn. Raises OSError."""
    save(render(sweep, metrics, tell=tell), path)


def pictures(sweep: Sweep, metrics: Sequence[str] | None = None) -> Iterator[tuple[str, Figure]]:
    """Every chart of the page in its full width, by a name that can be a file's."""
    for exhibit in exhibits(sweep, chosen(sweep, metrics)):
        for panel in exhibit.panels:
            yield panel.key, panel.draw(WIDE if panel.wide else WIDE / 2)


def chosen(sweep: Sweep, metrics: Sequence[str] | None) -> list[str]:
    """The measures to show: those asked for, else the usual ones that were measured, else all."""
    if metrics:
        return list(dict.fromkeys(sweep.metrics[sweep.place(name)].name for name in metrics))
    measured = [one.name for one in sweep.metrics]
    return [name for name in USUAL if name in measured] or measured


def exhibits(sweep: Sweep, metrics: Iterable[str]) -> list[Exhibit]:
    """All exhibits, measure by measure."""
    found = []
    for name in metrics:
        found += [moved(sweep, name), curves(sweep, name)]
        if sweep.design.kind == "saltelli":
            found.append(explained(sweep, name))
    return found


def facts(sweep: Sweep) -> list[tuple[str, str]]:
    """What the sweep was, for the header."""
    axes = "; ".join(
        f"{axis.name} " + texts.RANGE.format(low=axis.written(axis.ends[0]), high=axis.written(axis.ends[1]))
        for axis in sweep.axes
    )
    values = {
        "design": texts.DESIGNS[sweep.design.kind],
        "points": f"{len(sweep.design):,}",
        "worlds": f"{sweep.replications:,}",
        "days": count(sweep.days, texts.N_DAYS),
        "seed": str(sweep.seed),
        "engine": sweep.engine,
        "axes": axes,
        "version": version(),
    }
    return [(texts.FACTS[name], value) for name, value in values.items()]


def alerts(sweep: Sweep) -> list[str]:
    """The desks that cannot keep up, each with the settings of its point."""
    return [
        texts.ALERT.format(settings=sweep.written_settings(point), sentence=desk.sentence)
        for point, desk in sweep.warnings
    ]


def points(sweep: Sweep, metrics: Sequence[str]) -> Table:
    """A row a point that is looked at in the shared worlds: its settings, and the means with intervals."""
    titles = [gettext(sweep.metrics[sweep.place(name)].title) for name in metrics]
    head = (texts.POINT_HEAD, *(axis.name for axis in sweep.axes), *titles)
    return Table(
        head,
        [
            _point(sweep, number, metrics)
            for number in range(len(sweep.design))
            if not sweep.design.other_worlds[number]
        ],
    )


def _point(sweep: Sweep, number: int, metrics: Sequence[str]) -> tuple[str, ...]:
    where = sweep.settings(number)
    cells = [axis.written(where[axis.name]) for axis in sweep.axes]
    for name in metrics:
        place = sweep.place(name)
        band, unit = t_band(sweep.of(name)[number]), sweep.units[place]
        half = float(band.high - band.mean)
        sure = f" ± {with_unit(half, unit)}" if isfinite(half) else ""
        counted = f"{int(sweep.n[number, :, place].sum()):,}"
        cells.append(f"{with_unit(float(band.mean), unit)}{sure}, n = {counted}")
    return (str(number), *cells)
