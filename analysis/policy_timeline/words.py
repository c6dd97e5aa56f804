"""What phases say: conditions, deciders and the meaning of silence, in a few words each."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.charts.words import plain
from evenhand.locale.current import gettext, gettext_noop, ngettext
from evenhand.locale.words import in_words
from evenhand.sim.policy.adjudication import Burden, Panel
from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy

SILENT_IN_TALKS = {
    "escalate": gettext_noop("the buyer may ask the platform"),
    "refund": gettext_noop("the buyer is refunded"),
}
CUT_SHORT = gettext_noop("ends with the time to ask the platform")
_SILENT_AFTER_FILING = {
    "buyer_wins": gettext_noop("the buyer wins"),
    "adverse_inference": gettext_noop("counts against the merchant"),
    "decide_on_file": gettext_noop("decided on the file as it is"),
    "close": gettext_noop("the case is closed"),
}
TAKERS = {"both": gettext_noop("both sides must take it"), "either": gettext_noop("one side is enough")}
NO_VERDICT = {
    "desk": gettext_noop("without a verdict, a desk rules"),
    "buyer": gettext_noop("without a verdict, the buyer wins"),
    "merchant": gettext_noop("without a verdict, the merchant wins"),
}
_ORDER = {
    "fifo": gettext_noop("first come, first served"),
    "largest_amount": gettext_noop("largest amount first"),
    "smallest_amount": gettext_noop("smallest amount first"),
    "oldest_order": gettext_noop("oldest order first"),
    "shortest": gettext_noop("shortest job first"),
}
_BEARER = {
    "buyer": gettext_noop("the buyer"),
    "merchant": gettext_noop("the merchant"),
    "nobody": gettext_noop("nobody"),
}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
NOUNS = (
    ("message", "messages"),
    ("kind", "kinds"),
    ("filing", "filings"),
    ("strike", "strikes"),
    ("meeting", "meetings"),
    ("juror", "jurors"),
    ("case", "cases"),
    ("exercise", "exercises"),
)
"""What `count` counts, one and many."""


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{100 * share:.4g} %"


def amount(value: float) -> str:
    """An amount of money; the currency is the scenario's."""
    return f"{value:,.6g}"


def hours(value: float) -> str:
    """A duration in the unit that suits it."""
    return f"{value / 24:.4g} d" if value >= 72 and value % 24 == 0 else f"{value:.4g} h"


def count(n: int, one: str, many: str = "") -> str:
    """A number and its noun."""
    return f"{n} {ngettext(one, many or one + 's', n)}"


def jurors(size: int) -> str:
    """The size of a panel."""
    return count(size, "juror")


def nth(level: int, of: int) -> str:
    """Which of several; nothing where there is only one."""
    return "" if of == 1 else f"{gettext(ORDINALS[level - 1])} "


def causes(names: tuple[str, ...]) -> str:
    """Causes as a reader writes them."""
    return ", ".join(map(in_words, names))


def talks(policy: Policy) -> Iterator[str]:
    """How long talks may go on, and whether they may be skipped."""
    yield gettext("at most {count}, each with an answer").format(
        count=count(policy.negotiation.rounds, "message")
    )
    yield gettext("must be tried first") if policy.negotiation.required else gettext("may be skipped")


def filing(policy: Policy) -> Iterator[str]:
    """What a filing costs either side."""
    rules = policy.screening
    if rules.filing_fee:
        yield gettext("fee {amount}{loser_pays}").format(
            amount=amount(rules.filing_fee),
            loser_pays=gettext(", paid by the loser") if rules.loser_pays else "",
        )
    if rules.represented.enabled:
        free = (
            gettext(", the first {free:,} free").format(free=rules.represented.free)
            if rules.represented.free
            else ""
        )
        yield gettext("claims firms pay {amount}{free}").format(
            amount=amount(rules.represented.fee), free=free
        )
    if rules.merchant_fee:
        yield gettext("the merchant pays {amount}, won or lost").format(amount=amount(rules.merchant_fee))


def screening(policy: Policy) -> Iterator[str]:
    """What a filing must have to be heard."""
    rules = policy.screening
    if not rules.heard:
        yield gettext("not heard at all")
    if policy.negotiation.required and policy.negotiation.rounds:
        yield gettext("talks were tried")
    if rules.minimum_evidence:
        yield gettext("at least {count} of evidence").format(count=count(rules.minimum_evidence, "kind"))
    if rules.request_cap is not None:
        yield gettext("at most {count} of a buyer in {hours}").format(
            count=count(rules.request_cap, "filing"), hours=hours(rules.request_period)
        )
    if rules.abuse_limit is not None:
        fresh = gettext(" in {hours}").format(hours=hours(rules.record_window)) if rules.record_window else ""
        yield gettext("not heard from {count} of the buyer{fresh}").format(
            count=count(rules.abuse_limit, "strike"), fresh=fresh
        )


def silent_after_filing(policy: Policy) -> str:
    """What the merchant's silence means after the filing."""
    meaning = gettext(_SILENT_AFTER_FILING[policy.answer.silence])
    if policy.answer.silence == "adverse_inference":
        return gettext("{meaning} ({inference:+.3g} nats)").format(
            meaning=meaning, inference=policy.answer.inference
        )
    return meaning


def answering(policy: Policy) -> Iterator[str]:
    """What an answer costs, must have, and may be late by."""
    answer = policy.answer
    if answer.fee:
        yield gettext("fee {amount}{loser_pays}").format(
            amount=amount(answer.fee),
            loser_pays=gettext(", paid by the loser") if policy.screening.loser_pays else "",
        )
    if answer.required:
        yield gettext("loses at once without {causes}").format(causes=causes(answer.required))
    if answer.extension_share and answer.extension:
        yield gettext("extended by {hours} in {percent} of late cases").format(
            hours=hours(answer.extension), percent=percent(answer.extension_share)
        )


def mediation(policy: Policy) -> Iterator[str]:
    """What a mediator does."""
    rules = policy.mediation
    yield gettext("at most {count}").format(count=count(rules.rounds, "meeting"))
    yield gettext("each closes {percent} of the gap").format(percent=percent(rules.push))
    if rules.give_up < 1:
        yield gettext("given up at once where the gap is above {percent} of the amount").format(
            percent=percent(rules.give_up)
        )


def automatic(policy: Policy) -> Iterator[str]:
    """Which cases a rule decides."""
    rule = policy.decision.automatic
    yield gettext("amounts up to {amount}").format(amount=amount(rule.max_amount))
    yield gettext("clear by {margin:.3g} nats").format(margin=rule.margin)
    strikes = count(rule.max_buyer_strikes, "strike") if rule.max_buyer_strikes else ""
    yield (
        gettext("buyers with at most {strikes}").format(strikes=strikes)
        if strikes
        else gettext("buyers without strikes")
    )
    if rule.causes:
        yield gettext("only {causes}").format(causes=causes(rule.causes))


def weighing(policy: Policy) -> Iterator[str]:
    """Burden, standard, and what a win brings."""
    burden, decision = policy.burden, policy.decision
    if decision.decider == "desk":
        yield gettext(_ORDER[decision.discipline])
    yield gettext("burden on {bearers}").format(bearers="; on ".join(_bearers(burden)))
    yield gettext("the buyer wins above {percent}").format(percent=percent(decision.standard))
    if decision.band:
        yield gettext("{percent} refund within {band:.3g} nats of that").format(
            percent=percent(decision.partial_share), band=decision.band
        )
    if decision.remedy == "proportional":
        yield gettext("a refund in proportion to the damage shown")
    if decision.checks.share:
        found = percent(decision.checks.detection)
        yield gettext("{percent} of cases checked for forgery, which finds {found}").format(
            percent=percent(decision.checks.share), found=found
        )


def _bearers(burden: Burden) -> Iterator[str]:
    """Who must prove what, each side once."""
    yield gettext(_BEARER[burden.default])
    for who, named in _BEARER.items():
        found = tuple(cause for cause, bearer in burden.by_cause.items() if bearer == who)
        if found and who != burden.default:
            yield gettext("{named} for {causes}").format(named=gettext(named), causes=causes(found))


def voting(panel: Panel) -> Iterator[str]:
    """How a panel comes to its verdict, and what it is worth to its jurors."""
    yield gettext("more than {percent} of the votes").format(percent=percent(panel.majority))
    if panel.quorum > 1:
        yield gettext("quorum {quorum}").format(quorum=panel.quorum)
    if panel.reveal.hours:
        yield gettext("votes are sealed")
    elif panel.visible:
        yield gettext("jurors see the votes before theirs")
    yield gettext("ends when one side has it") if panel.early_stop else gettext("every vote is heard")
    if panel.stake:
        lost = percent(panel.slashed)
        yield gettext("stake {amount}; the minority loses {lost} of it to the majority").format(
            amount=amount(panel.stake), lost=lost
        )
    if panel.fee:
        yield gettext("fee {amount} for a vote with the majority").format(amount=amount(panel.fee))
    if panel.eligible < 1:
        yield gettext("{percent} of the pool may sit").format(percent=percent(panel.eligible))
    if panel.training:
        yield gettext("after {count}").format(count=count(int(panel.training), "exercise"))
    if panel.cap is not None:
        yield gettext("at most {count} a juror in {hours}").format(
            count=count(panel.cap, "case"), hours=hours(panel.cap_period)
        )


def request(policy: Policy, seats: int) -> Iterator[str]:
    """What a request for review by a panel of so many seats needs."""
    review = policy.review
    if review.new_evidence:
        yield gettext("only with new evidence")
    elif not review.admit_new:
        yield gettext("no new evidence")
    if not review.suspends:
        yield gettext("the ruling is carried out meanwhile")
    parts = [percent(review.fee_share) + gettext(" of the amount")] if review.fee_share else []
    by_seat = review.fee_per_seat * seats if review.decider == "panel" else 0.0
    parts += [amount(review.fee_fixed + by_seat)] if review.fee_fixed + by_seat else []
    if parts:
        yield gettext("fee {parts}{loser_pays}").format(
            parts=" + ".join(parts), loser_pays=gettext(", paid by the loser") if review.loser_pays else ""
        )


def reviewing(policy: Policy) -> Iterator[str]:
    """How a review is decided."""
    review = policy.review
    if review.decider == "desk" and review.other_arbiter:
        yield gettext("by another arbiter")
    if review.deference:
        yield gettext("{deference:.3g} nats for the ruling under review").format(deference=review.deference)


def returning(policy: Policy) -> Iterator[str]:
    """When goods go back, and who pays for it."""
    returns = policy.returns
    if returns.no_reason:
        yield gettext("goods in hand may go back without a reason")
    freight = gettext("freight {amount} on the {freight}").format(
        amount=amount(returns.freight_cost), freight=returns.freight
    )
    yield gettext("for a full refund of goods in hand; {freight}").format(freight=freight)
    if returns.exempt:
        yield gettext("not for {causes}").format(causes=causes(returns.exempt))


def refund(policy: Policy) -> Iterator[str]:
    """Who pays, and what an ending does to the records."""
    funding, sanctions = policy.funding, policy.sanctions
    yield gettext("paid by the {payer}").format(payer=funding.payer)
    if funding.payer == "merchant" and funding.platform_below:
        rated = gettext(" of merchants rated {platform_if_rating:.3g} or more").format(
            platform_if_rating=funding.platform_if_rating
        )
        whose = rated if funding.platform_if_rating else ""
        yield gettext("by the platform up to {amount}{whose}").format(
            amount=amount(funding.platform_below), whose=whose
        )
    if funding.platform_cap is not None:
        yield gettext("the platform pays at most {amount}").format(amount=amount(funding.platform_cap))
    if funding.platform_after_review:
        yield gettext("what a review takes back stays with the buyer; the platform pays it")
    points = {
        "a lost ruling": sanctions.points_loss,
        "silence": sanctions.points_default,
        "forgery": sanctions.points_forgery,
    }
    told = [
        gettext("{value:.4g} for {what}").format(value=value, what=what)
        for what, value in points.items()
        if value
    ]
    if told:
        yield gettext("points: {told}").format(told=", ".join(told))
    if sanctions.points_limit is not None:
        yield gettext("{hours} suspension at {points_limit:.4g} points").format(
            hours=hours(sanctions.suspension), points_limit=sanctions.points_limit
        )


def apart(policy: Policy) -> Iterator[str]:
    """What is different for some cases, and from a date on: a sentence each."""
    for name in policy.by_case:
        one = policy.exceptions[name]
        yield plain(
            gettext("{name}, where {conditions}: {changed}").format(
                name=name, conditions=", ".join(_conditions(one.when)), changed=_changed(one.changes)
            )
        )
    for reform in policy.reforms:
        when = (
            gettext("day {starts}").format(starts=reform.starts)
            if isinstance(reform.starts, int)
            else f"{reform.starts}"
        )
        yield plain(
            gettext("Reform from {when}{retroactive}: {changed}").format(
                when=when,
                retroactive=gettext(", retroactive") if reform.retroactive else "",
                changed=_changed(reform.changes),
            )
        )


def _conditions(when: When) -> Iterator[str]:
    """The conditions of an exception, as they stand in a file."""
    for name, value in when.model_dump(exclude_defaults=True).items():
        told = hours(value) if name == "within" else _value(value)
        yield f"{name.replace('_', ' ')} {told}"


def _changed(changes: object) -> str:
    return "; ".join(f"{path} {_value(value)}" for path, value in _leaves(changes))


def _leaves(changes: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(changes, dict):
        for key, inner in changes.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, changes


def _value(value: object) -> str:
    """A value as a file would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return ", ".join(_value(one) for one in value).replace("_", " ") or "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
