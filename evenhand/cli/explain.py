"""`evenhand explain`: the life of one dispute, told from a folder alone."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.explain.after_filing import losers
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.evidence import brought
from evenhand.explain.narrative import timeline
from evenhand.explain.truth import hidden
from evenhand.jobs.lived_again import is_comparison, live_again
from evenhand.storage.run_dir import open_run

UNSEEN = "What the decider did not see"


def tell(
    folder: Path,
    dispute: int,
    replication: int,
    *,
    verify: bool,
    policy: str | None = None,
    scenario: str | None = None,
) -> None:
    """Find a dispute of a run, or of a comparison under two policies, and print it.

    `policy` and `scenario` say which of a comparison's. Raises UsageError for what is neither, and for no
    dispute of it.
    """
    if not is_comparison(folder):
        if policy is not None or scenario is not None:
            option = "--policy" if policy is not None else "--scenario"
            raise UsageError(f"{option}: is of a comparison, and '{folder}' is none")
        print_dispute(find(open_run(folder, verify=verify), dispute, replication))
        return
    runs = live_again(folder, replication, policy=policy, scenario=scenario, verify=verify)
    there = {name: bool((run.disputes["dispute"] == dispute).any()) for name, run in runs.items()}
    if not any(there.values()):
        find(next(iter(runs.values())), dispute, replication)  # says which numbers there are
    screen = console()
    for name, run in runs.items():
        screen.rule(plain(f"Under {name}"), align="left", style="bold")
        if there[name]:
            print_dispute(find(run, dispute, replication))
        else:
            screen.print(plain(f"There is no dispute {dispute} of replication {replication} under {name}."))
        screen.print()


def print_dispute(d: StoryOfDispute) -> None:
    """Print what could be known of a dispute, and below it, set apart, what could not."""
    screen = console()
    _heading(screen, d)
    _section(screen, "What happened")
    moments = timeline(d)
    screen.print(table(("When", "Who", "What"), [(d.date(m.at), m.who, m.what) for m in moments]))
    _section(screen, "What each side knew and sent")
    screen.print(table(("Side", "What", "Nats"), brought(d), right=(2,)))
    screen.print("Nats are log odds towards the buyer: +0.7 doubles the odds, -0.7 halves them.", style="dim")
    _section(screen, "What decided it")
    _decision(screen, d)
    _section(screen, "What it came to")
    for line in consequences(d):
        screen.print(plain(line))
    screen.print()
    screen.rule(UNSEEN, characters="=", align="left", style="bold")
    screen.print(table((), hidden(d)), style="italic")


def _heading(screen: Console, d: StoryOfDispute) -> None:
    run = d.run
    how = "still open" if d["ending"] == "open" else f"{d['ending']} ({d['reason']})"
    screen.print(f"Dispute {d['dispute']} of replication {d['replication']}: {how}", style="bold")
    titles = d.scenario.group_titles()
    buyer, merchant = titles[d["buyer_group"]], titles[d["merchant_group"]]
    screen.print(
        plain(
            f"Buyer {d['buyer']} ({buyer}) against merchant {d['merchant']} ({merchant}), "
            f"{d.money(d['amount'])}, under '{run.policy.title}' in '{run.scenario.title}', seed {run.seed}."
        )
    )
    reform, version = run.policy.versions()[d["version"]]
    if reform:
        screen.print(f"The rules are those after the reform of {reform.starts}.")
    names = [name for bit, name in enumerate(version.by_case) if d["exceptions"] >> bit & 1]
    if names:
        screen.print(plain(f"Exceptions that fit this case: {', '.join(names)}."))


def _section(screen: Console, title: str) -> None:
    screen.print(f"\n{title}", style="bold underline")


def _decision(screen: Console, d: StoryOfDispute) -> None:
    added = terms(d)
    if added:
        if d.rulings > 1:
            screen.print(f"The terms are those of the last of {d.rulings} rulings.")
        rows = [(term.name, f"{term.nats:+.2f}", term.meaning) for term in added]
        screen.print(table(("Term", "Nats", "What it is"), rows, right=(1,)))
    text = verdict(d)
    screen.print(text[0].upper() + text[1:] + ".")
    for line in losers(d):
        screen.print(plain(line))


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
