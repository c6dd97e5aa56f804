"""Pictures of findings for a notebook: matplotlib axes, whose figure is the whole picture."""

from __future__ import annotations

from matplotlib.axes import Axes

from evenhand.analysis.charts.waterfall import Kind, Step, waterfall
from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.written import UNITS, figures
from evenhand.locale.current import gettext

NOTE = "Whiskers: 95 % intervals over replications, each by itself"
KINDS: dict[str, Kind] = {"interaction": "together", "all paths": "whole", "all settings": "whole"}


class Plots:
    """`findings.plot`: each method gives axes; their `.figure` is what a notebook shows."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def waterfall(self, measure: str, *, width: float = 640.0) -> Axes:
        """The parts of a measure one after the other, what they do only together, and the whole.

        For measures that add up: `buyer_wins` and `refund` of a flip, any metric of a Shapley split.
        `width` in pixels. Raises ValueError for others.
        """
        mine = [one for one in self._findings.findings if one.measure.name == measure]
        if not mine or KINDS.get(mine[-1].part) != "whole" or not _adds_up([one.estimate for one in mine]):
            raise ValueError(
                gettext("no parts of {measure!r} that add up to a whole").format(measure=measure)
            )
        axis = f"{mine[0].measure.title} ({UNITS.get(mine[0].measure.unit, mine[0].measure.unit)})"
        steps = [_step(one.part, one.estimate) for one in mine]
        return waterfall(steps, axis=axis, note=NOTE, width=width).axes[1]


def _adds_up(parts: list[Estimate]) -> bool:
    return abs(sum(one.value for one in parts[:-1]) - parts[-1].value) < 1e-9 * max(abs(parts[-1].value), 1)


def _step(part: str, one: Estimate) -> Step:
    size = 100.0 if one.unit == DIFFERENCE else 1.0
    ends = (size * one.ci[0], size * one.ci[1]) if one.ci else None
    return Step(part, size * one.value, ends, figures(one)[0], KINDS.get(part, "part"))
