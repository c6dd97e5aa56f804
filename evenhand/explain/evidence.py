"""What each side held in a dispute, and what of it came before the decider."""

from __future__ import annotations

from evenhand.explain.artefacts import artefacts, forged_by_buyer, forged_by_merchant, shared
from evenhand.explain.dispute import StoryOfDispute, kinds
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import TOO_LITTLE_EVIDENCE

Row = tuple[str, str, str]
"""Side, what, and its weight in nats towards the buyer."""


def brought(d: StoryOfDispute) -> list[Row]:
    """What was held and what was sent, the buyer first; weights where there was something to weigh."""
    rows = _things(d) if shared(d) else [_held(d, "buyer"), _sent_by_buyer(d)]
    if d["cured"] and d["sent_back_for"] == TOO_LITTLE_EVIDENCE:
        rows.append(("", gettext("brought later: what the filing lacked"), ""))
    if d["supplemented"]:
        rows.append(
            ("buyer" if shared(d) else "", gettext("sent later: a rebuttal"), _nats(d["supplement_weight"]))
        )
    rows.append(_found(d, "buyer"))
    if not shared(d):
        rows += [_held(d, "merchant"), _seen_by_merchant(d), _sent_by_merchant(d)]
    rows += [_rebuttal(d), _found(d, "merchant")]
    if d["new_evidence"]:
        rows.append(("both", gettext("new evidence in review"), _nats(d["new_evidence"])))
    return [row for row in rows if row[1]]


def _things(d: StoryOfDispute) -> list[Row]:
    """Each artefact with who holds it, and what was forged."""
    rows = [
        (", ".join(map(gettext, thing.holders)), f"{thing.kind}: {thing.fate}", _nats(thing.weight))
        for thing in artefacts(d)
    ]
    shift = d.scenario.evidence.forgery_shift
    rows.append(("buyer", forged_by_buyer(d), _nats(shift)))
    rows.append(("merchant", forged_by_merchant(d), _nats(-shift)))
    return rows


def _rebuttal(d: StoryOfDispute) -> Row:
    """What the merchant says to the buyer's rebuttal has no column of its own: no more than that it did."""
    return "merchant", gettext("sent later: an answer to the rebuttal") if d["rebutted"] else "", ""


def hurts_buyer(d: StoryOfDispute) -> bool:
    """Whether the buyer keeps his evidence back, because it speaks for the merchant."""
    return bool(d["buyer_withholds"] and d["buyer_weight"] < 0)


def hurts_merchant(d: StoryOfDispute) -> bool:
    """Whether the merchant keeps its evidence back, because it speaks for the buyer."""
    return bool(d["merchant_withholds"] and d["merchant_weight"] > 0)


def shown_by_buyer(d: StoryOfDispute) -> float:
    """Weight of all that the buyer shows, forgery included, as nobody can tell who has not found it."""
    weight = 0.0 if hurts_buyer(d) else d["buyer_weight"]
    return float(weight + (d.scenario.evidence.forgery_shift if d["buyer_forges"] else 0.0))


def shown_by_merchant(d: StoryOfDispute) -> float:
    """The same for the merchant's answer; its forgery weighs against the buyer."""
    weight = 0.0 if hurts_merchant(d) else d["merchant_weight"]
    return float(weight - (d.scenario.evidence.forgery_shift if d["merchant_forged"] else 0.0))


def _held(d: StoryOfDispute, side: str) -> Row:
    held = d[f"{side}_kinds"]
    return (
        side,
        gettext("held: {kinds}").format(kinds=kinds(held)),
        _nats(d[f"{side}_weight"]) if held else "",
    )


def _sent_by_buyer(d: StoryOfDispute) -> Row:
    if not d.filed:
        return "", gettext("sent to the platform: nothing, there was no filing"), ""
    if not d["buyer_showed"]:
        return "", gettext("sent with the filing: nothing") + _why(hurts_buyer(d), d["buyer_kinds"]), ""
    what = _what(d["buyer_kinds"], hidden=hurts_buyer(d), forged=d["buyer_forges"])
    return "", gettext("sent with the filing: {what}").format(what=what), _nats(shown_by_buyer(d))


def _seen_by_merchant(d: StoryOfDispute) -> Row:
    if not (d.count("complained") or d.filed):
        return "", gettext("never heard of the matter"), ""
    return "", gettext("had seen what the buyer had to show"), _nats(shown_by_buyer(d))


def _sent_by_merchant(d: StoryOfDispute) -> Row:
    if not d["answered"]:
        asked = d.count("admitted") > 0
        return (
            "",
            gettext("sent: nothing, and gave no answer")
            if asked
            else gettext("sent: nothing, was not asked to"),
            "",
        )
    if d.count("conceded"):
        return "", gettext("sent: nothing, conceded instead"), ""
    if not d["merchant_showed"]:
        return "", gettext("sent: nothing") + _why(hurts_merchant(d), d["merchant_kinds"]), ""
    what = _what(d["merchant_kinds"], hidden=hurts_merchant(d), forged=d["merchant_forged"])
    return "", gettext("sent: {what}").format(what=what), _nats(shown_by_merchant(d))


def _found(d: StoryOfDispute, side: str) -> Row:
    """What a check said of a side; what a detector takes for forged need not be."""
    if not d[f"{side}_found_out"]:
        return "", "", ""
    return (side if shared(d) else ""), gettext("a check found the forgery"), ""


def _what(held: int, *, hidden: bool, forged: bool) -> str:
    """What came before the decider: what was held unless kept back, and what was forged."""
    true = [kinds(held)] if held and not hidden else []
    kept = gettext("; the rest was kept back") if hidden and held else ""
    return gettext(" and ").join(true + [gettext("forged evidence")] * forged) + kept


def _why(hurts: bool, held: int) -> str:
    return gettext(": what it held would have hurt") if hurts and held else ""


def _nats(weight: float) -> str:
    return f"{weight:+.2f}"
