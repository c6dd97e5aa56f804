"""Cache-line alignment and prefetching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba.core.types
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic
from numpy.typing import NDArray

from evenhand.sim.jit.compile import jit

LINE = 64
"""Bytes that a processor fetches together."""
_READ, _KEEP, _DATA = 0, 3, 1

_types: Any = numba.core.types
_intrinsic: Any = intrinsic


def aligned(size: int, dtype: Any) -> NDArray[Any]:
    """Zeros, one-dimensional, the first at the start of a cache line.

    A row of 32 or 64 or 128 bytes then lies in as few lines as it can; NumPy leaves it 16 bytes in.
    """
    kind = np.dtype(dtype)
    raw = np.empty(size * kind.itemsize + LINE, np.uint8)  # `zeros` would not get large pages
    raw[:] = 0
    start = -raw.ctypes.data % LINE
    rows: NDArray[Any] = raw[start : start + size * kind.itemsize].view(kind)
    return rows


def _fetch(_: Any, address: Any) -> Any:
    """Ask for the cache line at an address, which need not be valid, and do not wait for it."""

    def ask(_: Any, builder: Any, __: Any, values: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        hints = [ir.Constant(number, hint) for hint in (_READ, _KEEP, _DATA)]
        builder.call(function, [builder.inttoptr(values[0], byte), *hints])

    return _types.void(_types.int64), ask


fetch: Callable[[int], None] = _intrinsic(_fetch)
"""Called in compiled code with an address: asks for its cache line and does not wait for it."""


def _number(_: Any, address: Any) -> Any:
    """The 32-bit number at an address, which must be valid."""

    def load(_: Any, builder: Any, __: Any, values: Any) -> Any:
        number = ir.IntType(32)
        found = builder.load(builder.inttoptr(values[0], number.as_pointer()))
        return builder.sext(found, ir.IntType(64))

    return _types.int64(_types.int64), load


number_at: Callable[[int], int] = _intrinsic(_number)
"""Called in compiled code with an address: the 32-bit number that is there."""


@jit
def fetch_row(rows: Any, i: int) -> None:
    """Ask for row i, which will be wanted soon, as many lines as it is long."""
    first = rows.ctypes.data + i * rows.itemsize
    for line in range(first, first + rows.itemsize, LINE):
        fetch(line)
