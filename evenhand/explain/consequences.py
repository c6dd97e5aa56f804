"""What a dispute came to: money, work, trust and rating, in sentences."""

from __future__ import annotations

from evenhand.explain.dispute import StoryOfDispute
from evenhand.locale.current import gettext


def consequences(d: StoryOfDispute) -> list[str]:
    """Money, work, trust and rating, a sentence each; only what there was."""
    said = []
    if d["refund"] > 0:
        payer = gettext("platform") if d["platform_paid"] > 0 else gettext("merchant")
        said.append(
            gettext("Refund: {share}, paid by the {payer}.").format(share=d.part(d["share"]), payer=payer)
        )
    elif d["ending"] != "open":
        said.append(gettext("Refund: none."))
    sides = {"fees": ("buyer_fees", "merchant_fees"), "freight": ("buyer_freight", "merchant_freight")}
    for what, (buyer, merchant) in sides.items():
        if d[buyer] or d[merchant]:
            said.append(
                gettext("{title}: {money} the buyer, {money_2} the merchant.").format(
                    title=gettext(what.title()), money=d.money(d[buyer]), money_2=d.money(d[merchant])
                )
            )
    hours = {desk: d[f"{desk}_hours"] for desk in ("screening", "decision", "review", "mediation")}
    work = [f"{spent:.2f} h {gettext(desk)}" for desk, spent in hours.items() if spent > 0]
    if d["votes"]:
        work.append(gettext("{votes} votes").format(votes=d["votes"]))
    if work:
        said.append(gettext("Work: {work}.").format(work=", ".join(work)))
    if d.happened("closed_at"):
        said.append(
            gettext("Time: {closed_at:.1f} days from first complaint to close.").format(
                closed_at=(d["closed_at"] - d["opened_at"]) / 24
            )
        )
        said.append(_moved(gettext("The buyer's trust in the platform"), d.standing("buyer", "trust_after")))
        said.append(_moved(gettext("The merchant's rating"), d.standing("merchant", "rating_after")))
    return said


def _moved(what: str, standing: tuple[float, float]) -> str:
    before, after = standing
    if before == after:
        return gettext("{what} stayed at {after:.3f}.").format(what=what, after=after)
    return gettext("{what} {what_2} from {before:.3f} to {after:.3f}.").format(
        what=what, what_2=gettext("rose") if after > before else gettext("fell"), before=before, after=after
    )
