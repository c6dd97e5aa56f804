"""What a dispute came to: money, work, trust and rating, in sentences."""

from __future__ import annotations

from evenhand.explain.dispute import StoryOfDispute


def consequences(d: StoryOfDispute) -> list[str]:
    """Money, work, trust and rating, a sentence each; only what there was."""
    said = []
    if d["refund"] > 0:
        payer = "platform" if d["platform_paid"] > 0 else "merchant"
        said.append(f"Refund: {d.part(d['share'])}, paid by the {payer}.")
    elif d["ending"] != "open":
        said.append("Refund: none.")
    sides = {"fees": ("buyer_fees", "merchant_fees"), "freight": ("buyer_freight", "merchant_freight")}
    for what, (buyer, merchant) in sides.items():
        if d[buyer] or d[merchant]:
            said.append(
                f"{what.title()}: {d.money(d[buyer])} the buyer, {d.money(d[merchant])} the merchant."
            )
    hours = {desk: d[f"{desk}_hours"] for desk in ("screening", "decision", "review", "mediation")}
    work = [f"{spent:.2f} h {desk}" for desk, spent in hours.items() if spent > 0]
    if d["votes"]:
        work.append(f"{d['votes']} votes")
    if work:
        said.append(f"Work: {', '.join(work)}.")
    if d.happened("closed_at"):
        said.append(f"Time: {(d['closed_at'] - d['opened_at']) / 24:.1f} days from first complaint to close.")
        said.append(_moved("The buyer's trust in the platform", d.standing("buyer", "trust_after")))
        said.append(_moved("The merchant's rating", d.standing("merchant", "rating_after")))
    return said


def _moved(what: str, standing: tuple[float, float]) -> str:
    before, after = standing
    if before == after:
        return f"{what} stayed at {after:.3f}."
    return f"{what} {'rose' if after > before else 'fell'} from {before:.3f} to {after:.3f}."
