"""All studies on a page: as HTML with pictures, and as Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace

from benchmarks.validity.chart import beside
from benchmarks.validity.finding import NATURAL_RULE, RULE, Figure, PublishedStudy, Verdict
from benchmarks.validity.words import amount, holds, interval, near
from evenhand.analysis.report.exhibit import Exhibit, Panel, Table
from evenhand.analysis.report.page import assemble, version
from evenhand.analysis.report.texts import texts as shared

HEAD = ("Figure", "Published", "Near it", "Ours", "95 % interval", "n", "Holds")
VERDICTS: tuple[Verdict, ...] = ("reproduced", "partly", "not reproduced", "cannot be run")
HEADINGS = {
    "share": "Shares",
    "change": "Changes",
    "points": "Changes in points",
    "ratio": "Ratios",
    "days": "Times",
}
TITLE = "Published results, tried here"
UNDER = "Small studies, one for each result that a model of this kind should reproduce"
NOTE = (
    "Every study was written down with its figures and the rule of its verdict before it was run, and "
    "nothing was set afterwards to make it fit, but for figures that are called fitted and are not judged. "
    "Intervals are Student’s t over worlds and cover their luck, not doubt about what had to be assumed; n "
    "are the cases counted, all worlds together. "
    "The figures in nyc_mediation were added after the first run, and are not judged. The natural "
    "experiments N1 to N12 were committed with their bands before any of them was run; only their reasons "
    "were written after, and the control of N11 was mended, as it says."
)
TEXTS = SimpleNamespace(
    LANGUAGE=shared.LANGUAGE,
    TABLE=shared.TABLE,
    HEADLINES=shared.HEADLINES,
    DATA=shared.DATA,
    UNDEFINED=shared.UNDEFINED,
    METRICS="All verdicts",
    METRICS_SENTENCE=f"{RULE} {NATURAL_RULE}",
    SETTINGS="",
    SETTINGS_SENTENCE="",
    CITE=shared.CITE,
    CITE_SENTENCE=shared.CITE_SENTENCE,
)


def html(studies: Sequence[PublishedStudy], missing: Sequence[str]) -> str:
    """The page as one HTML text. `missing` says which studies could not be run, and why."""
    rows = [(one.title, one.source, one.standing or "–", one.verdict, f"{one.worlds}") for one in studies]
    facts = [
        ("Studies", str(len(studies))),
        *((verdict, str(n)) for verdict, n in _tally(studies)),
        ("Version", version()),
    ]
    return assemble(
        [_exhibit(one) for one in studies],
        title=TITLE,
        under=UNDER,
        texts=TEXTS,
        facts=facts,
        headlines=[],
        note=" ".join([NOTE, *missing]),
        settings=[],
        metrics=Table(("Study", "Source", "Fitted", "Verdict", "Worlds"), rows),
    )


def markdown(studies: Sequence[PublishedStudy], missing: Sequence[str], command: str) -> str:
    """The page as Markdown."""
    lines = [f"# {TITLE}", "", f"Written by `{command}`.", "", NOTE, "", f"**Rule.** {RULE}", ""]
    lines += [f"**Rule of natural experiments.** {NATURAL_RULE}", ""]
    lines += ["| study | source | fitted or foretold | verdict |", "|---|---|---|---|"]
    lines += [
        f"| [{one.title}](#{_anchor(one.title)}) | {one.source} | {one.standing or '–'} | **{one.verdict}** |"
        for one in studies
    ]
    lines += ["", *(f"{one}\n" for one in missing)]
    for one in studies:
        lines += [f"## {one.title}", "", f"**{one.verdict.capitalize()}.** {one.reason}".rstrip(), ""]
        if one.standing:
            lines += [
                f"*{one.standing.capitalize()}.*" + (f" {sentence(one.set_by)}" if one.set_by else ""),
                "",
            ]
        lines += [
            f"*Published:* {one.published} ({one.source})",
            "",
            f"*Here:* {one.how}" + (f" {one.worlds} worlds." if one.worlds else ""),
            "",
        ]
        lines += ["| " + " | ".join(HEAD).lower() + " |", "|" + "---|" * len(HEAD)]
        lines += ["| " + " | ".join(_row(figure)) + " |" for figure in one.figures]
        lines += ["", "Assumed:", "", *(f"- {what}" for what in one.assumed), ""]
    return "\n".join(lines).rstrip() + "\n"


def sentence(text: str) -> str:
    """A phrase as a sentence."""
    return f"{text[0].upper()}{text[1:]}."


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _tally(studies: Sequence[PublishedStudy]) -> list[tuple[str, int]]:
    verdicts = [one.verdict for one in studies]
    return [(one.capitalize(), verdicts.count(one)) for one in VERDICTS]


def _row(one: Figure) -> tuple[str, ...]:
    return (
        one.name,
        one.published or "–",
        near(one),
        amount(one.value, one.unit),
        interval(one),
        f"{one.n:,}",
        holds(one),
    )


def _exhibit(study: PublishedStudy) -> Exhibit:
    units = list(dict.fromkeys(figure.unit for figure in study.figures))
    panels = []
    for unit in units:
        some = [figure for figure in study.figures if figure.unit == unit]
        told = "; ".join(
            f"{one.name}: published {one.published or 'nothing'}, here {amount(one.value, unit)}"
            for one in some
        )
        heading = HEADINGS[unit]
        panels.append(
            Panel(
                f"{study.key}-{unit}",
                heading,
                f"{study.title}. {told}.",
                partial(beside, some),
                wide=len(units) == 1,
            )
        )
    sentence = f"{study.verdict.capitalize()}. {study.published}"
    standing = (
        f" {study.standing.capitalize()}: {study.set_by or 'none of it set a parameter'}."
        if study.standing
        else ""
    )
    note = f"Here: {study.how}{standing} {study.reason} Assumed: {'; '.join(study.assumed)}."
    return Exhibit(
        study.key, study.title, sentence, tuple(panels), Table(HEAD, [*map(_row, study.figures)]), note
    )
