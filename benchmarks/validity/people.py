"""The shipped market of people who respond, under the platform's rules, against whatever is published of any.

Every target was written down before the settings that are called fitted were fitted; the others are foretold.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.validity import consent, ombudsman, tribunal
from benchmarks.validity.cohort import Rule
from benchmarks.validity.finding import Figure, PublishedStudy, near_share, over_worlds
from benchmarks.validity.people_targets import (
    COUNTED,
    DAYS,
    HALF_YEAR_MONTHS,
    OUTCOMES,
    closed_early,
)
from benchmarks.validity.worlds import SEED, share, word
from evenhand import scenarios, sim
from evenhand.analysis import outcomes
from evenhand.sim.runs.records import Columns
from evenhand.sim.scenario.vocabulary import VALID_CAUSES

SCENARIO, POLICY = "tmall", "tmall"
UNJUDGED = (float("nan"), float("nan"))


def elsewhere(name: str, worlds: int, rules: Mapping[str, tuple[str, float, float, Rule]]) -> list[Figure]:
    """How filings end under the rules of another forum, with the same people."""
    parts = worlds_of(lived_through(name, worlds))
    came = [closed_early(d) & ~np.isnan(d["filed_at"]) for d in parts]
    counts = [int(one.sum()) for one in came]
    return [
        over_worlds(
            f"{title}, under {name} (foretold)",
            published,
            [share(rule(d), one) for d, one in zip(parts, came, strict=True)],
            counts,
            "share",
            near_share(low, high),
        )
        for title, (published, low, high, rule) in rules.items()
    ]


def lived_through(policy: str, worlds: int) -> sim.Run:
    """The market of people under a shipped policy."""
    scenario, rules = scenarios.load(SCENARIO), scenarios.policy(policy)
    return sim.simulate(
        scenario, rules, seed=SEED, replications=worlds, days=DAYS, events=False, engine="numba"
    )


def worlds_of(run: sim.Run) -> list[Columns]:
    """The disputes of each world."""
    return [part_of(run.disputes, k) for k in range(run.replications)]


def part_of(disputes: Columns, world: int) -> Columns:
    """The disputes of one world."""
    mine = disputes["replication"] == world
    return {name: column[mine] for name, column in disputes.items()}


def shops_that_leave(run: sim.Run, group: str) -> Figure:
    """Exits a month of the shops of one group, over those that there are."""
    shops, number = run.merchants, list(run.scenario.merchant_groups).index(group)
    values, counts = [], []
    for world in range(run.replications):
        mine = (shops["replication"] == world) & (shops["merchant_group"] == number)
        values.append(float(shops["exits"][mine].mean()) / HALF_YEAR_MONTHS)
        counts.append(int(mine.sum()))
    title = f"{run.scenario.merchants.groups[group].title.lower()} that leave, a month (put in)"
    return over_worlds(title, "4.6 to 5.9 %, eBay", values, counts, "share")


def declared(scenario: sim.Scenario, name: str) -> float:
    """What is declared of a rate of claims for a thousand orders; 1 for all other metrics."""
    causes, groups = scenario.causes, scenario.buyers.groups.values()
    orders = [group.share * group.activity for group in groups]
    dishonest = sum(n * (1 - group.honesty) for n, group in zip(orders, groups, strict=True)) / sum(orders)
    rates = {
        "valid": sum(causes.per_thousand(one) for one in VALID_CAUSES),
        "remorse": causes.per_thousand("remorse"),
        "abusive": dishonest * (causes.per_thousand("opportunistic") + causes.per_thousand("malicious")),
    }
    kind, _, rest = name.partition("_")
    return rates[kind] if rest == "claims_per_thousand_orders" else 1.0


def figures_here(worlds: int) -> list[Figure]:
    """Every figure of the market under its own rules."""
    run = lived_through(POLICY, worlds)
    found, figures, parts = outcomes(run, list(OUTCOMES)), [], worlds_of(run)
    for (title, published, within), measure in COUNTED:
        pairs = [measure(d) for d in parts]
        shares, counts = [share(*one) for one in pairs], [int(among.sum()) for _, among in pairs]
        figures.append(over_worlds(title, published, shares, counts, "share", within or UNJUDGED))
    for name, (title, published, within) in OUTCOMES.items():
        one, scale = found[name], declared(run.scenario, name)
        ci = one.ci and (one.ci[0] / scale, one.ci[1] / scale)
        ends = within or UNJUDGED
        figures.append(Figure(title, published, one.value / scale, ci, one.n, "share", *ends))
    return [*figures, shops_that_leave(run, "small")]


def study(worlds: int) -> PublishedStudy:
    """Everything that is published of any such market, beside what comes out of this one."""
    figures = figures_here(worlds)
    figures += elsewhere(
        ombudsman.POLICY,
        worlds,
        {
            "reach an ombudsman": ("6 to 8 %", 0.06, 0.08, ombudsman.RULES["second"]),
            "ended informally": ("51 %", 0.51, 0.51, ombudsman.RULES["informal"]),
        },
    )
    figures += elsewhere(
        tribunal.POLICY,
        worlds,
        {
            name: (f"{100 * value:.0f} %", value, value, tribunal.RULES[name])
            for name, value in tribunal.PUBLISHED.items()
        },
    )
    lapsed: dict[str, tuple[str, float, float, Rule]] = {
        "lapsed": ("85 %", 0.85, 0.85, lambda d: word(d, "ending", "lapsed"))
    }
    figures += elsewhere(consent.POLICY, worlds, lapsed)
    return PublishedStudy(
        key="people",
        title="A market whose people respond",
        source="the sources named beside each figure",
        published=(
            "Nothing of this is published for one marketplace: figures of a mediator, two ombudsmen, a "
            "tribunal, a federal complaint office, surveys and sellers elsewhere stand for it."
        ),
        how=(
            "The scenario tmall, all mechanisms on, under its own policy tmall: disputes about the "
            "orders of 135 days after start-up, for metrics of 180 days; then the same people under three "
            "other forums."
        ),
        assumed=(
            (
                "fitted, and so not judged: patience of buyers and optimism in talks, habits of rounding, "
                "what claims are expected to get, and staff; no other setting was moved for a figure"
            ),
            "put in: exits by group, reach of claims firms, shares of made-up claims",
            "targets are of other places and other disputes: distance from them is no error by itself",
        ),
        figures=tuple(figures),
        reason=(
            "Of what is fitted, sums in tens come out; settlements before the platform stay nine points "
            "short. Sums are much smaller than New York’s, so fewer are multiples of 50 and of 100; goods "
            "are in hand and can be exchanged, so part refunds are fewer. Buyers win more, by the burdens "
            "of proof of a marketplace. Shops with many filings miss a window of three days that no firm "
            "of the complaint office had. Claims firms file unread, so theirs are worse, and by what they "
            "drop more filings are withdrawn than in New York, where there are none. Under a tribunal’s "
            "rules the same shops go on to settle; its parties are others."
        ),
        worlds=worlds,
    )
