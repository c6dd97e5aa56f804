"""Results as folders: tables, numbers, and a manifest with what made them, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.analysis.compare import Comparison
from evenhand.analysis.experiments import Sweep
from evenhand.analysis.metrics.registry import manifest_metrics, outcomes
from evenhand.analysis.runs.background import NONE, Background
from evenhand.analysis.runs.digest import holds, of_file, sealed
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.errors import UsageError
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.result import Framed
from evenhand.sim.jit.cache import source_hash
from evenhand.sim.runs.records import Columns, Run
from evenhand.storage import parquet, run_dir
from evenhand.storage.output_dir import Site, building
from evenhand.storage.plan import in_words
from evenhand.storage.plan_file import described
from evenhand.storage.ways_file import WAYS, has_ways, layout, write_ways
from evenhand.version import version, versions

VALUES, DIFFERENCES, GROUPS = "values.parquet", "comparison.json", "groups.parquet"
"""Of a comparison: every value, every difference, differences by group (only where they were asked for)."""
TABLE, LABELS = "table.parquet", "labels.json"
"""Of any other result: its table, and words for the names in it."""


def save(result: Framed, folder: Path) -> Path:
    """Write a result to a new or empty folder; gives its path. Raises UsageError, OSError."""
    if isinstance(result, Run) and result.subset is not None:
        raise UsageError(
            gettext(
                "save: a run without some of its disputes (where {subset}) cannot be read as a run; save "
                "the run itself, or its table: run.to_arrow()"
            ).format(subset=result.subset)
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(gettext("save: '{folder}' is not empty; name a new folder").format(folder=folder))
    site = Site(folder, exact=True)
    with building(site) as unfinished, language(ENGLISH):  # records are the same in every language
        if isinstance(result, Run):
            run_dir.write_records(result, unfinished)
            run_dir.write_manifest(result, manifest_metrics(outcomes(result)), unfinished)
        elif isinstance(result, Comparison):
            write_manifest(comparison_manifest(result), write_comparison(result, unfinished), unfinished)
        else:
            files = _write_table(result, unfinished)
            write_manifest(_about(result), files, unfinished)
    return site.final


def write_comparison(comparison: Comparison, folder: Path) -> list[str]:
    """Write the tables of a comparison; gives the names of their files. Raises OSError."""
    columns = dict(comparison.values)
    _write_columns(columns, folder / VALUES, whole=("clusters",))
    names = [VALUES, DIFFERENCES]
    if comparison.by:
        rows = [row for one in comparison.by for row in one.table()]
        counts = ("family", "worlds", "undefined", "unseen", "baseline_n", "policy_n")
        found = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        _write_columns(found, folder / GROUPS, whole=counts)
        names.append(GROUPS)
    if has_ways(comparison):
        write_ways(comparison.ways, folder / WAYS)
        names.append(WAYS)
    with language(ENGLISH):  # records are the same in every language
        write_json(comparison.to_json(), folder / DIFFERENCES)
    return names


def comparison_manifest(comparison: Comparison, background: Background = NONE) -> dict[str, Any]:
    """What a comparison was made of: files, worlds, rules and metrics of one's own, and the versions.

    `background` says how much of the files is judgement.
    """
    runs = [
        {
            **described(comparison.scenarios[stop.scenario]),
            "name": stop.scenario,
            "days": comparison.days[stop.scenario],
            "cohort": in_words(comparison.cohort),
            "engine": comparison.engines[stop.scenario],
            "replications": stop.replications,
            "stopped": stop.reason,
        }
        for stop in comparison.stops
    ]
    return {
        "kind": "comparison",
        "evenhand": version(),
        "versions": versions(),
        "seed": comparison.seed,
        "seeding": run_dir.SEEDING,
        "baseline": comparison.baseline,
        "targets": comparison.targets,
        "open_loop": comparison.open_loop,
        "scenarios": runs,
        "policies": [{**described(policy), "name": name} for name, policy in comparison.policies.items()],
        "metrics": list(dict.fromkeys(one.metric for one in comparison.differences)),
        "by": [one.column for one in comparison.by],
        "sources": source_hash(),
        "decide": bool(comparison.rules),
        "rules": {name: one.as_json() for name, one in comparison.rules.items()},
        "own_metrics": {name: one.as_json() for name, one in comparison.own.items()},
        "texts": dict(comparison.texts),
        "ways": layout(),
        "background": background.as_json(),
        "rows": {"values": len(comparison.values["value"]), "comparisons": len(comparison.differences)},
    }


def read_comparison(folder: Path) -> dict[str, Any]:
    """The manifest of a comparison. Raises UsageError for a folder that has none, or a changed one."""
    found = _read(folder / MANIFEST)
    if found.get("kind") != "comparison" or not holds(found):
        raise UsageError(
            gettext("'{folder}' is no comparison, or its {manifest} is not as it was written").format(
                folder=folder, manifest=MANIFEST
            )
        )
    return found


def is_comparison(folder: Path) -> bool:
    """Whether a folder says of itself that it is a comparison."""
    return (folder / MANIFEST).is_file() and _read(folder / MANIFEST).get("kind") == "comparison"


def read_document(folder: Path) -> dict[str, Any]:
    """The differences of a comparison as `evenhand compare --format json` has them. Raises UsageError."""
    return _read(folder / DIFFERENCES)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            gettext("'{parent}' has no {name}").format(parent=path.parent, name=path.name)
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(gettext("'{path}' is damaged").format(path=path)) from error
    if not isinstance(found, dict):
        raise UsageError(gettext("'{path}' is damaged").format(path=path))
    return found


def write_manifest(about: Mapping[str, Any], files: Sequence[str], folder: Path) -> None:
    """Write the manifest with the checksums of the files that it lists; it comes last. Raises OSError."""
    sums = {name: of_file(folder / name) for name in files}
    write_json(sealed({**about, "files": sums}), folder / MANIFEST)


def write_json(document: Mapping[str, Any], path: Path) -> None:
    """Write a document; NaN is refused, as JSON has none. Raises OSError."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _about(result: Framed) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": "result",
        "of": type(result).__name__.lower(),
        "said": result.summary(),
        "evenhand": version(),
        "versions": versions(),
    }
    if isinstance(result, Sweep):
        found |= {
            "scenario": described(result.scenario),
            "policy": described(result.policy),
            "seed": result.seed,
            "replications": result.replications,
            "days": result.days,
            "cohort": in_words(result.cohort),
            "rule": None if result.rule is None else result.rule.as_json(),
        }
    return found


def _write_table(result: Framed, folder: Path) -> list[str]:
    columns = {name: _column(name, values) for name, values in result.columns().items()}
    if not columns:
        raise UsageError(gettext("save: there is nothing in this {name}").format(name=type(result).__name__))
    _write_columns(columns, folder / TABLE)
    labels = getattr(result, "labels", None) or dict(result.headings())
    write_json(labels, folder / LABELS)
    return [TABLE, LABELS]


def _column(name: str, values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Values of one kind: words, true and false, whole numbers, or numbers with NaN for what is not known."""
    known = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in known):
        return np.array(["" if value is None else str(value) for value in values])
    found = np.array([float("nan") if value is None else value for value in values])
    if found.dtype.kind not in "biuf":
        raise UsageError(gettext("save: column {name} holds neither words nor numbers").format(name=name))
    return found


def _write_columns(columns: Columns, path: Path, whole: Sequence[str] = ()) -> None:
    """Write columns, those of words by their words."""
    numbered, words = dict(columns), {}
    for name, column in columns.items():
        if column.dtype.kind in "UO":
            labels, numbered[name] = np.unique(column, return_inverse=True)
            words[name] = [str(label) for label in labels]
    parquet.write(numbered, path, words.get, whole=whole)
