"""Money in a dispute: what the outcome took wrongly from either side, and what the procedure costs."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.fairness.study import Study
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.losses import trouble_of_filing
from evenhand.locale.current import gettext

SIDES = ("buyer", "merchant")


def wrongful_losses(study: Study) -> tuple[Floats, Floats]:
    """What the outcome took wrongly from buyer and merchant in each dispute; 0 while it is open.

    Formula: L_b = max(r* - r, 0), L_m = max(r - r*, 0), r the refund paid, r* the deserved one.
    """
    over = study["refund"] - study["deserved"] * study["amount"]
    over = np.where(study.cells.closed, over, 0.0)
    return np.maximum(-over, 0.0), np.maximum(over, 0.0)


def check_side(side: str) -> None:
    """Raise ValueError for anything but a side."""
    if side not in SIDES:
        raise ValueError(gettext("side must be 'buyer' or 'merchant', found {side!r}").format(side=side))


def loss_of(study: Study, side: str) -> Floats:
    """The wrongful losses of one side. Raises ValueError for another word."""
    check_side(side)
    return wrongful_losses(study)[SIDES.index(side)]


def burdens(study: Study) -> tuple[Floats, Floats]:
    """What pursuing and answering cost buyer and merchant in each dispute: effort, fees, freight.

    Effort is spent by who files, and a claims firm takes most of it and keeps its part; the scenario's cost
    of an intervention by the merchant who answers.
    """
    answering = study.run.scenario.behaviour.bargaining.merchant_cost
    work = np.where(study["answered"], answering, 0.0)
    paid = study["buyer_fees"] + study["commission"] + study["buyer_freight"]
    return trouble_of_filing(study.cells) + paid, work + study["merchant_fees"] + study["merchant_freight"]
