"""Carrying out `evenhand advise`: for a side under a policy, or for one dispute of a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import inf, isfinite
from pathlib import Path
from typing import Any, NamedTuple

import typer

from evenhand import jobs, sim
from evenhand.analysis.advise import Advice, Advised, Side, Turned, Whose
from evenhand.analysis.advise.checklist import SIDES
from evenhand.analysis.advise.dispute import Outcome, Tried
from evenhand.analysis.advise.effects import OUTCOMES
from evenhand.analysis.advise.study import WHO, Effect, check
from evenhand.analysis.compare.words import figures
from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.report.advice import SHARES, name_of, written
from evenhand.analysis.report.advice_texts import texts
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.cli.options import is_typed
from evenhand.cli.progress import printed
from evenhand.errors import UsageError, refused
from evenhand.explain.dispute import find
from evenhand.jobs.advising import PAGE
from evenhand.locale.current import gettext, language
from evenhand.parallel.pool import Asked
from evenhand.sim.runs.experiment import EngineName, Experiment
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.plan import at_least, for_days, read_both
from evenhand.storage.run_dir import open_run
from evenhand.storage.version import version

FIRST, COUNTED = 28, 30
"""Days before those that are counted, and of these, unless asked for otherwise: behaviour is frozen, so that
start-up has only the desks to fill."""
OF_A_POLICY = ("scenario", "group", "cause", "amount", "piece", "replications", "days", "seed", "out")
"""Options that a dispute of a run has no use for."""


class Order(NamedTuple):
    """What was asked for."""

    what: str
    dispute: int | None
    side: Side | None
    scenario: str
    group: str | None
    cause: str | None
    amount: str | None
    pieces: tuple[str, ...]
    replications: int
    days: int | None
    seed: int
    engine: EngineName
    replication: int
    asked: Asked
    verify: bool


def carry_out(context: typer.Context, order: Order, out: Path | None, *, lang: str, as_json: bool) -> None:
    """Advise and print. Raises BadFile, UsageError, OSError."""
    if order.dispute is not None:
        for name in OF_A_POLICY:
            if is_typed(context, name):
                raise UsageError(gettext("--{name}: has no meaning beside DISPUTE").format(name=name))
        _one(order, lang=lang, as_json=as_json)
        return
    if is_typed(context, "replication"):
        raise UsageError(gettext("--replication: has no meaning without DISPUTE"))
    if order.side is None:
        raise UsageError(gettext("--side: say whom the advice is for, buyer or merchant"))
    experiment, whose = _checked(order, order.side)
    usual = f"advise-{experiment.policy.name}-{order.side}-seed{order.seed}"
    page = (out or Path("runs") / usual) / PAGE
    with refused(), printed() as show, language(lang):
        page.parent.mkdir(parents=True, exist_ok=True)
        found = jobs.advise(
            experiment, whose, pieces=order.pieces, page=page, workers=order.asked, on_event=show
        )
    if as_json:
        print_json(document(found))
    else:
        print_advice(found)
    print(gettext("\nReport: {page}").format(page=page), file=sys.stderr if as_json else sys.stdout)


def _checked(order: Order, side: Side) -> tuple[Experiment, Whose]:
    at_least("--seed", order.seed, 0, MOST_SEED)
    at_least("--replications", order.replications, 1, MOST_REPLICATIONS)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    order.asked.check()
    world, rules = read_both(order.scenario, order.what)
    assert isinstance(world.model, sim.Scenario)
    assert isinstance(rules.model, sim.Policy)
    market = for_days(world.model, order.days)
    if order.days is None and market.start_up > 24.0 * FIRST:
        market = market.model_copy(update={"start_up": 24.0 * FIRST})
    whose = Whose(side, order.group, order.cause, _amount(order.amount))
    with refused():
        check(market, whose)
        experiment = Experiment.of(
            market,
            rules.model,
            seed=order.seed,
            replications=order.replications,
            days=order.days or min(market.days, int(market.start_up // 24) + COUNTED),
            engine=order.engine,
            events=False,
            open_loop=True,
            lives=30,
        )
    return experiment, whose


def _amount(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    low, dots, high = (part.strip() for part in text.partition(".."))
    try:
        found = float(low or 0.0), float(high or inf)
    except ValueError:
        found = inf, inf
    if not dots or not found[0] < found[1]:
        raise UsageError(
            gettext("--amount: write LOW..HIGH, as in 50..200 or 500.., found '{text}'").format(text=text)
        )
    return found


def print_advice(found: Advice) -> None:
    """Print what each piece does, ranked by money, and what is to be known beside."""
    screen, about = console(), found.experiment
    screen.print(plain(f"{about.policy.title} [{about.policy.name}]"), style="bold")
    whose = found.whose
    parts = [texts.GROUP.format(group=whose.group) if whose.group else texts.WHOSE[whose.side]]
    parts += [whose.cause] if whose.cause else []
    screen.print(
        plain(
            gettext(
                "in: {title} [{name}], {parts}, {days} days, {replications} worlds, seed {seed}\n"
            ).format(
                title=about.scenario.title,
                name=about.scenario.name,
                parts=", ".join(parts),
                days=about.days,
                replications=about.replications,
                seed=about.seed,
            )
        )
    )
    heads = (
        "",
        "Claims",
        gettext("Remedy fits"),
        gettext("Money ({currency})").format(currency=found.currency),
        "Days",
        "Filed",
        "Disputes",
    )
    rows = [row for one in found.ranked() for row in _rows(one)]
    screen.print(table(heads, rows, right=(2, 3, 4, 5, 6)))
    screen.print(gettext("\n* beyond luck, all effects together (Holm). Remedy and filed in points."))
    for line in remarks(found):
        screen.print(plain(line), soft_wrap=True)


def _rows(one: Advised) -> Iterator[tuple[str, ...]]:
    for who in WHO:
        cells = [_cell(one.effects[who, outcome], outcome) for outcome in OUTCOMES]
        if who == "valid":
            yield (name_of(one), "", "", "", "", "", "")
        yield ("", texts.WHO[who], *cells, f"{one.effects[who, 'money'].n:,}")


def _cell(effect: Effect, outcome: str) -> str:
    if not isfinite(effect.mean):
        return "-"
    value = written(effect, outcome, brief=True)
    unit = "share" if outcome in SHARES else "h"
    half = figures((effect.half,), unit, effect.half, signed=False)[0]
    return f"{value} ± {half}" + ("*" if effect.sure else " ")


def remarks(found: Advice) -> Iterator[str]:
    """Who else gains, what is a race, and which pieces do more together."""
    liars = [name_of(one) for one in found.helps_liars()]
    if liars and found.whose.side == "buyer":
        yield gettext("Helps groundless claims, too: {liars}.").format(liars=", ".join(liars))
    for one in found.pieces:
        if one.rivalry["money"].sure:
            yield (
                gettext(
                    "{one}: worth {alone} to one in twenty alone, and {rivalry} more when everybody follows "
                    "it."
                ).format(
                    one=name_of(one),
                    alone=written(one.alone["money"], "money"),
                    rivalry=written(one.rivalry["money"], "money"),
                )
            )
    for one in found.pairs:
        if one.beyond["money"].sure:
            yield gettext("{one}: {beyond} beyond the sum of each alone.").format(
                one=name_of(one), beyond=written(one.beyond["money"], "money")
            )


def document(found: Advice) -> dict[str, Any]:
    """All of it as one JSON object."""

    def row(one: Advised) -> dict[str, Any]:
        return {
            "advice": [piece.key for piece in one.pieces],
            "touched": one.touched,
            "effects": [
                {"claims": who, "outcome": outcome, **effect._asdict(), "beyond_luck": effect.sure}
                for (who, outcome), effect in one.effects.items()
            ],
            "alone": {name: effect._asdict() for name, effect in one.alone.items()},
            "rivalry": {name: effect._asdict() for name, effect in one.rivalry.items()},
            "beyond_sum": {name: effect._asdict() for name, effect in one.beyond.items()},
        }

    about = found.experiment
    made: dict[str, Any] = plain_json(
        {
            "policy": about.policy.name,
            "scenario": about.scenario.name,
            "side": found.whose.side,
            "group": found.whose.group,
            "cause": found.whose.cause,
            "seed": about.seed,
            "replications": about.replications,
            "days": about.days,
            "version": version(),
            "advice": [row(one) for one in found.ranked()],
            "pairs": [row(one) for one in found.pairs],
        }
    )
    return made


# --- one dispute ----------------------------------------------------------------------------------


def _one(order: Order, *, lang: str, as_json: bool) -> None:
    assert order.dispute is not None
    run = open_run(Path(order.what), verify=order.verify)
    story = find(run, order.dispute, order.replication)
    side: Side = order.side or ("merchant" if story["refund"] >= 0.5 * story["amount"] else "buyer")
    with language(lang):
        found = turned_of(run, side, order.replication, order.dispute, order.engine)
    if as_json:
        print_json(dispute_document(found))
    else:
        print_turned(found, run.scenario.currency)


def tell_both(folder: Path, dispute: int, replication: int, *, verify: bool) -> None:
    """Print below the story of a dispute what would have turned it for either side."""
    run, screen = open_run(folder, verify=verify), console()
    for side in SIDES:
        found = turned_of(run, side, replication, dispute, "auto")
        screen.print(gettext("\nWhat would have helped the {side}").format(side=side), style="bold underline")
        for line in turned_lines(found, run.scenario.currency):
            screen.print(plain(line), soft_wrap=True)


def turned_of(run: Any, side: Side, replication: int, dispute: int, engine: EngineName) -> Turned:
    """What advice would have made of a dispute of a run. Raises UsageError."""
    with refused():
        experiment = Experiment.of(
            run.scenario,
            run.policy,
            seed=run.seed,
            replications=max(run.replications, replication + 1),
            days=run.days,
            engine=engine,
            events=False,
            open_loop=run.open_loop,
            lives=30,
            cohort=run.cohort,
        )
    with refused(), printed() as show:
        return jobs.advise_one(experiment, Whose(side), replication, dispute, on_event=show)


def print_turned(found: Turned, currency: str) -> None:
    """Print what each piece would have made of the dispute, and the least that turns it."""
    screen = console()
    screen.print(
        gettext("Dispute {dispute} of replication {replication}, for the {side}").format(
            dispute=found.dispute, replication=found.replication, side=found.side
        ),
        style="bold",
    )
    screen.print(plain(gettext("As it was: {before}.").format(before=_outcome(found.before, currency))))
    for line in turned_lines(found, currency):
        screen.print(plain(line), soft_wrap=True)
    told = [one for one in found.tried if one.outcome != found.before]
    if told:
        rows = [
            (
                " + ".join(piece.title for piece in one.pieces),
                f"{one.gain:+,.2f}",
                _outcome(one.outcome, currency),
            )
            for one in told
        ]
        screen.print()
        heads = (
            gettext("Advice, alone"),
            gettext("Gain ({currency})").format(currency=currency),
            gettext("What would have come of it"),
        )
        screen.print(table(heads, rows, right=(1,)))
    same = [one.pieces[0].title.lower() for one in found.tried if one.outcome == found.before]
    if same:
        screen.print(
            plain(gettext("\nComes out the same with: {same}.").format(same=", ".join(same))), soft_wrap=True
        )
    if found.untouched:
        names = ", ".join(piece.title.lower() for piece in found.untouched)
        screen.print(
            plain(gettext("\nChanges nothing about this case: {names}.").format(names=names)), soft_wrap=True
        )


def turned_lines(found: Turned, currency: str) -> Iterator[str]:
    """The least that turns a dispute, and what evidence was missing, in sentences."""
    if found.smallest is None:
        yield gettext("No advice to the {side}, and no two pieces of it, would have turned it.").format(
            side=found.side
        )
    else:
        yield gettext("The least that turns it: {said}").format(said=said(found.smallest, currency))
    if isfinite(found.missing):
        yield gettext("In the last ruling {missing:.2f} nats of evidence were missing to win it.").format(
            missing=found.missing
        )


def said(one: Tried, currency: str) -> str:
    """Pieces with what they say, and what comes of it."""
    pieces = " and ".join(f"{piece.title.lower()} ({piece.says.rstrip('.')})" for piece in one.pieces)
    return gettext("{pieces}; then {outcome}, {gain:+,.2f} {currency}.").format(
        pieces=pieces, outcome=_outcome(one.outcome, currency), gain=one.gain, currency=currency
    )


def _outcome(one: Outcome, currency: str) -> str:
    if not one.ending:
        return gettext("no dispute at all")
    fits = (
        ""
        if one.adequate is None
        else gettext(", which fits the harm")
        if one.adequate
        else gettext(", which does not fit the harm")
    )
    return gettext(
        "{ending} after {days:.1f} days with {refund:.0f} % of the amount back{fits} ({money:+,.2f} "
        "{currency} for the side)"
    ).format(
        ending=one.ending,
        days=one.days,
        refund=100 * one.refund,
        fits=fits,
        money=one.money,
        currency=currency,
    )


def dispute_document(found: Turned) -> dict[str, Any]:
    """All of it as one JSON object."""

    def row(one: Tried) -> dict[str, Any]:
        return {
            "advice": [piece.key for piece in one.pieces],
            "gain": one.gain,
            "turns": one.turns,
            "outcome": one.outcome._asdict(),
        }

    made: dict[str, Any] = plain_json(
        {
            "dispute": found.dispute,
            "replication": found.replication,
            "side": found.side,
            "before": found.before._asdict(),
            "smallest": row(found.smallest) if found.smallest else None,
            "alone": [row(one) for one in found.tried],
            "untouched": [piece.key for piece in found.untouched],
            "missing_nats": found.missing,
        }
    )
    return made
