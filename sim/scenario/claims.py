"""What moves people to claim: what a claim is worth, what others and they themselves got, what it costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Amount
from evenhand.sim.scenario.units import Factor, Hours, NotNegative, Positive, Share, Spread

Gain = Annotated[float, Field(strict=True, ge=-2, le=2)]
"""A net gain as a share of the amount."""
Slope = Annotated[float, Field(strict=True, ge=0.01, le=2)]
"""Steeper than one hundredth of the amount, a response is a switch."""


class ClaimKind(
    Model,
    units={
        "middle": "share of the amount",
        "slope": "share of the amount",
        "effort": "times the trouble of filing",
        "bonus": "share of the amount",
    },
):
    """How those with one kind of reason respond to what a claim is worth.

    Of those with the occasion, a share `low + (high - low) x L((gain - middle) / slope)` claims, where L
    is the logistic function and gain the expected net gain as a share of the amount.
    """

    middle: Gain = 0.15
    """Net gain at which half of those claim who can be moved at all."""
    slope: Slope = 0.12
    """How far gains must differ to matter; the smaller, the sharper the response."""
    low: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.02
    """Share who claim whatever it brings."""
    high: Annotated[float, Field(strict=True, gt=0, le=1)] = 0.9
    """Share who claim if only it brings enough."""
    effort: Factor = 0.8
    """What it takes to complain, as a multiple of the trouble of filing (`buyers.groups.*.effort`)."""
    spare: Share = 0.0
    """What goods that go back are worth less to such a buyer than their price, beyond the loss of the case:
    they have been used, or something else is sent."""
    bonus: Share = 0.0
    """What a claim that is granted is worth beyond the money, as harm done to the merchant."""
    gated: Share = 0.15
    """What is left of the chances, in the buyer's eyes, once his record bars him from the platform."""
    chance: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.3
    """What such claims get on average under the rules for which the rates of the causes are declared; hearsay
    starts there."""
    known: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.4
    """What those who know these rules expect of them, in the middle."""

    @model_validator(mode="after")
    def _in_order(self) -> ClaimKind:
        if self.low > self.high:
            raise ValueError(
                gettext("low must not be above high, found {low:g} and {high:g}").format(
                    low=self.low, high=self.high
                )
            )
        return self


class Claims(
    Model,
    units={
        "hearsay_weight": "claims",
        "leaves": "share a month",
        "returns": "share a month",
        "own_weight": "claims",
        "sanction": "share of the amount",
        "sanction_half": "claims",
        "chance_spread": "nats",
        "worn": "trust",
    },
):
    """Whether to claim is a choice by expected net gain; the rates of the causes are those at rest.

    The chance comes from the rules as far as the buyer knows them, else from hearsay; both give way to own
    experience. Without it everybody complains who has a reason, and habits alone move the others.
    """

    enabled: bool = False
    """Whether claims respond; if so, `behaviour.habit` and `behaviour.exit.buyer_trust` do nothing."""
    valid: ClaimKind = ClaimKind(middle=0.2, high=0.8, gated=0.8, chance=0.75)
    """Buyers with a real grievance."""
    remorse: ClaimKind = ClaimKind(chance=0.3)
    """Buyers who changed their minds."""
    opportunistic: ClaimKind = ClaimKind(middle=0.12, effort=0.5, spare=0.5, chance=0.35)
    """Buyers who see an occasion."""
    malicious: ClaimKind = ClaimKind(middle=0.0, effort=0.5, spare=0.5, bonus=0.15, chance=0.25)
    """Buyers who want to harm, or to gain by harm."""
    escalated: Share = 0.5
    """Share of claims that buyers expect to have to take to the platform, and to pay its fee for."""
    hearsay_memory: Annotated[Hours, Field(gt=0)] = 120 * 24.0
    """Time after which about a third of what was told of a claim is still told (1/e)."""
    hearsay_weight: Positive = 5.0
    """Claims that first impressions count for."""
    own_memory: Annotated[Hours, Field(gt=0)] = 180 * 24.0
    """Time after which about a third of an own experience is left (1/e)."""
    own_weight: Positive = 2.0
    """Own claims that weigh as much as all that is known from others."""
    sanction: Share = 0.5
    """What exclusion would cost a buyer who lives by claims, as a share of the amount."""
    sanction_half: Positive = 3.0
    """Own groundless claims of late at which half of that is felt: who never claims loses nothing by it."""
    purse: Amount = Amount(median=120.0, sigma=1.0)
    """Money that a buyer can put up for a fee; who has less does not file."""
    returned: Share = 0.7
    """Share of claims granted where the goods go back, under the rules of the declared rates."""
    chance_spread: Spread = 1.5
    """How far the chances of claims lie apart under those rules, in log odds."""
    silence_costs: Share = 0.1
    """Trust lost by a grievance nobody heard of, for a total loss."""
    good_order: Share = 0.0
    """How far an order that went well brings trust towards what keeps it, at rest, where it was declared."""
    worn: Annotated[float, Field(strict=True, ge=-1, le=1)] = 0.0
    """Trust that a claim costs its buyer on average, under the rules of the declared rates."""
    leaves: NotNegative = 0.0
    """Buyers who stop buying for a while, as a share of them a month."""
    returns: Positive = 1.0
    """Buyers who come back, as a share of those away a month."""
    leaves_hurt: Share = 0.0
    """Chance that a buyer without any trust stops buying after a valid claim refused, or not made."""

    def kinds(self) -> tuple[ClaimKind, ...]:
        """Valid, remorse, opportunistic, malicious."""
        return self.valid, self.remorse, self.opportunistic, self.malicious


class Proneness(
    Model,
    units={"cap": "times the average", "serial_rate": "times the average", "sigma": "log units"},
):
    """How unevenly made-up claims are spread over buyers, whatever they order."""

    sigma: Annotated[float, Field(strict=True, ge=0, le=3)] = 0.0
    """Standard deviation, between buyers, of the logarithm of the proneness."""
    cap: Annotated[float, Field(strict=True, ge=1, le=1000)] = 20.0
    """Nobody is prone to more than this, but serial claimers."""
    serial_share: Share = 0.0
    """Share of buyers who claim as a trade."""
    serial_rate: Factor = 1.0
    """Proneness of these."""
