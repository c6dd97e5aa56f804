"""A model that decides: what it reads of the evidence, how it errs, what it costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Constant, Law
from evenhand.sim.scenario.units import MOST_COUNTED, Factor, Hours, NotNegative, Share, Spread
from evenhand.sim.scenario.vocabulary import ValidCause


class DecisionModel(
    Model,
    units={
        "version": "number of the version",
        "shared_error": "nats",
        "own_error": "nats",
        "by_cause": "times the error",
        "by_group": "times the error",
        "cost": "money a call",
        "answer_strength": "sigmas",
    },
    labels={
        "reading": "Share of the evidence it reads",
        "shared_error": "Spread of shared errors",
        "own_error": "Spread of errors by case",
        "by_cause": "Size of its errors by claim",
        "by_group": "Size of its errors by buyer group",
        "hours": "Time that it takes",
        "answers": "Requests that are answered",
        "answer_delay": "Time to answer a request",
        "answer_strength": "Strength of such an answer",
    },
):
    """A model that decides cases where the policy asks it to (machine adjudication).

    What it gets wrong about one kind of case it gets wrong about all of them: its shared error is drawn
    once for a world and a version, for each claim and group of buyers.
    """

    version: Annotated[int, Field(strict=True, ge=1, le=MOST_COUNTED)] = 1
    """Another version makes other shared errors."""
    reading: Share = 1.0
    """Share of the weight of each side's evidence that it takes in."""
    shared_error: Spread = 0.0
    """Spread of the error that it makes in all cases of a claim and a group of buyers alike, in nats."""
    own_error: Spread = 0.0
    """Spread of the error that it makes in each case by itself, in nats."""
    by_cause: dict[ValidCause, Factor] = Field(default_factory=dict)
    """How large both errors are for a claim; 1 for those not named."""
    by_group: dict[str, Factor] = Field(default_factory=dict)
    """How large both errors are for a group of buyers; 1 for those not named."""
    hours: Hours = 0.0
    """From the complete file to its answer."""
    cost: NotNegative = 0.0
    """What one call of it costs the platform."""
    answers: Share = 0.5
    """Chance that a party from whom it requests more sends something."""
    answer_delay: Law = Constant(law="constant", value=24.0)
    """From such a request to the answer."""
    answer_strength: Spread = 0.0
    """Strength of such an answer."""
