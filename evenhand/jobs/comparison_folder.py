"""The folder of a comparison: a page, every value, every difference, and how to make them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evenhand.analysis.compare import Comparison
from evenhand.analysis.counterfactual import Findings, flip
from evenhand.analysis.counterfactual.causal_paths import Attribute
from evenhand.analysis.report import stress_comparison
from evenhand.analysis.runs.background import Assumed, Background, Spoken
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.background import changes_of
from evenhand.jobs.event import Watch
from evenhand.jobs.simulation import replicated
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, Experiment
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import gather
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.saved import (
    comparison_manifest,
    read_comparison,
    read_document,
    write_comparison,
    write_manifest,
)

PAGE, CHECKLIST = "comparison.html", "stress-des.md"
LIVED = 5
"""Worlds at most whose single disputes the page looks at."""


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
    rules: Mapping[str, Decide] | None = None,
    futures: Sequence[Spoken] = (),
) -> None:
    """Write the long table, the differences, the page, and last the manifest. Raises Stopped, OSError.

    With `switch`, the page also shows what switching a group does under each policy, path by path; `assumed`
    says how much of the files is judgement. `rules` are decision rules in Python, by policy.
    """
    watch = watch or Watch()
    drawing = watch.steps("draw", Step("drawing"))
    drawing(0, 1)
    from evenhand.analysis.report import comparison as report  # here, because charts take a while to import

    files = write_comparison(comparison, folder)
    report.write(
        comparison,
        folder / PAGE,
        runs=_lived(comparison, worlds, policies, watch, rules or {}),
        audits=_audited(comparison, worlds, policies, switch, watch, rules or {}) if switch else None,
        changes={
            name: changes_of(policies[comparison.baseline], policy)
            for name, policy in policies.items()
            if name != comparison.baseline
        },
        assumed=assumed,
        futures=futures,
        tell=drawing,
    )
    said = Background(assumed=tuple(assumed), futures=tuple(futures))
    write_manifest(comparison_manifest(comparison, said), files, folder)


def write_checklist(folder: Path, agreed: Sequence[str]) -> None:
    """Write the STRESS-DES checklist of the comparison in a folder, with what both engines gave."""
    manifest = read_comparison(folder)
    text = stress_comparison.checklist(manifest, read_document(folder), agreed)
    (folder / CHECKLIST).write_text(text, encoding="utf-8", newline="\n")


def _audited(
    comparison: Comparison,
    worlds: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
    switch: Switch,
    watch: Watch,
    rules: Mapping[str, Decide],
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
            decide=rules.get(name),
        )
        for name, policy in policies.items()
    }


def _lived(
    comparison: Comparison,
    worlds: Mapping[str, Scenario],
    policies: Mapping[str, Policy],
    watch: Watch,
    rules: Mapping[str, Decide],
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
            decide=rules.get(name),
        )
        found[name] = gather(experiment, list(replicated(experiment, watch)))
    return found
