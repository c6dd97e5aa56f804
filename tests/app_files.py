"""Small scenario and policy files on disk, small finished runs, and the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import analysis
import sim
from app import rundir
from app.folder import Site, building
from sim.policy import merge
from tests import small

ROOT = Path(__file__).parents[1]


def write_files(
    folder: Path, world: dict[str, Any] | None = None, rules: dict[str, Any] | None = None
) -> None:
    """Write world.yaml and rules.yaml, the small ones with changes."""
    parts = {
        "world.yaml": merge({"kind": "scenario", **small.SCENARIO}, world or {}),
        "rules.yaml": merge({"kind": "policy", **small.POLICY}, rules or {}),
    }
    for name, data in parts.items():
        with (folder / name).open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(data, file)


def finished(folder: Path, rules: dict[str, Any] | None = None, **how: Any) -> sim.Run:
    """Run the small policy with changes and leave a run folder without a report."""
    run = sim.simulate(small.scenario(), small.policy(rules), clock="simpy", **how)
    with building(Site(folder, exact=True)) as unfinished:
        rundir.write_records(run, unfinished)
        rundir.write_manifest(run, analysis.manifest_metrics(analysis.outcomes(run)), unfinished)
    return run


def start(
    folder: Path, *arguments: str, extra: dict[str, str] | None = None, **how: Any
) -> subprocess.Popen[str]:
    """Start the command in a folder, as a user would, with `extra` variables in its environment."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **how,
    )  # fmt: skip


def left_in(folder: Path) -> set[str]:
    """What stands in a folder, hidden things too, apart from the files of `write_files`."""
    return {path.name for path in folder.iterdir()} - {"world.yaml", "rules.yaml"}
