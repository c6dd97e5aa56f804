"""A comparison read from its folder: the values of its worlds are judged again, as the first time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from pydantic import ValidationError

from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Readings, Stop
from evenhand.analysis.compare.family import differences
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.compare.parts import EVERYBODY, labels
from evenhand.analysis.compare.splits import apart, group_titles
from evenhand.analysis.metrics.metric import COLUMNS, Metric
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.database import connect
from evenhand.analysis.runs.digest import of_file
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.own_code import Code
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import Columns
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.saved import GROUPS, VALUES, read_comparison, read_document
from evenhand.storage.ways_file import WAYS, layout, read_ways

_DAMAGE = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    StopIteration,
    ValidationError,
    duckdb.Error,
)
"""What comes of a manifest or a table that is not as we write it."""


def open_comparison(folder: Path, by: Sequence[str] | None = None) -> Comparison:
    """A comparison from its folder, with the same differences to the bit.

    `by` are the columns whose groups are judged: those that were asked for by default; any of `split_by` may
    be. Ways of disputes are there where the folder has them. Raises UsageError for a folder that is no
    comparison, is damaged, or has measures of one's own, whose code is not run.
    """
    manifest = read_comparison(folder)
    with _readable(folder):
        return _opened(folder, manifest, manifest["by"] if by is None else by)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise UsageError(
            gettext("'{folder}' cannot be read: its {file} is damaged").format(folder=folder, file=MANIFEST)
        ) from error


def split_by(folder: Path) -> list[str]:
    """The columns of whose groups there are values, those asked for first. Raises UsageError."""
    manifest = read_comparison(folder)
    with _readable(folder):
        there = {name.partition(":")[0] for name in np.unique(_values(folder)["group"]).tolist()}
        known = [name for name in (*manifest["by"], *COLUMNS) if name in there & set(COLUMNS)]
        return list(dict.fromkeys(known))


def background_of(folder: Path) -> Background:
    """How much of the files of a comparison is judgement, and what futures say of it. Raises UsageError."""
    return Background.of_json(read_comparison(folder).get("background"))


def _opened(folder: Path, manifest: dict[str, Any], by: Sequence[str]) -> Comparison:
    for name, wanted in manifest["files"].items():
        if name not in {VALUES, GROUPS, WAYS} or of_file(folder / name) == wanted:
            continue
        raise UsageError(gettext("'{path}' is not as it was written").format(path=folder / name))
    metrics = _metrics(folder, manifest)
    scenarios = {one["name"]: Scenario.model_validate(one["model"]) for one in manifest["scenarios"]}
    policies = {one["name"]: Policy.model_validate(one["model"]) for one in manifest["policies"]}
    values, base = _values(folder), str(manifest["baseline"])
    readings = [
        _readings(values, name, one, tuple(policies), [(metric, EVERYBODY) for metric in metrics])
        for name, one in scenarios.items()
    ]
    about = {one["name"]: one for one in manifest["scenarios"]}
    cohort = next(iter(about.values()))["cohort"]
    return Comparison(
        baseline=base,
        differences=differences(readings, base),
        values=values,
        stops=tuple(Stop(name, one["replications"], one["stopped"], None) for name, one in about.items()),
        seed=manifest["seed"],
        days={name: one["days"] for name, one in about.items()},
        targets=manifest["targets"],
        open_loop=manifest["open_loop"],
        engines={name: one["engine"] for name, one in about.items()},
        cohort=None if cohort is None else Cohort.read(cohort),
        pooled=frozenset(one.name for one in metrics if one.pooled),
        by=tuple(_by_group(folder, manifest, values, scenarios, policies, metrics, column) for column in by),
        overloads=_overloads(read_document(folder)),
        scenarios=scenarios,
        policies=policies,
        rules={name: Code(**one) for name, one in manifest["rules"].items()},
        texts=manifest["texts"],
        ways=_ways(folder, manifest, metrics, scenarios, policies),
    )


def _metrics(folder: Path, manifest: Mapping[str, Any]) -> list[Metric]:
    names = manifest["metrics"]
    if manifest["own_metrics"] or not set(names) <= METRICS.keys():
        raise UsageError(
            gettext("'{folder}' has measures of one's own; its code is not run here").format(folder=folder)
        )
    return [METRICS[name] for name in names]


def _values(folder: Path) -> Columns:
    """The long table, its words as words and NaN where nothing is known."""
    with connect() as database:
        found = database.read_parquet(str(folder / VALUES)).fetchnumpy()
    filled = {}
    for name, column in found.items():
        words = column.dtype.kind in "OU"
        filled[name] = np.ma.filled(column, "").astype(str) if words else _numbers(name, column)
    return filled


def _numbers(name: str, column: Any) -> Any:
    if name in {"replication", "n"}:
        return np.ma.filled(column, 0).astype(np.int64)
    return np.ma.filled(column.astype(np.float64), np.nan)


def _readings(
    values: Columns,
    name: str,
    scenario: Scenario,
    policies: tuple[str, ...],
    rows: Sequence[tuple[Metric, str]],
) -> Readings:
    """Values and cases of some rows, metric and group, in the worlds of a scenario. Raises KeyError."""
    here = values["scenario"] == name
    worlds = int(values["replication"][here].max()) + 1
    value = np.full((worlds, len(policies), len(rows)), np.nan)
    n = np.zeros(value.shape, np.int64)
    places = {(metric.name, group): place for place, (metric, group) in enumerate(rows)}
    wanted = np.isin(values["group"], sorted({group for _, group in rows})) & here
    keys = zip(values["metric"][wanted], values["group"][wanted], strict=True)
    column = np.array([places.get(key, -1) for key in keys], np.int64)
    known, numbers = column >= 0, {one: number for number, one in enumerate(policies)}
    policy = np.array([numbers[one] for one in values["policy"][wanted]], np.int64)
    at = (values["replication"][wanted][known], policy[known], column[known])
    value[at], n[at] = values["value"][wanted][known], values["n"][wanted][known]
    metrics = tuple(metric for metric, _ in rows)
    units = tuple(scenario.currency if one.unit == "currency" else one.unit for one in metrics)
    return Readings(name, policies, metrics, units, value, n)


def _by_group(
    folder: Path,
    manifest: Mapping[str, Any],
    values: Columns,
    scenarios: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
    metrics: Sequence[Metric],
    column: str,
) -> ByGroup:
    """Judge the groups of a column again. Raises UsageError where the folder has no values of them."""
    if column not in COLUMNS or not any(
        str(one).startswith(f"{column}:") for one in np.unique(values["group"])
    ):
        raise UsageError(gettext("'{folder}' has no values by {column}").format(folder=folder, column=column))
    given = _references(folder, column) if column in manifest["by"] else {}
    studies: list[Groups] = []
    titles: dict[str, str] = {}
    for name, scenario in scenarios.items():
        groups = labels(scenario, column)
        rows = [(one, f"{column}:{group}") for one in metrics if one.splits(column) for group in groups]
        found = _readings(values, name, scenario, tuple(policies), rows)
        cases = found.n.sum(axis=(0, 1)).reshape(-1, len(groups)).sum(axis=0)
        first = next((group for group, n in zip(groups, cases, strict=True) if n), groups[0])
        studies.append(Groups(found, groups, given.get(name, first)))
        titles |= group_titles(scenario, column)
    named = apart({name: policy.title or name for name, policy in policies.items()})
    return by_group(column, studies, str(manifest["baseline"]), titles, named)


def _references(folder: Path, column: str) -> dict[str, str]:
    """The group that gaps were to, by scenario."""
    with connect() as database:
        rows = database.execute(
            "SELECT DISTINCT scenario, reference FROM read_parquet($1) "
            "WHERE \"column\" = $2 AND reference <> ''",
            [str(folder / GROUPS), column],
        ).fetchall()
    return dict(rows)


def _overloads(document: Mapping[str, Any]) -> dict[str, dict[str, tuple[Overload, ...]]]:
    found: dict[str, dict[str, tuple[Overload, ...]]] = {}
    for one in document["warnings"]:
        desk = Overload.of_json(one)
        of_scenario = found.setdefault(one["scenario"], {})
        of_scenario[one["policy"]] = (*of_scenario.get(one["policy"], ()), desk)
    return found


def _ways(
    folder: Path,
    manifest: Mapping[str, Any],
    metrics: Sequence[Metric],
    scenarios: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
) -> Any:
    if WAYS not in manifest["files"] or manifest.get("ways") != layout():
        return ()
    names = [one.name for one in metrics]
    return read_ways(folder / WAYS, names, str(manifest["baseline"]), scenarios, policies)
