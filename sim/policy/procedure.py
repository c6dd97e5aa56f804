"""The way to a decision: windows, talks, screening, the answer, mediation.

The words and the fields follow the common vocabulary of real rule sets; a field that a system does
not know is left at its default, which does nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Count, Hours, Limit, Nats, NotNegative, Share, Window, WindowField
from evenhand.sim.scenario.vocabulary import EvidenceKind

MAX_ROUNDS = 20


class Windows(
    Model,
    labels={
        "file": "To apply for intervention",
        "negotiate": "For all talks",
        "merchant_reply": "For the merchant's reply in talks",
        "escalate": "From talks to the application",
        "merchant_evidence": "For the merchant's evidence",
        "buyer_evidence": "For the buyer's rebuttal",
        "mediate": "For mediation",
        "ship": "To send the goods back",
        "confirm": "To confirm the return",
        "review": "To ask for a review",
        "consent": "For consent",
        "offers": "For offers of the sides",
        "accept": "To accept the officer's offer",
        "match": "To match the review fee",
        "cure": "To cure a filing",
    },
):
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
    consent: WindowField = Window(30 * 24.0)
    """For the consent to the procedure of all who must give it, one after the other."""
    offers: WindowField = Window(5 * 24.0)
    """For the offers of both sides alone, before an officer steps in."""
    accept: WindowField = Window(5 * 24.0)
    """To take the officer's offer, before it becomes the ruling."""
    match: WindowField = Window(7 * 24.0)
    """For the other side to put up its part of the fee of a review."""
    cure: WindowField = Window(7 * 24.0)
    """For the buyer to bring what his filing lacks, where it is sent back (`screening.not_admitted`)."""


class Negotiation(
    Model,
    units={"rounds": "rounds"},
    labels={
        "required": "Talks are required",
        "rounds": "Rounds of talks at most",
        "silence": "If the merchant is silent",
        "escalation": "If talks fail",
    },
):
    """Talks between buyer and merchant before the platform is asked."""

    required: bool = True
    """A filing that skipped them is not admitted."""
    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 2
    """Messages and answers at most; 0 = straight to the platform."""
    silence: Literal["escalate", "refund"] = "escalate"
    """A merchant who lets the reply window close: the buyer may file, or is refunded at once."""
    escalation: Literal["buyer", "automatic"] = "buyer"
    """Talks without a settlement: the buyer must ask the platform, or it steps in by itself."""


class Represented(
    Model,
    units={"fee": "money", "credit": "money", "free": "filings"},
    labels={
        "enabled": "Claims firms pay otherwise",
        "fee": "Fee of a claims firm",
        "credit": "What of it a firm has back if right",
        "free": "Free filings of a firm",
        "period": "Period of these",
    },
):
    """What a professional representative pays for a filing, where it is not what a buyer would."""

    enabled: bool = False
    """Whether firms have a fee of their own; else they pay the buyer's."""
    fee: NotNegative = 0.0
    """Paid by the firm to the platform, in place of the buyer's fee."""
    credit: NotNegative = 0.0
    """What of it the firm has back that wins; at most the fee."""
    free: Count = 0
    """Filings of one firm in one period for which it pays nothing."""
    period: Annotated[Hours, Field(gt=0)] = 365 * 24.0
    """Length of such a period; the first begins with the run."""

    @model_validator(mode="after")
    def _credit_fits(self) -> Represented:
        if self.credit > self.fee:
            raise ValueError(
                gettext("credit: must not exceed fee {fee:g}, found {credit:g}").format(
                    fee=self.fee, credit=self.credit
                )
            )
        return self


class Screening(
    Model,
    units={
        "minimum_evidence": "kinds",
        "request_cap": "filings",
        "abuse_limit": "strikes",
        "filing_fee": "money",
        "filing_credit": "money",
        "merchant_fee": "money",
        "merchant_credit": "money",
    },
    labels={
        "heard": "Such filings are heard",
        "mode": "Who screens",
        "not_admitted": "A filing that is not admitted",
        "request_cap": "Filings of a buyer at most",
        "request_period": "Period of that limit",
        "abuse_limit": "Strikes before exclusion",
        "record_window": "Memory of the buyer's record",
        "counts_from": "Start of the window to file",
        "earliest": "Earliest filing",
        "filing_credit": "Buyer's fee given back if right",
        "merchant_fee": "Merchant's fee",
        "merchant_credit": "Merchant's fee given back if right",
        "loser_pays": "Loser pays the fees",
        "represented": "Claims firms",
    },
):
    """Whether a filing may be heard."""

    heard: bool = True
    """False: no such filing is heard; for exceptions."""
    mode: Literal["desk", "automatic"] = "desk"
    """`desk`: staff look at every filing, which takes their time; `automatic`: the rule is applied at
    once, by machine."""
    not_admitted: Literal["final", "cure"] = "final"
    """`final`: its claim is lost; `cure`: one that lacks evidence, or talks that are required, is sent back
    once with the reason, and the buyer has the window `cure` to bring it."""
    minimum_evidence: Annotated[int, Field(strict=True, ge=0, le=6)] = 0
    """Kinds of evidence that a filing must come with."""
    counts_from: Literal["delivery", "payment"] = "delivery"
    """From when `windows.file` and `earliest` run: from the delivery, or from the order and its payment."""
    earliest: Hours = 0.0
    """A filing is not taken before so much time has passed; who would file sooner waits."""
    request_cap: Limit | None = None
    """Filings of one buyer in one period; none = no cap."""
    request_period: Hours = 90 * 24.0
    """Length of such a period."""
    abuse_limit: Limit | None = None
    """Forgeries and lost filings on record from which a buyer is not heard; none = no gate."""
    record_window: Hours = 0.0
    """A buyer's record starts afresh every so often, for this gate and for exceptions; 0 = never."""
    filing_fee: NotNegative = 0.0
    """Paid by the buyer to the platform."""
    filing_credit: NotNegative = 0.0
    """What of it the buyer has back who wins; at most the fee."""
    merchant_fee: NotNegative = 0.0
    """Paid by the merchant to the platform for each filing against it, won or lost."""
    merchant_credit: NotNegative = 0.0
    """What of it a merchant has back against whom a decided filing fails; at most the fee."""
    loser_pays: bool = False
    """The winner of a ruling pays nothing for filing or answering, the loser the greater of the two fees;
    nobody pays where the merchant did not pay for its answer and lost by that."""
    represented: Represented = Represented()
    """Fees where a claims firm files for the buyer; see `behaviour.representatives` of scenarios."""

    @model_validator(mode="after")
    def _credits_fit(self) -> Screening:
        for side in ("filing", "merchant"):
            fee, credit = getattr(self, f"{side}_fee"), getattr(self, f"{side}_credit")
            if credit > fee:
                raise ValueError(
                    gettext("{side}_credit: must not exceed {side}_fee {fee:g}, found {credit:g}").format(
                        side=side, fee=fee, credit=credit
                    )
                )
        if self.loser_pays and (self.filing_credit or self.merchant_credit):
            raise ValueError(
                gettext("loser_pays: has no credits beside it; set filing_credit and merchant_credit to 0")
            )
        if self.loser_pays and self.represented.enabled:
            raise ValueError(gettext("loser_pays: has no fees by who files beside it; leave represented off"))
        return self


class Consent(
    Model,
    labels={"of": "Whose consent is needed"},
):
    """Whether a case is heard only if the sides agree to it after the filing; who is silent refuses."""

    of: tuple[Literal["buyer", "merchant"], ...] = ()
    """Whose consent to the procedure is needed, the merchant's first; empty = nobody's."""


class Answer(
    Model,
    units={"inference": "nats", "fee": "money", "non_cooperation": "nats"},
    labels={
        "silence": "If the merchant is silent",
        "requested": "Evidence that is asked for",
        "non_cooperation": "Weight of not sending it",
        "rebuttal": "Merchant may rebut in turn",
        "inference": "Weight of silence",
        "required": "Evidence that is required",
        "supplement": "Buyer may rebut",
        "fee": "Fee of the merchant",
    },
):
    """The respondent's turn, and what silence means."""

    silence: Literal["buyer_wins", "adverse_inference", "decide_on_file", "close"] = "buyer_wins"
    """What happens when the merchant does not answer in time. `buyer_wins`: the full refund;
    `adverse_inference`: it is decided on the file and silence counts for the buyer (see inference);
    `decide_on_file`: it is decided on the file alone; `close`: the case is closed without a refund."""
    inference: Nats = 1.5
    """Log odds towards the buyer when silence is an adverse inference."""
    extension_share: Share = 0.0
    """Chance that a merchant who is late asks for, and is granted, an extension."""
    extension: Hours = 0.0
    """How much longer a merchant has who is granted an extension."""
    required: tuple[EvidenceKind, ...] = ()
    """An answer without all of these kinds of evidence loses at once, by rule."""
    requested: tuple[EvidenceKind, ...] = ()
    """Kinds of evidence that the platform asks the merchant for where they bear on the claim. Needs a
    scenario whose evidence is shared."""
    non_cooperation: Nats = 0.0
    """Log odds against a merchant that answers without all that was asked for."""
    fee: NotNegative = 0.0
    """Paid by the merchant to be heard; one that has less to gain by an answer stays silent."""
    supplement: bool = True
    """The buyer may rebut the merchant's evidence."""
    rebuttal: bool = False
    """The merchant may answer that rebuttal, within its window for evidence. Needs a scenario whose evidence
    is shared."""


class Mediation(
    Model,
    units={"rounds": "rounds"},
    labels={
        "rounds": "Rounds of mediation at most",
        "push": "Pull of the mediator",
        "give_up": "Gap that ends the talks",
    },
):
    """Negotiation under the platform's eyes, after filing: each round takes a mediator's time."""

    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 0
    """Rounds of mediation at most; 0 = no mediation."""
    push: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """Share of the gap between the two sides that a mediator closes in each round."""
    give_up: Share = 1.0
    """Gap that is left, as a share of the amount, above which a mediator closes the talks at once."""


class Offers(
    Model,
    labels={"enabled": "Offers side by side", "officer_needs": "Who must accept"},
):
    """Offers side by side after filing: the buyer's, the merchant's and, later, an officer's.

    Two that meet end the dispute. The officer's is what the ruling would be, and becomes the ruling
    when nobody takes it in time.
    """

    enabled: bool = False
    """Whether this procedure is used."""
    officer_needs: Literal["both", "either"] = "both"
    """Who must take the officer's offer for it to end the dispute: `both` sides, or `either` of them."""
