"""The report of a comparison: policies in the same worlds, one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.counterfactual import Findings
from evenhand.analysis.metrics.cautions import FEW
from evenhand.analysis.report.comparison_behaviour import behaviour_over_time
from evenhand.analysis.report.comparison_by_group import by_groups
from evenhand.analysis.report.comparison_differences import (
    all_differences,
    headlines,
    paired_differences,
    pairs,
)
from evenhand.analysis.report.comparison_front import FRONT, measured, two_metrics
from evenhand.analysis.report.comparison_gains import who_gains
from evenhand.analysis.report.comparison_groups import not_all_at_once, pairings
from evenhand.analysis.report.comparison_money import costs_and_savings
from evenhand.analysis.report.comparison_paths import paths
from evenhand.analysis.report.comparison_plain import plain_words
from evenhand.analysis.report.comparison_records import Runs, time_to_close, wrongful_losses
from evenhand.analysis.report.comparison_texts import texts
from evenhand.analysis.report.comparison_why import whys
from evenhand.analysis.report.exhibit import Exhibit, Table
from evenhand.analysis.report.numbers import count, integer
from evenhand.analysis.report.page import HEADLINES, Lead, assemble, version
from evenhand.analysis.report.save import save
from evenhand.analysis.report.settings import settings
from evenhand.analysis.runs.background import Assumed, Change, Spoken, badge, lines
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext

CHANGES, SEVERAL, FEWER = 12, 3, 4
"""Changes of a policy that are written out, for at most so many policies, and for more."""
FROM_RECORDS = (
    who_gains,
    costs_and_savings,
    behaviour_over_time,
    time_to_close,
    pairings,
    wrongful_losses,
    not_all_at_once,
)


def write(
    comparison: Comparison,
    path: str | Path,
    *,
    runs: Runs | None = None,
    audits: Mapping[str, Findings] | None = None,
    front: tuple[str, str] = FRONT,
    title: str | None = None,
    changes: Mapping[str, Sequence[Change]] | None = None,
    assumed: Sequence[Assumed] = (),
    futures: Sequence[Spoken] = (),
    tell: Tell = silent,
) -> None:
    """Write the page of a comparison to a file, whole or not at all.

    `runs` are a few replications of every policy in the same worlds, by policy name: they show what
    takes the records of single disputes (time to close, pairings of groups, losses, the impossibility)
    and where the policies' settings differ. `changes` are what policies change against the baseline,
    by name, and `assumed` says how much of the files is judgement. `audits` are flip audits by policy name.
    `front` names the two metrics that are drawn against each other. What is left out is said so on the page.
    `tell` is told how many exhibits have been drawn. The same input gives the same
    bytes. Raises ValueError for runs or audits that do not belong to the comparison, OSError.
    """
    save(
        render(
            comparison,
            runs=runs,
            audits=audits,
            front=front,
            title=title,
            changes=changes,
            assumed=assumed,
            futures=futures,
            tell=tell,
        ),
        path,
    )


def render(
    comparison: Comparison,
    *,
    runs: Runs | None = None,
    audits: Mapping[str, Findings] | None = None,
    front: tuple[str, str] = FRONT,
    title: str | None = None,
    changes: Mapping[str, Sequence[Change]] | None = None,
    assumed: Sequence[Assumed] = (),
    futures: Sequence[Spoken] = (),
    tell: Tell = silent,
) -> str:
    """The page as one HTML text; see `write`."""
    lived, audited = _in_order(comparison, runs or {}), dict(audits or {})
    check(comparison, lived, audited)
    return assemble(
        _exhibits(comparison, lived, audited, front),
        title=plain(title) if title else _title(comparison),
        under=_under(comparison),
        alerts=alerts(comparison),
        leads=[*changed(comparison, changes or {}), *in_plain_words(comparison, assumed)],
        fold=statistics(comparison),
        texts=texts,
        facts=facts(comparison, lived),
        note=_note(comparison, lived, front),
        badge=plain(badge(assumed, futures)),
        tell=tell,
        headlines=headlines(comparison, HEADLINES),
        metrics=all_differences(comparison),
        few=texts.FEW_MEANS.format(few=FEW) if any(one.few for one in comparison.differences) else "",
        settings=_settings(lived),
    )


def alerts(comparison: Comparison) -> list[str]:
    """Desks that cannot keep up, by policy, and by scenario where there are several."""
    several = len(comparison.stops) > 1
    said = texts.OVERLOADED_IN if several else texts.OVERLOADED
    return [
        said.format(policy=plain(policy), scenario=plain(scenario), warning=desk.sentence)
        for scenario, policy, desk in comparison.warnings
    ]


def changed(comparison: Comparison, changes: Mapping[str, Sequence[Change]]) -> list[Lead]:
    """What each policy changes against the baseline, before any number."""
    names = [name for name in policies(comparison)[1:] if name in changes]
    most = CHANGES if len(names) <= SEVERAL else FEWER
    return [
        (
            texts.CHANGES.format(policy=plain(name), baseline=plain(comparison.baseline)),
            [plain(line) for line in lines(changes[name], most)],
        )
        for name in names
    ]


def in_plain_words(comparison: Comparison, assumed: Sequence[Assumed]) -> list[Lead]:
    """Three sentences about each policy, for readers in a hurry; of many policies the charts say more."""
    found = pairs(comparison)
    if len(found) > SEVERAL:
        return []
    form = texts.PLAIN_TITLE if len(found) == 1 else texts.PLAIN_TITLE_OF
    return [
        (
            form.format(policy=plain(policy), scenario=plain(scenario)),
            plain_words(comparison, scenario, policy, assumed),
        )
        for scenario, policy in found
    ]


def statistics(comparison: Comparison) -> list[tuple[str, str]]:
    """What the methods behind the numbers are, a sentence each."""
    if max(stop.replications for stop in comparison.stops) < 2:
        return []
    family = max((one.family for one in comparison.differences), default=0)
    return [(texts.TERMS[name], said.format(family=family)) for name, said in texts.STATISTICS.items()]


def policies(comparison: Comparison) -> list[str]:
    """Names of all policies, the baseline first."""
    return list(dict.fromkeys([comparison.baseline, *(one.policy for one in comparison.differences)]))


def _in_order(comparison: Comparison, runs: Runs) -> Runs:
    """The runs in the order of the policies, unknown ones last."""
    known = [name for name in policies(comparison) if name in runs]
    return {name: runs[name] for name in dict.fromkeys([*known, *runs])}


def check(comparison: Comparison, runs: Runs, audits: Mapping[str, Findings]) -> None:
    """Refuse runs and audits that show something else than the comparison. Raises ValueError."""
    names = policies(comparison)
    for what, given in (("runs", runs), ("audits", audits)):
        for name in given:
            if name not in names:
                raise ValueError(
                    gettext("{what}: must be of {names}, found {name!r}").format(
                        what=what, names=", ".join(names), name=name
                    )
                )
    missing = [name for name in names if runs and name not in runs]
    if missing:
        raise ValueError(
            gettext("runs: every policy needs one, none found for {missing}").format(
                missing=", ".join(missing)
            )
        )
    worlds = {(one.seed, one.days, one.replications, one.open_loop) for one in runs.values()}
    alike = all(one.scenario == next(iter(runs.values())).scenario for one in runs.values())
    if len(worlds) > 1 or not alike:
        raise ValueError(gettext("runs: must be of the same scenario, seed, days and replications"))
    if worlds and next(iter(worlds))[0] != comparison.seed:
        raise ValueError(gettext("runs: must have the comparison's seed {seed}").format(seed=comparison.seed))
    if worlds and next(iter(worlds))[1] not in comparison.days.values():
        raise ValueError(gettext("runs: must be as long as the worlds of the comparison"))


def _exhibits(
    comparison: Comparison, runs: Runs, audits: Mapping[str, Findings], front: tuple[str, str]
) -> Iterator[Exhibit]:
    """All exhibits that there is something to show for."""
    yield from paired_differences(comparison)
    yield from whys(comparison)
    yield from by_groups(comparison)
    if not _unmeasured(comparison, front):
        yield from two_metrics(comparison, *front)
    if runs:
        yield from (make(runs) for make in FROM_RECORDS)
    if audits:
        yield paths(audits)


def _unmeasured(comparison: Comparison, front: tuple[str, str]) -> list[str]:
    return [name for name in front if name not in measured(comparison)]


def _title(comparison: Comparison) -> str:
    others = policies(comparison)[1:]
    baseline = plain(comparison.baseline)
    if len(others) == 1:
        return texts.TITLE.format(policy=plain(others[0]), baseline=baseline)
    return texts.TITLE_MANY.format(count=len(others), baseline=baseline)


def _under(comparison: Comparison) -> str:
    names = [texts.QUOTED.format(name=plain(stop.scenario)) for stop in comparison.stops]
    return texts.UNDER.format(scenarios=texts.ITEMS.join(names))


def facts(comparison: Comparison, runs: Runs) -> list[tuple[str, str]]:
    """What the comparison was, for the header."""
    several = len(comparison.stops) > 1

    def each(values: Mapping[str, str]) -> str:
        """One value for every scenario, said once where all are the same."""
        if not several or len(set(values.values())) == 1:
            return next(iter(values.values()))
        parts = (texts.PER_SCENARIO.format(scenario=plain(k), value=v) for k, v in values.items())
        return texts.PARTS.join(parts)

    titles = {name: plain(gettext(run.policy.title)) for name, run in runs.items()}
    named = [
        plain(name)
        if titles.get(name, name) in {"", name}
        else texts.TITLED.format(title=titles[name], name=plain(name))
        for name in policies(comparison)
    ]
    worlds = {
        stop.scenario: texts.STOPPED.format(worlds=integer(stop.replications), reason=gettext(stop.reason))
        for stop in comparison.stops
    }
    values = {
        "baseline": plain(comparison.baseline),
        "worlds": each(worlds),
        "days": each({k: count(days, texts.N_DAYS) for k, days in comparison.days.items()}),
        "seed": str(comparison.seed),
        "engine": each(comparison.engines),
        "version": version(),
        "policies": texts.ITEMS.join(named),
    }
    return [(texts.FACTS[name], value) for name, value in values.items()]


def _note(comparison: Comparison, runs: Runs, front: tuple[str, str]) -> str:
    """What the intervals cover, and what is left out and why."""
    worlds = max(stop.replications for stop in comparison.stops)
    parts = [texts.NOTE if worlds > 1 else texts.NOTE_ONE]
    missing = _unmeasured(comparison, front)
    if missing:
        parts.append(texts.NO_FRONT.format(missing=texts.listed([*map(plain, missing)])))
    if runs:
        one = next(iter(runs.values()))
        scenario = plain(gettext(one.scenario.title)) or plain(one.scenario.name)
        replications = count(one.replications, texts.WORLDS)
        parts.append(texts.FROM_RUNS.format(worlds=replications, scenario=scenario))
    else:
        parts.append(texts.NO_RUNS)
    return texts.all_of(parts)


def _settings(runs: Runs) -> list[tuple[str, Table]]:
    """The settings in which the policies differ."""
    if not runs:
        return []
    each = [{row[0]: row[1] for row in settings(run.policy).rows} for run in runs.values()]
    rows = [
        (path, *values)
        for path in dict.fromkeys(path for one in each for path in one)
        if len(set(values := [one.get(path, texts.NO_INTERVAL) for one in each])) > 1
    ]
    head = (texts.SETTING_HEAD[0], *map(plain, runs))
    return [(count(len(rows), texts.SETTINGS_DIFFER), Table(head, rows))]
