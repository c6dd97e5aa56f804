"""The page of a robustness study: what share of futures agrees, along what it flips, and what it may cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.report.exhibit import WIDE, Exhibit, Table
from evenhand.analysis.report.numbers import count, integer
from evenhand.analysis.report.page import assemble, version
from evenhand.analysis.report.robust_alone import alone
from evenhand.analysis.report.robust_futures import over_futures
from evenhand.analysis.report.robust_texts import texts
from evenhand.analysis.report.save import save
from evenhand.analysis.report.settings import settings
from evenhand.analysis.report.texts import texts as shared
from evenhand.analysis.robust.found import Robust
from evenhand.analysis.robust.words import said
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario


def render(
    found: Robust,
    scenario: Scenario,
    policies: Sequence[Policy],
    moved: int,
    assumed: int,
    days: int | None = None,
    *,
    tell: Tell = silent,
) -> str:
    """The page as one HTML text; of `assumed` numbers the beliefs move `moved`."""
    first, *others = (plain(gettext(policy.title)) for policy in policies)
    title = texts.TITLE.format(policy=others[0], base=first)
    if len(others) > 1:
        title = texts.TITLE_MANY.format(count=len(policies))
    models: tuple[Policy | Scenario, ...] = (*policies, scenario)
    facts = {
        "futures": integer(len(found.plan.futures)),
        "worlds": integer(found.plan.worlds),
        "beliefs": integer(len(found.beliefs)),
        "moved": texts.MOVED.format(moved=integer(moved), assumed=integer(assumed)),
        "days": count(scenario.days if days is None else days, shared.N_DAYS),
        "seed": str(found.seed),
        "version": version(),
    }
    return assemble(
        exhibits(found),
        tell=tell,
        title=title,
        under=texts.UNDER.format(scenario=plain(gettext(scenario.title))),
        texts=_Page(found),
        leads=[(texts.SENTENCES_HEAD, found.sentences)],
        facts=[(texts.FACTS[name], value) for name, value in facts.items()],
        headlines=[],
        note=texts.NOTE,
        metrics=regret_table(found),
        settings=[
            (texts.BELIEFS.format(count=len(found.beliefs)), beliefs_table(found)),
            *((plain(gettext(model.title)), settings(model)) for model in models),
        ],
    )


class _Page:
    """The words of the page, with the sentence that says whether both rankings agree."""

    def __init__(self, found: Robust) -> None:
        agree = found.agree(found.question.shown[0])
        told = "" if agree is None else texts.AGREE if agree else texts.DISAGREE
        self.METRICS_SENTENCE = texts.METRICS_SENTENCE.format(agree=told).strip()

    def __getattr__(self, name: str) -> object:
        return getattr(texts, name)


def write(
    found: Robust,
    path: str | Path,
    scenario: Scenario,
    policies: Sequence[Policy],
    moved: int,
    assumed: int,
    days: int | None = None,
    *,
    tell: Tell = silent,
) -> None:
    """Write the page to a file, whole or not at all; arguments as for `render`. Raises OSError."""
    save(render(found, scenario, policies, moved, assumed, days, tell=tell), path)


def exhibits(found: Robust) -> list[Exhibit]:
    """Two for each answer: over all futures, and one belief at a time."""
    return [
        exhibit
        for answer in found.answers.values()
        for exhibit in (over_futures(answer, found.beliefs), alone(answer, found.beliefs))
    ]


def pictures(found: Robust) -> Iterator[tuple[str, Figure]]:
    """Every chart of the page in its full width, by a name that can be a file's."""
    for exhibit in exhibits(found):
        for panel in exhibit.panels:
            yield panel.key, panel.draw(WIDE if panel.wide else WIDE / 2)


def regret_table(found: Robust) -> Table:
    """Regret by policy and metric, and in what share of the futures all limits hold."""
    rows = []
    question = found.question
    limits = found.satisficing
    for metric in question.shown:
        unit = question.units[question.place(metric)]
        title = gettext(question.metrics[question.place(metric)].title)
        for place, regret in enumerate(found.regrets(metric)):
            held = said(limits[place]) if limits else shared.NO_INTERVAL
            worth = figures([regret.mean, regret.high, regret.worst], unit, 0.0, signed=False)
            numbers = (with_word(value, unit) for value in worth)
            which = integer(regret.future) if regret.worst > 0 else shared.NO_INTERVAL
            rows.append((plain(gettext(question.titles[place])), title, *numbers, which, held))
    return Table(texts.REGRET_HEAD, rows)


def beliefs_table(found: Robust) -> Table:
    """What each belief moves between."""
    return Table(
        texts.BELIEF_HEAD,
        [
            (
                plain(gettext(one.title)),
                _end(gettext(one.low), one.written(-1.0)),
                _end(gettext(one.high), one.written(1.0)),
                plain(gettext(one.because)) if one.because else shared.NO_INTERVAL,
            )
            for one in found.beliefs
        ],
    )


def _end(words: str, value: str) -> str:
    return plain(words) if words == value else texts.TITLED.format(title=plain(words), name=value)
