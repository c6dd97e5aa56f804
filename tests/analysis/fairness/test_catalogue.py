"""The catalogue: every measure says what it is, and the documentation says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.analysis.fairness import FAIRNESS, markdown

PAGE = Path(__file__).parents[3] / "docs" / "measures.md"
PROMISED = (
    {f"G{i}" for i in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15)}
    | {"I1"}
    | {f"P{i}" for i in (1, 2, 3, 4, 5, 7, 8, 11, 12)}
    | {f"D{i}" for i in range(1, 9)}
    | {f"A{i}" for i in (1, 2, 3, 4, 5)}
    | {f"Y{i}" for i in (1, 2, 3, 5, 6)}
)
"""What the catalogue must hold; audits by re-simulation and Y4 take more than one run."""


def test_the_catalogue_holds_what_was_promised():
    """A measure that is missing from the registry cannot be asked for by name."""
    assert {one.id for one in FAIRNESS.values()} >= PROMISED


@pytest.mark.parametrize("name", FAIRNESS)
def test_a_measure_says_formula_source_population_and_ends(name):
    """Numbers about fairness are quoted: whoever quotes one must be able to say what it is."""
    one = FAIRNESS[name]
    assert one.name == name
    text = " ".join(one.explanation.split())
    assert "Formula" in text
    assert "Source: " in text
    assert re.search(
        r"\b[01]\b( h| and [01]| everywhere)?[:,]|\b(above|below) [01]\b|where every", text, re.IGNORECASE
    ), "its ends"
    assert one.sentence.endswith(".")
    assert len(one.sentence) <= 110
    assert one.title[0].isupper()
    assert one.population
    assert "privileged" not in text


def test_the_page_has_the_table_of_the_registry():
    """The page is written by `analysis.fairness.markdown`; write it again after a change."""
    text = PAGE.read_text(encoding="utf-8")
    start, end = "<!-- measures: from evenhand.analysis.fairness.markdown() -->\n", "<!-- end -->\n"
    assert text.split(start)[1].split(end)[0] == "\n" + markdown() + "\n"
