"""Activities: what an event log can say that happened; each is declared once, with all that is known of it.

The log, `explain`, attribution and conformance read this table. A new activity goes at the end, because
positions are the numbers in the records; the stage in which it happens writes it with `log_event`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from evenhand.sim.lifecycle.numbering import Numbering

Actor = Literal["buyer", "merchant", "platform"]
Numbered = Literal["", "arbiter", "desk", "panel", "side", "offer"]


class Activity(NamedTuple):
    """An activity of the event log."""

    name: str
    actor: Actor
    """Whose act it is, or who failed to act; that of 'side' is told by the event's number."""
    phrase: str
    """What that party does, after its name, for `explain`."""
    acts: tuple[str, ...]
    """Settings, or the beginnings of their paths, that decide whether it happens."""
    moved_by: tuple[str, ...]
    """Settings that can move its time, its window among them; elsewhere the parties move it, or those who
    wait at the same desk."""
    told_of: str
    """Who is named in a story: the actor, 'both' sides, or the 'panel'."""
    number: Numbered
    """What an event's own number means: an arbiter, a desk, something of a panel, a side, an offer (see
    `sim.lifecycle.talks.as_number`); '' = nothing."""

    @property
    def window(self) -> str:
        """The window whose end it is, as a path; empty where it is not the end of one."""
        return next((path for path in self.moved_by if path.startswith("windows.")), "")


ACTIVITIES = Numbering()
"""Names of activities, by number."""
TABLE: list[Activity] = []
"""Activities, by number."""


def _activity(
    name: str,
    actor: Actor,
    phrase: str,
    acts: str,
    *,
    moved_by: str = "",
    told_of: str = "",
    number: Numbered = "",
) -> int:
    """Declare an activity and give its number."""
    TABLE.append(
        Activity(name, actor, phrase, tuple(acts.split()), tuple(moved_by.split()), told_of or actor, number)
    )
    return ACTIVITIES.new(name)


_SHADOW = "evidence burden decision.standard decision.remedy sanctions.points_loss screening.filing_fee"
"""What the sides expect from a ruling: they bargain, file and concede in its shadow."""
_TALKS = "negotiation windows.negotiate windows.merchant_reply"
_FILING = f"windows.file windows.escalate {_SHADOW}"
_BELIEF = "evidence burden decision answer.requested answer.non_cooperation"
_RETURN = "returns windows.ship windows.confirm"
_REVIEW = f"review windows.review {_SHADOW}"
_OFFERS = f"offers windows.offers windows.accept {_SHADOW}"
_MATCH = f"windows.match {_REVIEW}"

COMPLAINED = _activity("complained", "buyer", "complains to the merchant", _TALKS)
REPLIED = _activity(
    "replied", "merchant", "makes an offer, and the buyer asks for more", _TALKS, number="offer"
)
REPLY_WINDOW_CLOSED = _activity(
    "reply window closed", "merchant", "has not answered in time", _TALKS, moved_by="windows.merchant_reply"
)
LOST_PATIENCE = _activity("lost patience", "buyer", "waits no longer for an answer", _TALKS)
TALKS_CLOSED = _activity(
    "talks closed",
    "platform",
    "end their talks without agreement",
    f"{_TALKS} {_SHADOW}",
    moved_by="windows.negotiate",
    told_of="both",
)
SETTLED_EVENT = _activity("settled", "buyer", "settle", f"{_TALKS} mediation {_SHADOW}", told_of="both")
FILED = _activity("filed", "buyer", "applies for intervention", f"{_TALKS} {_FILING}")
ABANDONED_EVENT = _activity("abandoned", "buyer", "gives up", f"{_TALKS} {_FILING}")
LAPSED_EVENT = _activity(
    "lapsed", "buyer", "did not file in time", _FILING, moved_by="windows.file windows.escalate"
)
ADMITTED = _activity(
    "admitted",
    "platform",
    "admits the filing and calls on the merchant",
    "screening windows.file negotiation.required",
    moved_by="screening.mode",
)
NOT_ADMITTED = _activity(
    "not admitted",
    "platform",
    "does not admit the filing",
    "screening windows.file negotiation.required",
    moved_by="screening.mode",
)
ANSWERED = _activity("answered", "merchant", "answers", f"answer windows.merchant_evidence {_SHADOW}")
STAYED_SILENT = _activity(
    "stayed silent",
    "merchant",
    "has sent nothing in time",
    "answer windows.merchant_evidence",
    moved_by="windows.merchant_evidence answer.extension answer.extension_share",
)
CONCEDED = _activity("conceded", "merchant", "concedes", f"answer windows.merchant_evidence {_SHADOW}")
WITHDREW = _activity("withdrew", "buyer", "withdraws", "answer windows.merchant_evidence")
SUPPLEMENTED = _activity(
    "supplemented", "buyer", "rebuts with more evidence", "answer.supplement windows.buyer_evidence"
)
MEDIATION_MET = _activity(
    "mediation met", "platform", "meet a mediator", "mediation windows.mediate", told_of="both"
)
MEDIATION_CLOSED = _activity(
    "mediation closed",
    "platform",
    "end mediation without agreement",
    f"mediation windows.mediate {_SHADOW}",
    moved_by="windows.mediate",
    told_of="both",
)
HANDED_TO_DESK = _activity(
    "handed to desk",
    "platform",
    "puts the case in the queue of a desk",
    f"decision mediation answer.silence {_REVIEW}",
    number="desk",
)
PANEL_INVITED = _activity(
    "panel invited",
    "platform",
    "invites a panel of jurors",
    f"decision mediation answer.silence {_REVIEW}",
    number="panel",
)
RULED_EVENT = _activity(
    "ruled",
    "platform",
    "rules",
    f"answer.silence answer.inference {_BELIEF} review",
    moved_by="decision.discipline decision.checks",
    number="arbiter",
)
RULED_BY_RULE = _activity(
    "ruled by rule", "platform", "rules automatically", f"answer.silence answer.inference {_BELIEF}"
)
PANEL_RULED = _activity(
    "panel ruled",
    "platform",
    "rules",
    f"answer.silence answer.inference {_BELIEF} review",
    moved_by="decision.panel review",
    told_of="panel",
    number="panel",
)
NO_VERDICT = _activity(
    "no verdict",
    "platform",
    "reaches no verdict",
    f"decision.panel {_BELIEF} review",
    moved_by="decision.panel review",
    told_of="panel",
    number="panel",
)
FORGERY_FOUND = _activity("forgery found", "platform", "puts a forgery on record", "decision.checks")
REVIEW_REQUESTED = _activity("review requested", "platform", "asks for a review", _REVIEW, number="side")
RULING_FINAL = _activity(
    "ruling final", "platform", "the ruling is final", _REVIEW, moved_by="windows.review"
)
GOODS_SENT = _activity("goods sent", "buyer", "sends the goods back", _RETURN)
GOODS_NOT_SENT = _activity(
    "goods not sent",
    "buyer",
    "has not sent the goods back in time: no refund",
    _RETURN,
    moved_by="windows.ship",
)
RETURN_CONFIRMED = _activity("return confirmed", "merchant", "confirms that the goods are back", _RETURN)
CONFIRMATION_LAPSED = _activity(
    "confirmation lapsed",
    "merchant",
    "has not confirmed in time: the refund is due",
    _RETURN,
    moved_by="windows.confirm",
)
REFUNDED = _activity(
    "refunded", "platform", "pays the buyer", f"answer.silence negotiation.silence {_RETURN}"
)
CLOSED_EVENT = _activity(
    "closed", "platform", "closed", f"answer.silence negotiation.silence {_RETURN}", told_of="both"
)
MERCHANT_SUSPENDED = _activity("merchant suspended", "platform", "suspends the merchant", "sanctions")
BUYER_LEFT = _activity("buyer left", "buyer", "leaves the market for good", "sanctions")
MERCHANT_LEFT = _activity("merchant left", "merchant", "leaves the market for good", "sanctions")
STEPPED_IN = _activity(
    "platform stepped in", "platform", "steps in by itself", f"negotiation.escalation {_TALKS} {_FILING}"
)
CONSENT_GIVEN = _activity(
    "consent given",
    "merchant",
    "consent to the procedure, as far as the rules ask",
    "consent windows.consent",
    told_of="both",
)
CONSENT_LAPSED = _activity(
    "consent lapsed",
    "merchant",
    "closes the case: no consent to the procedure in time",
    "consent windows.consent",
    moved_by="windows.consent",
    told_of="platform",
)
OFFERS_LAID_OPEN = _activity(
    "offers laid open", "platform", "lay their offers open, side by side", "offers mediation", told_of="both"
)
OFFICER_OFFERED = _activity(
    "officer offered",
    "platform",
    "offers a share, beside the offers of both sides",
    f"{_OFFERS} {_BELIEF}",
    moved_by="windows.offers decision.discipline decision.checks",
    number="arbiter",
)
OFFER_TAKEN_EVENT = _activity(
    "offer taken",
    "buyer",
    "end the dispute with the officer's offer, as far as the rules ask",
    _OFFERS,
    told_of="both",
)
PANEL_WAITS = _activity(
    "panel waits",
    "platform",
    "waits for jurors who may still sit",
    "decision.panel review",
    moved_by="decision.panel",
    number="panel",
)
FEE_MATCHED_EVENT = _activity(
    "fee matched", "platform", "have both put up a fee: the review takes place", _MATCH, told_of="both"
)
FEE_NOT_MATCHED_EVENT = _activity(
    "fee not matched",
    "platform",
    "closes the review: the other side has not put up its fee",
    _MATCH,
    moved_by="windows.match",
)
RETURNING_BY_RIGHT = _activity(
    "returning by right",
    "buyer",
    "returns the goods without a reason, as is his right",
    f"{_TALKS} {_RETURN} {_FILING}",
)
LEFT_QUEUE_EVENT = _activity(
    "left queue", "buyer", "waits no longer for the desk", "screening decision review", number="desk"
)
DECISION_OVERDUE = _activity(
    "decision overdue", "platform", "has not decided in time", "decision.deadline decision.overdue"
)
MODEL_ASKED = _activity(
    "model asked", "platform", "puts the case to a model", f"decision review mediation {_BELIEF}"
)
MODEL_RULED = _activity("model ruled", "platform", "rules by a model", f"decision review {_BELIEF}")
MODEL_UNSURE = _activity(
    "model unsure", "platform", "is not sure, by its model, and lets a person decide", f"decision {_BELIEF}"
)
MODEL_AUDITED = _activity(
    "model audited", "platform", "lets a person look at what its model says", "decision.model"
)
MORE_REQUESTED = _activity(
    "more requested",
    "platform",
    "requests more from the side whose evidence is thin",
    "decision.model",
    number="side",
)
REQUEST_MET = _activity("request met", "buyer", "sends what was requested", "decision.model", number="side")
MERCHANT_MONITORED = _activity(
    "merchant monitored", "platform", "puts the merchant under monitoring", "sanctions.monitoring"
)
_CURE = "screening.not_admitted screening.minimum_evidence negotiation.required"
SENT_BACK = _activity(
    "sent back", "platform", "sends the filing back, to be cured", _CURE, moved_by="screening.mode"
)
CURED_EVENT = _activity("cured", "buyer", "brings what his filing lacked", f"{_CURE} windows.cure")
PERFORMED_EVENT = _activity(
    "performed", "merchant", "does what it should have done", f"answer mediation decision {_SHADOW}"
)
NOT_COMPLIED_EVENT = _activity(
    "not complied", "merchant", "does not carry the ruling out, which does not bind it", "decision.binding"
)
HEARING_HELD = _activity("hearing held", "platform", "hears the case, and adjourns it", "decision.hearings")
REBUTTED = _activity(
    "rebutted",
    "merchant",
    "answers the rebuttal",
    "answer.rebuttal answer.supplement windows.merchant_evidence",
)
