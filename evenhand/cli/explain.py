"""`evenhand explain`: the life of one dispute, told from the folder of a run alone."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.explain.after_filing import losers
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.evidence import brought
from evenhand.explain.narrative import timeline
from evenhand.explain.truth import hidden
from evenhand.locale.current import gettext, gettext_noop
from evenhand.storage.run_dir import open_run

UNSEEN = gettext_noop("What the decider did not see")


def tell(folder: Path, dispute: int, replication: int, *, verify: bool) -> None:
    """Find a dispute and print it. Raises UsageError for what is no run or no dispute of it."""
    print_dispute(find(open_run(folder, verify=verify), dispute, replication))


def print_dispute(d: StoryOfDispute) -> None:
    """Print what could be known of a dispute, and below it, set apart, what could not."""
    screen = console()
    _heading(screen, d)
    _section(screen, gettext("What happened"))
    moments = timeline(d)
    screen.print(table(("When", "Who", "What"), [(d.date(m.at), gettext(m.who), m.what) for m in moments]))
    _section(screen, gettext("What each side knew and sent"))
    screen.print(
        table(("Side", "What", "Nats"), [(gettext(side), *row) for side, *row in brought(d)], right=(2,))
    )
    screen.print(
        gettext("Nats are log odds towards the buyer: +0.7 doubles the odds, -0.7 halves them."), style="dim"
    )
    _section(screen, gettext("What decided it"))
    _decision(screen, d)
    _section(screen, gettext("What it came to"))
    for line in consequences(d):
        screen.print(plain(line))
    screen.print()
    screen.rule(gettext(UNSEEN), characters="=", align="left", style="bold")
    screen.print(table((), hidden(d)), style="italic")


def _heading(screen: Console, d: StoryOfDispute) -> None:
    run = d.run
    how = (
        gettext("still open") if d["ending"] == "open" else f"{gettext(d['ending'])} ({gettext(d['reason'])})"
    )
    screen.print(
        gettext("Dispute {dispute} of replication {replication}: {how}").format(
            dispute=d["dispute"], replication=d["replication"], how=how
        ),
        style="bold",
    )
    titles = d.scenario.group_titles()
    buyer, merchant = (gettext(titles[d[f"{side}_group"]]) for side in ("buyer", "merchant"))
    screen.print(
        plain(
            gettext(
                "Buyer {buyer} ({buyer_2}) against merchant {merchant} ({merchant_2}), {amount}, under "
                "'{title}' in '{title_2}', seed {seed}."
            ).format(
                buyer=d["buyer"],
                buyer_2=buyer,
                merchant=d["merchant"],
                merchant_2=merchant,
                amount=d.money(d["amount"]),
                title=gettext(run.policy.title),
                title_2=gettext(run.scenario.title),
                seed=run.seed,
            )
        )
    )
    reform, version = run.policy.versions()[d["version"]]
    if reform:
        screen.print(
            gettext("The rules are those after the reform of {starts}.").format(starts=reform.starts)
        )
    names = [name for bit, name in enumerate(version.by_case) if d["exceptions"] >> bit & 1]
    if names:
        screen.print(plain(gettext("Exceptions that fit this case: {names}.").format(names=", ".join(names))))


def _section(screen: Console, title: str) -> None:
    screen.print(f"\n{title}", style="bold underline")


def _decision(screen: Console, d: StoryOfDispute) -> None:
    added = terms(d)
    if added:
        if d.rulings > 1:
            screen.print(
                gettext("The terms are those of the last of {rulings} rulings.").format(rulings=d.rulings)
            )
        rows = [(gettext(term.name), f"{term.nats:+.2f}", term.meaning) for term in added]
        screen.print(table(("Term", "Nats", "What it is"), rows, right=(1,)))
    text = verdict(d)
    screen.print(gettext("{all}.").format(all=text[0].upper() + text[1:]))
    for line in losers(d):
        screen.print(plain(line))


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
