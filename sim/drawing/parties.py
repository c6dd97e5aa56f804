"""Who meets whom over what: all that decides whether a candidate happens, and so is drawn for each."""

from __future__ import annotations

from typing import Any

from sim import draws
from sim.causes import N_CAUSES, REMORSE
from sim.drawing.book import COMING
from sim.drawing.laws import fallen_on
from sim.drawing.philox import uniform
from sim.draws import PER_STEP
from sim.jitted import jit, long
from sim.layout import Draft


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
    return int(world.book.members[group.first + place])


@jit
def merchant(world: Draft, u: float) -> int:
    """The merchant that a uniform falls on, by size and problems."""
    ends, last = world.book.merchant_ends, len(world.book.merchant_ends) - 1
    at, m = u * ends[last], world.book.merchant_guide[int(u * (last + 1))]
    while m > 0 and at < ends[m - 1]:  # should the guide be a rounding too far
        m -= 1
    while m < last and at >= ends[m]:
        m += 1
    return int(m)


@jit
def draw_step(world: Draft, step: int) -> None:
    """Merchant by size and problems, cause by the merchant's rates, buyer by activity, at four positions.

    A made-up claim is that of a dishonest buyer: there, dishonesty weighs as much as activity.
    """
    book = world.book
    for i in range(PER_STEP * step, PER_STEP * (step + 1)):
        row = book.coming[i % COMING]
        m = merchant(world, uniform(world, draws.MERCHANT, i, 0))
        at = uniform(world, draws.CAUSE, i, 0) * book.cause_ends[m * N_CAUSES + N_CAUSES - 1]
        cause = fallen_on(book.cause_ends, m * N_CAUSES, N_CAUSES, at)
        u = uniform(world, draws.BUYER, i, 0)
        row.position = i
        row.merchant = m
        row.cause = cause
        if cause > REMORSE:
            row.buyer = member(world, book.tempted, u)
        else:
            row.buyer = member(world, book.ordering, u)
        row.happens = uniform(world, draws.HAPPENS, i, 0)


@jit
def draw_parties(world: Draft, d: int, i: int) -> None:
    """The row of dispute d gets the parties that luck has at position i."""
    case, row = world.cases[d], world.book.coming[i % COMING]
    if row.position != i:
        draw_step(world, i // PER_STEP)
    case.merchant = row.merchant
    case.cause = row.cause
    case.buyer = row.buyer
    case.happens = row.happens
