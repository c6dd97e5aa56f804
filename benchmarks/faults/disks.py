"""Disks that fill: commands that write get room for some of it, and then for all.

Where a small file system in memory may be mounted (as root on Linux), it is one; everywhere else, and in
every second try, files may not grow beyond a limit (RLIMIT_FSIZE), which fails a write in the same place.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.faults.child import ask, insist
from benchmarks.faults.kills import TASKS, alike, undisturbed
from benchmarks.faults.things import contents, copied, need
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Fill a disk below each of the commands in turn."""
    used = TASKS[: (number + 1) // 2]
    for task in used:
        need(base, task.leaves)
    whole = {task.name: undisturbed(task, base, scratch / "whole")[0] for task in used}
    place = scratch / "full"
    for k in range(number):
        task = TASKS[k // 2 % len(TASKS)]
        with _disk(place, base, random) if k % 2 else _folder(place) as mounted:
            copied(base, place / "work")
            before = contents(place / "work" / task.leaves)
            size = sum(map(len, whole[task.name].values()))
            room = random.randrange(1, max(map(len, whole[task.name].values())))
            if mounted:
                left = shutil.disk_usage(place).free
                room = min(room, left)
                (place / "ballast").write_bytes(bytes(max(0, left - random.randrange(size))))
            answer = ask(place / "work", task.command, largest=None if mounted else room)
            left_there = contents(place / "work" / task.leaves)
            (place / "ballast").unlink(missing_ok=True)
            what = f"{task.name}: {'a small disk' if mounted else f'files of at most {room} bytes'}"
            verdict = judged(answer, None)
            if verdict is FaultVerdict.UNHARMED and not alike(task, left_there, whole[task.name]):
                verdict = FaultVerdict.ACCEPTED
            if verdict is FaultVerdict.REFUSED:
                if task.keeps and left_there != before:
                    verdict = FaultVerdict.LOST
                elif not mounted:  # the small disk may be too small for all of it in any case
                    again = insist(place / "work", task.again(place / "work"))
                    now = contents(place / "work" / task.leaves)
                    if again.status != 0 or not alike(task, now, whole[task.name]):
                        verdict = FaultVerdict.LOST
        yield Fault(what, verdict, answer.err[-300:])


@contextmanager
def _folder(place: Path) -> Iterator[bool]:
    place.mkdir(exist_ok=True)
    yield False
    shutil.rmtree(place)


@contextmanager
def _disk(place: Path, base: Path, random: Random) -> Iterator[bool]:
    """A file system with room for what is there and a little more; False where none can be mounted."""
    there = sum(path.stat().st_size + 8192 for path in base.rglob("*"))
    place.mkdir(exist_ok=True)
    size = there + random.randrange(1 << 20)
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=False, capture_output=True
    )
    if not done or done.returncode:
        with _folder(place) as mounted:
            yield mounted
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(place)], check=True)
