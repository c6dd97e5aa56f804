"""What happened to a dispute, in order: when, who, and what, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from evenhand.explain.after_filing import of_the_notice, of_the_wait, sent_back
from evenhand.explain.dispute import StoryEvent, StoryOfDispute
from evenhand.explain.talks import offered, settlement, weighed
from evenhand.locale.current import gettext, gettext_noop
from evenhand.locale.words import in_words
from evenhand.sim.lifecycle.activities import ACTIVITIES, TABLE
from evenhand.sim.runs.records import SIDES
from evenhand.sim.scenario.vocabulary import DESKS


class Moment(NamedTuple):
    """One line of a timeline."""

    at: float
    who: str
    what: str


BUYER, MERCHANT, PLATFORM, BOTH, CARRIER = "buyer", "merchant", "platform", "both", "carrier"


def timeline(d: StoryOfDispute) -> list[Moment]:
    """Everything that happened from the order on, in the order in which it did."""
    moments = [
        Moment(d["order_at"], BUYER, gettext("orders for {amount}").format(amount=d.money(d["amount"]))),
        Moment(d["order_at"] + d["delivery"], CARRIER, gettext("delivers, or should have")),
    ]
    if not d.count("complained"):
        claim = _word(d["claimed"])
        moments.append(
            Moment(
                d["opened_at"],
                BUYER,
                gettext("claims '{claim}' and does not talk to the merchant").format(claim=claim),
            )
        )
    seen: Counter[str] = Counter()
    for event in d.events:
        seen[event.activity] += 1
        moments.append(Moment(event.at, *_said(d, event, seen[event.activity])))
    if d["ending"] == "open":
        moments.append(Moment(d.run.horizon, "-", gettext("the run ends, and the dispute is still open")))
    return moments


def _said(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    """Who did what: the phrase of the activity, or a sentence that knows more of the dispute."""
    if event.activity in _DETAILS:
        return _DETAILS[event.activity](d, event, nth)
    known = TABLE[ACTIVITIES.index(event.activity)]
    return known.told_of, gettext(known.phrase)


Said = tuple[str, str]
Say = Callable[[StoryOfDispute, StoryEvent, int], Said]
"""Who did what, from an event and from how many of its kind there have been."""


def _complained(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    tone = gettext("in anger") if d["hostile"] else gettext("calmly")
    return BUYER, gettext("complains to the merchant, {tone}: '{word}'").format(
        tone=tone, word=_word(d["claimed"])
    )


def _replied(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    """The record keeps the sums of the last offer only, and mediation goes on from there."""
    last = nth == d.count("replied") and not d.count("mediation met") and not d.count("offers laid open")
    if event.resource >= 0:
        return MERCHANT, offered(d, event, last)
    if nth == d.count("replied") and not d.count("mediation met"):
        return MERCHANT, gettext("offers {offer}").format(offer=d.part(d["offer"]))
    return MERCHANT, gettext("makes an offer, and the buyer asks for more")


def _reply_window(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    refund = (
        gettext(": by the rules, the buyer is refunded") if d["reason"] == "merchant silent in talks" else ""
    )
    return MERCHANT, gettext("has not answered in time{refund}").format(refund=refund)


def _settled(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    if d.scenario.behaviour.talks.enabled:
        why = of_the_wait(d) if d["reason"] == "agreed after filing" else ""
        why += of_the_notice(d) if d["reason"] == "agreed instead of the procedure" else ""
        return BOTH, gettext("settle ({reason}): {settlement}{why}").format(
            reason=gettext(d["reason"]), settlement=settlement(d), why=why
        )
    return BOTH, gettext("settle ({reason}) for {share}").format(
        reason=gettext(d["reason"]), share=d.part(d["share"])
    )


def _filed(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    fee = d.policy.screening.filing_fee
    paid = gettext(", and pays {fee}").format(fee=d.money(fee)) if fee else ""
    if d["represented"]:
        firms = d.scenario.behaviour.representatives
        if firms.reading > 0 and d["firm_work"] <= firms.cost:
            return BUYER, gettext("has a claims firm apply for intervention, which has not read the case")
        return BUYER, gettext("has a claims firm apply for intervention")
    return BUYER, gettext("applies for intervention {buyer_showed} evidence{paid}").format(
        buyer_showed=gettext("with") if d["buyer_showed"] else gettext("without"), paid=paid
    )


def _with_reason(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    known = TABLE[ACTIVITIES.index(event.activity)]
    return known.told_of, f"{gettext(known.phrase)}: {gettext(d['reason'])}"


def _answered(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return MERCHANT, gettext("answers {merchant_showed} evidence{worth}").format(
        merchant_showed=gettext("with") if d["merchant_showed"] else gettext("without"), worth=_worth(d)
    )


def _worth(d: StoryOfDispute) -> str:
    """What the merchant compared, where contesting is a choice."""
    if not d.happened("answer_saves"):
        return ""
    saves, costs = d.money(d["answer_saves"]), d.money(d["answer_costs"])
    if d["answer_saves"] > d["answer_costs"]:
        return gettext(" (an answer was expected to save {saves} and to cost {costs})").format(
            saves=saves, costs=costs
        )
    return gettext(" (an answer was expected to save only {saves} and to cost {costs})").format(
        saves=saves, costs=costs
    )


_SILENCE = {
    "buyer_wins": gettext_noop("the buyer wins by default"),
    "adverse_inference": gettext_noop("this will count against the merchant"),
    "decide_on_file": gettext_noop("the file is decided as it stands"),
    "close": gettext_noop("the case is closed"),
}


def _stayed_silent(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return MERCHANT, gettext("has sent nothing in time{worth}: {what}").format(
        worth=_worth(d), what=gettext(_SILENCE[d.policy.answer.silence])
    )


def _met(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    if nth == d.count("mediation met") and d.scenario.behaviour.talks.enabled:
        return BOTH, gettext("meet a mediator: {weighed}").format(weighed=weighed(d))
    if nth == d.count("mediation met"):
        return BOTH, gettext("meet a mediator; the offer stands at {offer}").format(offer=d.part(d["offer"]))
    return BOTH, gettext("meet a mediator")


def _to_desk(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("puts the case in the queue of the {what} desk").format(
        what=gettext(DESKS[event.resource])
    )


def _invited(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("invites a panel of {resource} jurors").format(resource=event.resource)


def _no_verdict(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    falls_to = {
        "desk": gettext("an arbiter decides"),
        "buyer": gettext("the buyer wins"),
        "merchant": gettext("the merchant wins"),
    }
    return "panel", gettext("reaches no verdict: by the rules, {what}").format(
        what=falls_to[d.policy.decision.panel.fallback]
    )


def _outcome(d: StoryOfDispute, event: StoryEvent) -> str:
    """What a ruling gave. The record keeps the first and the last; a return is due only after a full one."""
    if event.at == d["ruled_at"]:
        return _gave(d, d["first_share"])
    if event.at == d["last_ruled_at"]:
        return _gave(d, 1.0 if d["reason"] == "goods not sent back" else d["share"])
    return gettext("rules again (the record has the first and the last ruling only)")


def _gave(d: StoryOfDispute, share: float) -> str:
    return (
        gettext("rules for the buyer: {share}").format(share=d.part(share))
        if share > 0
        else gettext("rules for the merchant: no refund")
    )


def _ruled(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return gettext("arbiter {resource}").format(resource=event.resource), _outcome(d, event)


def _by_rule(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    if d["answered"] and d.policy.answer.required and not d.happened("belief"):
        return PLATFORM, gettext(
            "{outcome} (automatically: the proof that the rules require is missing)"
        ).format(outcome=_outcome(d, event))
    return PLATFORM, gettext("{outcome} (automatically: clear, and below the limit)").format(
        outcome=_outcome(d, event)
    )


def _model_ruled(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("{outcome} (by the model)").format(outcome=_outcome(d, event))


def _audited(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("lets a person decide; the model {gave}").format(gave=_gave(d, d["model_share"]))


def _request(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("is not sure, by its model, and requests more from the {what}").format(
        what=gettext(SIDES[event.resource])
    )


def _request_met(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return SIDES[event.resource], gettext("sends what was requested")


def _panel_ruled(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    votes = gettext("{resource} votes for the buyer").format(resource=event.resource)
    if event.at == d["last_ruled_at"] and not d.panel_is_out:
        votes += gettext(", {votes_merchant} for the merchant").format(votes_merchant=d["votes_merchant"])
    return "panel", f"{_outcome(d, event)} ({votes})"


def _review(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    step = d.run.policy.versions()[d["version"]][1].steps[d["exceptions"]][nth]
    review = step.plan.review
    fee = review.fee_fixed + review.fee_share * d["amount"]
    if review.decider == "panel":
        fee += review.fee_per_seat * step.seats
    return SIDES[event.resource], gettext("asks for a review{fee}").format(
        fee=gettext(", and pays {fee}").format(fee=d.money(fee)) if fee else ""
    )


def _refunded(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    if d["platform_paid"] > 0 and d["merchant_paid"] > 0:
        return BOTH, (
            gettext("pay the buyer {refund}: the platform {platform_paid}, the merchant the rest").format(
                refund=d.money(d["refund"]), platform_paid=d.money(d["platform_paid"])
            )
        )
    who = PLATFORM if d["platform_paid"] > 0 else MERCHANT
    return who, gettext("pays the buyer {refund}").format(refund=d.money(d["refund"]))


def _forgery(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, gettext("puts the forgery of the {what} on record").format(
        what=gettext(SIDES[event.resource])
    )


def _closed(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM if d.filed else BOTH, gettext("closed: {ending}").format(ending=gettext(d["ending"]))


def _officer(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return (
        gettext("arbiter {resource}").format(resource=event.resource),
        gettext("offers {officer_share}, beside the offers of both sides").format(
            officer_share=d.part(d["officer_share"])
        ),
    )


def _sent_back(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return PLATFORM, sent_back(d)


def _withdrew(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return BUYER, f"{gettext('withdraws')}{of_the_wait(d) if d['reason'] == 'buyer gave up waiting' else ''}"


def _performed(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    return MERCHANT, gettext("does what it should have done{of_the_wait}").format(of_the_wait=of_the_wait(d))


def _consent(d: StoryOfDispute, event: StoryEvent, nth: int) -> Said:
    known = TABLE[ACTIVITIES.index(event.activity)]
    return known.told_of, f"{gettext(known.phrase)}{of_the_notice(d)}"


_DETAILS: dict[str, Say] = {
    "complained": _complained,
    "replied": _replied,
    "reply window closed": _reply_window,
    "settled": _settled,
    "filed": _filed,
    "abandoned": _with_reason,
    "lapsed": _with_reason,
    "not admitted": _with_reason,
    "answered": _answered,
    "stayed silent": _stayed_silent,
    "mediation met": _met,
    "handed to desk": _to_desk,
    "panel invited": _invited,
    "ruled": _ruled,
    "ruled by rule": _by_rule,
    "panel ruled": _panel_ruled,
    "model ruled": _model_ruled,
    "model audited": _audited,
    "more requested": _request,
    "request met": _request_met,
    "no verdict": _no_verdict,
    "forgery found": _forgery,
    "review requested": _review,
    "sent back": _sent_back,
    "withdrew": _withdrew,
    "performed": _performed,
    "consent given": _consent,
    "consent lapsed": _consent,
    "refunded": _refunded,
    "closed": _closed,
    "officer offered": _officer,
}


def _word(cause: str) -> str:
    return in_words(cause)
