"""Single disputes of a comparison: one of its worlds once more, with everything that happened in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.digest import holds
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.sim.jit.cache import source_hash
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import Trial
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean


def is_comparison(folder: Path) -> bool:
    """Whether a folder is that of a comparison."""
    try:
        return bool(_read(folder).get("kind") == "comparison")
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def live_again(
    folder: Path,
    replication: int,
    *,
    policy: str | None = None,
    scenario: str | None = None,
    verify: bool = True,
) -> dict[str, Run]:
    """One world of a comparison under its baseline and under another policy, with events, by their names.

    `policy` is the other one, the first after the baseline by default; `scenario` is the first by default.
    Raises UsageError for a folder that cannot be read or was made by another version, a decision rule in
    Python that nobody kept, and names and numbers that are none.
    """
    manifest = _read(folder)
    if verify and not holds(manifest):
        raise UsageError(
            gettext("'{file}' is not as it was written; --no-verify reads it as it is").format(
                file=folder / MANIFEST
            )
        )
    if manifest.get("sources") != source_hash():
        by = manifest.get("evenhand")
        raise UsageError(
            gettext("'{folder}' was written by another version (evenhand {by}): compare again").format(
                folder=folder, by=by
            )
        )
    if manifest.get("decide"):
        raise UsageError(
            gettext("'{folder}': a rule in Python decided there, and it is not kept").format(folder=folder)
        )
    try:
        worlds = {one["name"]: one for one in manifest["scenarios"]}
        rules = {one["name"]: one for one in manifest["policies"]}
        base = manifest["baseline"]
        place = worlds[_one_of("--scenario", scenario, list(worlds))]
        others = [name for name in rules if name != base]
        names = (base, _one_of("--policy", policy, others))
        worlds_there = place["replications"]
        if not 0 <= replication < worlds_there:
            allowed = gettext("0 to {last}").format(last=worlds_there - 1) if worlds_there > 1 else "0"
            raise UsageError(
                gettext("--replication: must be {allowed} in this comparison, found {replication}").format(
                    allowed=allowed, replication=replication
                )
            )
        market = Scenario.model_validate(place["model"])
        return {
            name: Trial.of(
                Experiment.of(
                    market,
                    Policy.model_validate(rules[name]["model"]),
                    seed=manifest["seed"],
                    replications=worlds_there,
                    days=place["days"],
                    engine=place["engine"],
                    open_loop=manifest["open_loop"],
                    cohort=place["cohort"],
                )
            ).one(replication)
            for name in names
        }
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            gettext("'{folder}' cannot be read: its {file} is damaged").format(folder=folder, file=MANIFEST)
        ) from error


def _one_of(option: str, asked: str | None, names: list[str]) -> str:
    if asked is None:
        return names[0]
    if asked not in names:
        there = ", ".join(names)
        raise UsageError(
            gettext("{option}: no {asked} in this comparison{hint}; {there}").format(
                option=option, asked=repr(asked), hint=did_you_mean(asked, names), there=there
            )
        )
    return asked


def _read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return found
