"""How a policy uses a model that decides."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.settings import Read
from evenhand.sim.scenario.units import Hours, Share


class Machine(
    Model,
    units={"sure_from": "chance"},
    labels={
        "sure_from": "Sure enough to rule",
        "audit_share": "Share that people look at",
        "requests": "It may request more",
        "request_hours": "Time to answer a request",
    },
):
    """When the model rules by itself, and when a person does (scenario: model)."""

    sure_from: Annotated[float, Field(strict=True, ge=0.5, lt=1), Read.LOG_ODDS] = 0.5
    """The model rules where it gives one side at least this chance against the standard of proof; else a
    person at a desk does. 0.5 = always."""
    audit_share: Share = 0.0
    """Share of the cases of which the model is sure that a person decides in its place, without its word."""
    requests: bool = False
    """Where the model is not sure it first asks the side whose evidence is thinner for more, once in each
    decision."""
    request_hours: Hours = 48.0
    """How long that side has to answer."""
