"""Groups under each policy: wrong decisions in every pairing, and why not all fairness can be had at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import numpy as np

from evenhand.analysis.charts.grid import Cell, group_grid
from evenhand.analysis.charts.tradeoff import Place, reach_of, tradeoff
from evenhand.analysis.charts.words import plain
from evenhand.analysis.fairness import Grid, Identity, grid, implied_fpr, impossibility
from evenhand.analysis.report.comparison_records import Runs
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table, group_titles
from evenhand.analysis.report.exhibits.endings import FEW
from evenhand.analysis.report.numbers import SPACE, integer, percent
from evenhand.locale.formats import numerals
from evenhand.sim.runs.records import Run

SIDES = ("buyer_group", "merchant_group")
NEAR = 0.01
"""Base rates that differ by less do not show the impossibility."""


def pairings(runs: Runs) -> Exhibit:
    """Grids of both error rates by buyer group and merchant group, for every policy."""
    found = {rate: {name: grid(run, rate) for name, run in runs.items()} for rate in texts.PAIRS_PANELS}
    scales = {rate: _largest(grids) for rate, grids in found.items()}
    panels, said = [], []
    for number, (name, run) in enumerate(runs.items(), 1):
        for tint, (rate, grids) in enumerate(found.items()):
            key = f"pairs-{rate.replace('_', '-')}-{number}"
            panels.append(_grid_panel(key, run, plain(name), grids[name], *scales[rate], tint))
            said.append(_worst(run, plain(name), grids[name]))
    rows = []
    for name, run in runs.items():
        denial, charge = (grids[name] for grids in found.values())
        for i, j, pair in _pairs(run):
            rows.append((pair, plain(name), *_cells(denial, i, j), *_cells(charge, i, j)))
    what = next(iter(found["wrongful_denial"].values())).intervals
    note = texts.PAIRS_EXPLAINED.format(few=FEW, what=texts.PAIRS_RESAMPLED[what])
    return Exhibit(
        "pairs", texts.PAIRS_TITLE, texts.all_of(said), tuple(panels), Table(texts.PAIRS_HEAD, rows), note
    )


def _pairs(run: Run) -> list[tuple[int, int, str]]:
    """All pairings by place and title."""
    buyers, merchants = (group_titles(run, side) for side in SIDES)
    return [
        (i, j, texts.PAIR.format(buyer=buyer, merchant=merchant))
        for i, buyer in enumerate(buyers)
        for j, merchant in enumerate(merchants)
    ]


def _largest(grids: Mapping[str, Grid]) -> tuple[float, float]:
    """The largest share and the largest half-width of all grids, so that they can be compared."""
    values = np.concatenate([one.value.ravel() for one in grids.values()])
    halves = np.concatenate([one.half_width.ravel() for one in grids.values()])
    return (
        float(np.nan_to_num(values).max(initial=0.0)) or 1.0,
        float(np.nan_to_num(halves).max(initial=0.0)) or 1.0,
    )


def _grid_panel(key: str, run: Run, name: str, one: Grid, full: float, unsure: float, tint: int) -> Panel:
    title = texts.PAIRS_PANELS[one.rate].format(policy=name)
    rows, columns = (group_titles(run, side) for side in SIDES)
    numbers = zip(one.value.tolist(), one.half_width.tolist(), one.n.tolist(), strict=True)
    cells = [[Cell(*cell) for cell in zip(*row, strict=True)] for row in numbers]
    parts = texts.PARTS.join(
        texts.PAIRS_PART.format(name=pair, value=percent(float(one.value[i, j])), n=integer(one.n[i, j]))
        for i, j, pair in _pairs(run)
    )
    return Panel(
        key,
        title,
        texts.PAIRS_ALT.format(title=title, parts=parts),
        lambda width: group_grid(
            cells,
            rows,
            columns,
            row_axis=texts.PAIRS_ROWS,
            column_axis=texts.PAIRS_COLUMNS,
            note=texts.PAIRS_NOTE,
            undefined=texts.UNDEFINED,
            no_interval=texts.NO_INTERVAL_LONG,
            full=full,
            unsure=unsure,
            tint=tint,
            width=width,
        ),
    )


def _cells(one: Grid, i: int, j: int) -> tuple[str, ...]:
    half = float(one.half_width[i, j])
    sure = numerals(f"± {100 * half:.1f}") if isfinite(half) else texts.NO_INTERVAL
    return percent(float(one.value[i, j])), sure, integer(one.n[i, j])


def _worst(run: Run, name: str, one: Grid) -> str:
    """The pairing where it happens most, and what the most telling pairing adds to its groups."""
    enough = [(i, j, pair) for i, j, pair in _pairs(run) if one.n[i, j] >= FEW]
    if not enough:
        return texts.PAIRS_FEW[one.rate].format(policy=name, few=FEW)
    i, j, pair = max(enough, key=lambda place: one.value[place[0], place[1]])
    worst = texts.PAIRS_WORST[one.rate].format(
        policy=name, pair=pair, value=percent(float(one.value[i, j])), n=integer(one.n[i, j])
    )
    interaction = _interaction(run, one)
    form = texts.PAIRS_BOTH if interaction else texts.PAIRS_ALONE
    return form.format(worst=worst, interaction=interaction)


def _interaction(run: Run, one: Grid) -> str:
    """The pairing that adds most beyond luck; nothing where that cannot be known."""
    size, half = np.abs(one.interaction), one.interaction_half_width
    if np.isnan(half).all():
        return ""
    surely = np.where(size > half, size, 0.0)  # NaN is not above anything
    if not surely.max() > 0:
        return texts.PAIRS_NO_INTERACTION
    i, j, pair = max(_pairs(run), key=lambda place: surely[place[0], place[1]])
    value, width = 100 * one.interaction[i, j], 100 * half[i, j]
    written = [numerals(f"{x:+.1f}".replace("-", "−")) for x in (value, value - width, value + width)]
    return texts.PAIRS_INTERACTION.format(pair=pair, points=written[0], low=written[1], high=written[2])


def not_all_at_once(runs: Runs) -> Exhibit:
    """Where every group stands, and the line that the policy's trust in wins would force it on."""
    wholes = {name: impossibility(run, None)[""] for name, run in runs.items()}
    groups = {
        (name, side): dict(zip(group_titles(run, side), impossibility(run, side).values(), strict=True))
        for name, run in runs.items()
        for side in SIDES
    }
    places = {
        key: [_place(title, one, wholes[key[0]].ppv) for title, one in found.items()]
        for key, found in groups.items()
    }
    reach = max(map(reach_of, places.values()))
    panels = tuple(
        _panel(f"all-{number}", plain(name), side, found, wholes[name].ppv, reach)
        for number, ((name, side), found) in enumerate(places.items(), 1)
    )
    rows = [
        _row(texts.GROUP_OF[side].format(name=title), plain(name), one, wholes[name].ppv)
        for (name, side), found in groups.items()
        for title, one in found.items()
    ]
    said = texts.all_of(
        _sentence(plain(name), {t: one for side in SIDES for t, one in groups[name, side].items()}, whole.ppv)
        for name, whole in wholes.items()
    )
    return Exhibit("all", texts.ALL_TITLE, said, panels, Table(texts.ALL_HEAD, rows), texts.ALL_NOTE)


def _forced(one: Identity, ppv: float, fnr: float) -> float:
    """The share of groundless claims granted that a predictive value forces on a group."""
    return float(implied_fpr(*map(np.asarray, (one.base_rate, ppv, fnr))))


def _place(title: str, one: Identity, ppv: float) -> Place:
    return Place(title, one.base_rate, one.fnr, one.fpr, _forced(one, ppv, 0.0), one.n)


def _panel(key: str, name: str, side: str, places: list[Place], ppv: float, reach: float) -> Panel:
    title = texts.ALL_PANELS[side].format(policy=name)
    parts = texts.PARTS.join(
        texts.ALL_PART.format(
            name=one.name, base=percent(one.base_rate), denial=percent(one.denial), charge=percent(one.charge)
        )
        for one in places
    )
    note = texts.ALL_LINES.format(value=percent(ppv))
    return Panel(
        key,
        title,
        texts.ALL_ALT.format(title=title, parts=parts),
        lambda width: tradeoff(
            places,
            x_axis=texts.ALL_X,
            y_axis=texts.ALL_Y,
            row=texts.ALL_ROW,
            note=note,
            reach=reach,
            width=width,
        ),
    )


def _row(title: str, name: str, one: Identity, ppv: float) -> tuple[str, ...]:
    rates = (one.base_rate, one.fnr, one.fpr, one.ppv, _forced(one, ppv, one.fnr))
    return (title, name, *map(_percent, rates), integer(one.n))


def _percent(share: float) -> str:
    """A share, also one above 1: what is forced may be more than there can be."""
    if share <= 1 or not isfinite(share):
        return percent(share)
    return texts.PERCENT.format(value=integer(round(100 * share))).replace(" ", SPACE)


def _charge(one: Identity, ppv: float) -> str:
    forced = _forced(one, ppv, one.fnr)
    return percent(forced) if forced <= 1 else texts.ALL_TOO_MUCH


def _sentence(name: str, groups: Mapping[str, Identity], ppv: float) -> str:
    """The groups with the lowest and the highest base rate, and what equal trust would force on them."""
    known = {
        title: one for title, one in groups.items() if one.n >= FEW and isfinite(_forced(one, ppv, one.fnr))
    }
    if len(known) < 2:
        return texts.ALL_NONE.format(policy=name)
    low, high = (pick(known, key=lambda title: known[title].base_rate) for pick in (min, max))
    if known[high].base_rate - known[low].base_rate < NEAR:
        return texts.ALL_EQUAL.format(policy=name)
    one, other = known[low], known[high]
    return texts.ALL_SENTENCE.format(
        policy=name,
        value=percent(ppv),
        low=low,
        low_base=percent(one.base_rate),
        high=high,
        high_base=percent(other.base_rate),
        low_charge=_charge(one, ppv),
        high_charge=_charge(other, ppv),
    )
