"""Charts: functions from plain numbers to matplotlib figures, and from figures to SVG for a page.

No chart touches pyplot. In a notebook, show the figure as it is; in a page, use `to_svg`.
"""

from analysis.charts.bars import Bar, Part, stacked_bars
from analysis.charts.curves import survival_curves
from analysis.charts.dots import Block, Dot, interval_dots
from analysis.charts.flow import Band, Node, flow
from analysis.charts.lines import Line, lines_over_time
from analysis.charts.svg import to_svg

__all__ = [
    "Band", "Bar", "Block", "Dot", "Line", "Node", "Part",
    "flow", "interval_dots", "lines_over_time", "stacked_bars", "survival_curves", "to_svg",
]  # fmt: skip
