"""Small scenario and policy files on disk, small finished runs, and the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from evenhand import analysis, sim
from evenhand.sim.policy.policy import merge
from evenhand.storage import run_dir
from evenhand.storage.output_dir import Site, building
from tests.support import small

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0
"""Seconds after which something hangs; no test that passes waits as long, on however busy a machine."""
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""First line of a child: Ctrl-C counts, although a shell may have the tests ignore it."""
COMMAND = "from evenhand.__main__ import main; main()"


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
    run = sim.simulate(small.scenario(), small.policy(rules), engine="simpy", **how)
    with building(Site(folder, exact=True)) as unfinished:
        run_dir.write_records(run, unfinished)
        run_dir.write_manifest(run, analysis.manifest_metrics(analysis.outcomes(run)), unfinished)
    return run


def start(
    folder: Path, *arguments: str, extra: dict[str, str] | None = None, first: str = "", **how: Any
) -> subprocess.Popen[str]:
    """Start the command in a folder, as a user at a terminal would.

    `extra` variables are in its environment; Python code `first` runs before it.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}
    code = f"{HEARS}\n{first}\n{COMMAND}"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **how,
    )


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; what never is so fails, however busy the machine."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.02)


def left_in(folder: Path) -> set[str]:
    """What stands in a folder, hidden things too, apart from the files of `write_files`."""
    return {path.name for path in folder.iterdir()} - {"world.yaml", "rules.yaml"}
