"""The numbers that stages, events, reasons and deciders have in arrays and records.

Activities have a file of their own, and are among these codes.
"""

from __future__ import annotations

from evenhand.sim.lifecycle.activities import *  # noqa: F403  (the numbers of the event log, all of them)
from evenhand.sim.lifecycle.numbering import Numbering
from evenhand.sim.scenario.vocabulary import DESKS, ENDINGS

STAGES = Numbering()
"""What a dispute can wake up to; `sim.lifecycle.dispatch` says what each does."""
ORDER = STAGES.new("order")
NOTICE = STAGES.new("notice")
HEAR_OFFER = STAGES.new("hear_offer")
REPLY_LAPSED = STAGES.new("reply_lapsed")
TALKS_FAILED = STAGES.new("talks_failed")
TALKS_OVER = STAGES.new("talks_over")
FILE = STAGES.new("file")
LAPSE = STAGES.new("lapse")
SCREENED = STAGES.new("screened")
CONSENTED = STAGES.new("consented")
NO_CONSENT = STAGES.new("no_consent")
ANSWER = STAGES.new("answer")
SILENCE = STAGES.new("silence")
WITHDRAW = STAGES.new("withdraw")
SUPPLEMENT = STAGES.new("supplement")
REBUT = STAGES.new("rebut")
CONVENE = STAGES.new("convene")
MEET = STAGES.new("meet")
MEDIATION_OVER = STAGES.new("mediation_over")
OFFER_IMPROVED = STAGES.new("offer_improved")
OFFICER_CALLED = STAGES.new("officer_called")
OFFER_TAKEN = STAGES.new("offer_taken")
OFFERS_OVER = STAGES.new("offers_over")
CALL_PANEL = STAGES.new("call_panel")
RULE = STAGES.new("rule")
COUNT_VOTES = STAGES.new("count_votes")
REVIEW = STAGES.new("review")
FEE_MATCHED = STAGES.new("fee_matched")
FEE_NOT_MATCHED = STAGES.new("fee_not_matched")
FINAL = STAGES.new("final")
SHIPPED = STAGES.new("shipped")
NOT_SHIPPED = STAGES.new("not_shipped")
CONFIRMED = STAGES.new("confirmed")
CONFIRM_LAPSED = STAGES.new("confirm_lapsed")
RETURN_DUE = STAGES.new("return_due")
LEFT_QUEUE = STAGES.new("left_queue")
MODEL_RULES = STAGES.new("model_rules")
MODEL_ANSWERED = STAGES.new("model_answered")
CURED = STAGES.new("cured")
NOT_CURED = STAGES.new("not_cured")
TALKED_FIRST = STAGES.new("talked_first")
PARTED = STAGES.new("parted")
HEARING_DUE = STAGES.new("hearing_due")
END = -1
"""The stage of a dispute that wakes no more."""

SCREENING, DECISION, REVIEW_DESK, MEDIATION = range(len(DESKS))
NO_DESK = -1
"""A stage that follows without a desk."""
NOBODY_ACTED = -1
"""The number of an event that has no arbiter, desk or side."""

OPEN, SETTLED, LAPSED, ABANDONED, WITHDRAWN, INADMISSIBLE, DEFAULTED, RULED = range(len(ENDINGS))

REASONS = Numbering()
"""Why a dispute ended as it did."""
NO_REASON = REASONS.new("")
AGREED_IN_TALKS = REASONS.new("agreed in talks")
AGREED_IN_MEDIATION = REASONS.new("agreed in mediation")
MERCHANT_CONCEDED = REASONS.new("merchant conceded")
FILE_WINDOW_CLOSED = REASONS.new("file window closed")
ESCALATION_CLOSED = REASONS.new("escalation window closed")
NOT_WORTH_IT = REASONS.new("not worth the effort")
BUYER_WITHDREW = REASONS.new("buyer withdrew")
TALKS_SKIPPED = REASONS.new("negotiation was skipped")
FILED_TOO_LATE = REASONS.new("filed too late")
TOO_LITTLE_EVIDENCE = REASONS.new("too little evidence")
BUYER_RECORD = REASONS.new("buyer's record")
TOO_MANY_REQUESTS = REASONS.new("too many requests")
SILENT_IN_TALKS = REASONS.new("merchant silent in talks")
SILENT_AFTER_FILING = REASONS.new("merchant silent after filing")
BY_RULING = REASONS.new("ruling")
GOODS_KEPT = REASONS.new("goods not sent back")
NOT_HEARD = REASONS.new("not heard by the rules")
NOBODY_CONSENTED = REASONS.new("no consent to the procedure")
OFFERS_MET = REASONS.new("offers of both sides met")
OFFICERS_OFFER = REASONS.new("officer's offer taken")
FEE_UNMATCHED = REASONS.new("fee of a review not matched")
CANNOT_PAY = REASONS.new("fee beyond the buyer's means")
RETURNED_BY_RIGHT = REASONS.new("right of return used")

GROUNDS = ("nothing needed", "cheapest believed to do", "demand granted", "most within the limit")
NOTHING_NEEDED, CHEAPEST, GRANTED, MOST = range(len(GROUNDS))
"""Why a merchant proposes what it does."""
TIRED_OF_WAITING = REASONS.new("tired of waiting for a desk")
DECIDER_OVERDUE = REASONS.new("no decision in time")
AGREED_WHILE_WAITING = REASONS.new("agreed after filing")
PERFORMED = REASONS.new("merchant performed")
LOST_INTEREST = REASONS.new("buyer gave up waiting")
AGREED_ON_NOTICE = REASONS.new("agreed instead of the procedure")
NOT_COMPLIED = REASONS.new("ruling not carried out")
FIRM_DROPPED = REASONS.new("claims firm dropped it")

DECIDERS = ("nobody", "rule", "desk", "panel", "silence", "model")
BY_NOBODY, BY_RULE, BY_DESK, BY_PANEL, BY_SILENCE, BY_MODEL = range(len(DECIDERS))
"""Who decided."""
