"""SciPy's special functions for compiled code: the very machine code that SciPy's own arrays go through.

They are called by a name that is given their address whenever this module is imported, so that code
kept on disk finds them again.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
import numba.core.types
from numba.extending import get_cython_function_address

from evenhand.sim.jit.compile import jit

_types: Any = numba.core.types


def _scipy(name: str, arguments: int) -> Any:
    """A function of so many numbers; Cython adds an argument that means nothing here."""
    symbol = f"evenhand_{name}"
    address = get_cython_function_address("scipy.special.cython_special", name)
    llvmlite.binding.add_symbol(symbol, address)
    return _types.ExternalFunction(symbol, _types.float64(*[_types.float64] * arguments, _types.int32))


_ndtri = _scipy("ndtri", 1)
_gammaincinv = _scipy("gammaincinv", 2)


@jit
def ndtri(u: float) -> float:
    """The quantile of the standard normal."""
    return float(_ndtri(u, 0))


@jit
def gammaincinv(shape: float, u: float) -> float:
    """The quantile of the gamma of scale 1."""
    return float(_gammaincinv(shape, u, 0))
