"""What phases say: conditions, deciders and the meaning of silence, in a few words each."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.charts.words import plain
from evenhand.sim.policy.adjudication import Burden, Panel
from evenhand.sim.policy.exceptions import When
from evenhand.sim.policy.policy import Policy

SILENT_IN_TALKS = {
    "escalate": "the buyer may ask the platform",
    "refund": "the buyer is refunded",
}
CUT_SHORT = "ends with the time to ask the platform"
_SILENT_AFTER_FILING = {
    "buyer_wins": "the buyer wins",
    "adverse_inference": "counts against the merchant",
    "decide_on_file": "decided on the file as it is",
    "close": "the case is closed",
}
TAKERS = {"both": "both sides must take it", "either": "one side is enough"}
NO_VERDICT = {
    "desk": "without a verdict, a desk rules",
    "buyer": "without a verdict, the buyer wins",
    "merchant": "without a verdict, the merchant wins",
}
_ORDER = {
    "fifo": "first come, first served",
    "largest_amount": "largest amount first",
    "smallest_amount": "smallest amount first",
    "oldest_order": "oldest order first",
    "shortest": "shortest job first",
}
_BEARER = {"buyer": "the buyer", "merchant": "the merchant", "nobody": "nobody"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


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
    return f"{n} {one if n == 1 else many or one + 's'}"


def jurors(size: int) -> str:
    """The size of a panel."""
    return count(size, "juror")


def nth(level: int, of: int) -> str:
    """Which of several; nothing where there is only one."""
    return "" if of == 1 else f"{_ORDINALS[level - 1]} "


def causes(names: tuple[str, ...]) -> str:
    """Causes as a reader writes them."""
    return ", ".join(name.replace("_", " ") for name in names)


def talks(policy: Policy) -> Iterator[str]:
    """How long talks may go on, and whether they may be skipped."""
    yield f"at most {count(policy.negotiation.rounds, 'message')}, each with an answer"
    yield "must be tried first" if policy.negotiation.required else "may be skipped"


def filing(policy: Policy) -> Iterator[str]:
    """What a filing costs either side."""
    rules = policy.screening
    if rules.filing_fee:
        yield f"fee {amount(rules.filing_fee)}{', paid by the loser' if rules.loser_pays else ''}"
    if rules.represented.enabled:
        free = f", the first {rules.represented.free:,} free" if rules.represented.free else ""
        yield f"claims firms pay {amount(rules.represented.fee)}{free}"
    if rules.merchant_fee:
        yield f"the merchant pays {amount(rules.merchant_fee)}, won or lost"


def screening(policy: Policy) -> Iterator[str]:
    """What a filing must have to be heard."""
    rules = policy.screening
    if not rules.heard:
        yield "not heard at all"
    if policy.negotiation.required and policy.negotiation.rounds:
        yield "talks were tried"
    if rules.minimum_evidence:
        yield f"at least {count(rules.minimum_evidence, 'kind')} of evidence"
    if rules.request_cap is not None:
        yield f"at most {count(rules.request_cap, 'filing')} of a buyer in {hours(rules.request_period)}"
    if rules.abuse_limit is not None:
        fresh = f" in {hours(rules.record_window)}" if rules.record_window else ""
        yield f"not heard from {count(rules.abuse_limit, 'strike')} of the buyer{fresh}"


def silent_after_filing(policy: Policy) -> str:
    """What the merchant's silence means after the filing."""
    meaning = _SILENT_AFTER_FILING[policy.answer.silence]
    if policy.answer.silence == "adverse_inference":
        return f"{meaning} ({policy.answer.inference:+.3g} nats)"
    return meaning


def answering(policy: Policy) -> Iterator[str]:
    """What an answer costs, must have, and may be late by."""
    answer = policy.answer
    if answer.fee:
        yield f"fee {amount(answer.fee)}{', paid by the loser' if policy.screening.loser_pays else ''}"
    if answer.required:
        yield f"loses at once without {causes(answer.required)}"
    if answer.extension_share and answer.extension:
        yield f"extended by {hours(answer.extension)} in {percent(answer.extension_share)} of late cases"


def mediation(policy: Policy) -> Iterator[str]:
    """What a mediator does."""
    rules = policy.mediation
    yield f"at most {count(rules.rounds, 'meeting')}"
    yield f"each closes {percent(rules.push)} of the gap"
    if rules.give_up < 1:
        yield f"given up at once where the gap is above {percent(rules.give_up)} of the amount"


def automatic(policy: Policy) -> Iterator[str]:
    """Which cases a rule decides."""
    rule = policy.decision.automatic
    yield f"amounts up to {amount(rule.max_amount)}"
    yield f"clear by {rule.margin:.3g} nats"
    strikes = count(rule.max_buyer_strikes, "strike") if rule.max_buyer_strikes else ""
    yield f"buyers with at most {strikes}" if strikes else "buyers without strikes"
    if rule.causes:
        yield f"only {causes(rule.causes)}"


def weighing(policy: Policy) -> Iterator[str]:
    """Burden, standard, and what a win brings."""
    burden, decision = policy.burden, policy.decision
    if decision.decider == "desk":
        yield _ORDER[decision.discipline]
    yield f"burden on {'; on '.join(_bearers(burden))}"
    yield f"the buyer wins above {percent(decision.standard)}"
    if decision.band:
        yield f"{percent(decision.partial_share)} refund within {decision.band:.3g} nats of that"
    if decision.remedy == "proportional":
        yield "a refund in proportion to the damage shown"
    if decision.checks.share:
        found = percent(decision.checks.detection)
        yield f"{percent(decision.checks.share)} of cases checked for forgery, which finds {found}"


def _bearers(burden: Burden) -> Iterator[str]:
    """Who must prove what, each side once."""
    yield _BEARER[burden.default]
    for who, named in _BEARER.items():
        found = tuple(cause for cause, bearer in burden.by_cause.items() if bearer == who)
        if found and who != burden.default:
            yield f"{named} for {causes(found)}"


def voting(panel: Panel) -> Iterator[str]:
    """How a panel comes to its verdict, and what it is worth to its jurors."""
    yield f"more than {percent(panel.majority)} of the votes"
    if panel.quorum > 1:
        yield f"quorum {panel.quorum}"
    if panel.reveal.hours:
        yield "votes are sealed"
    elif panel.visible:
        yield "jurors see the votes before theirs"
    yield "ends when one side has it" if panel.early_stop else "every vote is heard"
    if panel.stake:
        lost = percent(panel.slashed)
        yield f"stake {amount(panel.stake)}; the minority loses {lost} of it to the majority"
    if panel.fee:
        yield f"fee {amount(panel.fee)} for a vote with the majority"
    if panel.eligible < 1:
        yield f"{percent(panel.eligible)} of the pool may sit"
    if panel.training:
        yield f"after {count(int(panel.training), 'exercise')}"
    if panel.cap is not None:
        yield f"at most {count(panel.cap, 'case')} a juror in {hours(panel.cap_period)}"


def request(policy: Policy, seats: int) -> Iterator[str]:
    """What a request for review by a panel of so many seats needs."""
    review = policy.review
    if review.new_evidence:
        yield "only with new evidence"
    elif not review.admit_new:
        yield "no new evidence"
    if not review.suspends:
        yield "the ruling is carried out meanwhile"
    parts = [percent(review.fee_share) + " of the amount"] if review.fee_share else []
    by_seat = review.fee_per_seat * seats if review.decider == "panel" else 0.0
    parts += [amount(review.fee_fixed + by_seat)] if review.fee_fixed + by_seat else []
    if parts:
        yield f"fee {' + '.join(parts)}{', paid by the loser' if review.loser_pays else ''}"


def reviewing(policy: Policy) -> Iterator[str]:
    """How a review is decided."""
    review = policy.review
    if review.decider == "desk" and review.other_arbiter:
        yield "by another arbiter"
    if review.deference:
        yield f"{review.deference:.3g} nats for the ruling under review"


def returning(policy: Policy) -> Iterator[str]:
    """When goods go back, and who pays for it."""
    returns = policy.returns
    if returns.no_reason:
        yield "goods in hand may go back without a reason"
    freight = f"freight {amount(returns.freight_cost)} on the {returns.freight}"
    yield f"for a full refund of goods in hand; {freight}"
    if returns.exempt:
        yield f"not for {causes(returns.exempt)}"


def refund(policy: Policy) -> Iterator[str]:
    """Who pays, and what an ending does to the records."""
    funding, sanctions = policy.funding, policy.sanctions
    yield f"paid by the {funding.payer}"
    if funding.payer == "merchant" and funding.platform_below:
        rated = f" of merchants rated {funding.platform_if_rating:.3g} or more"
        whose = rated if funding.platform_if_rating else ""
        yield f"by the platform up to {amount(funding.platform_below)}{whose}"
    if funding.platform_cap is not None:
        yield f"the platform pays at most {amount(funding.platform_cap)}"
    if funding.platform_after_review:
        yield "what a review takes back stays with the buyer; the platform pays it"
    points = {
        "a lost ruling": sanctions.points_loss,
        "silence": sanctions.points_default,
        "forgery": sanctions.points_forgery,
    }
    told = [f"{value:.4g} for {what}" for what, value in points.items() if value]
    if told:
        yield f"points: {', '.join(told)}"
    if sanctions.points_limit is not None:
        yield f"{hours(sanctions.suspension)} suspension at {sanctions.points_limit:.4g} points"


def apart(policy: Policy) -> Iterator[str]:
    """What is different for some cases, and from a date on: a sentence each."""
    for name in policy.by_case:
        one = policy.exceptions[name]
        yield plain(f"{name}, where {', '.join(_conditions(one.when))}: {_changed(one.changes)}")
    for reform in policy.reforms:
        when = f"day {reform.starts}" if isinstance(reform.starts, int) else f"{reform.starts}"
        yield plain(
            f"Reform from {when}{', retroactive' if reform.retroactive else ''}: {_changed(reform.changes)}"
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
