"""Where things go: a flow from left to right through stages, each band as wide as what it carries.

A Sankey diagram with one rule of its own: whatever leaves early leaves below, so that bands of
different stages do not cross on their way to the right edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from evenhand.analysis.charts.canvas import blank, house_style, put, sheet, spread, write
from evenhand.analysis.charts.legend import legend, legend_height
from evenhand.analysis.charts.palette import AMBER, INK, MUTED, SOFT_AMBER, SOFT_BLUE, Fill
from evenhand.analysis.charts.words import SIZE, SMALL, per_cent, shorten, width_of
from evenhand.locale.current import gettext

KINDS = (Fill(SOFT_BLUE, "", INK), Fill(SOFT_AMBER, "//////", AMBER))
"""How the kinds of what flows are told apart: at most two."""
NODE = 8.0
GAP = 10.0
LINE = 15.0
SHARE = 38.0
"""Room for a share before the name of an ending."""
NARROW = 700.0


class Node(NamedTuple):
    """A place that flows pass or end in."""

    key: str
    column: int
    """0 is the left edge; nodes of one column stand in the order given, the first on top."""
    label: str


class Band(NamedTuple):
    """A flow from one node to another, further right."""

    start: str
    end: str
    amounts: tuple[float, ...]
    """One a kind."""


class _Place(NamedTuple):
    x: float
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def totals(nodes: Sequence[Node], bands: Sequence[Band]) -> dict[str, float]:
    """What passes each node: what comes in, or goes out where nothing comes in."""
    into = {node.key: 0.0 for node in nodes}
    out = dict(into)
    for band in bands:
        into[band.end] += sum(band.amounts)
        out[band.start] += sum(band.amounts)
    return {key: max(into[key], out[key]) for key in into}


def _over_the_first_stage(nodes: Sequence[Node], bands: Sequence[Band]) -> float:
    """What goes from the left edge straight to a later stage, and so passes above the first."""
    column = {node.key: node.column for node in nodes}
    last = max(column.values())
    return sum(sum(b.amounts) for b in bands if column[b.start] == 0 and 1 < column[b.end] < last)


def _places(
    nodes: Sequence[Node], bands: Sequence[Band], lefts: Sequence[float], top: float, height: float
) -> tuple[dict[str, _Place], float]:
    """Where nodes stand, and how many pixels high one of what flows is."""
    through = totals(nodes, bands)
    over = _over_the_first_stage(nodes, bands)
    columns = [[n for n in nodes if n.column == c and through[n.key] > 0] for c in range(len(lefts))]
    scale = min(
        (height - GAP * len(column)) / (sum(through[n.key] for n in column) + (over if c == 1 else 0.0))
        for c, column in enumerate(columns)
        if column
    )
    places = {}
    for c, column in enumerate(columns):
        y = top + (over * scale + GAP if c == 1 and over > 0 else 0.0)
        for node in column:
            places[node.key] = _Place(lefts[c], y, through[node.key] * scale)
            y += through[node.key] * scale + GAP
    return places, scale


def _draw_band(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], thick: float, fill: Fill
) -> None:
    """One band with an S-curve on either side, given by its upper corners."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    points = [
        (x0, y0),
        (middle, y0),
        (middle, y1),
        (x1, y1),
        (x1, y1 + thick),
        (middle, y1 + thick),
        (middle, y0 + thick),
        (x0, y0 + thick),
        (x0, y0),
    ]
    curve = Path.CURVE4
    codes = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
    put(
        axes,
        PathPatch(
            Path(points, codes),
            facecolor=fill.colour.light,
            alpha=0.9,
            linewidth=0,
            edgecolor=fill.lines.light,
            hatch=fill.hatch or None,
            zorder=1,
        ),
    )


def _draw_bands(
    axes: Axes, nodes: Sequence[Node], bands: Sequence[Band], places: Mapping[str, _Place], scale: float
) -> None:
    """All bands; at each node they are stacked in the order of the nodes they go to or come from.

    What jumps over a stage leaves on top, since it passes above that stage's node.
    """
    rank = {node.key: i for i, node in enumerate(nodes)}
    last = max(node.column for node in nodes)
    furthest_first = {
        n.key: i if n.column == last else -n.column for n, i in zip(nodes, rank.values(), strict=True)
    }
    parts = [(b, kind, amount * scale) for b in bands for kind, amount in enumerate(b.amounts) if amount > 0]
    leaves = {key: place.top for key, place in places.items()}
    arrives = dict(leaves)
    starts: dict[tuple[str, str, int], float] = {}
    for band, kind, thick in sorted(parts, key=lambda p: (rank[p[0].start], furthest_first[p[0].end], p[1])):
        starts[band.start, band.end, kind] = leaves[band.start]
        leaves[band.start] += thick
    for band, kind, thick in sorted(parts, key=lambda p: (rank[p[0].end], rank[p[0].start], p[1])):
        start = (places[band.start].x + NODE, starts[band.start, band.end, kind])
        _draw_band(axes, start, (places[band.end].x, arrives[band.end]), thick, KINDS[kind])
        arrives[band.end] += thick


def _percent(part: float, whole: float) -> str:
    share = 100 * part / whole
    if 0 < share < 0.05:
        return gettext("<0.1 %")
    return per_cent(f"{share:.1f}" if 0 < share < 9.95 else f"{share:.0f}")


def flow(nodes: Sequence[Node], bands: Sequence[Band], kinds: Sequence[str], *, width: float = 960) -> Figure:
    """Draw flows between nodes in columns; the share of the whole stands beside every node.

    `nodes` are listed column by column, in the first column what everything starts as, in the last
    what it ends as, the latest endings on top. `kinds` names the parts of each band's amounts.
    Raises ValueError if nothing flows.
    """
    through = totals(nodes, bands)
    whole = sum(through[n.key] for n in nodes if n.column == 0)
    if whole <= 0:
        raise ValueError(gettext("nothing flows"))
    narrow = width < NARROW
    last = max(n.column for n in nodes)
    endings = [n for n in nodes if n.column == last and through[n.key] > 0]
    names = max(width_of(n.label) for n in endings) + NODE + SHARE + 12
    left = 2.0 if narrow else max(width_of(n.label) for n in nodes if n.column == 0) + 14
    right = width - min(names, width * (0.45 if narrow else 0.3))
    lefts = [left + (right - left) / last * c for c in range(last + 1)]
    top = legend_height(kinds, width) + 50
    height = top + (440 if narrow else 380)
    with house_style():
        figure = blank(width, height)
        axes = sheet(figure)
        legend(axes, list(zip(kinds, KINDS, strict=False)), 0, 0, width)
        places, scale = _places(nodes, bands, lefts, top, height - top)
        _draw_bands(axes, nodes, bands, places, scale)
        for place in places.values():
            corner = (place.x, place.top)
            put(axes, Rectangle(corner, NODE, place.height, facecolor=INK.light, linewidth=0, zorder=3))
        for node in nodes:
            share = _percent(through[node.key], whole)
            if 0 < node.column < last:
                x = lefts[node.column] + NODE / 2
                weight = "normal" if narrow else "bold"
                write(axes, x, top - 30, node.label, ha="center", size=SMALL, weight=weight)
                write(axes, x, top - 14, share, ha="center", size=SMALL, colour=MUTED)
            elif node.column == 0 and node.key in places and not narrow:
                place = places[node.key]
                write(axes, place.x - 7, place.middle - LINE / 2, node.label, ha="right")
                write(axes, place.x - 7, place.middle + LINE / 2, share, ha="right", colour=MUTED, size=SMALL)
        _label_endings(
            axes, endings, places, [_percent(through[n.key], whole) for n in endings], width, height
        )
    return figure


def _label_endings(
    axes: Axes,
    endings: Sequence[Node],
    places: Mapping[str, _Place],
    shares: Sequence[str],
    width: float,
    height: float,
) -> None:
    """Shares and names of the endings, beside them, moved apart where they stand too close."""
    wanted = [places[n.key].middle for n in endings]
    spots = spread(wanted, LINE, wanted[0], max(height - 8, wanted[-1]))
    for node, share, y in zip(endings, shares, spots, strict=True):
        x = places[node.key].x + NODE + SHARE + 4
        write(axes, x, y, share, ha="right", colour=MUTED, size=SMALL)
        write(axes, x + 7, y, shorten(node.label, width - x - 7, SIZE))
