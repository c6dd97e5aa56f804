"""Which settings can have made a difference at an event, as far as it can be told."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.attribution.settings import Setting
from sim.lifecycle.codes import (
    ABANDONED_EVENT,
    ADMITTED,
    ANSWERED,
    BUYER_LEFT,
    CLOSED_EVENT,
    COMPLAINED,
    CONCEDED,
    CONFIRMATION_LAPSED,
    CONSENT_GIVEN,
    CONSENT_LAPSED,
    FEE_MATCHED_EVENT,
    FEE_NOT_MATCHED_EVENT,
    FILED,
    FORGERY_FOUND,
    GOODS_NOT_SENT,
    GOODS_SENT,
    HANDED_TO_DESK,
    LAPSED_EVENT,
    LOST_PATIENCE,
    MEDIATION_CLOSED,
    MEDIATION_MET,
    MERCHANT_LEFT,
    MERCHANT_SUSPENDED,
    NO_VERDICT,
    NOT_ADMITTED,
    OFFER_TAKEN_EVENT,
    OFFERS_LAID_OPEN,
    OFFICER_OFFERED,
    PANEL_INVITED,
    PANEL_RULED,
    PANEL_WAITS,
    REFUNDED,
    REPLIED,
    REPLY_WINDOW_CLOSED,
    RETURN_CONFIRMED,
    REVIEW_REQUESTED,
    RULED_BY_RULE,
    RULED_EVENT,
    RULING_FINAL,
    SETTLED_EVENT,
    STAYED_SILENT,
    STEPPED_IN,
    SUPPLEMENTED,
    TALKS_CLOSED,
    WITHDREW,
)

_SHADOW = ("burden", "decision.standard", "decision.remedy", "sanctions.points_loss", "screening.filing_fee")
"""What the sides expect from a ruling: they bargain, file and concede in its shadow."""
_TALKS = ("negotiation", "windows.negotiate", "windows.merchant_reply")
_FILING = ("windows.file", "windows.escalate", *_SHADOW)
_BELIEF = ("burden", "decision")
_RETURN = ("returns", "windows.ship", "windows.confirm")
_REVIEW = ("review", "windows.review", *_SHADOW)

_OFFERS = ("offers", "windows.offers", "windows.accept", *_SHADOW)
_MATCH = ("windows.match", *_REVIEW)

ACTS: dict[int, tuple[str, ...]] = {
    COMPLAINED: _TALKS, REPLIED: _TALKS, REPLY_WINDOW_CLOSED: _TALKS, LOST_PATIENCE: _TALKS,
    TALKS_CLOSED: (*_TALKS, *_SHADOW), SETTLED_EVENT: (*_TALKS, "mediation", *_SHADOW),
    FILED: (*_TALKS, *_FILING), ABANDONED_EVENT: (*_TALKS, *_FILING), LAPSED_EVENT: _FILING,
    ADMITTED: ("screening", "windows.file", "negotiation.required"),
    NOT_ADMITTED: ("screening", "windows.file", "negotiation.required"),
    ANSWERED: ("answer", "windows.merchant_evidence", *_SHADOW),
    STAYED_SILENT: ("answer", "windows.merchant_evidence"),
    CONCEDED: ("answer", "windows.merchant_evidence", *_SHADOW),
    WITHDREW: ("answer", "windows.merchant_evidence"),
    SUPPLEMENTED: ("answer.supplement", "windows.buyer_evidence"),
    MEDIATION_MET: ("mediation", "windows.mediate"),
    MEDIATION_CLOSED: ("mediation", "windows.mediate", *_SHADOW),
    HANDED_TO_DESK: ("decision", "mediation", "answer.silence", *_REVIEW),
    PANEL_INVITED: ("decision", "mediation", "answer.silence", *_REVIEW),
    RULED_EVENT: ("answer.silence", "answer.inference", *_BELIEF, "review"),
    RULED_BY_RULE: ("answer.silence", "answer.inference", *_BELIEF),
    PANEL_RULED: ("answer.silence", "answer.inference", *_BELIEF, "review"),
    NO_VERDICT: ("decision.panel", *_BELIEF, "review"),
    REVIEW_REQUESTED: _REVIEW, RULING_FINAL: _REVIEW,
    GOODS_SENT: _RETURN, GOODS_NOT_SENT: _RETURN, RETURN_CONFIRMED: _RETURN, CONFIRMATION_LAPSED: _RETURN,
    REFUNDED: ("answer.silence", "negotiation.silence", *_RETURN),
    CLOSED_EVENT: ("answer.silence", "negotiation.silence", *_RETURN),
    FORGERY_FOUND: ("decision.checks",), MERCHANT_SUSPENDED: ("sanctions",),
    BUYER_LEFT: ("sanctions",), MERCHANT_LEFT: ("sanctions",),
    STEPPED_IN: ("negotiation.escalation", *_TALKS, *_FILING),
    CONSENT_GIVEN: ("consent", "windows.consent"), CONSENT_LAPSED: ("consent", "windows.consent"),
    OFFERS_LAID_OPEN: ("offers", "mediation"), OFFICER_OFFERED: (*_OFFERS, *_BELIEF),
    OFFER_TAKEN_EVENT: _OFFERS, PANEL_WAITS: ("decision.panel", "review"),
    FEE_MATCHED_EVENT: _MATCH, FEE_NOT_MATCHED_EVENT: _MATCH,
}  # fmt: skip
"""Settings, or the beginnings of their paths, that act at each activity; a test wants all of them named."""


TIMES: dict[int, tuple[str, ...]] = {
    REPLY_WINDOW_CLOSED: ("windows.merchant_reply",), TALKS_CLOSED: ("windows.negotiate",),
    LAPSED_EVENT: ("windows.file", "windows.escalate"),
    ADMITTED: ("screening.mode",), NOT_ADMITTED: ("screening.mode",),
    STAYED_SILENT: ("windows.merchant_evidence", "answer.extension", "answer.extension_share"),
    MEDIATION_CLOSED: ("windows.mediate",),
    RULED_EVENT: ("decision.discipline", "decision.checks"),
    PANEL_RULED: ("decision.panel", "review"), NO_VERDICT: ("decision.panel", "review"),
    RULING_FINAL: ("windows.review",),
    GOODS_NOT_SENT: ("windows.ship",), CONFIRMATION_LAPSED: ("windows.confirm",),
    CONSENT_LAPSED: ("windows.consent",), FEE_NOT_MATCHED_EVENT: ("windows.match",),
    OFFICER_OFFERED: ("windows.offers", "decision.discipline", "decision.checks"),
    PANEL_WAITS: ("decision.panel",),
}  # fmt: skip
"""Settings that can move the time of an activity that happens under both policies; elsewhere the parties
move it, or those who wait at the same desk."""


def responsible(
    activity_a: int, activity_b: int, differing: Sequence[Setting], *, only_time: bool = False
) -> tuple[Setting, ...]:
    """The differing settings that act at either of two activities (-1 = none).

    Reforms and exceptions may act anywhere.
    `only_time`: the same happened at another time. More than one setting: the event alone cannot tell
    between them, see `shapley`. None: no rule that differs acts there, so the difference has come from
    other disputes, through queues, records, or what people learnt.
    """
    acts = TIMES if only_time else ACTS
    starts = (*acts.get(activity_a, ()), *acts.get(activity_b, ()), "reforms", "exceptions")
    return tuple(
        one for one in differing if any(one.path == s or one.path.startswith(f"{s}.") for s in starts)
    )
