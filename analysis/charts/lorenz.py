"""How evenly losses are borne: Lorenz curves, with the Gini coefficient of each beside its name."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, write
from evenhand.analysis.charts.palette import LOOKS, MUTED, RULE
from evenhand.analysis.charts.words import SMALL, per_cent, shorten
from evenhand.locale.formats import numerals

ROW = 20.0
MARKS = 4
Floats = NDArray[np.float64]


class Bearer(NamedTuple):
    """One curve: shares of parties and of their losses, the least hit first, both from 0 to 1.

    Without any loss the second is NaN, and so is `gini`; `n` are the parties.
    """

    name: str
    parties: Floats
    losses: Floats
    gini: float
    n: int


def _thin(curve: Bearer, points: int = 200) -> tuple[Floats, Floats]:
    """The curve at so many of its corners at most; more than a drawing can show is only weight."""
    chosen = np.unique(np.linspace(0, len(curve.parties) - 1, points).astype(int))
    return curve.parties[chosen], curve.losses[chosen]


def lorenz_curves(
    bearers: Sequence[Bearer],
    *,
    x_axis: str,
    y_axis: str,
    even: str,
    gini: str,
    undefined: str,
    width: float = 464,
) -> Figure:
    """Draw share of losses over share of parties; the rows under it are the legend.

    `gini` is a text with a field for the coefficient, `even` names the diagonal on which all bear the
    same, `undefined` stands for the coefficient of a curve without losses. At most as many curves as
    there are looks are drawn.
    """
    shown = list(zip(bearers, LOOKS, strict=False))
    left, top = 46.0, 24.0
    plot = min(width - left - 22, 340.0)
    foot = 48.0
    with house_style():
        figure = blank(width, top + plot + foot + ROW * len(shown))
        page = sheet(figure)
        axes = panel(figure, left, top, plot, plot)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        labels = [per_cent(one) for one in ("0", "25", "50", "75", "100")]
        for place in (axes.set_xticks, axes.set_yticks):
            place([0, 0.25, 0.5, 0.75, 1], labels)
        axes.grid(axis="y", color=RULE.light)
        axes.spines["left"].set_visible(False)
        axes.plot([0, 1], [0, 1], color=MUTED.light, linewidth=1, dashes=(2, 3))
        axes.text(
            0.46,
            0.5,
            shorten(even, plot, 11),
            rotation=45,
            fontsize=11,
            color=MUTED.light,
            ha="center",
            va="bottom",
            rotation_mode="anchor",
            parse_math=False,
        )
        write(page, left, 10, y_axis, size=SMALL, colour=MUTED)
        write(page, left + plot, top + plot + 31, x_axis, size=SMALL, colour=MUTED, ha="right")
        for number, (one, look) in enumerate(shown):
            middle = top + plot + foot + ROW * (number + 0.5)
            dashes = look.dashes or (None, None)
            page.plot([2, 26], [middle, middle], color=look.colour.light, linewidth=2, dashes=dashes)
            page.plot([14], [middle], marker=look.marker, markersize=6, color=look.colour.light)
            value = f"{one.gini:.2f}" if isfinite(one.gini) else undefined
            text = gini.format(value=value, n=numerals(f"{one.n:,}"))
            write(page, width, middle, text, size=SMALL, colour=MUTED, ha="right")
            write(page, 34, middle, shorten(one.name, width * 0.5 - 34, SMALL), size=SMALL)
            if not isfinite(one.gini):
                continue
            axes.plot(*_thin(one), color=look.colour.light, linewidth=2, dashes=dashes)
            spots = 1 - (np.arange(MARKS) + (number + 0.5) / len(shown)) / MARKS * 0.5
            axes.plot(
                spots,
                np.interp(spots, one.parties, one.losses),
                linestyle="none",
                marker=look.marker,
                markersize=6,
                color=look.colour.light,
            )
    return figure
