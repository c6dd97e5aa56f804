"""The page: headline numbers, exhibits, all metrics and the settings, as one HTML text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from importlib import metadata
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evenhand.analysis.charts import palette, to_svg
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare.rest import Rest, rest
from evenhand.analysis.metrics.cautions import FEW, Caution, cautions, is_few
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.registry import METRICS, outcomes
from evenhand.analysis.metrics.touched import touched
from evenhand.analysis.report.exhibit import HALF, WIDE, Exhibit, Panel, Table
from evenhand.analysis.report.exhibits import exhibits
from evenhand.analysis.report.numbers import count, integer, interval, with_unit
from evenhand.analysis.report.plain_words import in_plain_words
from evenhand.analysis.report.settings import settings
from evenhand.analysis.report.texts import texts
from evenhand.analysis.runs.background import NONE, Background
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.locale.current import gettext
from evenhand.locale.formats import date
from evenhand.version import AUTHORS, TITLE

HEADLINES = (
    "disputes",
    "settled_share",
    "filed_share",
    "median_hours_to_close",
    "buyer_win_share",
    "wrongful_denial_rate",
    "wrongful_grant_rate",
    "effective_denial_rate",
)


Lead = tuple[str, list[str]]
"""A heading and lines below it, before the numbers."""


class Headline(NamedTuple):
    """One number at the top."""

    title: str
    value: str
    interval: str
    n: str


class Drawing(NamedTuple):
    """A panel as it stands in the page; `small` is the same for small screens, or empty."""

    title: str
    svg: Markup
    small: Markup


class Drawn(NamedTuple):
    """An exhibit with its panels drawn, which can travel from one process to another."""

    exhibit: Exhibit
    drawings: list[Drawing]


Later = Callable[[], Drawn]
"""An exhibit that somebody else is making; waits for it."""


def version() -> str:
    """The version of the installed distribution."""
    try:
        return metadata.version("evenhand")
    except metadata.PackageNotFoundError:
        return texts.NOT_INSTALLED


def facts(run: AnyRun) -> list[tuple[str, str]]:
    """What the run was, for the header."""
    first = run.scenario.start
    last = first + timedelta(days=run.days - 1)
    period = texts.PERIOD.format(first=date(first), last=date(last), days=count(run.days, texts.N_DAYS))
    values = {
        "period": period,
        "counted": counted_days(run),
        "replications": integer(run.replications),
        "seed": str(run.seed),
        "engine": run.engine,
        "behaviour": texts.FROZEN if run.open_loop else texts.REACTS,
        "version": version(),
    }
    return [(texts.FACTS[name], value) for name, value in values.items()]


def counted_days(run: AnyRun) -> str:
    """Which days of the run are counted, in words."""
    first, last = (int(hour // 24) for hour in run.counted.hours(run.horizon))
    if run.cohort is not None:
        return texts.COUNTED_BY[run.cohort.by].format(first=first, last=last)
    return texts.COUNTED_ALL if first == 0 else texts.COUNTED_LATER.format(first=first, last=last)


def headline(run: AnyRun, name: str, estimate: Estimate) -> Headline:
    """A number, what it is good for, and how sure it is."""
    spans = texts.ONE_REPLICATION if run.replications == 1 else texts.FEW_DEFINED
    if estimate.n == 0:
        spans = texts.NO_CASE
    if estimate.ci is not None:
        spans = texts.INTERVAL.format(ends=interval(estimate))
    value = with_unit(estimate.value, estimate.unit)
    said = texts.COUNT.format(n=integer(estimate.n))
    if is_few(estimate.n, pooled=METRICS[name].pooled):
        said = texts.FEW.format(n=said)
    return Headline(gettext(METRICS[name].title), value, spans, said)


def metrics_table(estimates: Mapping[str, Estimate]) -> Table:
    """All metrics."""
    rows = [
        (
            gettext(METRICS[name].title),
            with_unit(one.value, one.unit),
            interval(one),
            texts.FEW.format(n=integer(one.n))
            if is_few(one.n, pooled=METRICS[name].pooled)
            else integer(one.n),
            gettext(METRICS[name].sentence),
        )
        for name, one in estimates.items()
    ]
    return Table(texts.METRIC_HEAD, rows)


def drawing(panel: Panel) -> Drawing:
    """Draw a panel at the widths the page has for it."""

    def at(width: float, ending: str = "") -> Markup:
        svg = to_svg(panel.draw(width), panel.key + ending, panel.title, panel.alternative)
        return Markup(svg)  # noqa: S704  # everything in it has been escaped

    if panel.wide:
        return Drawing(panel.title, at(WIDE), at(HALF, "-small"))
    return Drawing(panel.title, at(HALF), Markup(""))


def render(
    run: AnyRun,
    *,
    title: str | None = None,
    estimates: Mapping[str, Estimate] | None = None,
    at_rest: Rest | None = None,
    cautioned: Sequence[Caution] | None = None,
    background: Background = NONE,
    later: Mapping[int, Later] | None = None,
    tell: Tell = silent,
) -> str:
    """The report as one HTML text that needs nothing else to be read; arguments as for `write`."""
    estimates = outcomes(run) if estimates is None else estimates
    note = texts.NOTE_ONE
    if run.replications > 1:
        note = texts.NOTE_INTERVALS.format(replications=count(run.replications, texts.REPLICATIONS))
    warning = (rest(run) if at_rest is None else at_rest).sentence
    note = texts.all_of((note, warning))
    told = cautions(run, estimates) if cautioned is None else cautioned
    policy, scenario = plain(gettext(run.policy.title)), plain(gettext(run.scenario.title))
    under = (texts.POLICY_IN_SCENARIO if title else texts.IN_SCENARIO).format(
        policy=policy, scenario=scenario
    )
    return assemble(
        [(later or {}).get(place) or make(run) for place, make in enumerate(exhibits())],
        tell=tell,
        title=plain(title) if title else policy,
        under=under,
        texts=texts,
        alerts=[one.sentence for one in told],
        leads=[
            *leads(background, [one.sentence for one in touched(run)]),
            (texts.PLAIN_TITLE, in_plain_words(run, estimates, told, background)),
        ],
        fold=[(texts.TERMS[name], said) for name, said in texts.STATISTICS.items()],
        facts=facts(run),
        note=note,
        badge=plain(background.badge),
        headlines=[headline(run, name, estimates[name]) for name in HEADLINES],
        metrics=metrics_table(estimates),
        few=texts.FEW_MEANS.format(few=FEW),
        settings=[
            (texts.SETTINGS_OF[kind].format(title=plain(gettext(model.title))), settings(model))
            for kind, model in (("policy", run.policy), ("scenario", run.scenario))
        ],
    )


def leads(background: Background, reached: Sequence[str]) -> list[Lead]:
    """What was changed, and whom exceptions and reforms reached, before any number."""
    found = [] if background.lead is None else [background.lead]
    if reached:
        found.append((texts.REACHED, list(reached)))
    return [(plain(heading), [*map(plain, lines)]) for heading, lines in found]


def drawn(exhibits: Iterable[Exhibit | Later], tell: Tell) -> list[Drawn]:
    """Exhibits with their panels drawn, those that others make last.

    `tell` is told before each exhibit is made, and before each panel.
    """
    made: list[Exhibit | Later] = []
    for one in exhibits:
        made.append(one)
        tell(0, len(made))
    found: list[Drawn | Later] = []
    for number, one in enumerate(made):
        if isinstance(one, Exhibit):
            panels = []
            for panel in one.panels:
                tell(number, len(made))
                panels.append(drawing(panel))
            found.append(Drawn(one, panels))
        else:
            found.append(one)
    return [one if isinstance(one, Drawn) else one() for one in found]


def draw_one(run: AnyRun, place: int) -> Drawn:
    """The exhibit at a place of the report, drawn; without what draws it, so that it can be pickled."""
    exhibit = exhibits()[place](run)
    return Drawn(exhibit._replace(panels=()), [drawing(panel) for panel in exhibit.panels])


def assemble(exhibits: Iterable[Exhibit | Later], *, tell: Tell = silent, **parts: Any) -> str:
    """Draw exhibits and set them into the page, with the other parts that its template names.

    `texts` is whatever has the words of the page as attributes: headings and labels. `alerts` are what
    stands above everything, `leads` are headings with lines before the numbers, `fold` terms with a sentence
    each that unfold. `tell` is told how many exhibits have been drawn.
    """
    parts = {"alerts": (), "leads": (), "fold": (), "few": "", "badge": "", **parts}
    house = Environment(
        loader=PackageLoader("evenhand.analysis.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sheet = house.get_template("report.css").render()
    words = parts["texts"]
    cite = words.CITE_SENTENCE.format(authors=AUTHORS, title=TITLE, version=version())
    return house.get_template("report.html").render(
        cite=cite,
        style=Markup(palette.css() + "\n" + sheet),  # noqa: S704  # our own file
        exhibits=drawn(exhibits, tell),
        **parts,
    )
