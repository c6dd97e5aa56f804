"""`evenhand explain`: the life of one dispute, told from a folder alone."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.errors import UsageError
from evenhand.explain.after_filing import losers
from evenhand.explain.consequences import consequences
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.evidence import brought
from evenhand.explain.narrative import timeline
from evenhand.explain.truth import hidden
from evenhand.jobs.lived_again import is_comparison, live_again
from evenhand.locale.current import gettext, gettext_noop
from evenhand.storage.run_dir import open_run

UNSEEN = gettext_noop("What the decider did not see")


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
            raise UsageError(
                gettext("{option}: is of a comparison, and '{folder}' is none").format(
                    option=option, folder=folder
                )
            )
        print_dispute(find(open_run(folder, verify=verify), dispute, replication))
        return
    runs = live_again(folder, replication, policy=policy, scenario=scenario, verify=verify)
    there = {name: bool((run.disputes["dispute"] == dispute).any()) for name, run in runs.items()}
    if not any(there.values()):
        find(next(iter(runs.values())), dispute, replication)  # says which numbers there are
    screen = console()
    for name, run in runs.items():
        screen.rule(plain(gettext("Under {name}").format(name=name)), align="left", style="bold")
        if there[name]:
            print_dispute(find(run, dispute, replication))
        else:
            said = gettext("There is no dispute {dispute} of replication {replication} under {name}.")
            screen.print(plain(said.format(dispute=dispute, replication=replication, name=name)))
        screen.print()


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
