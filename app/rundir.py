"""The folder of a run: its records, its report, and a manifest with all that is needed to read them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from app import parquet
from app.failures import UsageError
from app.folder import MANIFEST
from app.version import version, versions
from sim.causes import DESKS
from sim.policy import Policy
from sim.records import LABELS, Columns, Run
from sim.scenario import Scenario

LAYOUT = 1
"""Grows when older folders can no longer be read."""
TABLES = ("disputes", "events", "merchants", "desks")
REPORT = "report.html"
SEEDING = (
    "each draw has its column: Philox(SeedSequence(seed, spawn_key=(replication, draw number, slot))), "
    "read at the position of the draw's owner"
)
STOPPED = "after the replications that were asked for"
"""Why there are no more replications; a run does not look at its results before it stops."""
Manifest = dict[str, Any]


def write_records(run: Run, folder: Path) -> None:
    """Write one Parquet file a table. Raises OSError."""
    for name in TABLES:
        parquet.write(getattr(run, name), folder / f"{name}.parquet", _words(run.scenario))


def write_manifest(run: Run, metrics: dict[str, Any], folder: Path) -> None:
    """Write the manifest; it comes last, because a folder that has one counts as finished."""
    manifest: Manifest = {
        "layout": LAYOUT,
        "evenhand": version(),
        "versions": versions(),
        "scenario": described(run.scenario),
        "policy": described(run.policy),
        "seed": run.seed,
        "seeding": SEEDING,
        "replications": run.replications,
        "stopped": STOPPED,
        "days": run.days,
        "clock": run.clock,
        "open_loop": run.open_loop,
        "rows": {name: _length(getattr(run, name)) for name in TABLES},
        "metrics": metrics,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a finished run. Raises UsageError where there is none that can be read."""
    if not (folder / MANIFEST).is_file():
        why = f"it has no {MANIFEST}" if folder.is_dir() else "there is no such folder"
        raise UsageError(f"'{folder}' is not a finished run: {why}")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        compared = manifest.get("kind") == "comparison"
        layout = None if compared else manifest["layout"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(f"'{folder}' cannot be read: its {MANIFEST} is damaged") from error
    if compared:
        raise UsageError(f"'{folder}' is a comparison, not a run: make a run with evenhand run")
    if layout != LAYOUT:
        raise UsageError(f"'{folder}' was written by evenhand {manifest.get('evenhand')}; run it again")
    return dict(manifest)


def open_run(folder: Path) -> Run:
    """Read a finished run as `sim.simulate` left it. Raises UsageError, OSError."""
    manifest = read_manifest(folder)
    try:
        scenario = Scenario.model_validate(manifest["scenario"]["model"])
        policy = Policy.model_validate(manifest["policy"]["model"])
        tables = {name: parquet.read(folder / f"{name}.parquet", _words(scenario)) for name in TABLES}
        if {name: _length(tables[name]) for name in TABLES} != manifest["rows"]:
            raise UsageError(f"'{folder}' cannot be read: rows are missing from its records")
        return Run(
            scenario=scenario, policy=policy, seed=manifest["seed"],
            replications=manifest["replications"], days=manifest["days"], clock=manifest["clock"],
            open_loop=manifest["open_loop"], **tables,
        )  # fmt: skip
    except (ValidationError, KeyError) as error:
        by = manifest.get("evenhand")
        raise UsageError(f"'{folder}' cannot be read: it is damaged, or evenhand {by} was another") from error
    except duckdb.Error as error:
        raise UsageError(f"'{folder}' cannot be read: its records are damaged or missing") from error


def _words(scenario: Scenario) -> parquet.Words:
    own = {
        **LABELS, "desk": DESKS,
        "buyer_group": scenario.buyer_groups, "merchant_group": scenario.merchant_groups,
    }  # fmt: skip
    return own.get


def described(model: Scenario | Policy) -> dict[str, Any]:
    """Name, title, content and its hash; the hash is of JSON with sorted keys and no spaces."""
    content = model.model_dump(mode="json", by_alias=True)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return {"name": model.name, "title": model.title, "sha256": digest, "model": content}


def _length(columns: Columns) -> int:
    return len(next(iter(columns.values()), ()))
