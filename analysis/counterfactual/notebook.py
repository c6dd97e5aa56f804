"""How findings look in a notebook: attached here, so that findings import neither charts nor formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.counterfactual.format import page

if TYPE_CHECKING:
    from evenhand.analysis.counterfactual.plots import Plots


def pictures(findings: Findings) -> Plots:
    """What `findings.plot` is."""
    from evenhand.analysis.counterfactual.plots import (
        Plots,  # here, because matplotlib takes a while to import
    )

    return Plots(findings)


Findings.pictures = pictures
Findings.page = page
