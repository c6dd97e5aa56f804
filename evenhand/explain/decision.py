"""What decided a dispute: the terms of the belief, the standard it had to pass, and the votes."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.explain.artefacts import shared
from evenhand.explain.dispute import StoryOfDispute, chance, kinds

SILENT = "silence decided: a window closed before anybody ruled"


class Term(NamedTuple):
    """A part of the belief in nats towards the buyer, and what it stands for."""

    name: str
    nats: float
    meaning: str


def terms(d: StoryOfDispute) -> list[Term]:
    """The terms of the last ruling in the order in which they are added; none where nobody ruled."""
    if not d.happened("belief"):
        return []
    known = [
        Term("prior", d["term_prior"], _prior(d)),
        Term("history", d["term_history"], "the records of buyer and merchant"),
        Term("buyer", d["term_buyer"], _buyer(d)),
        Term("merchant", d["term_merchant"], _merchant(d)),
        Term("silence", d["term_silence"], _silence(d)),
    ]
    if shared(d):
        known.append(Term("platform", d["term_platform"], f"its own records: {kinds(d['platform_saw'])}"))
    # The noise on record may already be that of a panel that is still out.
    noise = d["belief"] - sum(term.nats for term in known)
    return [
        *known,
        Term("noise", noise, _noise(d)),
        Term("= belief", d["belief"], f"{100 * chance(d['belief']):.0f} % sure that the buyer is right"),
        Term("standard", d["standard"], f"{100 * d.policy.decision.standard:.0f} % sure are needed"),
    ]


def verdict(d: StoryOfDispute) -> str:
    """One sentence on how belief and standard became the ruling; or on why there was none."""
    if d["decider"] == "silence":
        return f"{SILENT} ({d['reason']})"
    if not d.happened("belief"):
        return "nobody has decided anything yet" if d["ending"] == "open" else "nobody had to decide"
    if d["decider"] == "panel":
        return _votes(d)
    gap, band = d["belief"] - d["standard"], d.policy.decision.band
    where = f"the belief is {abs(gap):.2f} {'above' if gap > 0 else 'below'} the standard"
    if 0 < band >= abs(gap):
        return f"{where}, inside the band of {band:.2f} to either side: a partial refund"
    return f"{where}: {'for the buyer' if gap > 0 else 'for the merchant'}"


def _prior(d: StoryOfDispute) -> str:
    burden = d.policy.burden
    bears = burden.by_cause.get(d["claimed"], burden.default)
    text = f"the burden of proof is on the {bears}" if bears != "nobody" else "nobody bears the burden"
    deference = d.policy.review.deference
    if d.rulings > 1 and deference:
        return f"{text}; {deference:.2f} in favour of the ruling under review"
    return text


def _buyer(d: StoryOfDispute) -> str:
    """Says which rule made the number, in the order in which deciders apply them."""
    if d["buyer_found_out"]:
        text = "a forgery was found, and counts against the buyer"
    elif not d["buyer_showed"]:
        text = "no evidence with the filing"
    else:
        text = "the evidence shown"
    if d["supplemented"] and not d["buyer_found_out"]:
        text += ", and the rebuttal"
    if shared(d) and d["unclear"] and not d["supplemented"]:
        text += "; the filing was unclear"
    if shared(d) and d["hostile"] and d.scenario.evidence.emotional_cost:
        text += f"; {-d.scenario.evidence.emotional_cost:+.2f} for its tone"
    if d["claimed"] in d.policy.evidence.packaging_causes and not d["packaging"]:
        text += f"; {-d.policy.evidence.packaging_inference:+.2f} for the lost packaging"
    if d["new_evidence"] and d.rulings > d["reviews"] > 0:
        text += f"; {d['new_evidence']:+.2f} new evidence in review"
    return text


def _merchant(d: StoryOfDispute) -> str:
    if d["merchant_found_out"]:
        return "a forgery was found, and counts against the merchant"
    if d["merchant_showed"]:
        return "the evidence shown"
    if not d["answered"] and not d.silent:
        return "not asked before the ruling"
    return "sent nothing: see silence" if d.silent else "an answer without evidence"


def _silence(d: StoryOfDispute) -> str:
    if d["uncooperative"]:
        return "the merchant answered without what it was asked for"
    if not d.silent:
        return "the merchant answered" if d["answered"] else "the merchant was not asked"
    counts = d.policy.answer.silence == "adverse_inference"
    return "the merchant's silence" + ("" if counts else ", from which the rules infer nothing")


def _noise(d: StoryOfDispute) -> str:
    if d["decider"] == "panel":
        return "an impression that all jurors shared"
    if d["decider"] == "rule":
        return "none: a rule decided"
    if d["decider"] == "model":
        return "the model: what it gets wrong in all such cases, and in this one"
    return f"arbiter {d['arbiter']}: own leaning, leaning in such cases, the day"


def _votes(d: StoryOfDispute) -> str:
    if d.panel_is_out:
        return "a panel ruled, and another is still out"
    cast = f"{d['votes_buyer']} votes for the buyer, {d['votes_merchant']} for the merchant"
    panel = d.policy.decision.panel
    if d.panels[-2:] == ["no verdict", "panel ruled"]:
        return f"{cast}: no verdict, and the rules then say {panel.fallback}"
    needed = f"a side needs more than {100 * panel.majority:.0f} %"
    return f"{cast}: {needed}; each juror adds noise and a lean of his own to the belief"
