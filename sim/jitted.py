"""Functions for both clocks: plain Python for SimPy, compiled by Numba for the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., object])


def compiles(function: F) -> F:
    """Plain Python when SimPy calls it, compiled when the compiled clock does; never called from C."""
    kept: F = register_jitable(no_cfunc_wrapper=True)(function)
    return kept


@compiles
def long(number: int) -> int:
    """The number of a row's field with the 64 bits of all others, so that who takes it compiles once."""
    return number + 0
