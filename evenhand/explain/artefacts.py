"""The artefacts of a dispute whose evidence is shared: who holds each, what it weighs, what became of it.

Weights are worked out again from the luck of the run, which is how they were drawn.
"""

from __future__ import annotations

from typing import NamedTuple

from scipy.special import ndtri

from evenhand.explain.dispute import StoryOfDispute, kinds
from evenhand.locale.current import gettext
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.evidence import weight_of
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS, OF_BUYER

HOLDERS = ("buyer", "merchant", "platform")


class Artefact(NamedTuple):
    """One piece of evidence of a dispute."""

    kind: str
    holders: tuple[str, ...]
    weight: float
    """Nats towards the buyer."""
    fate: str
    """Whether and by whom it came before the decider."""


def shared(d: StoryOfDispute) -> bool:
    """Whether the evidence of this run is shared between those who hold it."""
    return d.scenario.evidence.model == "shared"


def artefacts(d: StoryOfDispute) -> list[Artefact]:
    """All that there is, kind after kind."""
    found = []
    for number in range(len(EVIDENCE_KINDS)):
        holders = tuple(who for who in HOLDERS if d[f"{who}_kinds"] >> number & 1)
        if holders:
            weight = _weight(d, number)
            found.append(Artefact(kinds(1 << number), holders, weight, _fate(d, number, weight)))
    return found


def forged_by_buyer(d: StoryOfDispute) -> str:
    """What the buyer has forged; empty where nothing."""
    if not d["buyer_forges"]:
        return ""
    by = gettext(" made by a machine") if d["machine_made"] else ""
    return gettext("a forged {kinds}{by}").format(kinds=kinds(1 << d["buyer_forged_kind"]), by=by)


def forged_by_merchant(d: StoryOfDispute) -> str:
    """What the merchant has forged; empty where nothing."""
    return (
        gettext("a forged {kinds}").format(kinds=kinds(1 << d["merchant_forged_kind"]))
        if d["merchant_forged"]
        else ""
    )


def _weight(d: StoryOfDispute, number: int) -> float:
    strength = d.scenario.causes.grievance(d["claimed"]).evidence[EVIDENCE_KINDS[number]]
    if OF_BUYER & d["buyer_kinds"] & 1 << number:
        half = d.scenario.evidence.late_inspection_half
        strength *= half / (half + d["inspection"])
    luck = Luck(d.run.seed, d["replication"])
    u = luck.uniforms(streams.ARTEFACT, d["position"], 1, number)[0]
    return float(weight_of(d["valid"], strength, ndtri(u)))


def _fate(d: StoryOfDispute, number: int, weight: float) -> str:
    """The first of those through whom it came before the decider; else why it did not."""
    bit = 1 << number
    if d["platform_saw"] & bit:
        return gettext("seen by the platform")
    if d["buyer_sent"] & bit:
        return gettext("shown by the buyer")
    if d["merchant_sent"] & bit:
        return gettext("shown by the merchant")
    return "; ".join(filter(None, (_with_buyer(d, bit, weight), _with_merchant(d, bit, weight)))) or gettext(
        "not seen"
    )


def _with_buyer(d: StoryOfDispute, bit: int, weight: float) -> str:
    if not d["buyer_kinds"] & bit:
        return ""
    if d["buyer_withholds"] and weight < 0:
        return gettext("kept back by the buyer, whom it hurts")
    if d["buyer_forges"] and bit == 1 << d["buyer_forged_kind"]:
        return gettext("kept back by the buyer, who shows a forged one")
    if d["supplemented"]:
        return gettext("added by the buyer's rebuttal")
    return gettext("not brought by the buyer") if d.filed else gettext("in the buyer's hands")


def _with_merchant(d: StoryOfDispute, bit: int, weight: float) -> str:
    if not d["merchant_kinds"] & bit:
        return ""
    if d["merchant_withholds"] and weight > 0:
        return gettext("kept back by the merchant, whom it hurts")
    return gettext("in the merchant's hands")
