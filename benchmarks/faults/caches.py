"""Caches: machine code that is cut, turned or gone must be made anew, and give the same numbers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

from benchmarks.faults.child import PATIENCE, ChildAnswer, Command, variables
from benchmarks.faults.flips import flipped
from benchmarks.faults.things import SHORT, contents, copied
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged

RUN: Command = ("run", "rules.yaml", *SHORT, "--replications", "1", "--out", "cached")
COMPILING = 5
"""A process that compiles may take so many times the patience."""


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Damage the files of a cache in turn, and run what uses it."""
    cache, kept = scratch / "cache", scratch / "kept"
    cache.mkdir()
    here = copied(base, scratch / "cached")
    _fresh(here, cache)
    right = contents(here / "cached")
    copied(cache, kept)
    for _ in range(number):
        copied(kept, cache)
        path = random.choice(sorted(one for one in cache.rglob("*.nb?") if one.is_file()))
        data = path.read_bytes()
        at = random.randrange(len(data))
        how = random.choice(("bit", "bit", "cut", "empty", "gone"))
        if how == "bit":
            path.write_bytes(flipped(data, at, random.randrange(8)))
        elif how == "gone":
            path.unlink()
        else:
            os.truncate(path, at if how == "cut" else 0)
        answer = _fresh(here, cache)
        verdict = judged(answer, None)
        if verdict is FaultVerdict.UNHARMED and contents(here / "cached") != right:
            verdict = FaultVerdict.ACCEPTED
        yield Fault(f"{path.name}: {how} at byte {at} of {len(data)}", verdict, answer.err[-300:])


def _fresh(here: Path, cache: Path) -> ChildAnswer:
    """Run in a process that has loaded nothing yet."""
    shutil.rmtree(here / "cached", ignore_errors=True)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "evenhand", *RUN],
            cwd=here,
            env=variables(EVENHAND_CACHE=str(cache)),
            capture_output=True,
            text=True,
            check=False,
            timeout=COMPILING * PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return ChildAnswer(None, "", "")
    return ChildAnswer(done.returncode, done.stdout, done.stderr)
