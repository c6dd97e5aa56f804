"""Who meets whom over what: all that decides whether a candidate happens, and so is drawn for each."""

from __future__ import annotations

from typing import Any

from evenhand.sim.jit.compile import jit, long
from evenhand.sim.jit.prefetch import fetch_row
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.inverse_cdf import fallen_on
from evenhand.sim.sampling.parameters import COMING
from evenhand.sim.sampling.philox import uniform
from evenhand.sim.sampling.world_rows import Draft
from evenhand.sim.scenario.vocabulary import N_CAUSES, REMORSE


@jit
def member(world: Draft, crowd: Any, u: float) -> int:
    """The buyer that a uniform falls on, each as likely as the weight of its group."""
    last = len(crowd) - 1
    at, g = u * crowd[last].end, 0
    while g < last and at >= crowd[g].end:
        g += 1
    group = crowd[g]
    place = int((at - group.begin) / group.each)
    place = min(max(0, place), long(group.size) - 1)
    return int(world.parameters.members[group.first + place])


@jit
def weighed(each: Any, u: float) -> int:
    """The buyer that a uniform falls on, each as likely as its own weight.

    The guide leads to where to look on from (Chen & Asau 1974, as told by Devroye 1986, III.2.4).
    """
    last = len(each.ends) - 1
    at = u * each.ends[last]
    found = int(each.guide[guide_to(each, u)])
    while found < last and at >= each.ends[found]:
        found += 1
    return found


@jit
def know_reason(world: Draft, at: int, i: int) -> None:
    """Row `at` of those who come gets the merchant and the cause of position i, and its luck.

    The cause falls by the rates of the merchant. The buyer is not looked for yet: most candidates fail at
    the merchant, and there are many buyers.
    """
    parameters = world.parameters
    row = parameters.coming[at % COMING]
    if row.position == i:
        return
    m = i >> 32
    fallen = uniform(world, streams.CAUSE, i, 0) * parameters.cause_ends[m * N_CAUSES + N_CAUSES - 1]
    row.position = i
    row.merchant = m
    row.cause = fallen_on(parameters.cause_ends, m * N_CAUSES, N_CAUSES, fallen)
    row.happens = uniform(world, streams.HAPPENS, i, 0)
    row.buyer_luck = uniform(world, streams.BUYER, i, 0)
    row.buyer = -1
    row.maybe = False


@jit
def guide_to(each: Any, u: float) -> int:
    """The part of a guide that a uniform falls into."""
    return int(u * len(each.guide))


@jit
def fetch_guide(world: Draft, at: int) -> None:
    """Have on its way what leads to the buyer of the same row."""
    parameters = world.parameters
    row = parameters.coming[at % COMING]
    if row.cause > REMORSE:
        if len(parameters.tempted_each.ends) > 0:
            fetch_row(parameters.tempted_each.guide, guide_to(parameters.tempted_each, row.buyer_luck))
    elif len(parameters.ordering_each.ends) > 0:
        fetch_row(parameters.ordering_each.guide, guide_to(parameters.ordering_each, row.buyer_luck))


@jit
def fetch_ends(world: Draft, at: int) -> None:
    """Have on their way the weights among which the buyer of the same row is looked for."""
    parameters = world.parameters
    row = parameters.coming[at % COMING]
    if row.cause > REMORSE:
        each = parameters.tempted_each
        if len(each.ends) > 0:
            fetch_row(each.ends, int(each.guide[guide_to(each, row.buyer_luck)]))
        return
    each = parameters.ordering_each
    if len(each.ends) > 0:
        fetch_row(each.ends, int(each.guide[guide_to(each, row.buyer_luck)]))


@jit
def know_buyer(world: Draft, at: int, i: int) -> None:
    """The same row gets its buyer, by activity, and whether he is away.

    A made-up claim is that of a dishonest buyer: there, dishonesty weighs as much as activity.
    """
    parameters = world.parameters
    row = parameters.coming[at % COMING]
    if row.buyer >= 0:
        return
    u = row.buyer_luck
    if row.cause > REMORSE and len(parameters.tempted_each.ends) > 0:
        row.buyer = weighed(parameters.tempted_each, u)
    elif row.cause > REMORSE:
        row.buyer = member(world, parameters.tempted, u)
    elif len(parameters.ordering_each.ends) > 0:
        row.buyer = weighed(parameters.ordering_each, u)
    else:
        row.buyer = member(world, parameters.ordering, u)
    row.present = uniform(world, streams.PRESENT, i, 0) if parameters.odds[0].claims_enabled else 0.0


@jit
def draw_parties(world: Draft, d: int, at: int, i: int) -> None:
    """The row of dispute d, which arrives as number `at`, gets the parties of position i."""
    know_reason(world, at, i)
    know_buyer(world, at, i)
    case, row = world.cases[d], world.parameters.coming[at % COMING]
    case.position = row.position
    case.merchant = row.merchant
    case.cause = row.cause
    case.buyer = row.buyer
    case.happens = row.happens
    case.present = row.present
