"""Charts: functions from plain numbers to matplotlib figures, and from figures to SVG for a page.

No chart touches pyplot. In a notebook, show the figure as it is; in a page, use `to_svg`.
"""

from evenhand.analysis.charts.bars import Bar, Part, stacked_bars
from evenhand.analysis.charts.curves import survival_curves
from evenhand.analysis.charts.dates import Days, Span
from evenhand.analysis.charts.dots import Block, Dot, interval_dots
from evenhand.analysis.charts.flow import Band, Node, flow
from evenhand.analysis.charts.forest import Contrast, Unit, forest
from evenhand.analysis.charts.fronts import front_probability
from evenhand.analysis.charts.grid import Cell, group_grid
from evenhand.analysis.charts.lines import Line, lines_over_time
from evenhand.analysis.charts.lorenz import Bearer, lorenz_curves
from evenhand.analysis.charts.pareto import Rival, Scale, pareto
from evenhand.analysis.charts.rungs import Rung, rungs
from evenhand.analysis.charts.svg import to_svg
from evenhand.analysis.charts.tradeoff import Place, tradeoff
from evenhand.analysis.charts.waterfall import Step, waterfall

__all__ = [
    "Band",
    "Bar",
    "Bearer",
    "Block",
    "Cell",
    "Contrast",
    "Days",
    "Dot",
    "Line",
    "Node",
    "Part",
    "Place",
    "Rival",
    "Rung",
    "Scale",
    "Span",
    "Step",
    "Unit",
    "flow",
    "forest",
    "front_probability",
    "group_grid",
    "interval_dots",
    "lines_over_time",
    "lorenz_curves",
    "pareto",
    "rungs",
    "stacked_bars",
    "survival_curves",
    "to_svg",
    "tradeoff",
    "waterfall",
]
