"""The folder of a comparison: a page, every value, every difference, and how to make them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.compare import Comparison
from evenhand.analysis.counterfactual import Findings, flip
from evenhand.analysis.counterfactual.causal_paths import Attribute
from evenhand.analysis.runs.background import Assumed
from evenhand.analysis.runs.digest import of_file, sealed
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.background import changes_of
from evenhand.jobs.event import Watch
from evenhand.jobs.simulation import replicated
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.records import Columns, Run
from evenhand.sim.runs.trial import gather
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage import parquet
from evenhand.storage.plan import in_words
from evenhand.storage.plan_file import described
from evenhand.storage.run_dir import SEEDING
from evenhand.storage.version import version, versions

VALUES, DIFFERENCES, PAGE = "values.parquet", "comparison.json", "comparison.html"
GROUPS = "groups.parquet"
"""Differences by group and changes of gaps; only where they were asked for."""
LIVED = 5
"""Worlds at most whose single disputes the page looks at."""
WORDS = ("metric", "scenario", "policy", "group")
COUNTS = ("clusters",)
GROUP_WORDS = ("scenario", "metric", "policy", "baseline", "column", "group", "reference", "unit")
GROUP_COUNTS = ("family", "worlds", "undefined", "unseen", "baseline_n", "policy_n")


class Switch(NamedTuple):
    """A group that is lived again as another."""

    attribute: Attribute
    from_: str
    to: str


def write(
    comparison: Comparison,
    worlds: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
    folder: Path,
    switch: Switch | None = None,
    watch: Watch | None = None,
    assumed: Sequence[Assumed] = (),
) -> None:
    """Write the long table, the differences, the page, and last the manifest. Raises Stopped, OSError.

    With `switch`, the page also shows what switching a group does under each policy, path by path; `assumed`
    says how much of the files is judgement.
    """
    watch = watch or Watch()
    drawing = watch.steps("draw", Step("drawing"))
    drawing(0, 1)
    from evenhand.analysis.report import comparison as report  # here, because charts take a while to import

    columns, words = _numbered(comparison.values, WORDS)
    parquet.write(columns, folder / VALUES, words.get, whole=COUNTS)
    if comparison.by:
        columns, words = _numbered(_groups(comparison), GROUP_WORDS)
        parquet.write(columns, folder / GROUPS, words.get, whole=GROUP_COUNTS)
    with language(ENGLISH):  # records are the same in every language
        _write(comparison.to_json(), folder / DIFFERENCES)
    report.write(
        comparison,
        folder / PAGE,
        runs=_lived(comparison, worlds, policies, watch),
        audits=_audited(comparison, worlds, policies, switch, watch) if switch else None,
        changes={
            name: changes_of(policies[comparison.baseline], policy)
            for name, policy in policies.items()
            if name != comparison.baseline
        },
        assumed=assumed,
        tell=drawing,
    )
    tables = (VALUES, DIFFERENCES, *((GROUPS,) if comparison.by else ()))
    files = {name: of_file(folder / name) for name in tables}
    _write(sealed({**_manifest(comparison, worlds, policies), "files": files}), folder / MANIFEST)


def _audited(
    comparison: Comparison,
    worlds: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
    switch: Switch,
    watch: Watch,
) -> dict[str, Findings]:
    """The flip audit of each policy in the first worlds of the first scenario, behaviour frozen."""
    first = comparison.stops[0]
    return {
        name: flip(
            worlds[first.scenario],
            policy,
            *switch,
            seed=comparison.seed,
            one_by_one=0,
            replications=min(first.replications, LIVED),
            days=comparison.days[first.scenario],
            engine="numba" if comparison.engines[first.scenario] == "numba" else "simpy",
            tell=lambda _: watch.check(),
        )
        for name, policy in policies.items()
    }


def _lived(
    comparison: Comparison, worlds: Mapping[str, Scenario], policies: Mapping[str, Policy], watch: Watch
) -> dict[str, Run]:
    """The first worlds of the first scenario once more, with the records of their disputes."""
    first = comparison.stops[0]
    found = {}
    for name, policy in policies.items():
        experiment = Experiment.of(
            worlds[first.scenario],
            policy,
            seed=comparison.seed,
            events=False,
            replications=min(first.replications, LIVED),
            days=comparison.days[first.scenario],
            engine="numba" if comparison.engines[first.scenario] == "numba" else "simpy",
            open_loop=comparison.open_loop,
            cohort=comparison.cohort,
        )
        found[name] = gather(experiment, list(replicated(experiment, watch)))
    return found


def _manifest(
    comparison: Comparison, worlds: Mapping[str, Scenario], policies: Mapping[str, Policy]
) -> dict[str, Any]:
    runs = [
        {
            **described(worlds[stop.scenario]),
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
        "seeding": SEEDING,
        "baseline": comparison.baseline,
        "targets": comparison.targets,
        "open_loop": comparison.open_loop,
        "scenarios": runs,
        "policies": [{**described(policy), "name": name} for name, policy in policies.items()],
        "rows": {"values": len(comparison.values["value"]), "comparisons": len(comparison.differences)},
    }


def _groups(comparison: Comparison) -> Columns:
    """Differences by group as columns, those of all columns one after the other."""
    rows = [row for one in comparison.by for row in one.table()]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _numbered(values: Columns, names: Sequence[str]) -> tuple[Columns, dict[str, list[str]]]:
    """A table with numbers for its words, and the words."""
    columns, words = dict(values), {}
    for name in names:
        labels, columns[name] = np.unique(values[name], return_inverse=True)
        words[name] = [str(label) for label in labels]
    return columns, words


def _write(document: dict[str, Any], path: Path) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
