"""A comparison, or a selection, as a person reads it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from evenhand.analysis.compare import Comparison, Difference, Selection, Stop
from evenhand.analysis.compare.words import figures, many
from evenhand.analysis.metrics.cautions import FEW
from evenhand.analysis.report.comparison_html import HEADINGS, row
from evenhand.analysis.runs.background import Assumed, Change, Spoken, badge, lines
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.scenario.scenario import Scenario

SHOWN = 3
"""Changes of path of which a single dispute is named."""
FEW_SAID = gettext_noop("*: cases of a rate that counts fewer than {few} of them, which luck may have made.")
MAIN = (
    "merchant_missed_share",
    "wrongful_denial_rate",
    "wrongful_grant_rate",
    "effective_denial_rate",
    "wrongful_default_share",
    "buyer_win_share",
    "median_hours_to_close",
    "p90_hours_to_close",
    "staff_hours_per_filing",
    "platform_cost_per_dispute",
)
"""Metrics that are put into a sentence, unless others are asked for."""


def print_comparison(
    found: Comparison,
    worlds: Mapping[str, Scenario],
    asked: Sequence[str],
    assumed: Sequence[Assumed] = (),
    futures: Sequence[Spoken] = (),
    changes: Mapping[str, Sequence[Change]] | None = None,
    folder: Path | None = None,
) -> None:
    """Print what cannot be right; for each scenario and policy what it changes, three sentences, a table and
    reasons; and what it all means.

    `changes` are those against the baseline, by policy; `folder` is that of the comparison, if it has one, so
    that single disputes of it can be told.
    """
    screen = console()
    print_alerts(
        (_under(policy, scenario if len(worlds) > 1 else ""), desk.sentence)
        for scenario, policy, desk in found.warnings
    )
    stops = {stop.scenario: stop for stop in found.stops}
    for (scenario, policy), group in groupby(found.differences, lambda one: (one.scenario, one.policy)):
        differences = list(group)
        screen.print(
            plain(gettext("{policy} less {baseline}").format(policy=policy, baseline=found.baseline)),
            style="bold",
        )
        drawn = gettext("{what} days, {many}").format(
            what=found.days[scenario], many=many(stops[scenario].replications, "world")
        )
        place = gettext("in: {title} [{scenario}], {drawn}, seed {seed}\n").format(
            title=gettext(worlds[scenario].title), scenario=scenario, drawn=drawn, seed=found.seed
        )
        screen.print(plain(place), soft_wrap=True)
        for line in _first(found, scenario, policy, (changes or {}).get(policy), assumed, short=bool(asked)):
            screen.print(plain(line), soft_wrap=True)
        screen.print(table(HEADINGS, map(row, differences), right=(1, 2, 3, 4, 6, 7, 8)))
        screen.print()
        said = [line for one in differences if one.metric in (asked or MAIN) for line in _said(found, one)]
        for line in [*said, "", *single_disputes(found, policy, scenario, folder)]:
            screen.print(plain(line), soft_wrap=True)
    screen.print(_meaning(found.differences[0].family, few=any(one.few for one in found.differences)))
    if assumed:
        screen.print(plain(f"\n{badge(assumed, futures)}"), soft_wrap=True)
    for stop in found.stops:
        if found.targets:
            screen.print(plain(_why(stop)), soft_wrap=True)


def _under(policy: str, scenario: str) -> str:
    """Under which policy something holds, and in which scenario if there are several."""
    under = gettext("under {policy}").format(policy=policy)
    return under + (gettext(" in {scenario}").format(scenario=scenario) if scenario else "")


def _first(
    found: Comparison,
    scenario: str,
    policy: str,
    changes: Sequence[Change] | None,
    assumed: Sequence[Assumed],
    *,
    short: bool,
) -> list[str]:
    """What a policy changes and, unless single measures were asked for, three sentences of what it does."""
    from evenhand.analysis.report.comparison_plain import plain_words  # charts take a while to import

    said = []
    if changes is not None:
        said += [
            gettext("Changed against {base}:").format(base=found.baseline),
            *(f"  {line}" for line in lines(changes)),
            "",
        ]
    if not short:
        said += [*plain_words(found, scenario, policy, assumed), ""]
    return said


def _said(found: Comparison, one: Difference) -> list[str]:
    """A difference in a sentence, and below it why it was found."""
    why = found.why(one)
    return [one.sentence] if why is None else [one.sentence, f"    {why.sentence}"]


def single_disputes(found: Comparison, policy: str, scenario: str, folder: Path | None) -> list[str]:
    """A few disputes whose path changed, each with the command that tells its two lives."""
    from evenhand.analysis.report.comparison_why import change, command  # charts take a while to import

    way = found.way(policy, scenario)
    if way is None or not way.moved:
        return []
    said = [
        gettext(
            "{n} of {all} disputes take another path or have another result. For each of the most frequent "
            "changes, the one of them whose amount is the middle one:"
        ).format(n=f"{way.moved:,}", all=f"{way.all:,}")
    ]
    for one in way.largest(SHOWN):
        back = gettext(", {n} the other way").format(n=f"{one.back:,}") if one.back else ""
        line = command(found, way, one, "DIR" if folder is None else shlex.quote(str(folder)))
        said.append(f"  {change(way, one)} ({one.n:,}{back}): {line}")
    if folder is None:
        said.append(gettext("  --out DIR keeps what evenhand explain needs."))
    return [*said, ""]


def print_selection(found: Selection) -> None:
    """Print who left when, and what was found."""
    screen = console()
    place = gettext("{title} in {scenario}, {days} days, seed {seed}\n").format(
        title=found.title, scenario=found.scenario, days=found.days, seed=found.seed
    )
    screen.print(plain(place), style="bold")
    rows = [(name, _mean(found, name), str(worlds)) for name, worlds in found.replications.items()]
    screen.print(table(("Policy", "Mean", "Worlds"), rows, right=(1, 2)))
    screen.print(plain(f"\n{found.sentence}\n{found.fresh_sentence}"), soft_wrap=True)


def _mean(found: Selection, name: str) -> str:
    half = found.margin / 2  # means are worth comparing to that
    return figures((found.means[name],), found.fresh.unit, half, signed=False, level=True)[0]


def _meaning(family: int, *, few: bool) -> str:
    said = gettext(
        "Intervals cover the luck of the worlds and nothing else, each in 95 of 100 studies.\nn: "
        "worlds in which both can be measured.  pt: points of 100.\nAdj. p: adjusted (Holm) for "
        "{many} shown.\nPairing: independent seeds would need so many times more worlds for the "
        "same interval."
    ).format(many=many(family, "difference"))
    return f"{said}\n{gettext(FEW_SAID).format(few=FEW)}" if few else said


def _why(stop: Stop) -> str:
    said = gettext("\n{scenario}: stopped after {many}, because {reason}.").format(
        scenario=stop.scenario, many=many(stop.replications, "world"), reason=stop.reason
    )
    if stop.independent is None:
        return said
    return gettext("{said} Independent seeds would need about {many} for each policy.").format(
        said=said, many=many(stop.independent, "world")
    )
