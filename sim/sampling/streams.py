"""Every random quantity of a world, declared once.

A draw has a name, an append-only number, an owner and a law. The luck of a replication is one Philox
generator, keyed by `SeedSequence(seed, spawn_key=(replication,))`, whose counter says which number
is meant. One step of the counter makes four numbers. For what belongs to a dispute these are four draws
of neighbouring numbers at one position, because a dispute asks for many draws; for all else they are
four neighbouring positions of one draw, because people are drawn in columns. The position of a dispute
is its merchant and its place among that merchant's candidates (`position_of` in `sim.sampling.philox`),
so that no merchant's rate or size moves another's disputes.

Nothing else enters, so no policy, engine, worker or order of use can move anyone's luck, and more
replications, a longer horizon or another slot (round, seat, review) leave the rest untouched. See
Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11.
"""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

_DROP, _ONE = np.uint64(12), np.float64(1.0).view(np.uint64)
PER_STEP = 4
"""Philox makes four 64-bit numbers for one step of its counter."""


class Draw(int):
    """One declared random quantity: its number, which is all that compiled code sees of it."""

    name: str
    per: str
    """What it belongs to: order, dispute, day, buyer, merchant, arbiter, or one of these x a slot."""
    law: str

    def __new__(cls, number: int, name: str, per: str, law: str) -> Self:
        """A draw of this number."""
        draw = super().__new__(cls, number)
        draw.name, draw.per, draw.law = name, per, law
        return draw

    @property
    def of_dispute(self) -> bool:
        """Whether it belongs to a dispute, and shares its steps with draws of neighbouring numbers."""
        return self.per.startswith(("dispute", "candidate"))

    @property
    def number(self) -> int:
        """The number."""
        return int(self)


ALL: dict[str, Draw] = {}


def _draw(number: int, name: str, per: str, law: str) -> Draw:
    assert name not in ALL, name
    assert number > 0, number
    assert number not in ALL.values(), number
    ALL[name] = Draw(number, name, per, law)
    return ALL[name]


# The market. "dispute" is the potential grievance: a candidate that the run's state may thin out.
GAP = _draw(1, "market.gap", "candidate", "exponential 1 between a merchant's candidates, in its own time")
BURST = _draw(2, "market.burst", "day", "gamma, mean 1 (scenario: market.burst_shape)")
ORDERS = _draw(3, "market.orders", "merchant", "Poisson count of all orders (market.orders_per_day)")
HAPPENS = _draw(4, "dispute.happens", "dispute", "uniform, compared with the thinned chance")
_draw(5, "dispute.merchant", "dispute", "no longer drawn: each merchant has its own candidates")
CAUSE = _draw(6, "dispute.cause", "dispute", "by rate (causes.*.per_thousand_orders)")
BUYER = _draw(7, "dispute.buyer", "dispute", "by activity (buyers.groups.*.activity)")
AMOUNT = _draw(8, "order.amount", "dispute", "lognormal (market.amount)")
DELIVERY = _draw(9, "order.delivery", "dispute", "hours (market.delivery)")
FAULT = _draw(10, "grievance.fault", "dispute", "by cause (causes.*.fault)")
DESERVED = _draw(11, "grievance.deserved", "dispute", "whole amount or evenly between bounds, by cause")
CLAIMED = _draw(12, "grievance.claimed_as", "dispute", "by weight, for claims without a grievance")
IN_HAND = _draw(13, "grievance.goods_in_hand", "dispute", "chance by cause")
EXTENT = _draw(14, "evidence.extent", "dispute", "normal (evidence.extent_sd)")

# The buyer in a dispute.
INSPECTION = _draw(20, "buyer.inspection", "dispute", "hours by group (buyers.groups.*.promptness)")
COMPOSURE = _draw(21, "buyer.composure", "dispute", "chance by group (buyers.groups.*.composure)")
SKIPS = _draw(22, "buyer.skips_negotiation", "dispute", "chance by group")
PATIENCE = _draw(23, "buyer.patience", "dispute x round", "hours by group (buyers.groups.*.patience)")
STAYS = _draw(24, "buyer.platform_patience", "dispute", "hours by group")
EFFORT = _draw(25, "buyer.effort", "dispute", "money by group (buyers.groups.*.effort)")
FILING_DELAY = _draw(26, "buyer.filing_delay", "dispute", "hours by group")
BUYER_GUESS = _draw(27, "buyer.guess", "dispute", "normal (behaviour.bargaining.opinion_sd)")
BUYER_EVIDENCE = _draw(28, "buyer.evidence", "dispute", "normal; weight is calibrated log odds")
BUYER_HOLDS = _draw(29, "buyer.holds_kind", "dispute x kind", "chance by skill, kind and promptness")
BUYER_WITHHOLDS = _draw(30, "buyer.withholds", "dispute", "chance by group (strategic)")
BUYER_FORGES = _draw(31, "buyer.forges", "dispute", "chance by groundless cause (forges)")
SUPPLEMENTS = _draw(32, "buyer.supplements", "dispute", "chance (evidence.supplement_share)")
SUPPLEMENT_DELAY = _draw(33, "buyer.supplement_delay", "dispute", "hours (evidence.supplement_delay)")
SUPPLEMENT = _draw(34, "buyer.supplement", "dispute", "normal; weight is calibrated log odds")
SHIPPING = _draw(35, "buyer.shipping", "dispute", "hours (shipping)")

# The merchant in a dispute.
REPLY = _draw(40, "merchant.reply", "dispute x round", "hours by group and merchant")
IGNORES = _draw(41, "merchant.ignores", "dispute", "chance by group (never_replies)")
MERCHANT_GUESS = _draw(42, "merchant.guess", "dispute x round", "normal (opinion_sd)")
MERCHANT_EVIDENCE = _draw(43, "merchant.evidence", "dispute", "normal; weight is calibrated log odds")
MERCHANT_HOLDS = _draw(44, "merchant.holds_kind", "dispute x kind", "chance by record keeping and kind")
MERCHANT_WITHHOLDS = _draw(45, "merchant.withholds", "dispute", "chance by group (strategic)")
MERCHANT_FORGES = _draw(46, "merchant.forges", "dispute", "uniform, compared with the chance to forge")
EVIDENCE_DELAY = _draw(47, "merchant.evidence_delay", "dispute", "hours by group and merchant (reply)")
STONEWALLS = _draw(48, "merchant.stonewalls", "dispute", "chance by group (never_replies)")
EXTENSION = _draw(49, "merchant.extension", "dispute", "chance by policy (answer.extension_share)")
CONCEDES = _draw(50, "merchant.concedes", "dispute", "chance (behaviour.concede_share)")
CONFIRMING = _draw(51, "merchant.confirming", "dispute", "hours (confirming)")

# Those who decide. Level 0 is the first decision, 1 the first review, and so on.
SCREENING_TIME = _draw(60, "screening.service", "dispute", "working hours (desks.screening.service)")
ARBITER = _draw(61, "decision.arbiter", "dispute x level", "evenly over the arbiters")
DECISION_TIME = _draw(62, "decision.service", "dispute x level", "working hours of the desk")
OCCASION = _draw(63, "decision.occasion", "dispute x level", "normal (arbiters.occasion_sd)")
CHECKED = _draw(64, "decision.checked", "dispute x level", "chance by policy (checks.share)")
DETECTED_BUYER = _draw(65, "decision.detects_buyer", "dispute x level", "chance by policy (detection)")
DETECTED_MERCHANT = _draw(66, "decision.detects_merchant", "dispute x level", "chance by policy")
MEDIATION_TIME = _draw(67, "mediation.service", "dispute x round", "working hours (desks.mediation)")
MEDIATED_REPLY = _draw(68, "mediation.reply", "dispute x round", "hours by group and merchant (reply)")
LEVEL_NOISE = _draw(69, "arbiter.level", "arbiter", "normal (arbiters.level_sd)")
PATTERN_NOISE = _draw(70, "arbiter.pattern", "arbiter x cause", "normal (arbiters.pattern_sd)")
MEDIATED_GUESS = _draw(71, "mediation.guess", "dispute x round", "normal (opinion_sd)")

# Reviews.
BUYER_ASKS = _draw(80, "review.buyer_asks", "dispute x level", "chance (behaviour.review_propensity)")
MERCHANT_ASKS = _draw(81, "review.merchant_asks", "dispute x level", "chance (review_propensity)")
BUYER_ASKS_AFTER = _draw(82, "review.buyer_delay", "dispute x level", "hours (review_request)")
MERCHANT_ASKS_AFTER = _draw(83, "review.merchant_delay", "dispute x level", "hours (review_request)")
BUYER_FINDS = _draw(84, "review.buyer_finds", "dispute x level", "chance (new_evidence_share)")
MERCHANT_FINDS = _draw(85, "review.merchant_finds", "dispute x level", "chance (new_evidence_share)")
BUYER_NEW = _draw(86, "review.buyer_evidence", "dispute x level", "normal (new_evidence_strength)")
MERCHANT_NEW = _draw(87, "review.merchant_evidence", "dispute x level", "normal (new_evidence_strength)")

# Panels.
VOTE_DELAY = _draw(90, "juror.vote_delay", "dispute x level x seat", "hours (jurors.vote_delay)")
TURNOUT = _draw(91, "juror.turnout", "dispute x level x seat", "chance (jurors.turnout)")
SIDE = _draw(92, "juror.side", "dispute x level x seat", "chance (jurors.buyer_share)")
EXPERIENCE = _draw(93, "juror.experience", "dispute x level x seat", "cases (jurors.experience)")
IMPRESSION = _draw(94, "juror.impression", "dispute x level x seat", "normal (jurors.noise_sd)")
SHARED_IMPRESSION = _draw(95, "panel.impression", "dispute x level", "normal (jurors.shared_sd)")

# People.
BUYER_GROUP = _draw(100, "buyer.group", "buyer", "by share (buyers.groups.*.share)")
BUYER_EXIT = _draw(101, "buyer.exit_threshold", "buyer", "uniform (behaviour.exit.buyer_trust)")
PROBLEM_FACTOR = _draw(102, "merchant.problem_factor", "merchant", "lognormal (problem_spread)")
REPLY_FACTOR = _draw(103, "merchant.reply_factor", "merchant", "lognormal (reply_spread)")
SERVICE_SHIFT = _draw(104, "merchant.service_shift", "merchant", "normal (service_spread)")
MERCHANT_EXIT = _draw(105, "merchant.exit_threshold", "merchant", "uniform (exit.merchant_rating)")

# What some systems know: offers of both sides after filing, sealed votes, consent, kinds of goods.
OFFER_TAKEN_BY_BUYER = _draw(110, "offers.buyer_delay", "dispute", "hours (review_request)")
OFFER_TAKEN_BY_MERCHANT = _draw(111, "offers.merchant_delay", "dispute", "hours (review_request)")
REVEALS = _draw(112, "juror.reveals", "dispute x level x seat", "chance (jurors.reveals)")
REVEAL_DELAY = _draw(113, "juror.reveal_delay", "dispute x level x seat", "hours (jurors.vote_delay)")
MERCHANT_CONSENTS = _draw(114, "merchant.consents", "dispute", "chance (behaviour.merchant_consents)")
MERCHANT_CONSENT_DELAY = _draw(115, "merchant.consent_delay", "dispute", "hours by group (reply)")
BUYER_CONSENTS = _draw(116, "buyer.consents", "dispute", "chance (behaviour.buyer_consents)")
BUYER_CONSENT_DELAY = _draw(117, "buyer.consent_delay", "dispute", "hours by group (filing_delay)")
GOODS = _draw(118, "order.goods", "dispute", "by weight (market.goods)")

# What is wrong with the goods, in truth.
SEVERITY = _draw(120, "grievance.severity", "dispute", "beta with a mass at 1, by cause (causes.*.severity)")
DISLIKE = _draw(121, "grievance.dislike", "dispute", "beta with a mass at 1 (causes.remorse.dislike)")

# Whether a grievance, or an occasion, becomes a claim.
CLAIMS = _draw(140, "claim.made", "dispute", "uniform, compared with the response to what it is worth")
PRESENT = _draw(141, "buyer.present", "dispute", "uniform, compared with the chance not to be away")
PURSE = _draw(142, "buyer.purse", "dispute", "lognormal (behaviour.claims.purse)")
HURT = _draw(143, "buyer.hurt", "dispute", "uniform, compared with the chance to stop buying")
BUYER_ACTIVITY = _draw(148, "buyer.activity", "buyer", "lognormal (buyers.activity_spread)")
BUYER_PRONENESS = _draw(149, "buyer.proneness", "buyer", "lognormal (buyers.proneness)")
BUYER_SERIAL = _draw(150, "buyer.serial", "buyer", "chance (buyers.proneness.serial_share)")
BUYER_STARTS = _draw(151, "buyer.starts", "buyer", "chance to be present at the start (behaviour.claims)")
OWN_HISTORY = _draw(155, "buyer.own_history", "buyer", "gamma; valid claims remembered at the start")
MADE_UP_HISTORY = _draw(156, "buyer.made_up_history", "buyer", "gamma; groundless ones remembered then")
FIRM_OFFERS = _draw(157, "claim.firm_offers", "dispute", "uniform, compared with representatives.reach")
FIRM = _draw(158, "claim.firm", "dispute", "by size (behaviour.representatives.zipf)")
# Talks about remedies.
STYLE = _draw(176, "merchant.style", "dispute", "by share (behaviour.talks.styles.*.share)")
ROUNDING = _draw(177, "merchant.rounding", "dispute", "by share (behaviour.talks.rounding)")
DEMAND = _draw(178, "buyer.demand", "dispute", "uniform, compared with the share who want goods")
MERCHANT_TONE = _draw(179, "merchant.tone", "dispute", "chance by group (merchants.groups.*.hostile)")
ILL_WILL = _draw(184, "merchant.ill_will", "merchant", "uniform between bounds (behaviour.talks.ill_will)")
# After filing. The wait for screening is number 0, for the answer 1, for a desk 2, after meeting k 2 + k;
# those of further hearings, between them and in the line, are numbered from `HEARINGS_FROM` on.
CURES = _draw(188, "buyer.cures", "dispute", "chance (behaviour.after_filing.cure)")
CURE_DELAY = _draw(189, "buyer.cure_delay", "dispute", "hours by group (filing_delay)")
CURE_EVIDENCE = _draw(190, "buyer.cure_evidence", "dispute", "normal; weight is calibrated log odds")
COMPLIES = _draw(191, "merchant.complies", "dispute", "chance (behaviour.after_filing.complies)")
BUYER_REVIEW_EFFORT = _draw(208, "review.buyer_effort", "dispute x level", "times (opinions.buyer_effort)")
MERCHANT_REVIEW_EFFORT = _draw(209, "review.merchant_effort", "dispute x level", "money (merchant_effort)")
PARTS = _draw(210, "parties.part", "dispute x wait", "exponential 1, spent at the hazards of parting")
PARTS_HOW = _draw(211, "parties.part_how", "dispute x wait", "uniform, compared with the shares of hazards")
GRANTS = _draw(213, "merchant.grants", "dispute", "uniform, compared with the merchant's chance to grant")
GRANTING = _draw(216, "merchant.granting", "merchant", "beta, its chance to grant (behaviour.grants)")
IGNORING = _draw(212, "merchant.ignoring", "dispute", "share of harm (after_filing.consent.ignoring)")
# Merchants who respond: contests, categories of goods, shops that open and close.
CATEGORY = _draw(160, "order.category", "dispute", "by share and cause (market.categories)")
ANSWER_COST = _draw(164, "merchant.answer_cost", "dispute", "money (behaviour.contest.answer_cost)")
FIRST_COST = _draw(165, "merchant.first_answer_cost", "dispute", "money (behaviour.contest.first_cost)")
CONTEST_GUESS = _draw(166, "merchant.contest_guess", "dispute", "normal (behaviour.contest.notice_sd)")
KEEPS_DESK = _draw(168, "merchant.keeps_desk", "merchant", "chance by filings a year (behaviour.contest)")
VACANT = _draw(169, "merchant.vacant", "merchant", "chance that the shop is empty at the start")
LIFETIME = _draw(170, "merchant.lifetime", "merchant x life", "exponential 1, spent at the hazard of leaving")
SUCCESSION = _draw(171, "merchant.succession", "merchant x life", "exponential 1 (turnover.newcomer_after)")
COMES_BACK = _draw(172, "merchant.comes_back", "merchant x life", "chance (behaviour.turnover.comes_back)")
# Queues and machines. The queue of screening is number 0, that of level k number k + 1.
QUEUE_PATIENCE = _draw(235, "buyer.queue_patience", "dispute x queue", "hours by group (queue_patience)")
MODEL_OWN = _draw(236, "model.own_error", "dispute x level", "normal (model.own_error)")
AUDITED = _draw(237, "model.audited", "dispute x level", "chance by policy (decision.model.audit_share)")
REQUEST_ANSWERED = _draw(238, "model.request_answered", "dispute x level", "chance (model.answers)")
REQUEST_DELAY = _draw(239, "model.request_delay", "dispute x level", "hours (model.answer_delay)")
REQUEST_EVIDENCE = _draw(240, "model.request_evidence", "dispute x level", "normal (answer_strength)")
MODEL_SHARED = _draw(
    241, "model.shared_error", "model x group x cause", "normal (model.shared_error); its slot is the version"
)
# Evidence as things: one artefact of a kind in a dispute, whoever holds it.
BUYER_HAS = _draw(192, "artefact.buyer_has", "dispute x kind", "chance by skill, kind and promptness")
MERCHANT_HAS = _draw(193, "artefact.merchant_has", "dispute x kind", "chance by record keeping and kind")
PLATFORM_SEES = _draw(194, "artefact.platform_sees", "dispute x kind", "chance by policy (platform_sees)")
ARTEFACT = _draw(195, "artefact.weight", "dispute x kind", "normal; weight is calibrated log odds")
BROUGHT = _draw(196, "artefact.brought", "dispute x kind", "chance by knowledge (evidence.brings)")
FALSE_ALARM = _draw(197, "artefact.false_alarm", "dispute x kind", "chance by policy (checks.detectors)")
CLARITY = _draw(200, "buyer.clarity", "dispute", "chance by group (clarity)")
PACKAGING = _draw(201, "buyer.packaging", "dispute", "chance by group (keeps_packaging)")
FORGED_KIND = _draw(202, "buyer.forged_kind", "dispute", "chance (evidence.forged_videos)")
MACHINE_MADE = _draw(203, "buyer.machine_made", "dispute", "chance (evidence.machine_made)")
FORGED_RECORD = _draw(204, "merchant.forged_kind", "dispute", "evenly over the kinds that matter")
MERCHANT_REBUTS = _draw(205, "merchant.rebuts", "dispute", "chance (evidence.rebuttal_share)")
REBUTTAL_DELAY = _draw(206, "merchant.rebuttal_delay", "dispute", "hours by group and merchant (reply)")
REBUTTAL = _draw(207, "merchant.rebuttal", "dispute", "normal; weight is calibrated log odds")

SLOTS_PER_LEVEL = 1 << 12
"""Seats of the panel of level k have the slots from k times this on; no panel is as large."""


class _Source(local):
    """A generator for each thread, because making one takes longer than most columns."""

    def __init__(self) -> None:
        self.bits = np.random.Philox()


_source = _Source()


@lru_cache(maxsize=64)
def key_of(seed: int, replication: int) -> NDArray[Any]:
    """The key of a replication's generator: two words."""
    return np.random.SeedSequence(seed, spawn_key=(replication,)).generate_state(2, np.uint64)


def _at(seed: int, replication: int, counter: tuple[int, int, int, int]) -> np.random.Philox:
    """This thread's generator, set as `Philox(key=..., counter=counter)` would be."""
    where: Any = {"counter": np.array(counter, np.uint64), "key": key_of(seed, replication)}
    _source.bits.state = {
        "bit_generator": "Philox",
        "state": where,
        "buffer": np.zeros(PER_STEP, np.uint64),
        "buffer_pos": PER_STEP,
        "has_uint32": 0,
        "uinteger": 0,
    }
    return _source.bits


class Luck(NamedTuple):
    """The luck of one replication: uniforms by draw, slot and position."""

    seed: int
    replication: int

    def uniforms(self, draw: Draw, first: int, count: int, slot: int = 0) -> NDArray[np.float64]:
        """Uniforms strictly between 0 and 1 of the positions first .. first + count - 1.

        Position i always has the same value, however the column is cut into blocks.
        """
        if draw.of_dispute:
            group, lane = divmod(draw.number, PER_STEP)
            counter = (first, group, slot, 1)
            raw = _at(self.seed, self.replication, counter).random_raw(PER_STEP * count)[lane::PER_STEP]
        else:
            step, skip = divmod(first, PER_STEP)
            counter = (step, draw.number, slot, 0)
            raw = _at(self.seed, self.replication, counter).random_raw(count + skip)[skip:]
        # 52 bits become the fraction of a double from 1 to 2; less 1, plus half of the last place, they
        # are exact, and never 0 or 1, where quantiles are infinite.
        return ((raw >> _DROP) | _ONE).view(np.float64) - (1.0 - 2.0**-53)
