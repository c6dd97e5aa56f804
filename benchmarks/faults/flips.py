"""Bit flips: one bit of one file is turned, as bad memory and old disks do, and the file is read."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from benchmarks.faults.child import Command, ask
from benchmarks.faults.things import SWEEP, copied, need, reads
from benchmarks.faults.verdict import Fault, Faults, judged

READ: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("run", reads("run")),
    ("run", reads("run")),
    ("sweep", ((*SWEEP, "--out", "sweep", "--format", "json"),)),
    ("expect.yaml", (("gate", "expect.yaml"),)),
)
"""What is damaged and how it is read; runs twice as often, because they have the most files."""
UNREAD = (".html", ".png", "plan.json")
"""What no command reads of a finished run."""


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Turn bits, one a copy."""
    rights: dict[str, str] = {}
    here = scratch / "flipped"
    for k in range(number):
        place, how = READ[k % len(READ)]
        if place not in rights:
            need(base, place)
            rights[place] = ask(copied(base, scratch / "right"), *how).out
            copied(base, here)
        path = random.choice(files(here / place))
        sound = path.read_bytes()
        at, bit = random.randrange(len(sound)), random.randrange(8)
        path.write_bytes(flipped(sound, at, bit))
        answer = ask(here, *how)
        verdict = judged(answer, rights[place])
        yield Fault(f"{path.relative_to(here)}, byte {at}, bit {bit}", verdict, answer.err[-300:])
        _restored(base, here, place)


def files(place: Path) -> list[Path]:
    """What is read of a file or folder."""
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob("*") if path.is_file() and not path.name.endswith(UNREAD))


def flipped(data: bytes, at: int, bit: int) -> bytes:
    """The same bytes but for one bit."""
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def _restored(base: Path, here: Path, place: str) -> None:
    """Put back what was damaged, and what a command made of it."""
    if (base / place).is_dir():
        copied(base / place, here / place)
    else:
        shutil.copy(base / place, here / place)
