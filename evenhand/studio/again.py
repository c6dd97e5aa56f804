"""How to get a result again: by a command, by a program, by the form, and with what files of today."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import scenarios
from evenhand.storage.plan_file import described as described_now
from evenhand.studio.folder import Folder, NoSuch, Result, result


class Again(NamedTuple):
    """How to get a result again."""

    command: str
    python: str
    is_same: bool
    """The files in the folder still say what they said then."""


def again(folder: Folder, found: Result) -> Again | None:
    """The command and the program that give the same numbers; None for what is damaged."""
    about = found.manifest or {}
    try:
        return (
            _compared(folder, found.name, about)
            if found.kind == "comparison"
            else _run(folder, found.name, about)
        )
    except (KeyError, TypeError, IndexError):
        return None


def _run(folder: Folder, name: str, about: dict[str, Any]) -> Again:
    rules, market = (
        named_today(folder, about["policy"], "policy"),
        named_today(folder, about["scenario"], "scenario"),
    )
    words = [
        "evenhand",
        "run",
        rules[0],
        "--scenario",
        market[0],
        "--replications",
        str(about["replications"]),
    ]
    words += ["--days", str(about["days"]), "--seed", str(about["seed"])]
    if about.get("cohort"):
        words += ["--cohort", str(about["cohort"])]
    words += ["--out", f"runs/{name}-again"]
    cohort = f", cohort={about['cohort']!r}" if about.get("cohort") else ""
    python = (
        "import evenhand as eh\n\n"
        f"run = eh.simulate(\n    eh.load({market[0]!r}),\n    eh.policy({rules[0]!r}),\n"
        f"    seed={about['seed']},\n    replications={about['replications']},\n"
        f"    days={about['days']}{cohort},\n)\n"
        'print(eh.outcomes(run)["wrongful_denial_rate"])\n'
    )
    return Again(shlex.join(words), python, rules[1] and market[1])


def _compared(folder: Folder, name: str, about: dict[str, Any]) -> Again:
    rules = [named_today(folder, one, "policy") for one in about["policies"]]
    world = about["scenarios"][0]
    market = named_today(folder, world, "scenario")
    names = [one[0] for one in rules]
    words = [
        "evenhand",
        "compare",
        *names,
        "--scenario",
        market[0],
        "--replications",
        str(world["replications"]),
    ]
    words += ["--days", str(world["days"]), "--seed", str(about["seed"]), "--out", f"runs/{name}-again"]
    policies = ", ".join(f"eh.policy({one!r})" for one in names)
    python = (
        "import evenhand as eh\n\n"
        f"found = eh.analysis.compare(\n    eh.load({market[0]!r}),\n    [{policies}],\n"
        f"    seed={about['seed']},\n    replications={world['replications']},\n"
        f"    days={world['days']},\n)\n"
        'print(found.of("wrongful_denial_rate").sentence)\n'
    )
    return Again(shlex.join(words), python, market[1] and all(one[1] for one in rules))


def ordered_from(folder: Folder, path: Path) -> list[tuple[str, str]]:
    """The fields of the form that orders a comparison again. Raises NoSuch for what is damaged."""
    about = result(path).manifest or {}
    try:
        world = about["scenarios"][0]
        base = sorted(about["policies"], key=lambda one: one["name"] != about["baseline"])
        fields = [("policy", named_today(folder, one, "policy")[0]) for one in base]
        fields.append(("baseline", fields[0][1]))
        fields += [
            ("market", named_today(folder, world, "scenario")[0]),
            ("worlds", str(world["replications"])),
        ]
        fields += [("days", str(world["days"])), ("seed", str(about["seed"]))]
        return fields + [("by", str(one)) for one in about["by"]]
    except (KeyError, TypeError, IndexError):
        raise NoSuch(path.name) from None


def named_today(folder: Folder, described: dict[str, Any], kind: scenarios.Kind) -> tuple[str, bool]:
    """By what name a file of a result is read today, and whether it says the same as then."""
    name = str(described["name"])
    own = folder.path / f"{name}.yaml"
    asked = f"{name}.yaml" if own.is_file() else name
    with suppress(Exception):  # a file may have gone or be damaged
        loaded = scenarios.read(own if own.is_file() else name, kind)
        return asked, described_now(loaded.model)["sha256"] == described["sha256"]
    return asked, False
