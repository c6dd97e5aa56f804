"""Charts: functions from plain numbers to matplotlib figures, and from figures to SVG for a page.

No chart touches pyplot. In a notebook, show the figure as it is; in a page, use `to_svg`.
"""

from analysis.charts.bars import Bar, Part, stacked_bars
from analysis.charts.curves import survival_curves
from analysis.charts.dots import Block, Dot, interval_dots
from analysis.charts.flow import Band, Node, flow
from analysis.charts.forest import Contrast, Unit, forest
from analysis.charts.fronts import front_probability
from analysis.charts.grid import Cell, group_grid
from analysis.charts.lines import Line, lines_over_time
from analysis.charts.lorenz import Bearer, lorenz_curves
from analysis.charts.pareto import Rival, Scale, pareto
from analysis.charts.svg import to_svg
from analysis.charts.tradeoff import Place, tradeoff
from analysis.charts.waterfall import Step, waterfall

__all__ = [
    "Band", "Bar", "Bearer", "Block", "Cell", "Contrast", "Dot", "Line", "Node", "Part", "Place", "Rival",
    "Scale", "Step", "Unit", "flow", "forest", "front_probability", "group_grid", "interval_dots",
    "lines_over_time", "lorenz_curves", "pareto", "stacked_bars", "survival_curves", "to_svg", "tradeoff",
    "waterfall",
]  # fmt: skip
