"""The file that says what a run was asked for, so that another process can go on with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evenhand import sim
from evenhand.analysis.runs.digest import holds, of_content, sealed
from evenhand.analysis.runs.folder import LAYOUT, PLAN
from evenhand.analysis.runs.shape import PlanShape
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.own_code import Code
from evenhand.scenarios import plan_key
from evenhand.sim.jit.cache import source_hash
from evenhand.storage.plan import Plan
from evenhand.storage.version import version, versions


def described(model: sim.Scenario | sim.Policy) -> dict[str, Any]:
    """Name, title, content and its hash; the hash is of JSON with sorted keys and no spaces."""
    content = model.model_dump(mode="json", by_alias=True)
    return {"name": model.name, "title": model.title, "sha256": of_content(content), "model": content}


def records_of(
    scenario: sim.Scenario,
    policy: sim.Policy,
    seed: int,
    days: int,
    *,
    open_loop: bool | None,
    cohort: str | None = None,
    rule: Code | None = None,
) -> str:
    """What the rows of a run depend on beside their replication, as one hash.

    `open_loop` None = as the scenario says; `rule` is a decision rule in Python. Parts with the same hash
    and replications have the same rows.
    """
    frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
    hashes = [described(model)["sha256"] for model in (scenario, policy)]
    decided = [] if rule is None else [rule.sha256]
    return of_content([*hashes, seed, days, frozen, *([cohort] if cohort else []), *decided, source_hash()])


def records_of_plan(plan: Plan) -> str:
    """What the rows of a plan depend on; see `records_of`."""
    frozen, cohort = plan.open_loop, plan.cohort
    return records_of(plan.scenario, plan.policy, plan.seed, plan.days, open_loop=frozen, cohort=cohort)


def key(plan: Plan) -> str:
    """Hash of the numbers of a plan and of what computes with them: with the same key, the same run."""
    maker = {"evenhand": version(), "sources": source_hash(), **versions()}
    return plan_key(
        plan.scenario,
        [plan.policy],
        seed=plan.seed,
        days=plan.days,
        replications=plan.replications,
        open_loop=plan.open_loop,
        cohort=plan.cohort,
        versions=maker,
    )


def text(plan: Plan) -> str:
    """The file of a plan."""
    document = {
        "kind": "plan",
        "layout": LAYOUT,
        **_maker(),
        "scenario": described(plan.scenario),
        "policy": described(plan.policy),
        "seed": plan.seed,
        "replications": plan.replications,
        "jobs": plan.jobs,
        "days": plan.days,
        "engine": plan.engine,
        "open_loop": plan.open_loop,
        "events": plan.events,
        "cohort": plan.cohort,
        "background": plan.background,
        "records": records_of_plan(plan),
    }
    return json.dumps(sealed(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read(folder: Path) -> Plan:
    """Read the plan of a folder.

    Raises UsageError where there is none, or where this installation could give other numbers.
    """
    path = folder / PLAN
    if not path.is_file():
        why = (
            gettext("it has no {plan}").format(plan=PLAN)
            if folder.is_dir()
            else gettext("there is no such folder")
        )
        raise UsageError(gettext("'{folder}' is not a run: {why}").format(folder=folder, why=why))
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        _must_be_ours(document, folder)
        if not holds(document):
            raise UsageError(
                gettext("'{path}' is not as it was written: begin the run anew").format(path=path)
            )
        PlanShape.model_validate(document)
        plan = Plan(
            sim.Scenario.model_validate(document["scenario"]["model"]),
            sim.Policy.model_validate(document["policy"]["model"]),
            *(document[name] for name in Plan._fields[2:]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UsageError(
            gettext("'{folder}' cannot be read: its {plan} is damaged").format(folder=folder, plan=PLAN)
        ) from error
    return plan


def _maker() -> dict[str, Any]:
    """What the numbers of a run depend on beside its plan."""
    return {"evenhand": version(), "sources": source_hash(), "versions": versions()}


def _must_be_ours(document: dict[str, Any], folder: Path) -> None:
    """Half a run must not be finished by a program that would have begun it otherwise."""
    ours = {"layout": LAYOUT, **_maker()}
    theirs = {name: document[name] for name in ours}
    if theirs == ours:
        return
    then, now = ({**one["versions"], "evenhand": one["evenhand"]} for one in (theirs, ours))
    moved = [
        gettext("{name} {then}, now {what}").format(name=name, then=then.get(name), what=now[name])
        for name in now
        if then.get(name) != now[name]
    ]
    raise UsageError(
        gettext(
            "'{folder}' was begun by another version ({what}), so its second half could differ from "
            "its first; run it again"
        ).format(folder=folder, what="; ".join(moved) or gettext("evenhand has changed"))
    )
