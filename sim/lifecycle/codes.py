"""The numbers that stages, events, reasons and deciders have in arrays and records."""

from __future__ import annotations

STAGES = (
    "order", "notice", "hear_offer", "reply_lapsed", "talks_failed", "talks_over", "file", "lapse",
    "screened",
    "consented", "no_consent",
    "answer", "silence", "withdraw", "supplement", "convene", "meet", "mediation_over",
    "offer_improved", "officer_called", "offer_taken", "offers_over",
    "call_panel", "rule", "count_votes", "review", "fee_matched", "fee_not_matched", "final", "shipped",
    "not_shipped", "confirmed", "confirm_lapsed",
)  # fmt: skip
(
    ORDER, NOTICE, HEAR_OFFER, REPLY_LAPSED, TALKS_FAILED, TALKS_OVER, FILE, LAPSE,
    SCREENED,
    CONSENTED, NO_CONSENT,
    ANSWER, SILENCE, WITHDRAW, SUPPLEMENT, CONVENE, MEET, MEDIATION_OVER,
    OFFER_IMPROVED, OFFICER_CALLED, OFFER_TAKEN, OFFERS_OVER,
    CALL_PANEL, RULE, COUNT_VOTES, REVIEW, FEE_MATCHED, FEE_NOT_MATCHED, FINAL, SHIPPED, NOT_SHIPPED,
    CONFIRMED, CONFIRM_LAPSED,
) = range(len(STAGES))  # fmt: skip
"""What a dispute wakes up to."""
END = -1
"""The stage of a dispute that wakes no more."""

NO_DESK, SCREENING, DECISION, REVIEW_DESK, MEDIATION = -1, 0, 1, 2, 3
"""Desks, in the order of `sim.causes.DESKS`."""

ACTIVITIES = (
    "complained", "replied", "reply window closed", "lost patience", "talks closed", "settled",
    "filed", "abandoned", "lapsed", "admitted", "not admitted", "answered", "stayed silent",
    "conceded", "withdrew", "supplemented", "mediation met", "mediation closed", "handed to desk",
    "panel invited", "ruled", "ruled by rule", "panel ruled", "no verdict", "forgery found",
    "review requested", "ruling final", "goods sent", "goods not sent", "return confirmed",
    "confirmation lapsed", "refunded", "closed", "merchant suspended", "buyer left", "merchant left",
    "platform stepped in", "consent given", "consent lapsed", "offers laid open", "officer offered",
    "offer taken", "panel waits", "fee matched", "fee not matched",
)  # fmt: skip
(
    COMPLAINED, REPLIED, REPLY_WINDOW_CLOSED, LOST_PATIENCE, TALKS_CLOSED, SETTLED_EVENT,
    FILED, ABANDONED_EVENT, LAPSED_EVENT, ADMITTED, NOT_ADMITTED, ANSWERED, STAYED_SILENT,
    CONCEDED, WITHDREW, SUPPLEMENTED, MEDIATION_MET, MEDIATION_CLOSED, HANDED_TO_DESK,
    PANEL_INVITED, RULED_EVENT, RULED_BY_RULE, PANEL_RULED, NO_VERDICT, FORGERY_FOUND,
    REVIEW_REQUESTED, RULING_FINAL, GOODS_SENT, GOODS_NOT_SENT, RETURN_CONFIRMED,
    CONFIRMATION_LAPSED, REFUNDED, CLOSED_EVENT, MERCHANT_SUSPENDED, BUYER_LEFT, MERCHANT_LEFT,
    STEPPED_IN, CONSENT_GIVEN, CONSENT_LAPSED, OFFERS_LAID_OPEN, OFFICER_OFFERED,
    OFFER_TAKEN_EVENT, PANEL_WAITS, FEE_MATCHED_EVENT, FEE_NOT_MATCHED_EVENT,
) = range(len(ACTIVITIES))  # fmt: skip
"""Activities of the event log."""

OPEN, SETTLED, LAPSED, ABANDONED, WITHDRAWN, INADMISSIBLE, DEFAULTED, RULED = range(8)
"""Endings, in the order of `sim.causes.ENDINGS`."""

REASONS = (
    "", "agreed in talks", "agreed in mediation", "merchant conceded", "file window closed",
    "escalation window closed", "not worth the effort", "buyer withdrew", "negotiation was skipped",
    "filed too late", "too little evidence", "buyer's record", "too many requests",
    "merchant silent in talks", "merchant silent after filing", "ruling", "goods not sent back",
    "not heard by the rules", "no consent to the procedure",
    "offers of both sides met", "officer's offer taken", "fee of a review not matched",
)  # fmt: skip
(
    NO_REASON, AGREED_IN_TALKS, AGREED_IN_MEDIATION, MERCHANT_CONCEDED, FILE_WINDOW_CLOSED,
    ESCALATION_CLOSED, NOT_WORTH_IT, BUYER_WITHDREW, TALKS_SKIPPED,
    FILED_TOO_LATE, TOO_LITTLE_EVIDENCE, BUYER_RECORD, TOO_MANY_REQUESTS,
    SILENT_IN_TALKS, SILENT_AFTER_FILING, BY_RULING, GOODS_KEPT,
    NOT_HEARD, NOBODY_CONSENTED,
    OFFERS_MET, OFFICERS_OFFER, FEE_UNMATCHED,
) = range(len(REASONS))  # fmt: skip
"""Why a dispute ended as it did."""

DECIDERS = ("nobody", "rule", "desk", "panel", "silence")
BY_NOBODY, BY_RULE, BY_DESK, BY_PANEL, BY_SILENCE = range(len(DECIDERS))
"""Who decided."""
