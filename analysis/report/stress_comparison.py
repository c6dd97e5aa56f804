"""The STRESS-DES checklist of a comparison: that of a run, with the design and the differences in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.stress import answers, stress_page
from evenhand.analysis.report.stress_text import escape

Document = Mapping[str, Any]
PAIRED = (
    "Every policy meets the same worlds; differences are paired by world (common random numbers), with the "
    "paired t, p adjusted by Holm over all differences shown, and intervals that hold together; "
    "docs/methods.md has every formula."
)


def checklist(manifest: Document, document: Document, engines: Sequence[str] = ()) -> str:
    """The whole page in Markdown. `document` are the differences as JSON has them; `engines` what both gave.

    Raises KeyError where the manifest lacks what one holds.
    """
    scenario, others = manifest["scenarios"][0], manifest["policies"]
    found = answers(_as_run(manifest, scenario))
    base = next(one for one in others if one["name"] == manifest["baseline"])
    found["1.1"] = [
        *(f"Scenario {escape(one['name'])}: {escape(one['title'])}." for one in manifest["scenarios"]),
        *(
            f"Policy {escape(one['name'])}: {escape(one['title'])}"
            f"{' (the baseline)' if one is base else ''}. {escape(one['model']['description'])}".rstrip()
            for one in others
        ),
    ]
    found["1.2"] = [PAIRED, *_differences(document)]
    found["1.3"] = [_design(manifest), *_targets(manifest), *_own(manifest)]
    found["2.2"] = [*found["2.2"], *_rules(manifest)]
    found["4.3"] = [
        f"{one['name']}: {one['replications']} worlds of {one['days']} days; {one['stopped']}."
        for one in manifest["scenarios"]
    ]
    if engines:
        checked = "The first world was run under SimPy and Numba, and their records compared:"
        found["5.3"] = [*found["5.3"], checked, *(f"- {escape(one)}" for one in engines)]
    hashes = [
        f"- SHA-256 of {escape(one['name'])}: `{one['sha256']}`" for one in [*manifest["scenarios"], *others]
    ]
    found["6.1"] = [found["6.1"][0], *hashes]
    title = f"{' and '.join(escape(one['title']) for one in others)}, compared"
    return stress_page(title, "a comparison", found, scenario["model"])


def _as_run(manifest: Document, scenario: Document) -> dict[str, Any]:
    """The baseline in a scenario, as the manifest of a run would tell of it."""
    base = next(one for one in manifest["policies"] if one["name"] == manifest["baseline"])
    frozen = manifest["open_loop"]
    return {
        **manifest,
        "scenario": scenario,
        "policy": base,
        "metrics": {},
        "rows": {},
        "days": scenario["days"],
        "replications": scenario["replications"],
        "stopped": scenario["stopped"],
        "engine": scenario["engine"],
        "open_loop": scenario["model"]["behaviour"]["open_loop"] if frozen is None else frozen,
    }


def _differences(document: Document) -> Iterator[str]:
    for one in document["comparisons"]:
        value, ci = one["difference"], one["ci"]
        number = "not known" if value is None else f"{value:.4g}"
        interval = f" ({ci[0]:.4g} to {ci[1]:.4g})" if ci else ""
        title = METRICS[one["metric"]].title if one["metric"] in METRICS else one["metric"]
        who = f"{escape(one['policy'])} less {escape(one['baseline'])} in {escape(one['scenario'])}"
        yield f"- **{escape(title)}**, {who}: {number}{interval}, n = {one['n']}"


def _design(manifest: Document) -> str:
    policies, scenarios = len(manifest["policies"]), len(manifest["scenarios"])
    return (
        f"{policies} policies in {scenarios} scenario{'s' * (scenarios != 1)}, all in the same worlds; the "
        f"baseline is {escape(manifest['baseline'])}. No optimisation."
    )


def _targets(manifest: Document) -> Iterator[str]:
    for name, width in manifest["targets"].items():
        yield f"- Worlds were added until the half-width of {escape(name)} was {width:g} or less."


def _own(manifest: Document) -> Iterator[str]:
    for name, code in (manifest.get("own_metrics") or {}).items():
        yield f"- {escape(name)} is a metric of the authors' own (SHA-256 `{code['sha256']}`)."


def _rules(manifest: Document) -> Iterator[str]:
    for policy, code in (manifest.get("rules") or {}).items():
        yield (
            f"- Under {escape(policy)} the desks decide by the function {escape(code['name'])} in Python "
            f"(SHA-256 `{code['sha256']}`)."
        )
