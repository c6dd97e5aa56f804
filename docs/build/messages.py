"""The messages of all languages, collected; every catalogue brought up to date with them.

`python -m docs.build.messages` rewrites the catalogues in `evenhand/locale`; with the tag of a language that
has none yet, as `python -m docs.build.messages de`, it begins one. Translations of messages that are gone are
dropped, and new messages are empty until somebody translates them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from docs.build.command_words import of_commands
from docs.build.record_words import of_records
from docs.build.studio_words import of_studio
from evenhand import scenarios
from evenhand.analysis.advise.checklist import SIDES, advice_to
from evenhand.analysis.calibration.distances import MEASURES as LOG_MEASURES
from evenhand.analysis.compare.paths import PathWords
from evenhand.analysis.compare.rest import TITLES
from evenhand.analysis.compare.study import REASONS
from evenhand.analysis.compare.why import WhyWords
from evenhand.analysis.compare.words import NAMES
from evenhand.analysis.compare.words import NOUNS as COMPARISON_NOUNS
from evenhand.analysis.counterfactual.group_flip import FlipWords
from evenhand.analysis.fairness.catalogue import FAIRNESS
from evenhand.analysis.metrics.cautions import CautionWords
from evenhand.analysis.metrics.overload import OverloadWords
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.metrics.touched import TouchedWords
from evenhand.analysis.policy_timeline.words import NOUNS as TIMELINE_NOUNS
from evenhand.analysis.policy_timeline.words import ORDINALS
from evenhand.analysis.report.advice_texts import AdviceWords
from evenhand.analysis.report.calibration_page import CheckedWords
from evenhand.analysis.report.calibration_texts import CalibrationWords
from evenhand.analysis.report.comparison_html import POINTS
from evenhand.analysis.report.comparison_texts import ComparisonWords
from evenhand.analysis.report.robust_texts import RobustPageWords
from evenhand.analysis.report.search_texts import SearchWords
from evenhand.analysis.report.sweep_texts import SweepWords
from evenhand.analysis.report.texts import ReportWords
from evenhand.analysis.robust.words import RobustWords
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.background import BackgroundWords
from evenhand.analysis.runs.steps import WORDS as STEPS
from evenhand.locale.catalogue import FOLDER, WHERE
from evenhand.locale.words import Message
from evenhand.scenarios.belief_file import FOLDER as BELIEFS
from evenhand.scenarios.belief_file import BeliefFile
from evenhand.scenarios.catalogue import KINDS
from evenhand.scenarios.fields import about
from evenhand.scenarios.models import read_model
from evenhand.scenarios.provenance import CONFIDENCES
from evenhand.scenarios.show import DEFAULT, UNMARKED

ROOT = Path(__file__).parents[2]
ROOMS = ("analysis", "evenhand", "scenarios", "sim")
"""Folders whose files are searched for calls of `gettext`, `gettext_noop` and `ngettext`."""
CALLS = {"gettext": None, "gettext_noop": None, "ngettext": (1, 2)}
WORDS = (
    ReportWords,
    ComparisonWords,
    SweepWords,
    CheckedWords,
    CalibrationWords,
    SearchWords,
    AdviceWords,
    FlipWords,
    OverloadWords,
    CautionWords,
    TouchedWords,
    BackgroundWords,
    PathWords,
    WhyWords,
    RobustWords,
    RobustPageWords,
)
"""Words of pages; whatever else is said is found where it is declared."""
HEADER = """# {language} messages of Evenhand, MIT licence; the messages themselves are collected by
# `python -m docs.build.messages`."""
WIDTH = 110
CHANGING = tuple(f'"{name}: '.encode() for name in ("POT-Creation-Date", "PO-Revision-Date", "Generated-By"))
"""Lines of a catalogue's header that would change with the day or with Babel."""


class Found(NamedTuple):
    """A message and the file that has it."""

    message: Message
    file: str


def collected() -> Iterator[Found]:
    """Every message that pages say: words, calls in the code, metrics, series, and what is shipped."""
    for words in WORDS:
        yield from (Found(message, _file_of(words.__module__)) for message in words.messages())
    for room in ROOMS:
        yield from _called(room)
    yield from _of_measures()
    for pair in (*TIMELINE_NOUNS, *COMPARISON_NOUNS):
        yield Found(pair, "analysis")
    yield from (Found(text, "analysis/policy_timeline/words.py") for text in ORDINALS)
    for text in STEPS.values():
        yield Found(text, "analysis/runs/steps.py")
    yield from _of_settings()
    yield from (Found(*one) for one in of_commands())
    yield from (Found(*one) for one in of_studio())
    yield from (Found(text, "sim") for text in of_records())
    yield from _of_shipped()


def _of_shipped() -> Iterator[Found]:
    """What shipped files say: pieces of advice, scenarios and policies, beliefs."""
    for piece in (piece for side in SIDES for piece in advice_to(side)):
        for text in (piece.title, piece.says, piece.source, piece.cost, piece.unsimulated):
            if text:
                yield Found(text, "analysis/advise/checklist.yaml")
    for entry in scenarios.available():
        model = (scenarios.policy if entry.kind == "policy" else scenarios.load)(entry.name)
        place = "policies" if entry.kind == "policy" else "worlds"
        for text in _said(model.model_dump()):
            yield Found(text, f"scenarios/{place}/{entry.name}.yaml")
    for path in sorted(BELIEFS.glob("*.yaml")):
        for belief in read_model(BeliefFile, path)[0].beliefs.values():
            for text in filter(None, (belief.title, belief.because, belief.low, belief.high)):
                yield Found(text, f"scenarios/beliefs/{path.name}")


def _of_measures() -> Iterator[Found]:
    """Titles and sentences of everything that is measured."""
    for metric in METRICS.values():
        file = _file_of(metric.function.__module__)
        yield from (Found(text, file) for text in (metric.title, metric.sentence, *_unit(metric.unit)))
    for one in LOG_MEASURES:
        yield Found(one.title, "analysis/calibration/distances.py")
    for text in ("identified", "weakly identified", "not identified"):
        yield Found(text, "analysis/calibration/identify.py")
    for measure in FAIRNESS.values():
        yield from (Found(text, "analysis/fairness") for text in (measure.title, measure.sentence) if text)
    for text in (*TITLES.values(), *REASONS, POINTS):
        yield Found(text, "analysis/compare")


def _of_settings() -> Iterator[Found]:
    """Labels, meanings and units of the settings of files."""
    for kind in KINDS:
        for one in about(kind):
            said = (one.meaning.label, one.meaning.description, one.meaning.unit)
            yield from (Found(text, f"sim/{kind}") for text in said if text)
    yield from (Found(text, "scenarios/show.py") for text in (*CONFIDENCES, DEFAULT, UNMARKED, *KINDS))


def _called(room: str) -> Iterator[Found]:
    """Messages of the calls of `gettext` and `ngettext` in the files of a folder."""
    found = extract_from_dir(ROOT / room, [("**.py", "python")], keywords=CALLS, strip_comment_tags=True)
    for file, _, said, _, _ in found:
        yield Found(said if isinstance(said, str) else (said[0], said[1]), f"{room}/{file}")


def _unit(unit: str) -> list[str]:
    """The unit of a metric, and of differences in it, where they have words."""
    said = {NAMES.get(unit, unit), unit} - {"", "currency", "h", "count", "share"}
    return sorted(said)


def template() -> Catalog:
    """All messages without translations."""
    made = Catalog()
    for message, file in collected():
        flags = ["python-brace-format"] if "{" in "".join(message) else []
        made.add(message, locations=[(file, 0)], flags=flags)
    return made


def updated(tag: str, messages: Catalog) -> Catalog:
    """The catalogue of a language with exactly these messages; an empty one where it has none."""
    path = FOLDER / tag / WHERE
    locale = Locale.parse(tag, sep="-")
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale)
    else:
        catalogue = Catalog(locale=locale)
    catalogue.update(messages, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        message.flags.discard("python-format")  # "95 % interval" is taken for one
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "Evenhand", "", ""
    catalogue.last_translator, catalogue.language_team, catalogue.fuzzy = "", "", False
    catalogue.header_comment = HEADER.format(language=locale.get_display_name("en"))
    return catalogue


def text(catalogue: Catalog) -> bytes:
    """A catalogue as its file has it: without lines of files and dates, which change with no message."""
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, include_lineno=False)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(CHANGING))


def _said(settings: Mapping[str, object]) -> Iterator[str]:
    """Titles and descriptions of a scenario or policy, those of its groups too, and names of festivals."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _said(value)
        elif key in {"title", "description"} and isinstance(value, str) and value:
            yield " ".join(value.split())
        elif key == "festivals" and isinstance(value, (list, tuple)):
            yield from (str(festival["name"]) for festival in value)


def _file_of(module: str) -> str:
    return f"{module.removeprefix('evenhand.').replace('.', '/')}.py"


def main(tags: list[str]) -> None:
    """Rewrite the catalogues that there are, and begin those that are named."""
    there = {path.parents[1].name for path in FOLDER.glob(f"*/{WHERE}")}
    messages = template()
    for tag in sorted({*there, *tags}):
        catalogue = updated(tag, messages)
        path = FOLDER / tag / WHERE
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as unfinished:
            unfinished.write_bytes(text(catalogue))
        missing = sum(1 for one in catalogue if one.id and not _translated(one.string))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {missing} without a translation")


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    main(sys.argv[1:])
