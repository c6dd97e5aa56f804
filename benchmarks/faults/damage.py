"""Damaged runs: files and folders that are cut, gone, doubled, exchanged, or something else altogether."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.faults.child import ask
from benchmarks.faults.flips import files
from benchmarks.faults.things import contents, copied, reads
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged
from evenhand.analysis.runs.folder import TABLES


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Damage copies of a finished run, in each way in turn; they are read, or every other time made whole."""
    right = ask(copied(base, scratch / "right"), *reads("run")).out
    for k in range(number):
        here = copied(base, scratch / "damaged")
        way = WAYS[k % len(WAYS)]
        what = way(here / "run", random)
        if k // len(WAYS) % 2:
            answer = ask(here, ("run", "--resume", "run"))
            verdict = judged(answer, None)
            if verdict is FaultVerdict.UNHARMED and contents(here / "run") != contents(base / "run"):
                verdict = FaultVerdict.ACCEPTED
        else:
            answer = ask(here, *reads("run"))
            verdict = judged(answer, right)
        yield Fault(f"{way.__name__.strip('_')}: {what}", verdict, answer.err[-300:])


def _one(run: Path, random: Random) -> Path:
    return random.choice(files(run))


def _cut(run: Path, random: Random) -> str:
    path = _one(run, random)
    length = random.randrange(path.stat().st_size)
    os.truncate(path, length)
    return f"{path.name} after {length} bytes"


def _zeroed(run: Path, random: Random) -> str:
    """A block of zeros, as file systems leave after a power cut."""
    path = _one(run, random)
    data = path.read_bytes()
    at = random.randrange(len(data))
    path.write_bytes(data[:at] + bytes(len(data[at : at + 4096])) + data[at + 4096 :])
    return f"{path.name} from byte {at}"


def _gone(run: Path, random: Random) -> str:
    path = _one(run, random)
    path.unlink()
    return path.name


def _part_gone(run: Path, random: Random) -> str:
    path = random.choice(sorted((run / "parts").iterdir()))
    shutil.rmtree(path)
    return path.name


def _part_doubled(run: Path, random: Random) -> str:
    path = random.choice(sorted((run / "parts").iterdir()))
    shutil.copytree(path, path.with_name("000090-000090"))
    return path.name


def _part_renamed(run: Path, random: Random) -> str:
    path = random.choice(sorted((run / "parts").iterdir()))
    path.rename(path.with_name("000090-000090"))
    return path.name


def _file_doubled(run: Path, random: Random) -> str:
    path = random.choice(sorted((run / "parts").glob("*/*.parquet")))
    shutil.copy(path, path.with_name(path.name.replace("-000.", "-001.")))
    return f"{path.parent.name}/{path.name}"


def _exchanged(run: Path, random: Random) -> str:
    """The same table of two parts."""
    table = random.choice(TABLES)
    one, other = random.sample(sorted((run / "parts").glob(f"*/{table}-000.parquet")), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return f"{table} of {one.parent.name} and {other.parent.name}"


def _another_table(run: Path, random: Random) -> str:
    one, other = random.sample(sorted((run / "parts").glob("*/*.parquet")), 2)
    shutil.copy(one, other)
    return f"{one.parent.name}/{one.name} as {other.parent.name}/{other.name}"


def _folder_instead(run: Path, random: Random) -> str:
    path = _one(run, random)
    path.unlink()
    path.mkdir()
    return path.name


def _pipe_instead(run: Path, random: Random) -> str:
    """A pipe that nobody writes to: whoever reads it waits."""
    path = _one(run, random)
    path.unlink()
    os.mkfifo(path)
    return path.name


def _link_to_itself(run: Path, random: Random) -> str:
    path = _one(run, random)
    path.unlink()
    path.symlink_to(path.name)
    return path.name


def _noise(run: Path, random: Random) -> str:
    path = _one(run, random)
    path.write_bytes(random.randbytes(random.choice((0, 1, 100, 100_000))))
    return path.name


WAYS: tuple[Callable[[Path, Random], str], ...] = (
    _cut,
    _zeroed,
    _gone,
    _part_gone,
    _part_doubled,
    _part_renamed,
    _file_doubled,
    _exchanged,
    _another_table,
    _folder_instead,
    _pipe_instead,
    _link_to_itself,
    _noise,
)
