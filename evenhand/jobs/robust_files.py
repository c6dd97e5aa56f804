"""What a robustness study leaves beside its points: the page, the worst futures, and data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.robust.answer import Answer
from evenhand.analysis.robust.found import Robust
from evenhand.analysis.robust.words import sentence
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.event import Watch
from evenhand.jobs.robust_sentences import FOUND
from evenhand.locale.catalogue import languages
from evenhand.locale.current import gettext, language
from evenhand.scenarios.beliefs import Beliefs
from evenhand.scenarios.catalogue import shipped
from evenhand.scenarios.keys import content_key
from evenhand.scenarios.patch import patch_text
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.version import version

PAGE = "robust.html"
MOST_SAID = 6
"""Beliefs named at the top of the file of a worst future."""


def write_results(
    found: Robust,
    scenario: Scenario,
    policies: Sequence[Policy],
    beliefs: Beliefs,
    folder: Path,
    watch: Watch,
    base: Path | None = None,
    key: str = "",
    days: int | None = None,
) -> None:
    """Write the page, a scenario for each worst future, and what was found. Raises Stopped, OSError."""
    drawing = watch.steps("draw", Step("drawing_page"))
    drawing(0, 1)
    from evenhand.analysis.report import robust as report  # here, because charts take a while to import

    for name, text in worst_futures(found, scenario, policies, beliefs, folder, base).items():
        with whole(folder / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    counts = (beliefs.moved, beliefs.assumed)
    report.write(found, folder / PAGE, scenario, policies, *counts, days, tell=drawing)
    with whole(folder / FOUND) as unfinished:
        text = json.dumps(document(found, scenario, policies, beliefs, key), ensure_ascii=False, indent=1)
        unfinished.write_text(text + "\n", encoding="utf-8")


def worst_futures(
    found: Robust,
    scenario: Scenario,
    policies: Sequence[Policy],
    beliefs: Beliefs,
    folder: Path,
    base: Path | None,
) -> dict[str, str]:
    """The future in which each policy is most regretted, by metric: a file that runs as a scenario."""
    make = beliefs.scenarios(scenario)
    files = {}
    of = relpath(base.resolve(), folder) if base is not None else scenario.name
    of = scenario.name if scenario.name in shipped("scenario") else of
    for metric in found.question.shown:
        for policy, regret in zip(policies, found.regrets(metric), strict=False):
            if regret.future < 0 or not regret.worst > 0:
                continue
            z = found.plan.futures[regret.future]
            far = sorted(range(len(z)), key=lambda place: -abs(z[place]))[:MOST_SAID]
            held = [(beliefs.beliefs[place], float(z[place])) for place in far]
            named = [f"{belief.title}: {belief.written(at)}" for belief, at in held]
            remarks = (
                gettext("Future {future}: '{name}' is {worst:.4g} behind on {metric}.").format(
                    future=regret.future, name=policy.name, worst=regret.worst, metric=metric
                ),
                gettext("Its most extreme beliefs:"),
                *(f"  {one}" for one in named),
            )
            title = gettext("Future {future} of {name}, the worst for {name_2}").format(
                future=regret.future, name=scenario.name, name_2=policy.name
            )
            future = make(z.tolist())
            name = f"worst-{metric.replace('_', '-')}-{policy.name}"
            files[f"{name}.yaml"] = patch_text(scenario, future, of, title=title, remarks=remarks)
            changed = beliefs.policies(policy)(z.tolist())
            if changed != policy:
                files[f"{name}-rules.yaml"] = patch_text(policy, changed, policy.name, title=policy.title)
    return files


def spoken(answer: Answer, found: Robust) -> dict[str, str]:
    """The sentence of an answer in every language."""
    said = {}
    for tag in languages():
        with language(tag):
            said[tag] = sentence(answer, found.beliefs)
    return said


def document(
    found: Robust, scenario: Scenario, policies: Sequence[Policy], beliefs: Beliefs, key: str = ""
) -> dict[str, Any]:
    """What was found as plain data, null where a number is unknown; `key` is that of the scenario's file."""
    question = found.question
    made: dict[str, Any] = {
        "kind": "robust",
        "evenhand": version(),
        "scenario": {"name": scenario.name, "key": key or content_key(scenario)},
        "policies": [{"name": one.name, "key": content_key(one)} for one in policies],
        "seed": found.seed,
        "futures": len(found.plan.futures),
        "worlds": found.plan.worlds,
        "beliefs": {"count": len(beliefs), "moved": beliefs.moved, "assumed": beliefs.assumed},
        "answers": [],
        "regret": {},
        "limits": [str(one) for one in question.limits],
        "satisficing": {
            name: share._asdict() for name, share in zip(question.policies, found.satisficing, strict=False)
        },
    }
    for (metric, policy), answer in found.answers.items():
        names = [one.name for one in found.beliefs]
        effects = answer.effects
        made["answers"].append(
            {
                "metric": metric,
                "policy": policy,
                "baseline": question.policies[0],
                "sentence": spoken(answer, found),
                "margin": answer.margin,
                "luck": answer.luck.share,
                **{name: getattr(answer.verdicts, name)._asdict() for name in ("better", "worse", "within")},
                "undefined": answer.verdicts.undefined,
                "floor": effects.floor,
                "effects": {
                    names[p]: [float(effects.size[p]), float(effects.mean[p])] for p in effects.order
                },
                "above_floor": [names[p] for p in effects.above],
                "rules": [
                    {
                        "restrictions": {names[r.belief]: [r.low, r.high] for r in rule.restrictions},
                        **{name: getattr(rule, name)._asdict() for name in ("density", "coverage", "base")},
                        "seen": rule.seen,
                    }
                    for rule in answer.rules
                ],
                "alone": {
                    names[curve.belief]: {
                        "break_even": curve.break_even,
                        "points": [one._asdict() for one in curve.points],
                    }
                    for curve in answer.curves
                },
            }
        )
    for metric in question.shown:
        regrets = zip(question.policies, found.regrets(metric), strict=False)
        made["regret"][metric] = {name: one._asdict() for name, one in regrets}
    plain: dict[str, Any] = plain_json(made)
    return plain
