"""What was found for a target, in words and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from evenhand.analysis.charts.pareto import chance
from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.search.found import limits_words
from evenhand.jobs.rule_patches import Bases, changes
from evenhand.jobs.search_document import save
from evenhand.locale.catalogue import languages
from evenhand.locale.current import gettext, language, ngettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.version import version

if TYPE_CHECKING:
    from evenhand.jobs.rule_target import Targeted

Both = tuple[Scenario, Policy]
DOCUMENT = "goal.json"


def write(done: Targeted, models: Both, bases: Bases, business: Sequence[str]) -> None:
    """Write what was found, in words of every language; `models` are those of the change. Raises OSError."""
    base = done.experiment.scenario, done.experiment.policy
    spoken = {}
    for tag in languages():
        with language(tag):
            patch = done.patch._replace(changes=changes(base, models)) if done.patch else None
            spoken[tag] = list(sentences(done._replace(patch=patch)))
    levers = {one.lever.name: one.lever.written(one.value) for one in done.target.alone}
    made = {
        "kind": "goal",
        "currency": base[0].currency,
        "business": list(business),
        "bases": bases._asdict(),
        "spoken": spoken,
        "written": levers,
        "gains": {one.lever.name: one.gain for one in done.target.alone},
    }
    save(done.folder / DOCUMENT, document(done) | made)


def sentences(done: Targeted) -> Iterator[str]:
    """What was found, in words."""
    target, limit = done.target, done.target.limit
    form = gettext("{metric} at most {bound}") if limit.side == "<=" else gettext("{metric} at least {bound}")
    said = form.format(metric=gettext(limit.metric.title), bound=written(done, limit.bound))
    change = "; ".join(map(str, done.patch.changes)) if done.patch is not None else ""
    if target.reached and not change:
        yield gettext("{said} holds as it is: {value}.").format(said=said, value=_fresh(done, 0))
        return
    if target.reached:
        count = len(target.values)
        reach = ngettext("{said}: {n} setting can reach it.", "{said}: {n} settings can reach it.", count)
        yield f"{reach.format(said=said, n=count)} {change}."
        yield gettext("Then it is {then}; as it is, {base}.").format(
            then=_fresh(done, 1), base=_fresh(done, 0)
        )
    else:
        yield gettext("{said}: no value of these settings reaches it.").format(said=said)
        if change:
            yield gettext("The best that can be had is {then}, from {base}: {change}.").format(
                then=_fresh(done, 1), base=_fresh(done, 0), change=change
            )
        else:
            yield gettext("None of them helps: it is {value}.").format(value=_fresh(done, 0))
    if len(target.values) > 1 or not target.reached:
        yield from _binds(done)


def _binds(done: Targeted) -> Iterator[str]:
    """What the settings of each kind can do together, and what is lost where one of the change goes back."""
    target = done.target
    for one in sorted(target.kinds, key=lambda one: target.limit.sign * one.metric):
        names = ", ".join(one.values)
        yield (
            gettext("All of {kind} at their best ({names}) take it from {base} to {metric}.").format(
                kind=one.kind, names=names, base=written(done, target.base), metric=written(done, one.metric)
            )
        )
    helpless = [one.lever.name for one in target.alone if not one.helps]
    if helpless:
        yield gettext("Alone, these cannot help: {helpless}.").format(helpless=", ".join(helpless))
    for name, metric in target.without.items():
        yield gettext("Without the change of {name} it is {metric}.").format(
            name=name, metric=written(done, metric)
        )


def _fresh(done: Targeted, place: int) -> str:
    """The metric in fresh worlds, and the chance that the target holds there."""
    place = min(place, len(done.judged.numbers) - 1)
    value, half = float(done.judged.means[place, 0]), float(done.judged.halves[place, 0])
    sure = float(done.judged.keeps[place])
    said = written(done, value)
    if isfinite(half):
        said += f" ± {written(done, half)}"
    return gettext("{said} in {worlds} fresh worlds").format(said=said, worlds=done.judged.worlds) + (
        gettext(" (chance that it holds {sure})").format(sure=chance(sure)) if isfinite(sure) else ""
    )


def written(done: Targeted, value: float, *, signed: bool = False) -> str:
    """A value of the metric with its unit; long times in days."""
    metric = done.target.limit.metric
    unit = done.experiment.scenario.currency if metric.unit == "currency" else metric.unit
    if unit == "h" and abs(value) >= 72:
        days = f"{value / 24:+.1f}" if signed else f"{value / 24:.1f}"
        return gettext("{days} days").format(days=days)
    if unit == "h":
        return with_word(figures((value,), unit, abs(value) / 10, signed=signed)[0], unit)
    return figures((value,), unit, abs(value) / 10, signed=signed, level=True)[0]


def document(done: Targeted) -> dict[str, Any]:
    """All of it as one JSON object."""
    target, judged = done.target, done.judged
    made: dict[str, Any] = plain_json(
        {
            "policy": done.experiment.policy.name,
            "scenario": done.experiment.scenario.name,
            "seed": done.experiment.seed,
            "days": done.experiment.days,
            "version": version(),
            "target": limits_words([target.limit])[0],
            "reached": target.reached,
            "settings": dict(target.values),
            "distance": target.distance,
            "changes": [one._asdict() for one in done.patch.changes] if done.patch else [],
            "said": list(sentences(done)),
            "fresh": [
                {
                    "value": float(judged.means[place, 0]),
                    "half": float(judged.halves[place, 0]),
                    "chance": float(judged.keeps[place]),
                }
                for place in range(len(judged.numbers))
            ],
            "alone": [
                {"setting": one.lever.name, "value": one.value, "metric": one.metric, "helps": one.helps}
                for one in target.alone
            ],
            "tried": target.tried,
        }
    )
    return made
