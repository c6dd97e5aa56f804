"""Counter-based uniforms for compiled code: NumPy's Philox, one number at a time.

See `sim.sampling.streams` for what the counter means, and for the same numbers in whole columns.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log1p
from typing import Any

import numba.core.types
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic

from evenhand.sim.jit.compile import inline, jit
from evenhand.sim.jit.structs import table
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.parameters import COMING, MEMO_SLOTS, Parameters, Parties
from evenhand.sim.sampling.streams import ALL, PER_STEP, Luck, key_of
from evenhand.sim.sampling.world_rows import Draft

_types: Any = numba.core.types
_intrinsic: Any = intrinsic
_ROUNDS = 10
_GAP_GROUP = streams.GAP.number // PER_STEP
assert streams.GAP.number % PER_STEP == 1
COUNTED = 1
"""The row of the memo that counts the groups that were worked out; group 0 has no draw of a dispute."""
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


@inline
def four(key: Any, position: int, group: int, slot: int) -> tuple[Any, Any, Any, Any]:
    """The numbers of the four draws of a group at one position.

    Inlined, since four words that come back through memory are waited for by whoever reads them as one.
    NumPy counts on before it makes them, which is why 0 may stand for no step at all.
    """
    a, b, c, d = _word(position) + _ONE, _word(group), _word(slot), _ONE
    k, l = key[0], key[1]
    for _ in range(_ROUNDS):
        (left, first), (right, second) = product(_FIRST, a), product(_SECOND, c)
        a, b, c, d = right ^ b ^ k, second, left ^ d ^ l, first
        k, l = k + _FIRST_KEY, l + _SECOND_KEY
    return a, b, c, d


@jit
def work_out(world: Draft, place: int, position: int, group: int, slot: int) -> None:
    """Put the numbers of a group of draws in a row of the memo."""
    memo = world.parameters.memo
    memo[place, 1], memo[place, 2], memo[place, 3], memo[place, 4] = four(
        world.parameters.key, position, group, slot
    )
    memo[place, 0] = _word(position) + _ONE
    memo[COUNTED, 0] += _ONE


@jit
def fraction(raw: Any) -> float:
    """The uniform that 64 random bits stand for, as `Luck.uniforms` has it: strictly between 0 and 1."""
    return float(_integer(raw >> _DROP) * 2.0**-52 + 2.0**-53)


@jit
def position_of(merchant: int, place: int) -> int:
    """Position of a merchant's candidate, the first of which has place 0; both below 2**31."""
    return merchant << 32 | place


@jit
def gap(key: Any, position: int) -> float:
    """The gap before a merchant's candidate at this position: exponential of mean 1."""
    _, raw, _, _ = four(key, position, _GAP_GROUP, 0)
    return -log1p(-fraction(raw))


@jit
def uniform(world: Draft, draw: int, i: int, slot: int) -> float:
    """The uniform of a draw of a dispute at position i, from the memo if its group is there.

    Slots beyond those that are remembered share one row, which says whose it is.
    """
    memo, group = world.parameters.memo, draw >> 2
    place = group * MEMO_SLOTS + slot
    if slot >= MEMO_SLOTS:
        place, tag = 0, _word(slot << 16 | group)
        if memo[0, 0] != _word(i) + _ONE or memo[0, 5] != tag:
            work_out(world, place, i, group, slot)
            memo[0, 5] = tag
    elif memo[place, 0] != _word(i) + _ONE:
        work_out(world, place, i, group, slot)
    return fraction(memo[place, 1 + (draw & 3)])


@jit
def likely(world: Draft, draw: int, i: int, slot: int, chance: float) -> bool:
    """Whether something of this chance happens; what is certain, or impossible, needs no luck."""
    if chance <= 0.0 or chance >= 1.0:
        return chance >= 1.0
    return uniform(world, draw, i, slot) < chance


def lucky(parameters: Parameters, luck: Luck) -> Parameters:
    """The parameters with the luck of a replication."""
    memo = np.zeros((MEMO_SLOTS * (1 + max(ALL.values()) // PER_STEP), 6), np.uint64)
    nobody = table(Parties, COMING, position=-1)
    return parameters._replace(key=key_of(luck.seed, luck.replication), memo=memo, coming=nobody)
