"""How a comparison looks in a notebook: attached here, so that `compare` imports no charts and no reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.analysis.compare.comparison import Comparison

if TYPE_CHECKING:
    from evenhand.analysis.report.comparison_axes import Plots


def pictures(comparison: Comparison) -> Plots:
    """What `comparison.plot` is."""
    from evenhand.analysis.report.comparison_axes import (
        Plots,  # here, because matplotlib takes a while to import
    )

    return Plots(comparison)


def page(comparison: Comparison) -> str:
    """The tables of a comparison."""
    from evenhand.analysis.report.comparison_html import page as made

    return made(comparison)


Comparison.pictures = pictures
Comparison.page = page
