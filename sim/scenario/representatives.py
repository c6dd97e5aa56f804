"""Claims firms that file for buyers, for a part of what they win."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Factor, NotNegative, Share


class Representatives(
    Model,
    units={"effort": "times the buyer's own", "cost": "money", "reading": "money", "firms": "firms"}
    | {"zipf": "exponent", "chance": "share of the amount"},
):
    """Professional representatives. A firm takes a claim that it expects to earn by; the buyer chooses.

    Where reading a case costs something, a firm files unread as long as that is cheaper than to sort out
    first what would lose; it then goes by what its claims have got so far.

    Declared rates of the causes are those without firms: what firms bring forward comes on top.
    """

    enabled: bool = False
    """Whether there are any; needs `behaviour.claims`."""
    reach: Share = 0.1
    """Share of buyers with a grievance, or an occasion, whom a firm offers to represent."""
    firms: Annotated[int, Field(strict=True, ge=1, le=1000)] = 40
    """Number of firms."""
    zipf: Annotated[float, Field(strict=True, ge=0, le=3)] = 1.0
    """How unequal their sizes are: the firm of rank r makes 1 / r to this power of all offers."""
    effort: Factor = 0.2
    """What trouble a claim is to a buyer who is represented, complaining and filing alike."""
    contingency: Share = 0.3
    """Share of the refund that the firm keeps."""
    cost: NotNegative = 8.0
    """What a filing costs the firm in work."""
    reading: NotNegative = 0.0
    """What reading a case costs more, which tells what rules and evidence are worth; 0 = all are read."""
    chance: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.3
    """Share of the amount that claims of firms get on average; where the experience of each begins."""
