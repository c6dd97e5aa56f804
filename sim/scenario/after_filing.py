"""What the parties do once a claim is with the platform: cure, wait, take a ruling or ask for more."""

from __future__ import annotations

from pydantic import model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Amount
from evenhand.sim.scenario.units import Factor, Nats, NotNegative, Positive, Share, Spread


class Cure(Model, units={"strength": "sigmas", "trouble": "times the trouble of filing"}):
    """How buyers meet an objection, where the policy sends filings back (`screening.not_admitted`).

    A buyer tries if what he expects from the platform is worth the trouble.
    """

    valid: Share = 0.7
    """Share of buyers with a real grievance who can bring the proof that was missing."""
    groundless: Share = 0.35
    """The same of buyers without one."""
    strength: Spread = 0.5
    """How well that proof tells right from wrong."""
    trouble: Factor = 0.4
    """What it takes to cure a filing."""


class Waiting(
    Model,
    units={
        "settle": "share a day",
        "withdraw": "share a day",
        "perform": "share a day",
        "gain_scale": "share of the amount",
        "perform_from": "chance",
        "perform_full": "chance",
    },
):
    """What can end a case while it waits: for screening, the answer, a mediator, or a decider.

    The sides settle for what talks would bring them to, the buyer withdraws, or the merchant does at last
    what it should have done. These hazards compete.
    """

    enabled: bool = False
    """Whether the parties do any of this while they wait; it needs `talks.enabled`."""
    settle: NotNegative = 0.06
    """Settlements for a day of waiting, of cases in which an agreement gains most."""
    gain_scale: Positive = 0.4
    """Gain of an agreement, for both together, that takes them from half of that to all or to none of it."""
    hostile: Share = 0.7
    """What is left of it where the buyer is hostile."""
    withdraw: NotNegative = 0.02
    """Withdrawals for a day of waiting, of cases worth three quarters of the trouble of filing."""
    perform: NotNegative = 0.035
    """Merchants who perform for a day of waiting, of those who are sure to lose."""
    perform_from: Share = 0.3
    """Chance to lose, as the merchant sees it, from which it thinks of that at all."""
    perform_full: Share = 0.7
    """Chance to lose from which waiting makes it no likelier."""

    @model_validator(mode="after")
    def _in_order(self) -> Waiting:
        if self.perform_from >= self.perform_full:
            raise ValueError(gettext("perform_from must be below perform_full"))
        return self


class Reasons(Model):
    """How far a ruling moves the loser's opinion towards itself, where he trusts who ruled without limit."""

    none: Share = 0.1
    """By a ruling without reasons."""
    short: Share = 0.42
    """By one with a line of reasons."""
    full: Share = 0.85
    """By one that answers what was brought forward."""


class Opinions(
    Model,
    units={
        "ruling": "nats",
        "favour": "nats",
        "merchant_trust": "share",
    },
):
    """What losers make of a ruling, and whether it pays to ask for more."""

    enabled: bool = False
    """True: rulings move opinions, and a review is a choice; false: it is asked for if expected to pay by
    the opinions from before."""
    reasons: Reasons = Reasons()
    """How far reasons move them."""
    merchant_trust: Share = 0.55
    """Trust of merchants in those who rule; that of buyers is their own."""
    ruling: Nats = 1.5
    """What a ruling for the whole or for nothing says about the case; one for a half says that it is even."""
    favour: Nats = 3.5
    """How much surer of his case one must be who has got everything, than one who has got nothing."""
    buyer_effort: Amount = Amount(median=1.0, sigma=0.5)
    """Trouble of a request for the buyer, relative to that of filing."""
    merchant_effort: Amount = Amount(median=12.0, sigma=0.5)
    """Trouble of a request for the merchant, as money."""


class ConsentChoice(Model, units={"call": "money", "forum": "money"}):
    """Consent by the least of three costs: to ignore the notice, to settle at once, to be judged."""

    enabled: bool = False
    """True: who is asked for consent chooses, and it needs `talks.enabled`; false: `merchant_consents` and
    `buyer_consents` are chances."""
    ignoring: Amount = Amount(median=0.3, sigma=0.9)
    """What it costs a merchant to ignore a notice, as a share of the harm that it believes in."""
    call: NotNegative = 3.0
    """What it costs either side to get in touch."""
    forum: NotNegative = 8.0
    """What it costs the merchant to be judged, beside fees."""


class AfterFiling(Model):
    """What the parties do once a claim is with the platform."""

    cure: Cure = Cure()
    """Filings that are sent back."""
    waiting: Waiting = Waiting()
    """Cases that wait."""
    opinions: Opinions = Opinions()
    """Rulings, and what losers make of them."""
    consent: ConsentChoice = ConsentChoice()
    """Procedures that need consent."""
    complies: Share = 1.0
    """Share of rulings that merchants carry out though these do not bind them (`decision.binding`)."""
