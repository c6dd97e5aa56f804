"""Mutations: manifests and plans whose JSON is sound and whose content is not what was written.

Every other one has a checksum that holds, as an author could give it: it may be believed, but not end in a
traceback.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.faults.child import Command, ask
from benchmarks.faults.things import contents, copied, reads
from benchmarks.faults.verdict import Fault, Faults, FaultVerdict, judged
from evenhand.analysis.runs.digest import sealed

VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2,
    7,
    10**6,
    10**20,
    1e308,
    0.5,
    "",
    "x",
    "../run",
    "新",
    [],
    [0],
    {},
    {"a": 1},
)
RESUME = ("run", "--resume", "half")


def faults(number: int, random: Random, base: Path, scratch: Path) -> Faults:
    """Change manifests and plans in turn."""
    right = ask(copied(base, scratch / "right"), *reads("run")).out
    resumed = contents(base / "run")
    for k in range(number):
        here = copied(base, scratch / "mutated")
        if k % 4 > 1:
            yield _sealed(random, here, *SEALED[k % 2])
        elif k % 2:
            yield _plan(random, base, here, resumed)
        else:
            yield _manifest(random, here, right)


SEALED: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("run/manifest.json", reads("run")),
    ("half/plan.json", (("query", "half", "--unfinished", "select count(*) from disputes"),)),
)
"""What is given a checksum that holds, and how it is read."""


def _sealed(random: Random, here: Path, name: str, how: tuple[Command, ...]) -> Fault:
    """A document that nothing but its content speaks against; reading it changes nothing beside it."""
    what = mutate_file(here / name, random, seal=True)
    before = contents(here)
    answer = ask(here, *how)
    verdict = FaultVerdict.LOST if contents(here) != before else judged(answer, None)
    return Fault(f"{name}, sealed: {what}", verdict, answer.err[-300:])


def _manifest(random: Random, here: Path, right: str) -> Fault:
    what = mutate_file(here / "run" / "manifest.json", random)
    answer = ask(here, *reads("run"))
    return Fault(f"manifest: {what}", judged(answer, right), answer.err[-300:])


def _plan(random: Random, base: Path, here: Path, resumed: dict[str, bytes]) -> Fault:
    """A mutated plan that is carried out all the same must leave what the sound one leaves."""
    what = mutate_file(here / "half" / "plan.json", random)
    kept = contents(here / "half" / "parts")
    answer = ask(here, RESUME)
    verdict = judged(answer, None)
    now = contents(here / "half")
    if verdict is FaultVerdict.UNHARMED and _but_plan(now) != _but_plan(resumed):
        verdict = FaultVerdict.ACCEPTED
    if any(now.get(f"parts/{name}") != data for name, data in kept.items()):
        verdict = FaultVerdict.LOST
    if contents(here / "run") != contents(base / "run"):
        return Fault(f"plan: {what}", FaultVerdict.LOST, "another run was changed")
    return Fault(f"plan: {what}", verdict, answer.err[-300:])


def _but_plan(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in found.items() if name != "plan.json"}


def mutate_file(path: Path, random: Random, *, seal: bool = False) -> str:
    """Change one thing in a JSON file, with `seal` so that its checksum holds; says what."""
    document = json.loads(path.read_text(encoding="utf-8"))
    changed = document
    what = ""
    while changed == document:
        changed = copy.deepcopy(document)
        what = mutate(changed, random)
        changed = sealed(changed) if seal else changed
    path.write_text(json.dumps(changed, ensure_ascii=False, indent=1), encoding="utf-8")
    return what


def mutate(document: Any, random: Random) -> str:
    """Change, remove or double one thing at a random depth of a document."""
    place: list[str] = []
    here: Any = document
    while True:
        key = random.choice(list(here) if isinstance(here, dict) else range(len(here)))
        place.append(str(key))
        below = here[key]
        if isinstance(below, (dict, list)) and below and random.random() < 0.8:
            here = below
            continue
        how = random.choice(("value", "value", "near", "remove", "rename"))
        return f"{'.'.join(place)}: {_change(here, key, how, random)}"


def _change(here: Any, key: Any, how: str, random: Random) -> str:
    old = here[key]
    if how == "near" and isinstance(old, (int, float)):
        here[key] = old + random.choice((-1, 1, 0.5, 1e-9))
    elif how == "remove":
        del here[key]
        return "removed"
    elif how == "rename" and isinstance(here, dict):
        here[f"{key}_"] = here.pop(key)
        return "renamed"
    else:
        here[key] = random.choice(VALUES)
    return f"now {json.dumps(here[key], ensure_ascii=False)}"
