"""Drawing a world: people, grievances and every delay, before any rule acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.structs import dtype_of, table
from evenhand.sim.policy.policy import Policy
from evenhand.sim.sampling.arrivals import Arrivals, arrivals_of, market_time
from evenhand.sim.sampling.business_hours import calendar_days, draw_up
from evenhand.sim.sampling.compile_scenario import of_people, parameters_of
from evenhand.sim.sampling.eager import draw_rows
from evenhand.sim.sampling.evidence import decay_table, logistic_table
from evenhand.sim.sampling.habits import Habits
from evenhand.sim.sampling.philox import lucky
from evenhand.sim.sampling.population import Population, draw_lives, draw_people
from evenhand.sim.sampling.proceedings import WAITS
from evenhand.sim.sampling.shifts import shifts_of
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import ROWS, ClaimRow, Manner, Told, World
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.settings import by_path
from evenhand.sim.scenario.talks import ROUNDS_APART
from evenhand.sim.scenario.vocabulary import GROUNDLESS_CAUSES, N_KINDS, STYLES, VALID_CAUSES

BLOCK = 4096
"""Candidates whose times are drawn at once."""


class Extent(NamedTuple):
    """How many rounds, decisions and seats a policy can use; more never change the first ones."""

    rounds: int
    meetings: int
    levels: int
    seats: tuple[int, ...]
    """Seats of the panel at each decision; 0 beyond."""
    accords: int = 0
    """1 where sides consent to the procedure, take offers, cure filings, or need not carry rulings out."""
    sealed: int = 0
    """1 where votes are sealed."""
    readings: int = 0
    """1 where a model decides."""
    hearings: int = 1
    """Hearings of one case."""

    @classmethod
    def of(cls, policy: Policy) -> Extent:
        """What is enough for every version of a policy."""
        decisions = [steps for _, plan in policy.versions() for steps in plan.steps]
        plans = [step.plan for steps in decisions for step in steps]
        levels = max(len(steps) for steps in decisions)
        # As in `sim.policy.compile`, the last step stands for those that only a reform can make out of reach.
        panels = [
            [s for s in (steps[min(k, len(steps) - 1)] for steps in decisions) if s.by_panel(k)]
            for k in range(levels)
        ]
        return cls(
            rounds=max(plan.negotiation.rounds for plan in plans),
            meetings=max(plan.mediation.rounds for plan in plans),
            levels=levels,
            seats=tuple(max((step.seats for step in some), default=0) for some in panels),
            accords=int(any(_has_accords(plan) for plan in plans)),
            sealed=int(any(step.plan.decision.panel.reveal.hours > 0 for some in panels for step in some)),
            hearings=max(plan.decision.hearings.number for plan in plans),
            readings=int(any("model" in (plan.decision.decider, plan.review.decider) for plan in plans)),
        )


def _has_accords(plan: Policy) -> bool:
    """Whether rules have what the rows of accords are for."""
    cures, binds = plan.screening.not_admitted == "cure", plan.decision.binding
    return bool(plan.consent.of) or plan.offers.enabled or cures or not binds


def pauses_of(extent: Extent) -> int:
    """Waits of a case at most: two more for each further hearing, between hearings and in the line."""
    return WAITS + extent.meetings + 2 * (extent.hearings - 1)


def habits_of(
    scenario: Scenario, days: int, open_loop: bool | None, counted: tuple[float, float] | None = None
) -> Habits:
    """The constants that stages read."""
    frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
    since, until = counted or (scenario.start_up, np.inf)
    care = scenario.behaviour.care
    ceiling = care.ceiling if care.enabled else 1.0
    groups = list(scenario.buyers.groups.values())
    orders = np.array([group.share * group.activity for group in groups])
    each = scenario.market.orders_per_day / (scenario.buyers.count * float(orders.sum()))
    orders /= orders.sum()
    means = {
        "mean_knowledge": float(orders @ [group.knowledge for group in groups]),
        "mean_trust": float(orders @ [group.trust for group in groups]),
        "mean_effort": float(orders @ [group.effort.mean() for group in groups]),
    }
    return by_path(
        Habits,
        scenario,
        open_loop=frozen,
        days=calendar_days(days),
        counted_since=since,
        counted_until=until,
        orders_each=each,
        problem_ceiling=ceiling,
        **means,
    )


def manners_of(scenario: Scenario) -> NDArray[Any]:
    """How each style gives way, round by round, and how far the buyer holds out."""
    talks = scenario.behaviour.talks
    styles = [getattr(talks.styles, name) for name in STYLES]
    rows = [
        Manner(style.margin[j], style.limit[j], style.tolerance, talks.aspiration[j])
        for style in styles
        for j in range(ROUNDS_APART)
    ]
    return np.array([tuple(row) for row in rows], dtype_of(Manner))


def candidate_rates(scenario: Scenario, people: Population) -> NDArray[np.float64]:
    """Candidates of each merchant in an ordinary day: the highest rates that any state can reach."""
    orders = scenario.market.orders_per_day * scenario.behaviour.ranking.highest * people.merchant_share
    return np.asarray(orders * people.cause_rate.sum(axis=1))


def claim_rows(scenario: Scenario) -> NDArray[Any]:
    """How each kind of claimant responds."""
    kinds = scenario.behaviour.claims.kinds()
    return np.array([tuple(by_path(ClaimRow, kind)) for kind in kinds], dtype_of(ClaimRow))


def told_at_the_start(scenario: Scenario) -> NDArray[Any]:
    """Claims of each group and kind that are still told of at rest, and what they got."""
    claims, causes = scenario.behaviour.claims, scenario.causes
    groups = list(scenario.buyers.groups.values())
    orders = np.array([g.share * g.activity for g in groups])
    orders *= scenario.market.orders_per_day / orders.sum()
    declared = [sum(causes.per_thousand(one) for one in VALID_CAUSES)]
    declared += [causes.per_thousand(one) for one in GROUNDLESS_CAUSES]
    told = np.outer(orders, declared) / 1000 * (claims.hearsay_memory / 24)
    told[:, 2:] *= np.array([1.0 - g.honesty for g in groups])[:, None]
    chances = np.array([kind.chance for kind in claims.kinds()])
    return table(Told, told.size, claims=told.ravel(), granted=(told * chances).ravel())


_OF_PEOPLE = (
    "buyers",
    "merchants",
    "lives",
    "arbiter_level",
    "arbiter_pattern",
    "model_shared",
    "model_spread",
    "market_time",
)


def bare_frame(
    scenario: Scenario,
    extent: Extent,
    days: int,
    open_loop: bool | None,
    counted: tuple[float, float] | None = None,
) -> World:
    """What is the same in every replication: calendars, constants, distributions; no people.

    `counted` are the hours in which orders are counted; None = all after start-up.
    """
    seats = [*extent.seats, *[0] * extent.levels][: extent.levels]
    empty: dict[str, Any] = {name: table(row, 0) for name, row in ROWS.items()}
    rest: dict[str, Any] = {
        "days": draw_up(scenario, days),
        "shifts": shifts_of(scenario, days),
        "concession": np.asarray(scenario.behaviour.bargaining.concession),
        "manners": manners_of(scenario),
        "logistic": logistic_table(),
        "decay": decay_table(),
        "claim_kinds": claim_rows(scenario),
        "told": told_at_the_start(scenario),
        "first_seat": np.cumsum([0, *seats[:-1]]),
        **dict.fromkeys(_OF_PEOPLE, ()),
    }
    return World(
        **empty,
        **rest,
        rounds=extent.rounds,
        meetings_each=extent.meetings,
        accords_each=extent.accords,
        pauses_each=pauses_of(extent) if scenario.behaviour.after_filing.waiting.enabled else 0,
        hearings=extent.hearings,
        levels_each=extent.levels,
        readings_each=extent.levels if extent.readings else 0,
        seats=sum(seats),
        lives_each=0,
        artefacts_each=N_KINDS if scenario.evidence.model == "shared" else 0,
        sealed=extent.sealed > 0,
        habits=habits_of(scenario, days, open_loop, counted),
        parameters=parameters_of(scenario),
    )


def peopled(bare: World, scenario: Scenario, people: Population, luck: Luck, days: int) -> World:
    """A world before its first dispute."""
    lives = draw_lives(scenario, people.merchants, days, luck)
    drawn: dict[str, Any] = {
        "buyers": people.buyers,
        "merchants": people.merchants,
        "lives": lives,
        "lives_each": len(lives) // len(people.merchants),
        "arbiter_level": people.arbiter_level,
        "arbiter_pattern": people.arbiter_pattern,
        "model_shared": people.model_shared,
        "model_spread": people.model_spread,
        "market_time": market_time(scenario, luck, days),
    }
    return bare._replace(**drawn, parameters=lucky(of_people(bare.parameters, people), luck))


def arrivals(
    scenario: Scenario, people: Population, frame: World, luck: Luck, most: int = BLOCK
) -> Iterator[Arrivals]:
    """The candidates of a world as they arise, in blocks of about so many."""
    return arrivals_of(np.asarray(frame.market_time), candidate_rates(scenario, people), luck, most)


def draw_world(
    scenario: Scenario, extent: Extent, luck: Luck, days: int, open_loop: bool | None = None
) -> World:
    """Draw one whole instance of a scenario for one seed and replication.

    `extent` says how many rounds, reviews and seats are drawn; `days` is the horizon.
    """
    return draw_in(bare_frame(scenario, extent, days, open_loop), scenario, luck, days)


def draw_in(bare: World, scenario: Scenario, luck: Luck, days: int) -> World:
    """Draw people, and all that may befall them, in a bare frame."""
    people = draw_people(scenario, luck)
    frame = peopled(bare, scenario, people, luck, days)
    blocks = zip(*arrivals(scenario, people, frame, luck), strict=True)
    return draw_rows(frame, luck, Arrivals(*map(np.concatenate, blocks)))
