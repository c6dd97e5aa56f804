"""Counter-based uniforms for compiled code: NumPy's Philox, one number at a time.

See `sim.draws` for what the counter means, and for the same numbers in whole columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba.core.types
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic

from sim.drawing.book import COMING, MEMO_SLOTS, Book, Parties
from sim.draws import ALL, Luck, key_of
from sim.jitted import jit
from sim.layout import Draft
from sim.rows import table

_types: Any = numba.core.types
_intrinsic: Any = intrinsic
_ROUNDS = 10
COUNTED = 1
"""The row of the memo that counts the steps that were worked out; it too is that of draw 0."""
_FIRST, _SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_FIRST_KEY, _SECOND_KEY = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
"""Multipliers and Weyl constants of Philox-4x64 (Salmon et al. 2011, table 2)."""
_ONE, _DROP = np.uint64(1), np.uint64(12)
_integer: Any = np.int64
_word: Any = np.uint64


def _product(_: Any, a: Any, b: Any) -> Any:
    """The upper and the lower 64 bits of a product of 128, which a processor makes at once."""
    both = _types.UniTuple(_types.uint64, 2)

    def multiply(context: Any, builder: Any, __: Any, values: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(value, wide) for value in values))
        upper = builder.lshr(product, ir.Constant(wide, 64))
        halves = [builder.trunc(half, ir.IntType(64)) for half in (upper, product)]
        return context.make_tuple(builder, both, halves)

    return both(_types.uint64, _types.uint64), multiply


product: Callable[[Any, Any], tuple[Any, Any]] = _intrinsic(_product)
"""Called in compiled code: the upper and the lower 64 bits of the product of two numbers of 64."""


@jit
def work_out(world: Draft, place: int, step: int, draw: int, slot: int) -> None:
    """Put the four numbers of a step of the counter in a row of the memo.

    NumPy counts on before it makes them, which is why 0 may stand for no step at all.
    """
    memo, key = world.book.memo, world.book.key
    a, b, c, d = _word(step) + _ONE, _word(draw), _word(slot), _word(0)
    k, l = key[0], key[1]
    for _ in range(_ROUNDS):
        (left, first), (right, second) = product(_FIRST, a), product(_SECOND, c)
        a, b, c, d = right ^ b ^ k, second, left ^ d ^ l, first
        k, l = k + _FIRST_KEY, l + _SECOND_KEY
    memo[place, 0] = _word(step) + _ONE
    memo[place, 1], memo[place, 2], memo[place, 3], memo[place, 4] = a, b, c, d
    memo[COUNTED, 0] += _ONE


@jit
def fraction(raw: Any) -> float:
    """The uniform that 64 random bits stand for, as `Luck.uniforms` has it: strictly between 0 and 1."""
    return float(_integer(raw >> _DROP) * 2.0**-52 + 2.0**-53)


@jit
def uniform(world: Draft, draw: int, i: int, slot: int) -> float:
    """The uniform of position i: for draws of which neighbours come one after the other."""
    if slot >= MEMO_SLOTS:
        return seldom(world, draw, i, slot)
    return remembered(world, draw, i, slot, draw * MEMO_SLOTS + slot)


@jit
def seldom(world: Draft, draw: int, i: int, slot: int) -> float:
    """The uniform of position i: for draws of which few positions are wanted."""
    return remembered(world, draw, i, slot, 0)


@jit
def remembered(world: Draft, draw: int, i: int, slot: int, place: int) -> float:
    """The uniform of position i, from the numbers in a row of the memo if they are those of its step.

    Four positions share a step. No draw has the number 0, so its first row is there for what is soon
    forgotten.
    """
    memo, step = world.book.memo, i >> 2
    if place == 0 or memo[place, 0] != _word(step) + _ONE:
        work_out(world, place, step, draw, slot)
    return fraction(memo[place, 1 + (i & 3)])


@jit
def likely(world: Draft, draw: int, i: int, slot: int, chance: float) -> bool:
    """Whether something of this chance happens; what is certain, or impossible, needs no luck."""
    if chance <= 0.0 or chance >= 1.0:
        return chance >= 1.0
    return uniform(world, draw, i, slot) < chance


def lucky(book: Book, luck: Luck) -> Book:
    """The book with the luck of a replication."""
    memo = np.zeros((MEMO_SLOTS * (1 + max(ALL.values())), 5), np.uint64)
    nobody = table(Parties, COMING, position=-1)
    return book._replace(key=key_of(luck.seed, luck.replication), memo=memo, coming=nobody)
