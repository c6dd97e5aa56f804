"""Dispute-mini in C++: the program of the reference study, where it and a compiler are at hand.

It is not part of this repository: `REFERENCE` names the folder it is looked for in.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.mini.model import (
    ARRIVALS_AN_HOUR,
    MERCHANTS,
    RULES,
    START_RATING,
    MiniCase,
    MiniOutcome,
    Tape,
    staff,
)
from evenhand.sim.jit.cache import cache_folder, make_folder

REFERENCE = Path(os.environ.get("EVENHAND_BENCH") or Path(__file__).parents[3] / "shared" / "bench")
"""Where the reference programs are: EVENHAND_BENCH, or beside the repository."""
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-w")
"""No fused multiply-add: it would round otherwise than everybody else."""


class _Parameters(ctypes.Structure):
    _fields_ = (
        *(
            (name, ctypes.c_double)
            for name in (
                "rating0",
                "deadline",
                "window",
                "noev",
                "thresh",
                "pok",
                "pwrong",
                "alpha",
                "br",
            )
        ),
        ("sig1", ctypes.c_double * 3),
        ("sig2", ctypes.c_double * 3),
        ("merchants", ctypes.c_int32),
        ("staff", ctypes.c_int32 * 3),
    )


class _Counts(ctypes.Structure):
    _fields_ = (
        ("busy", ctypes.c_double * 3),
        ("t_end", ctypes.c_double),
        *((name, ctypes.c_int64) for name in ("pushes", "grants", "stale", "ties", "maxheap")),
    )


def why_not() -> str | None:
    """Why the program cannot run here, or None if it can."""
    if not (REFERENCE / "dm.cpp").is_file():
        return "the reference programs are not here (set EVENHAND_BENCH to their folder)"
    if shutil.which("g++") is None:
        return "there is no g++"
    return None


@cache
def _library() -> Any:
    """The program, compiled once for each version of its source."""
    source = REFERENCE / "dm.cpp"
    version = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    made = cache_folder() / f"mini-{version}.so"
    if not made.exists():
        make_folder(made.parent)
        with tempfile.TemporaryDirectory(dir=made.parent) as folder:
            fresh = Path(folder) / "mini.so"
            subprocess.run(["g++", *FLAGS, "-o", str(fresh), str(source)], check=True)
            fresh.replace(made)
    return ctypes.CDLL(str(made))


class CppProgram:
    """The C++ program with a tape in its own layout: rows of 16 numbers."""

    def __init__(self, tape: Tape) -> None:
        reason = why_not()
        if reason is not None:
            raise FileNotFoundError(reason)
        self._library, self._tape = _library(), tape
        cases = tape.cases
        self._rows = np.empty((len(cases), 16))
        self._rows[:, 0] = cases["merchant"] * 8 + cases["group"] * 2 + cases["right"]
        for k, name in enumerate(MiniCase._fields[3:]):
            self._rows[:, 1 + k] = cases[name]

    def run(self) -> MiniOutcome:
        """Move all disputes: a calendar queue, races settled when they start."""
        tape = self._tape
        n = len(tape.gaps)
        parameters = _Parameters(
            START_RATING,
            RULES.deadline,
            RULES.window,
            RULES.late_bonus,
            RULES.threshold,
            RULES.appeals_if_right,
            RULES.appeals_if_wrong,
            RULES.learning,
            RULES.rating_settles,
            tuple(RULES.signal),
            tuple(RULES.review_signal),
            MERCHANTS,
            staff(tape.rate),
        )
        busy = tape.rate / ARRIVALS_AN_HOUR
        # its calendar does not adapt: 32 buckets an hour, and a year of 1024 hours, at 20 arrivals
        self._library.set_cal(
            ctypes.c_double(1.0 / busy / 32.0), min(22, 15 + max(0, int(np.ceil(np.log2(busy)))))
        )
        code, hours, rating = np.empty(n, np.uint8), np.empty(n), np.empty(MERCHANTS)
        arrays = (tape.gaps, self._rows, tape.settles, rating)
        self._library.tape_cal2_min(
            ctypes.c_int64(n),
            *(_pointer(one) for one in arrays),
            ctypes.byref(parameters),
            _pointer(code),
            _pointer(hours),
            ctypes.byref(_Counts()),
        )
        return MiniOutcome(code, hours, rating)


def _pointer(array: Any) -> ctypes.c_void_p:
    assert array.flags["C_CONTIGUOUS"]
    return ctypes.c_void_p(array.ctypes.data)
