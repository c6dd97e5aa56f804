"""What decided a dispute: the terms of the belief, the standard it had to pass, and the votes."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.explain.artefacts import shared
from evenhand.explain.dispute import StoryOfDispute, chance, kinds
from evenhand.locale.current import gettext, gettext_noop

SILENT = gettext_noop("silence decided: a window closed before anybody ruled")


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
        Term("history", d["term_history"], gettext("the records of buyer and merchant")),
        Term("buyer", d["term_buyer"], _buyer(d)),
        Term("merchant", d["term_merchant"], _merchant(d)),
        Term("silence", d["term_silence"], _silence(d)),
    ]
    if shared(d):
        known.append(
            Term(
                "platform",
                d["term_platform"],
                gettext("its own records: {kinds}").format(kinds=kinds(d["platform_saw"])),
            )
        )
    # The noise on record may already be that of a panel that is still out.
    noise = d["belief"] - sum(term.nats for term in known)
    return [
        *known,
        Term("noise", noise, _noise(d)),
        Term(
            "= belief",
            d["belief"],
            gettext("{chance:.0f} % sure that the buyer is right").format(chance=100 * chance(d["belief"])),
        ),
        Term(
            "standard",
            d["standard"],
            gettext("{standard:.0f} % sure are needed").format(standard=100 * d.policy.decision.standard),
        ),
    ]


def verdict(d: StoryOfDispute) -> str:
    """One sentence on how belief and standard became the ruling; or on why there was none."""
    if d["decider"] == "silence":
        return f"{gettext(SILENT)} ({gettext(d['reason'])})"
    if not d.happened("belief"):
        return (
            gettext("nobody has decided anything yet")
            if d["ending"] == "open"
            else gettext("nobody had to decide")
        )
    if d["decider"] == "panel":
        return _votes(d)
    gap, band = d["belief"] - d["standard"], d.policy.decision.band
    where = gettext("the belief is {gap:.2f} {what} the standard").format(
        gap=abs(gap), what=gettext("above") if gap > 0 else gettext("below")
    )
    if 0 < band >= abs(gap):
        return gettext("{where}, inside the band of {band:.2f} to either side: a partial refund").format(
            where=where, band=band
        )
    side = gettext("for the buyer") if gap > 0 else gettext("for the merchant")
    return f"{where}: {side}"


def _prior(d: StoryOfDispute) -> str:
    burden = d.policy.burden
    bears = burden.by_cause.get(d["claimed"], burden.default)
    text = (
        gettext("the burden of proof is on the {bears}").format(bears=gettext(bears))
        if bears != "nobody"
        else gettext("nobody bears the burden")
    )
    deference = d.policy.review.deference
    if d.rulings > 1 and deference:
        return gettext("{text}; {deference:.2f} in favour of the ruling under review").format(
            text=text, deference=deference
        )
    return text


def _buyer(d: StoryOfDispute) -> str:
    """Says which rule made the number, in the order in which deciders apply them."""
    if d["buyer_found_out"]:
        text = gettext("a forgery was found, and counts against the buyer")
    elif not d["buyer_showed"]:
        text = gettext("no evidence with the filing")
    else:
        text = gettext("the evidence shown")
    if d["supplemented"] and not d["buyer_found_out"]:
        text += gettext(", and the rebuttal")
    if shared(d) and d["unclear"] and not d["supplemented"]:
        text += gettext("; the filing was unclear")
    if shared(d) and d["hostile"] and d.scenario.evidence.emotional_cost:
        text += gettext("; {emotional_cost:+.2f} for its tone").format(
            emotional_cost=-d.scenario.evidence.emotional_cost
        )
    if d["claimed"] in d.policy.evidence.packaging_causes and not d["packaging"]:
        text += gettext("; {packaging_inference:+.2f} for the lost packaging").format(
            packaging_inference=-d.policy.evidence.packaging_inference
        )
    if d["new_evidence"] and d.rulings > d["reviews"] > 0:
        text += gettext("; {new_evidence:+.2f} new evidence in review").format(new_evidence=d["new_evidence"])
    return text


def _merchant(d: StoryOfDispute) -> str:
    if d["merchant_found_out"]:
        return gettext("a forgery was found, and counts against the merchant")
    if d["merchant_showed"]:
        return gettext("the evidence shown")
    if not d["answered"] and not d.silent:
        return gettext("not asked before the ruling")
    return gettext("sent nothing: see silence") if d.silent else gettext("an answer without evidence")


def _silence(d: StoryOfDispute) -> str:
    if d["uncooperative"]:
        return gettext("the merchant answered without what it was asked for")
    if not d.silent:
        return gettext("the merchant answered") if d["answered"] else gettext("the merchant was not asked")
    counts = d.policy.answer.silence == "adverse_inference"
    return gettext("the merchant's silence") + (
        "" if counts else gettext(", from which the rules infer nothing")
    )


def _noise(d: StoryOfDispute) -> str:
    if d["decider"] == "panel":
        return gettext("an impression that all jurors shared")
    if d["decider"] == "rule":
        return gettext("none: a rule decided")
    if d["decider"] == "model":
        return gettext("the model: what it gets wrong in all such cases, and in this one")
    return gettext("arbiter {arbiter}: own leaning, leaning in such cases, the day").format(
        arbiter=d["arbiter"]
    )


def _votes(d: StoryOfDispute) -> str:
    if d.panel_is_out:
        return gettext("a panel ruled, and another is still out")
    cast = gettext("{votes_buyer} votes for the buyer, {votes_merchant} for the merchant").format(
        votes_buyer=d["votes_buyer"], votes_merchant=d["votes_merchant"]
    )
    panel = d.policy.decision.panel
    if d.panels[-2:] == ["no verdict", "panel ruled"]:
        return gettext("{cast}: no verdict, and the rules then say {fallback}").format(
            cast=cast, fallback=gettext(panel.fallback)
        )
    needed = gettext("a side needs more than {majority:.0f} %").format(majority=100 * panel.majority)
    return gettext("{cast}: {needed}; each juror adds noise and a lean of his own to the belief").format(
        cast=cast, needed=needed
    )
