"""The goodness-of-fit page of a calibration, or of a scenario that is checked on a log."""

from __future__ import annotations

from evenhand.analysis.calibration.calibration import Calibration
from evenhand.analysis.calibration.field import figure
from evenhand.analysis.calibration.judged import Judged
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.charts.words import plain
from evenhand.analysis.report.calibration_exhibits import delays, fit, shapes
from evenhand.analysis.report.calibration_plots import Range, range_bars
from evenhand.analysis.report.calibration_texts import CalibrationWords, texts
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.page import Headline, assemble, version
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext, gettext_noop
from evenhand.locale.words import Text
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario


def calibration_page(made: Calibration, judged: tuple[Judged, ...], *, tell: Tell = silent) -> str:
    """The page of a calibration; the first of `judged` is the log that was fitted, others are held out.

    `tell` is told of exhibits drawn.
    """
    exhibits = [fit(one, str(i)) for i, one in enumerate(judged)]
    if made.known:
        exhibits.append(hidden(made))
    if made.direct.delays:
        exhibits.append(delays(made.direct, "fit"))
    exhibits += shapes(judged[-1], str(len(judged) - 1))
    trials = len(made.found.trials) if made.found else 0
    facts = {**_facts(made.log, made.policy), "base": made.base, "trials": f"{trials:,}"}
    rows = [(one.what, one.why) for one in made.silences]
    return assemble(
        exhibits,
        tell=tell,
        title=texts.MADE.format(name=plain(made.log.name)),
        under=texts.UNDER.format(
            title=plain(gettext(made.scenario.title)), policy=plain(gettext(made.policy.title))
        ),
        texts=texts,
        facts=[(texts.FACTS[k], facts[k]) for k in texts.FACTS if k in facts],
        note=texts.NOTE,
        headlines=_headlines(judged),
        metrics=_settings(made),
        settings=[(texts.SETTINGS, Table((gettext("Setting"), gettext("Why")), rows))] if rows else [],
    )


def check_page(scenario: Scenario, policy: Policy, judged: Judged, *, tell: Tell = silent) -> str:
    """The page of a scenario checked on a log; `tell` is told of exhibits drawn."""
    facts = _facts(judged.log, policy)
    rows = [(one.title, f"{one.counted(judged.log):,}") for one in judged.measures]
    return assemble(
        [fit(judged, "0"), *shapes(judged, "0")],
        tell=tell,
        title=texts.CHECKED.format(scenario=plain(gettext(scenario.title)), name=plain(judged.log.name)),
        under=texts.UNDER.format(title=plain(scenario.name), policy=plain(gettext(policy.title))),
        texts=CheckedWords(),
        facts=[(texts.FACTS[k], facts[k]) for k in texts.FACTS if k in facts],
        note=texts.NOTE,
        headlines=_headlines((judged,)),
        metrics=Table((gettext("Respect"), "n"), rows),
        settings=[],
    )


MEAN = gettext_noop("mean distance")


class CheckedWords(CalibrationWords):
    """The words of a page without fitted settings."""

    METRICS = Text("What was compared")
    METRICS_SENTENCE = Text("The respects that this log has, and the cases that each counts.")


def _facts(log: Log, policy: Policy) -> dict[str, str]:
    return {
        "log": plain(log.name),
        "rows": f"{len(log):,}",
        "policy": plain(policy.name),
        "version": version(),
        "days": texts.DAYS.format(first=log.start, last=log.last, days=log.days),
    }


def _headlines(judged: tuple[Judged, ...]) -> list[Headline]:
    """The mean distance of each rival and of halves, for each log."""
    found: list[Headline] = []
    for one in judged:
        n = f"n = {len(one.log):,}"
        found += [
            Headline(f"{rival.title}: {one.title}", f"{rival.score(one.measures):.3f}", gettext(MEAN), n)
            for rival in one.rivals
        ]
        found.append(Headline(f"{texts.HALVES}: {one.title}", f"{one.floor_score:.3f}", gettext(MEAN), n))
    return found


def _settings(made: Calibration) -> Table:
    """Every field of the file: value, confidence, and what says so."""
    fields = [one for one in made.fields if one.confidence]
    rows = [
        (
            one.name,
            written(one.value),
            gettext(one.confidence),
            "; ".join(filter(None, (one.told, one.source))),
        )
        for one in fields
    ]
    return Table(texts.METRIC_HEAD, rows)


def written(value: object, room: int = 36) -> str:
    """A value for a table: of a long list or group the entries that have room, and how many there are."""
    if isinstance(value, dict):
        parts = [f"{name} {part}" for name, part in value.items()]
    elif isinstance(value, (list, tuple)):
        parts = [str(part) for part in value]
    else:
        return plain(texts.NONE if value is None else value)
    some = list(parts)
    while len(some) > 1 and len(", ".join(some)) > room:
        some.pop()
    told = plain(", ".join(some)) or texts.NONE
    return told if len(some) == len(parts) else texts.MORE.format(some=told, n=len(parts))


def hidden(made: Calibration) -> Exhibit:
    """The hidden settings and how well the log tells them."""
    assert made.found is not None
    order = sorted(made.known, key=lambda one: -one.harm)
    ranges = [
        Range(
            gettext(one.knob.title),
            one.knob.place(one.value),
            one.knob.place(one.low),
            one.knob.place(one.high),
            f"{figure(one.value)}, {gettext(one.verdict)}",
            one.kept,
        )
        for one in order
    ]
    rows = [
        (
            gettext(one.knob.title),
            figure(one.value),
            texts.RANGE.format(low=figure(one.knob.low), high=figure(one.knob.high)),
            figure(one.low),
            figure(one.high),
            f"{100 * one.width:.0f} %",
            f"{one.harm:+.3f}".replace("-", "−"),
            gettext(one.verdict),
        )
        for one in order
    ]
    sentence = texts.HIDDEN_SENTENCE.format(
        kept=sum(one.kept for one in order),
        all=len(order),
        tolerance=f"{made.tolerance:.3f}",
        trials=f"{len(made.found.trials):,}",
        best=f"{made.found.best.loss:.3f}",
    )
    panel = Panel(
        "hidden",
        texts.HIDDEN_TITLE,
        sentence,
        lambda width: range_bars(ranges, axis=texts.HIDDEN_AXIS, width=width),
        wide=True,
    )
    return Exhibit(
        "hidden", texts.HIDDEN_TITLE, sentence, (panel,), Table(texts.HIDDEN_HEAD, rows), texts.HIDDEN_NOTE
    )
