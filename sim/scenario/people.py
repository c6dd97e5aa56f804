"""The people of a scenario: groups of buyers and merchants and the traits of each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.claims import Proneness
from evenhand.sim.scenario.distributions import Amount, Law
from evenhand.sim.scenario.units import Factor, LogSpread, Nats, Positive, Share, Spread
from evenhand.sim.scenario.vocabulary import EvidenceKind, ValidCause


class BuyerGroup(
    Model,
    units={"activity": "times the average", "evidence_skill": "times the average"},
):
    """A group of buyers and its traits."""

    title: str = ""
    """Name to show in reports; empty = the key of the group."""
    share: Share
    """Share of all buyers."""
    activity: Positive = 1.0
    """Orders of one buyer relative to the average buyer."""
    evidence_skill: Factor = 1.0
    """How readily a buyer holds each kind of evidence, relative to `evidence.held_by_buyer`."""
    promptness: Law
    """From delivery to inspection: how soon the problem is noticed."""
    patience: Law
    """How long a buyer waits for an answer in one round of negotiation."""
    platform_patience: Law
    """How long a buyer stays with a filing while the merchant is to answer; with
    `behaviour.after_filing.waiting` to give up is one of the hazards of waiting, and this does nothing."""
    queue_patience: Law | None = None
    """How long a buyer who has filed waits in the line of a desk before giving up the filing, or his request
    for a review; none = as long as it takes."""
    filing_delay: Law
    """From the end of negotiation to the application for intervention."""
    composure: Share
    """Chance that messages and filing are calm."""
    clarity: Share = 1.0
    """Chance that a filing is clear (evidence.unclear_factor); read where evidence is shared."""
    keeps_packaging: Share = 1.0
    """Chance that the packaging is still there; read where evidence is shared."""
    knowledge: Share
    """How much of the policy's rules the buyer takes into account; the rest is a fifty-fifty guess."""
    honesty: Share
    """One minus the chance to take the occasion of an opportunistic or malicious claim."""
    strategic: Share = 0.0
    """Share who withhold evidence that would hurt them."""
    trust: Share
    """Trust in the platform at the start."""
    skips_negotiation: Share = 0.0
    """Share of grievances taken to the platform without talking to the merchant."""
    effort: Amount
    """What filing costs the buyer in trouble, as money."""


class Rest(Model, units={"cost": "money per 1,000 orders", "marks": "per 1,000 orders"}):
    """What disputes cost a group under the rules that its declared rates are true for."""

    cost: Positive
    """Cost of disputes that a merchant puts down to its care, for 1,000 orders."""
    marks: Positive
    """Marks against its standing for 1,000 orders; see `behaviour.standing`."""


class MerchantGroup(
    Model,
    units={
        "problem_rate": "times the average",
        "description_errors": "times the average",
        "record_keeping": "times the average",
        "amount_factor": "times the market's",
        "exit_per_month": "a month",
        "causes": "times the usual",
    },
):
    """A group of merchants, by size, and its traits."""

    title: str = ""
    """Name to show in reports; empty = the key of the group."""
    share: Share
    """Share of all merchants; without `sales_share`, groups go from the largest merchants to the smallest."""
    sales_share: Share | None = None
    """Share of all orders, for all groups or none; without, a merchant's size is that of its rank."""
    problem_rate: Factor = 1.0
    """Grievances an order relative to the average merchant."""
    description_errors: Factor = 1.0
    """Inaccuracy of descriptions relative to the average: not as described, false advertising."""
    hostile: Share = 0.0
    """Chance that its messages are hostile; counts where talks are about remedies (`behaviour.talks`)."""
    causes: dict[ValidCause, Factor] = Field(default_factory=dict)
    """How often a cause arises with these merchants, beyond the two settings above."""
    service: Share
    """Readiness to settle: share of the amount given beyond what the platform would make them give, to
    a buyer who is right beyond doubt; in proportion to the chance that he is. Where talks are about
    remedies (`behaviour.talks`), styles and ill will stand for it."""
    reply: Law
    """From a message or a call for evidence to the merchant's answer."""
    never_replies: Share
    """Chance to leave a message or a call for evidence unanswered."""
    record_keeping: Factor = 1.0
    """How readily a merchant holds each kind of evidence, relative to `evidence.held_by_merchant`."""
    forges: Share = 0.0
    """Chance to send forged evidence against a claim that it would otherwise lose."""
    strategic: Share = 0.0
    """Share who withhold evidence that would hurt them."""
    rating: Share
    """Rating at the start."""
    learning: Share = 0.0
    """How much one lost intervention lowers the problem rate and speeds the replies."""
    amount_factor: Positive = 1.0
    """Amounts relative to the market's."""
    rest: Rest | None = None
    """What disputes cost them at the declared rates; `behaviour.care` and `behaviour.standing` need it."""
    care_floor: Share | None = None
    """The problem rate never falls below this share of what is declared: 1 = unable, not unwilling; none =
    `behaviour.care.floor`."""
    bad_faith: bool = False
    """Bad service is their business: their care follows no cost, and suspended they change their name."""
    exit_per_month: Share = 0.01
    """Share that leave in a month, at average standing; twice as many of those in bad faith."""


def _shares_sum_to_one(groups: dict[str, BuyerGroup] | dict[str, MerchantGroup]) -> None:
    total = sum(group.share for group in groups.values())
    if abs(total - 1) > 1e-6:
        raise ValueError(
            gettext("the shares of the groups must sum to 1, found {total:g}").format(total=total)
        )


class Buyers(
    Model,
    units={"count": "buyers", "activity_spread": "log units"},
):
    """All buyers of the market."""

    count: Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
    """How many buyers there are."""
    activity_spread: LogSpread = 0.0
    """Standard deviation, between buyers of a group, of the logarithm of the order rate."""
    proneness: Proneness = Proneness()
    """How unevenly made-up claims are spread over buyers."""
    groups: Annotated[dict[str, BuyerGroup], Field(min_length=1, max_length=50)]
    """Groups of buyers by name; their shares sum to 1."""

    @model_validator(mode="after")
    def _whole(self) -> Buyers:
        _shares_sum_to_one(self.groups)
        return self


class Merchants(
    Model,
    units={
        "count": "merchants",
        "zipf": "exponent",
        "problem_spread": "log units",
        "reply_spread": "log units",
        "service_spread": "share",
    },
):
    """All merchants of the market, the largest first."""

    count: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    """How many merchants there are."""
    zipf: Annotated[float, Field(strict=True, ge=0, le=10)]
    """Exponent of the sizes: the merchant of rank r sells in proportion to r to the power of minus this."""
    problem_spread: LogSpread = 0.0
    """Standard deviation, between merchants of a group, of the logarithm of the problem rate."""
    reply_spread: LogSpread = 0.0
    """Standard deviation, between merchants of a group, of the logarithm of the reply delay."""
    service_spread: LogSpread = 0.0
    """Standard deviation, between merchants of a group, of the readiness to settle."""
    groups: Annotated[dict[str, MerchantGroup], Field(min_length=1, max_length=50)]
    """Groups of merchants by name, the largest merchants first; their shares sum to 1."""

    @model_validator(mode="after")
    def _whole(self) -> Merchants:
        _shares_sum_to_one(self.groups)
        sales = [group.sales_share for group in self.groups.values()]
        if any(share is not None for share in sales):
            if None in sales:
                raise ValueError(gettext("groups: all or none must have a sales_share"))
            total = sum(share or 0.0 for share in sales)
            if abs(total - 1) > 1e-6:
                raise ValueError(
                    gettext("groups: the sales shares must sum to 1, found {total:g}").format(total=total)
                )
        return self


class Evidence(
    Model,
    units={
        "late_inspection_half": "hours",
        "supplement_strength": "sigmas",
        "new_evidence_strength": "sigmas",
        "rebuttal_strength": "sigmas",
        "forgery_shift": "nats",
        "emotional_cost": "nats",
        "extent_sd": "share",
    },
):
    """Who holds which evidence, and what weakens it on its way."""

    model: Literal["separate", "shared"] = "separate"
    """`shared`: a piece of evidence is one thing with one weight, whoever shows it, and the platform may
    see its own records; `separate`: what a side holds has one weight of that side's own."""
    held_by_buyer: dict[EvidenceKind, Share]
    """Chance that a buyer of skill 1 holds this kind."""
    held_by_merchant: dict[EvidenceKind, Share]
    """Chance that a merchant of record keeping 1 holds this kind."""
    late_inspection_half: Positive
    """Hours of delay after which an inspection is worth half."""
    hostile_factor: Share
    """Share of the strength that gets through from an emotional filing, where evidence is separate."""
    unclear_factor: Share = 1.0
    """Share of the weight that gets through from an unclear filing until a rebuttal makes it clear, where
    evidence is shared."""
    emotional_cost: Nats = 0.0
    """Log odds that an emotional filing costs its buyer with those who decide, where evidence is shared."""
    brings: Share = 1.0
    """Chance that a buyer who knows nothing of the rules brings a piece he has with his filing, where
    evidence is shared; one who knows them all brings it for certain, others are in between."""
    supplement_share: Share = 0.0
    """Chance that a buyer rebuts the merchant's evidence with more of his own."""
    supplement_strength: Spread = 0.0
    """Strength of such a rebuttal."""
    supplement_delay: Law
    """Time to prepare it."""
    rebuttal_share: Share = 0.0
    """Chance that a merchant answers the buyer's rebuttal, where the policy hears it."""
    rebuttal_strength: Spread = 0.0
    """Strength of that answer."""
    new_evidence_share: Share = 0.0
    """Chance that a party finds new evidence for a review."""
    new_evidence_strength: Spread = 0.0
    """Strength of new evidence."""
    forgery_shift: Nats = 0.0
    """Log odds that forged evidence adds for the forger as long as it is not found."""
    forged_videos: Share = 0.0
    """Share of the buyers' forgeries that are videos; the others are photos."""
    machine_made: Share = 0.0
    """Share of the buyers' forgeries that a machine made, which detectors may find less often."""
    extent_sd: Spread = 0.0
    """How far the extent that the evidence shows lies from the extent that is deserved."""
