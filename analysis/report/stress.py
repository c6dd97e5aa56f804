"""The STRESS-DES checklist, filled from the manifest of a run as far as a run can know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.stress_items import (
    ALGORITHMS,
    ASSUMPTIONS,
    CENSORED,
    DIAGRAM,
    EXECUTION,
    INTERVALS,
    INVERSION,
    ITEMS,
    LEFT,
    SECTIONS,
    SHARING,
    SOURCE,
    STAGES,
    STARTS_UP,
    TERMINATING,
)
from evenhand.analysis.report.stress_text import escape, leaves, said
from evenhand.sim.sampling.streams import ALL
from evenhand.sim.scenario.vocabulary import CAUSES, ENDINGS

Manifest = Mapping[str, Any]
Answers = dict[str, list[str]]
"""Number of an item -> its answer, in lines of Markdown."""


def answers(manifest: Manifest) -> Answers:
    """Answer what a run can answer, all items but 5.4. Raises KeyError where the manifest lacks something."""
    return {**_objectives(manifest), **_logic(manifest), **_data(manifest), **_experiment(manifest)}


def stress_des(manifest: Manifest) -> str:
    """The whole page in Markdown: twenty boxes, what is left for the author, all settings.

    Raises KeyError where the manifest lacks what one holds.
    """
    scenario = manifest["scenario"]
    title = f"{escape(manifest['policy']['title'])} in {escape(scenario['title'])}"
    return stress_page(title, "a run", answers(manifest), scenario["model"])


def stress_page(title: str, of: str, found: Answers, settings: Mapping[str, Any]) -> str:
    """The page of answers: twenty boxes, what is left for the author, all settings of the scenario."""
    whole = f"{len(ITEMS) - len(LEFT)} of {len(ITEMS)} items are filled whole, {len(LEFT)} need the author."
    lines = [f"# STRESS-DES: {title}", "", f"Filled from the manifest of {of}. {whole} {SOURCE}"]
    for number, (heading, asks) in ITEMS.items():
        if number.endswith(".1"):
            lines += ["", f"## {number[0]}. {SECTIONS[number[0]]}"]
        lines += ["", f"### {number} {heading}", "", f"*{asks}*", *_apart(found.get(number, []))]
        if number in LEFT:
            lines += ["", f"> **For the author:** {LEFT[number]}."]
    lines += ["", "## Left for the author", ""]
    lines += [f"- [ ] **{number} {ITEMS[number][0]}**: {left}" for number, left in LEFT.items()]
    lines += ["", "## Appendix: settings of the scenario", "", "| setting | value |", "|---|---|"]
    lines += [f"| {path} | {value} |" for path, value in leaves(settings)]
    return "\n".join(lines) + "\n"


def _apart(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs and lists with an empty line before each."""
    before = ""
    for line in lines:
        if not (line.startswith("- ") and before.startswith("- ")):
            yield ""
        yield line
        before = line


def _objectives(manifest: Manifest) -> Answers:
    outputs = [_output(name, figures) for name, figures in manifest["metrics"].items()]
    return {
        "1.1": [_about("Scenario", manifest["scenario"]), _about("Policy", manifest["policy"])],
        "1.2": [INTERVALS, *outputs],
        "1.3": ["One policy in one scenario: no comparison, no design of experiments, no optimisation."],
    }


def _about(kind: str, described: Mapping[str, Any]) -> str:
    title, name = escape(described["title"]), escape(described["name"])
    return f"{kind} {name}: {title}. {escape(described['model']['description'])}".rstrip()


def _output(name: str, figures: Mapping[str, Any]) -> str:
    value, ci = figures["value"], figures["ci"]
    number = "undefined" if value is None else f"{value:.4g}"
    interval = f" ({ci[0]:.4g} to {ci[1]:.4g})" if ci else ""
    meaning = f" {escape(METRICS[name].explanation)}" if name in METRICS else ""
    head = f"- **{escape(name)}** ({escape(figures['unit'])})"
    return f"{head}: {number}{interval}, n = {figures['n']:,}.{meaning}"


def _logic(manifest: Manifest) -> Answers:
    policy = manifest["policy"]["model"]
    stages = [f"- **{name}**, {about}: {said(policy[name])}" for name, about in STAGES.items()]
    frozen = "is frozen: nobody learns, loses trust or leaves"
    free = "is free: merchants learn, buyers' trust moves, parties may leave"
    return {
        "2.1": [DIAGRAM],
        "2.2": ["A dispute passes these stages, under these settings of the policy:", *stages],
        "2.3": [f"Behaviour {frozen if manifest['open_loop'] else free}.", *_reforms(policy["reforms"])],
        "2.4": [f"- {one}" for one in ALGORITHMS],
        "2.5": [f"- **{name}**: {what}." for name, what in _components(manifest)],
    }


def _reforms(reforms: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for reform in reforms:
        reach = (
            "for disputes filed before, too" if reform["retroactive"] else "for disputes filed from then on"
        )
        yield f"- Reform on {escape(reform['starts'])}, {reach}: {said(reform['changes'])}"
    if not reforms:
        yield "The policy has no reforms."


def _components(manifest: Manifest) -> Iterator[tuple[str, str]]:
    world, policy = manifest["scenario"]["model"], manifest["policy"]["model"]
    people = " and ".join(
        f"{world[side]['count']:,} {side} ({', '.join(map(escape, world[side]['groups']))})"
        for side in ("buyers", "merchants")
    )
    count = manifest["rows"].get("disputes")
    disputes = "Disputes" if count is None else f"{count:,} disputes in all replications"
    yield "Entities", f"{disputes}, of {people} in each"
    yield (
        "Activities",
        "talking, filing, screening, answering, mediating, deciding, reviewing, sending back, paying",
    )
    desks = {name: desk for name, desk in world["desks"].items() if isinstance(desk, Mapping)}
    yield "Resources", "; ".join(f"{escape(name)} desk {said(desk)}" for name, desk in desks.items())
    discipline = said(policy["decision"]["discipline"])
    yield "Queues", f"one at each desk, without a limit; {discipline} at decision and review, else fifo"
    yield "Entry", f"a buyer notices a problem or invents one; causes: {said(CAUSES)}"
    yield "Exit", said([ending for ending in ENDINGS if ending != "open"])


def _data(manifest: Manifest) -> Answers:
    names = " and ".join(escape(manifest[kind]["name"]) for kind in ("scenario", "policy"))
    currency = escape(manifest["scenario"]["model"]["currency"])
    inputs = (
        "The settings of the scenario stand in the appendix, those of the policy under 2.2. Times are hours, "
        f"money is {currency}, evidence weighs in natural-log odds."
    )
    return {
        "3.1": [f"`evenhand show` lists a source and a confidence for each setting of {names}."],
        "3.2": ["None by the program: settings are used as they stand in the files, durations in hours."],
        "3.3": [inputs],
        "3.4": [f"- {one}" for one in ASSUMPTIONS],
    }


def _experiment(manifest: Manifest) -> Answers:
    days, start = manifest["days"], escape(manifest["scenario"]["model"]["calendar"]["start"])
    stopped = escape(manifest.get("stopped", "not recorded"))
    uncounted = manifest["scenario"]["model"].get("start_up", 0.0) / 24
    begins = STARTS_UP.format(days=f"{uncounted:g}") if uncounted else TERMINATING
    versions = ", ".join(f"{name} {number}" for name, number in manifest["versions"].items())
    seeding = f"Seed {manifest['seed']}: {escape(manifest['seeding'])}."
    hashes = [f"- SHA-256 of the {kind}: `{manifest[kind]['sha256']}`" for kind in ("scenario", "policy")]
    return {
        "4.1": [f"Each replication starts empty on {start}, without open disputes. {begins}"],
        "4.2": [f"{days} days; the unit of time is the hour. {CENSORED}"],
        "4.3": [f"{manifest['replications']} replications. Stopped: {stopped}.", INTERVALS],
        "5.1": [f"Evenhand {escape(manifest['evenhand'])}; {escape(versions)}."],
        "5.2": [f"{seeding} {INVERSION} `evenhand draws` lists all {len(ALL)} draws."],
        "5.3": [f"From event to event, under the {escape(manifest['engine'])} engine. {EXECUTION}"],
        "6.1": [SHARING, *hashes],
    }
