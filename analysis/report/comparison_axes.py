"""Pictures of a comparison for a notebook: matplotlib axes, whose figure is the chart of the page."""

from __future__ import annotations

from matplotlib.axes import Axes

from evenhand.analysis.compare.comparison import Comparison
from evenhand.locale.current import gettext

WIDTH = 960.0
SQUARE = 640.0


class Plots:
    """`comparison.plot`: each method gives axes; their `.figure` is what a notebook shows."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def forest(
        self, policy: str | None = None, scenario: str | None = None, *, width: float = WIDTH
    ) -> list[Axes]:
        """Paired differences of one policy in one scenario, the first ones unless named.

        One axes a unit, all in one figure; `width` in pixels. Raises ValueError for an unknown name.
        """
        from evenhand.analysis.report.comparison_differences import chosen, pairs, picture

        known = pairs(self._comparison)
        found = [p for p in known if scenario in {None, p[0]} and policy in {None, p[1]}]
        if not found:
            rivals = "; ".join(f"{name} in {world}" for world, name in known)
            raise ValueError(
                gettext(
                    "no differences of policy={policy!r}, scenario={scenario!r}; there is {rivals}"
                ).format(policy=policy, scenario=scenario, rivals=rivals)
            )
        return picture(chosen(self._comparison, *found[0]), width).axes[1:]

    def pareto(self, x: str, y: str, scenario: str | None = None, *, width: float = SQUARE) -> Axes:
        """Policies by two metrics, with the probability that each is on the front.

        In the first scenario unless named; `width` in pixels. Raises ValueError for an unknown name.
        """
        from evenhand.analysis.report.comparison_front import front, picture

        where = self._comparison.stops[0].scenario if scenario is None else scenario
        return picture(front(self._comparison, where, x, y), width).axes[1]
