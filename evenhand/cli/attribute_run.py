"""Carrying out an attribution: both policies in the same worlds, aligned, counted and explained."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any, NamedTuple

from evenhand import jobs
from evenhand.analysis.counterfactual import (
    Alignment,
    Flip,
    changes,
    dearest,
    partings,
    players,
)
from evenhand.analysis.counterfactual.attribution_settings import Setting, written
from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.counterfactual.format import HEADINGS, rows
from evenhand.analysis.metrics.written import between, percent
from evenhand.cli import amounts
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain, refused
from evenhand.cli.explain import print_dispute
from evenhand.cli.progress import printed
from evenhand.errors import UsageError
from evenhand.explain.dispute import find
from evenhand.locale.current import gettext
from evenhand.storage.plan import Order, Plan, check
from evenhand.storage.version import version

MOST_PARTINGS = 15

GROUPS = (
    "Disputes of",
    "n",
    "Another way",
    "Decided",
    "To right",
    "To wrong",
    "Net, points",
    "Refund a dispute",
)


class Question(NamedTuple):
    """What is to be told."""

    metrics: Sequence[str]
    by: str
    dearest: int
    explain: int


def carry_out(orders: Sequence[Order], question: Question, *, as_json: bool) -> None:
    """Run both policies, and print where they part. Raises BadFile, UsageError."""
    for option, value in (("--dearest", question.dearest), ("--explain", question.explain)):
        if value < 0:
            raise UsageError(
                gettext("{option}: must be 0 or more, found {value}").format(option=option, value=value)
            )
    for name in question.metrics:
        amounts.metric(name, "--metric")
    plans = [check(order) for order in orders]
    if question.metrics:
        _must_split(plans, question)
    with printed(after=2 if question.metrics else 1) as show, refused():
        done = jobs.attribute(
            plans[0].experiment(),
            plans[1].policy,
            metrics=question.metrics,
            by=question.by,  # type: ignore[arg-type]  # checked there
            on_event=show,
        )
    found, split = done
    warned = [(letter, desk) for letter, desks in zip("AB", done.overloads, strict=True) for desk in desks]
    flips = dearest(found, max(question.dearest, question.explain))
    if as_json:
        warnings = [{"under": letter, **desk.as_json()} for letter, desk in warned]
        print_json({**_document(plans, found, flips, split), "warnings": warnings})
    else:
        print_alerts(
            (gettext("under {letter}").format(letter=letter), desk.sentence) for letter, desk in warned
        )
        _print(plans, found, flips, split, question)


def _must_split(plans: Sequence[Plan], question: Question) -> None:
    """Refuse what cannot be split before anything runs."""
    with refused():
        who = players(plans[0].policy, plans[1].policy, question.by)  # type: ignore[arg-type]  # checked there
    if not who:
        raise UsageError(
            gettext("--metric: the two policies have the same settings; there is nothing to split")
        )


def _print(
    plans: Sequence[Plan], found: Alignment, flips: Sequence[Flip], split: Findings | None, question: Question
) -> None:
    screen, counted = console(), changes(found)
    a, b = plans
    screen.print(plain(f"A: {gettext(a.policy.title)} [{a.policy.name}]"), style="bold")
    screen.print(plain(f"B: {gettext(b.policy.title)} [{b.policy.name}]"), style="bold")
    screen.print(
        plain(
            gettext("in: {title} [{name}], {days} days, {replications} x, seed {seed}\n").format(
                title=gettext(a.scenario.title),
                name=a.scenario.name,
                days=a.days,
                replications=a.replications,
                seed=a.seed,
            )
        )
    )
    screen.print(
        table(("Setting", "A", "B"), [(s.path, written(s.a), written(s.b)) for s in found.differing])
    )
    screen.print(plain(f"\n{counted.sentence}\n"))
    screen.print(table(GROUPS, _groups(counted), right=(1, 2, 3, 4, 5, 6, 7)))
    ways = partings(found)
    screen.print(gettext("\nWhere lives part, the most frequent first"), style="bold underline")
    told = [(w, f"{n:,}", f"{f:,}", f"{m:,.0f}", _named(s)) for w, n, f, m, s in ways[:MOST_PARTINGS]]
    heads = (gettext("First difference"), "Disputes", "Flips", "Money", gettext("Settings that act there"))
    screen.print(table(heads, told, right=(1, 2, 3)))
    if len(ways) > MOST_PARTINGS:
        screen.print(
            gettext("and {sum:,} disputes in other ways.").format(
                sum=sum(row[1] for row in ways[MOST_PARTINGS:])
            )
        )
    if question.dearest and flips:
        screen.print(gettext("\nThe dearest flips"), style="bold underline")
        listed = [_listed(flip) for flip in flips[: question.dearest]]
        screen.print(table(("Dispute of world", "Money", "To", "Parting", "Settings"), listed, right=(1,)))
    if split is not None:
        _print_split(split)
    for flip in flips[: question.explain]:
        for label, run in (("A", found.a), ("B", found.b)):
            screen.print()
            screen.rule(
                gettext("Dispute {dispute} of world {replication} under {label}").format(
                    dispute=flip.dispute, replication=flip.replication, label=label
                ),
                align="left",
            )
            print_dispute(find(run, flip.dispute, flip.replication))
    screen.print(
        gettext(
            "\nMoney: B less A, in the scenario's currency. Intervals cover the luck between replications."
        )
    )


def _groups(counted: Findings) -> list[tuple[str, ...]]:
    """One row for all disputes and for each group and cause."""
    made = []
    for part in dict.fromkeys(one.part for one in counted.findings):
        of = {name: counted.of(name, part) for name in ("diverged", "to_right", "to_wrong", "net", "refund")}
        shares = [percent(of[name].value) for name in ("diverged", "to_right", "to_wrong")]
        net, refund = of["net"], of["refund"]
        ends = f" ({between(*(f'{100 * end:+.1f}' for end in net.ci))})" if net.ci else ""
        money = f" ({between(*(f'{end:+,.1f}' for end in refund.ci))})" if refund.ci else ""
        made.append(
            (
                part.replace("_", " ") or gettext("all"),
                f"{of['diverged'].n:,}",
                shares[0],
                f"{net.n:,}",
                *shares[1:],
                f"{100 * net.value:+.1f}{ends}",
                f"{refund.value:+,.1f}{money}",
            )
        )
    return made


def _listed(flip: Flip) -> tuple[str, ...]:
    to = gettext("right") if flip.to_right else gettext("wrong")
    named = gettext("{dispute} of {replication}").format(dispute=flip.dispute, replication=flip.replication)
    return named, f"{flip.money:+,.0f}", to, flip.parting, _named(flip.responsible)


def _print_split(split: Findings) -> None:
    screen = console()
    screen.print(gettext("\nWhat each setting adds to the difference B - A"), style="bold underline")
    screen.print(table(HEADINGS, rows(split), right=(2, 3, 5)))
    screen.print(plain(f"\n{split.sentence}"))
    for note in split.notes:
        screen.print(plain(note))


def _named(settings: Sequence[Setting]) -> str:
    return ", ".join(one.path for one in settings) or gettext("none: other disputes")


def _document(
    plans: Sequence[Plan], found: Alignment, flips: Sequence[Flip], split: Findings | None
) -> dict[str, Any]:
    a, b = plans
    return {
        "scenario": a.scenario.name,
        "policies": [a.policy.name, b.policy.name],
        "seed": a.seed,
        "replications": a.replications,
        "days": a.days,
        "version": version(),
        "settings": [{"path": s.path, "a": written(s.a), "b": written(s.b)} for s in found.differing],
        "changes": changes(found).document(),
        "partings": [
            {"first": words, "disputes": n, "flips": f, "money": moved, "settings": [s.path for s in acting]}
            for words, n, f, moved, acting in partings(found)
        ],
        "dearest": [_flip(flip) for flip in flips],
        "shapley": split.document() if split else None,
    }


def _flip(flip: Flip) -> dict[str, Any]:
    def plain_numbers(record: dict[str, Any]) -> dict[str, Any]:
        return {k: None if isinstance(v, float) and isnan(v) else v for k, v in record.items()}

    return {
        "replication": flip.replication,
        "dispute": flip.dispute,
        "money": flip.money,
        "to_right": flip.to_right,
        "parting": flip.parting,
        "settings": [s.path for s in flip.responsible],
        "a": plain_numbers(flip.a),
        "b": plain_numbers(flip.b),
        "events_a": [event._asdict() for event in flip.events_a],
        "events_b": [event._asdict() for event in flip.events_b],
    }
