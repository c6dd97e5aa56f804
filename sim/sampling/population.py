"""Drawing the people of a world: buyers, merchants, arbiters."""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from evenhand.sim.jit.structs import table
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.buyers_at_rest import buyers_at_rest
from evenhand.sim.sampling.rest_point import rest_point
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import Buyer, Life, Merchant
from evenhand.sim.scenario.claim_supply import occasions, present_at_rest
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, N_CAUSES, N_VALID, VALID_CAUSES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_RISK = 3.0
"""Times the hazard of an average merchant at which the worst one leaves."""
_BY_DESCRIPTION = [VALID_CAUSES.index("not_as_described"), VALID_CAUSES.index("false_advertising")]


class Crowd(NamedTuple):
    """Buyers by group: those of one group order alike, so a buyer is found without searching for it."""

    members: Ints
    """Buyers, group after group."""
    first: Ints
    """Where each group begins among the members."""
    sizes: Ints
    activity: Floats
    """Orders of a buyer of each group, relative to the others."""
    temptation: Floats
    """The share of these that the buyer could not resist to make a claim about."""
    own_orders: Floats
    """Orders of each buyer; empty where those of a group order alike."""
    own_claims: Floats
    """The same for claims that buyers make up; empty where those of a group do alike."""

    def who(self, u: Floats, weight: Floats) -> Ints:
        """The buyers that uniforms fall on, each as likely as the weight of its group."""
        ends = np.cumsum(self.sizes * weight)
        at = u * ends[-1]
        group = np.minimum(np.searchsorted(ends, at, "right"), len(ends) - 1)
        each = np.where(weight > 0, weight, 1.0)[group]
        place = ((at - (ends - self.sizes * weight)[group]) / each).astype(np.int64)
        return np.asarray(self.members[self.first[group] + np.clip(place, 0, self.sizes[group] - 1)])

    def tempted(self) -> float:
        """The share of orders that somebody makes up a claim about, if habits allow."""
        orders = self.sizes * self.activity
        return float(orders @ self.temptation / orders.sum())


class Population(NamedTuple):
    """The people, and what the drawing of disputes needs to know about them."""

    buyers: NDArray[Any]
    merchants: NDArray[Any]
    arbiter_level: Floats
    arbiter_pattern: Floats
    model_shared: Floats
    model_spread: Floats
    crowd: Crowd
    """The buyers, as those who order and those who make up claims are found among them."""
    merchant_share: Floats
    """Share of each merchant in all orders."""
    cause_rate: Floats
    """Highest rate of each cause for one order, by merchant; shape (merchants, causes)."""
    reply_factor: Floats


def pick(cumulative: Floats, u: Floats) -> Ints:
    """The positions that uniforms fall on, of at most 128; `cumulative` are rising weights of any sum."""
    at = u * cumulative[-1]
    fallen = np.zeros(len(u), np.int8)
    for end in cumulative[:-1]:  # there are few; halving them for each uniform takes ten times as long
        fallen += at >= end
    return fallen.astype(np.int64)


def by_group(group: Ints, values: list[float]) -> Floats:
    """A trait of each person from the values of the groups."""
    return np.asarray(values)[group]


def spread_factor(sigma: float, u: Floats) -> Floats:
    """Lognormal factors of mean 1."""
    return np.asarray(np.exp(sigma * ndtri(u) - sigma**2 / 2))


def own_orders(scenario: Scenario, luck: Luck, usual: Floats) -> Floats:
    """Orders of each buyer, where those of a group differ; else nothing."""
    sigma = scenario.buyers.activity_spread
    if sigma <= 0:
        return np.empty(0)
    return usual * spread_factor(sigma, luck.uniforms(streams.BUYER_ACTIVITY, 0, len(usual)))


def own_proneness(scenario: Scenario, luck: Luck) -> Floats:
    """How prone each buyer is to make up claims beside others of the group; nothing where all are alike."""
    some, n = scenario.buyers.proneness, scenario.buyers.count
    if some.sigma <= 0 and some.serial_share <= 0:
        return np.empty(0)
    prone = spread_factor(some.sigma, luck.uniforms(streams.BUYER_PRONENESS, 0, n))
    serial = luck.uniforms(streams.BUYER_SERIAL, 0, n) < some.serial_share
    return np.where(serial, some.serial_rate, np.minimum(prone, some.cap))


def crowd_of(scenario: Scenario, luck: Luck, group: Ints) -> Crowd:
    """How buyers of these groups are found among those who order, and who make up claims."""
    groups = list(scenario.buyers.groups.values())
    activity, temptation = (
        np.array([g.activity for g in groups]),
        np.array([1.0 - g.honesty for g in groups]),
    )
    sizes = np.bincount(group, minlength=len(groups))
    orders = own_orders(scenario, luck, activity[group])
    prone = own_proneness(scenario, luck)
    claims = np.empty(0)
    if len(orders) or len(prone):
        claims = (orders if len(orders) else activity[group]) * temptation[group]
        claims = claims * prone if len(prone) else claims
    return Crowd(
        # narrow, because what is narrow is sorted by counting; there are at most fifty groups
        members=np.argsort(group.astype(np.int8), kind="stable"),
        first=np.cumsum(sizes) - sizes,
        sizes=sizes,
        activity=activity,
        temptation=temptation,
        own_orders=orders,
        own_claims=claims,
    )


def draw_buyers(scenario: Scenario, luck: Luck) -> tuple[NDArray[Any], Crowd]:
    """Buyers, and how they are found."""
    n, groups = scenario.buyers.count, list(scenario.buyers.groups.values())
    group = pick(np.cumsum([g.share for g in groups]), luck.uniforms(streams.BUYER_GROUP, 0, n))
    exits = luck.uniforms(streams.BUYER_EXIT, 0, n) * scenario.behaviour.exit.buyer_trust
    crowd = crowd_of(scenario, luck, group)
    orders = crowd.own_orders if len(crowd.own_orders) else crowd.activity[group]
    starts = luck.uniforms(streams.BUYER_STARTS, 0, n)
    trust = by_group(group, [g.trust for g in groups])
    made_up = crowd.own_claims if len(crowd.own_claims) else orders * crowd.temptation[group]
    buyers = table(
        Buyer,
        n,
        group=group,
        exit_below=exits,
        knowledge=by_group(group, [g.knowledge for g in groups]),
        trust=trust,
        activity=orders,
        present=starts < present_at_rest(scenario)[group],
        **buyers_at_rest(scenario, orders, made_up, crowd.tempted(), trust, luck)._asdict(),
    )
    return buyers, crowd


def merchant_group(scenario: Scenario) -> Ints:
    """Group of each merchant: the groups follow each other from the largest merchant down."""
    ends = np.cumsum([g.share for g in scenario.merchants.groups.values()])
    rank = (np.arange(scenario.merchants.count) + 0.5) / scenario.merchants.count
    return np.asarray(np.minimum(np.searchsorted(ends, rank), len(ends) - 1))


def order_shares(scenario: Scenario, group: Ints) -> Floats:
    """Share of each merchant in all orders: by rank in the market, or in a group with a share of its own."""
    some, n = scenario.merchants, len(group)
    stated = [one.sales_share for one in some.groups.values()]
    if None in stated:
        size = np.arange(1, n + 1) ** -some.zipf
        return np.asarray(size / size.sum())
    counts = np.bincount(group, minlength=len(stated))
    size = (np.arange(n) - (np.cumsum(counts) - counts)[group] + 1.0) ** -some.zipf
    share = np.array(stated, float)[group] * size / np.bincount(group, size, len(stated))[group]
    return np.asarray(share / share.sum())


def cause_rates(
    scenario: Scenario, group: Ints, factor: Floats, tempted: float, *, ceilings: bool = True
) -> Floats:
    """Candidates of each cause for one order, by merchant, before thinning; shape (merchants, causes).

    `tempted` is the dishonest share of orders: without it, most made-up claims would be drawn in vain.
    Without `ceilings` they are what is declared; with them, care may raise grievances and habits the
    groundless causes that need a dishonest buyer, and remorse stays as it is.
    """
    groups, behaviour = list(scenario.merchants.groups.values()), scenario.behaviour
    base = np.array([scenario.causes.per_thousand(cause) / 1000 for cause in CAUSES])
    rates = np.tile(base, (len(group), 1))
    rates[:, :N_VALID] *= (by_group(group, [g.problem_rate for g in groups]) * factor)[:, None]
    rates[:, _BY_DESCRIPTION] *= by_group(group, [g.description_errors for g in groups])[:, None]
    for number, cause in enumerate(VALID_CAUSES):
        rates[:, number] *= by_group(group, [g.causes.get(cause, 1.0) for g in groups])
    rises = ceilings and not behaviour.claims.enabled
    rates[:, N_VALID + 1 :] *= (behaviour.habit.ceiling if rises else 1.0) * tempted
    if ceilings and behaviour.care.enabled:
        rates[:, :N_VALID] *= behaviour.care.ceiling
    if ceilings:
        each = occasions(scenario)[group]
        rates[:, :N_VALID] *= each[:, :1]
        rates[:, N_VALID:] *= each[:, 1:]
    return rates


def granting(scenario: Scenario, n: int, luck: Luck) -> Floats:
    """Chance of each merchant to grant a claim as a rule of its house, shape (merchants,).

    A beta distribution of mean m whose parameters sum to 1 / rho - 1, where rho is the correlation of two
    claims against one merchant (Williams 1975).
    """
    mean, alike = scenario.behaviour.grants.share, scenario.behaviour.grants.alike
    if mean in (0.0, 1.0) or alike == 0.0:
        return np.full(n, mean)
    u = luck.uniforms(streams.GRANTING, 0, n)
    if alike == 1.0:
        return np.where(u < mean, 1.0, 0.0)
    total = 1.0 / alike - 1.0
    return np.asarray(betaincinv(mean * total, (1.0 - mean) * total, 1.0 - u))


def draw_merchants(
    scenario: Scenario, luck: Luck, tempted: float
) -> tuple[NDArray[Any], Floats, Floats, Floats]:
    """Merchants, their shares of orders, their cause rates, and their reply factors."""
    some, n = scenario.merchants, scenario.merchants.count
    groups, group = list(some.groups.values()), merchant_group(scenario)
    problem = np.exp(some.problem_spread * ndtri(luck.uniforms(streams.PROBLEM_FACTOR, 0, n)))
    problem /= np.exp(some.problem_spread**2 / 2)  # the spread leaves the mean where it was
    reply = np.exp(some.reply_spread * ndtri(luck.uniforms(streams.REPLY_FACTOR, 0, n)))
    shift = some.service_spread * ndtri(luck.uniforms(streams.SERVICE_SHIFT, 0, n))
    exits = luck.uniforms(streams.MERCHANT_EXIT, 0, n) * scenario.behaviour.exit.merchant_rating
    share, declared = (
        order_shares(scenario, group),
        cause_rates(scenario, group, problem, tempted, ceilings=False),
    )
    will = scenario.behaviour.talks.ill_will
    merchants = table(
        Merchant,
        n,
        group=group,
        sales=share,
        exit_below=exits,
        ill_will=will.low + (will.high - will.low) * luck.uniforms(streams.ILL_WILL, 0, n),
        service=np.clip(by_group(group, [g.service for g in groups]) + shift, 0, 1),
        never_replies=by_group(group, [g.never_replies for g in groups]),
        grants=granting(scenario, n, luck),
        forges=by_group(group, [g.forges for g in groups]),
        rating=by_group(group, [g.rating for g in groups]),
        learning=by_group(group, [g.learning for g in groups]),
        **rest_point(scenario, group, share, declared, luck)._asdict(),
    )
    return merchants, share, cause_rates(scenario, group, problem, tempted), reply


def draw_lives(scenario: Scenario, merchants: NDArray[Any], days: int, luck: Luck) -> NDArray[Any]:
    """The shops that follow each other in each merchant's place; enough for a run of so many days.

    The last one stays, which happens to one in many thousands.
    """
    if not scenario.behaviour.turnover.enabled:
        return table(Life, 0)
    n, worst = len(merchants), float(merchants["exit_rate"].max())
    each = 8 + ceil(4 * MOST_RISK * worst * 24 * days)
    lives = table(Life, n * each)
    for k in range(each):
        these = lives[k::each]
        these["lasts"] = -np.log(luck.uniforms(streams.LIFETIME, 0, n, k))
        these["succession"] = -np.log(luck.uniforms(streams.SUCCESSION, 0, n, k + 1))
        these["back_luck"] = luck.uniforms(streams.COMES_BACK, 0, n, k)
    return lives


def draw_model(scenario: Scenario, luck: Luck) -> tuple[Floats, Floats]:
    """The errors that the model makes in all cases of a buyer group and a claim, and the spread of the
    others; both by group and then by claim."""
    model = scenario.model
    by_group = np.array([model.by_group.get(name, 1.0) for name in scenario.buyer_groups])
    causes: dict[str, float] = {str(name): factor for name, factor in model.by_cause.items()}
    by_cause = np.array([causes.get(name, 1.0) for name in CAUSES])
    factor = np.outer(by_group, by_cause).ravel()
    luck_of_version = luck.uniforms(streams.MODEL_SHARED, 0, len(factor), model.version)
    return model.shared_error * factor * ndtri(luck_of_version), model.own_error * factor


def draw_people(scenario: Scenario, luck: Luck) -> Population:
    """Everybody in a world."""
    buyers, crowd = draw_buyers(scenario, luck)
    merchants, share, rates, reply = draw_merchants(scenario, luck, crowd.tempted())
    some = scenario.arbiters
    level = some.level_sd * ndtri(luck.uniforms(streams.LEVEL_NOISE, 0, some.count))
    pattern = some.pattern_sd * ndtri(luck.uniforms(streams.PATTERN_NOISE, 0, some.count * N_CAUSES))
    shared, spread = draw_model(scenario, luck)
    return Population(buyers, merchants, level, pattern, shared, spread, crowd, share, rates, reply)
