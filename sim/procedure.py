"""The way to a decision: windows, talks, screening, the answer, mediation.

The words and the fields follow the common vocabulary of real rule sets; a field that a system does
not know is left at its default, which does nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.model import Model
from sim.units import Hours, Nats, NotNegative, Share, Window, WindowField

MAX_ROUNDS = 20


class Windows(Model):
    """How long each side has at each step. What comes exactly at the end is in time."""

    file: WindowField = Window(15 * 24.0)
    """From delivery to the application for intervention."""
    negotiate: WindowField = Window(5 * 24.0)
    """For all rounds of negotiation together."""
    merchant_reply: WindowField = Window(48.0)
    """For the merchant's answer in one round of negotiation."""
    escalate: WindowField = Window(7 * 24.0)
    """From the end of negotiation to the application for intervention."""
    merchant_evidence: WindowField = Window(72.0)
    """For the merchant's statement and evidence."""
    buyer_evidence: WindowField = Window(72.0)
    """For the buyer's rebuttal, where the policy hears one."""
    mediate: WindowField = Window(30 * 24.0)
    """For all rounds of mediation together; a party that needs longer to think ends them."""
    ship: WindowField = Window(7 * 24.0)
    """For the buyer to send the goods back."""
    confirm: WindowField = Window(10 * 24.0)
    """For the merchant to confirm returned goods."""
    review: WindowField = Window(7 * 24.0)
    """From a ruling to the request for its review."""


class Negotiation(Model):
    """Talks between buyer and merchant before the platform is asked."""

    required: bool = True
    """A filing that skipped them is not admitted."""
    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 2
    """Messages and answers at most; 0 = straight to the platform."""
    silence: Literal["escalate", "refund"] = "escalate"
    """A merchant who lets the reply window close: the buyer may file, or is refunded at once."""


class Screening(Model):
    """Whether a filing may be heard."""

    mode: Literal["desk", "automatic"] = "desk"
    minimum_evidence: Annotated[int, Field(strict=True, ge=0, le=6)] = 0
    """Kinds of evidence that a filing must come with."""
    request_cap: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Filings of one buyer in one period; none = no cap."""
    request_period: Hours = 90 * 24.0
    """Length of such a period."""
    abuse_limit: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Forgeries and lost filings on record from which a buyer is not heard; none = no gate."""
    filing_fee: NotNegative = 0.0
    """Paid by the buyer to the platform."""


class Answer(Model):
    """The respondent's turn, and what silence means."""

    silence: Literal["buyer_wins", "adverse_inference", "decide_on_file", "close"] = "buyer_wins"
    inference: Nats = 1.5
    """Log odds towards the buyer when silence is an adverse inference."""
    extension_share: Share = 0.0
    """Chance that a merchant who is late asks for, and is granted, an extension."""
    extension: Hours = 0.0
    supplement: bool = True
    """The buyer may rebut the merchant's evidence."""


class Mediation(Model):
    """Negotiation under the platform's eyes, after filing: each round takes a mediator's time."""

    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 0
    push: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """Share of the gap between the two sides that a mediator closes in each round."""
    give_up: Share = 1.0
    """Gap that is left, as a share of the amount, above which a mediator closes the talks at once."""
