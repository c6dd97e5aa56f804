"""A comparison, or a selection, as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from evenhand.analysis.compare import Comparison, Selection, Stop
from evenhand.analysis.compare.words import figures, many
from evenhand.analysis.report.comparison_html import HEADINGS, row
from evenhand.analysis.runs.background import Assumed, badge
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext
from evenhand.sim.scenario.scenario import Scenario

MAIN = (
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
    found: Comparison, worlds: Mapping[str, Scenario], asked: Sequence[str], assumed: Sequence[Assumed] = ()
) -> None:
    """Print what cannot be right, a table for each scenario and policy, and what it all means."""
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
        screen.print(table(HEADINGS, map(row, differences), right=(1, 2, 3, 4, 6, 7, 8)))
        screen.print()
        for one in differences:
            if one.metric in (asked or MAIN):
                screen.print(plain(one.sentence), soft_wrap=True)
        screen.print()
    screen.print(_meaning(found.differences[0].family))
    if assumed:
        screen.print(plain(f"\n{badge(assumed)}"), soft_wrap=True)
    for stop in found.stops:
        if found.targets:
            screen.print(plain(_why(stop)), soft_wrap=True)


def _under(policy: str, scenario: str) -> str:
    """Under which policy something holds, and in which scenario if there are several."""
    under = gettext("under {policy}").format(policy=policy)
    return under + (gettext(" in {scenario}").format(scenario=scenario) if scenario else "")


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


def _meaning(family: int) -> str:
    return gettext(
        "Intervals cover the luck of the worlds and nothing else, each in 95 of 100 studies.\nn: "
        "worlds in which both can be measured.  pt: points of 100.\nAdj. p: adjusted (Holm) for "
        "{many} shown.\nPairing: independent seeds would need so many times more worlds for the "
        "same interval."
    ).format(many=many(family, "difference"))


def _why(stop: Stop) -> str:
    said = gettext("\n{scenario}: stopped after {many}, because {reason}.").format(
        scenario=stop.scenario, many=many(stop.replications, "world"), reason=stop.reason
    )
    if stop.independent is None:
        return said
    return gettext("{said} Independent seeds would need about {many} for each policy.").format(
        said=said, many=many(stop.independent, "world")
    )
