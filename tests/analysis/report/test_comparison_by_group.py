"""The section by group of the page of a comparison, its chart that stands alone, and its sentences."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

from evenhand.analysis.charts.caption import captioned, wrapped
from evenhand.analysis.charts.words import SIZE, width_of
from evenhand.analysis.compare import compare
from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Comparison, Readings
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_by_group import by_groups, drawn, picture, poster, sets
from evenhand.analysis.report.comparison_group_words import gap_sentence, sentence
from tests.support import small

DENIED = METRICS["wrongful_denial_rate"]


@pytest.fixture(scope="module")
def found() -> Comparison:
    """Three policies by the group of buyers, all measures."""
    rules = {
        "mild": small.policy({"title": "Mild rules"}),
        "harsh": small.policy({"title": "Harsh rules", "decision": {"standard": 0.9, "band": 0}}),
        "middle": small.policy({"title": "Middling rules", "decision": {"standard": 0.7, "band": 0}}),
    }
    return compare(
        small.scenario(), rules, by="buyer_group:regular", seed=3, replications=3, days=25, engine="simpy"
    )


def toy(new: list[list[float]], cases: int = 100) -> ByGroup:
    """New and regular buyers under a rule, against 40 and 20 points under another, world by world."""
    luck = 0.001 * np.arange(len(new))[:, None]
    value = np.stack([np.array([[0.4, 0.2]] * len(new)) + luck, np.array(new) + luck], axis=1)
    n = np.full(value.shape, cases)
    n[np.isnan(value)] = 0
    readings = Readings("toy", ("A", "B"), (DENIED,) * 2, ("share",) * 2, value, n)
    titles = {"new": "new buyers", "regular": "regular buyers"}
    study = Groups(readings, ("new", "regular"), "regular")
    return by_group("buyer_group", [study], "A", titles, {"A": "Rule A", "B": "Rule B"})


def said(one: ByGroup) -> tuple[str, str]:
    """The sentence of the groups, and that of the gap."""
    ((groups, (gap,)),) = sets(one, DENIED.name)
    return sentence(one, groups), gap_sentence(one, gap)


def test_the_sentence_says_for_whom_it_falls_and_whether_the_gap_narrows():
    """Policies and groups by their titles; points, intervals, before and after."""
    both, gap = said(toy([[0.37, 0.20], [0.36, 0.20], [0.37, 0.20], [0.36, 0.20]]))
    assert both == (
        "Under Rule B, compared with Rule A, “Valid claims refused” falls by 3.50 points for new buyers "
        "(2.58 to 4.42) and is exactly the same for regular buyers."
    )
    assert gap == (
        "Gap between new buyers and regular buyers: before +20.00 points, after +16.50 points, change −3.50 "
        "points (−4.42 to −2.58): narrower."
    )


def test_luck_and_rises_are_told_as_such():
    """A gap that grows beyond luck is wider; what luck explains is not told apart."""
    both, gap = said(toy([[0.45, 0.21], [0.46, 0.19], [0.45, 0.20], [0.46, 0.20]]))
    assert "rises by 5.50 points for new buyers" in both
    assert "is not told apart from luck for regular buyers (0.0 points, −1.3 to +1.3)" in both
    assert gap.endswith(": wider.")


def test_two_worlds_have_a_change_and_no_interval_and_none_has_nothing():
    """The number of worlds stands in the sentence."""
    nan = float("nan")
    assert "no interval, because 2 worlds with cases" in said(toy([[0.3, 0.2], [0.3, 0.1]]))[1]
    both, gap = said(toy([[nan, 0.2], [nan, 0.1], [nan, 0.2]]))
    assert both.endswith("is not told apart from luck for regular buyers (−3 points, −18 to +11).")
    assert gap.startswith("Gap between new buyers and regular buyers: not known, because no world has cases")


def test_the_section_has_every_difference_and_gap_of_every_policy(found):
    """A row each, titles instead of names of files, and a chart of those measures that head the page."""
    exhibits = list(by_groups(found))
    (one,) = found.by
    rows = [row for exhibit in exhibits for row in exhibit.table.rows]
    assert len(rows) == len(one.groups) + len(one.gaps)
    assert {row[1] for row in rows} == {"Harsh rules", "Middling rules"}
    assert {row[2] for row in rows if row[0] == DENIED.title} == {
        "New",
        "Regular",
        "Power",
        "gap: New less Regular",
        "gap: Power less Regular",
    }
    assert [panel.title for exhibit in exhibits for panel in exhibit.panels] == [
        f"{METRICS[name].title}, by group of buyers" for name in drawn(one)
    ]
    headings = {text.get_text() for text in picture(one, DENIED.name, 960).findobj(Text)}
    assert {"Harsh rules less Mild rules: points", "Middling rules less Mild rules: points"} <= headings


def test_a_comparison_that_is_not_split_has_no_section(found):
    """The page stays what it was."""
    assert list(by_groups(Comparison(**{**vars(found), "by": ()}))) == []


def test_the_chart_that_stands_alone_has_its_title_and_sentences_and_nothing_off_the_paper(found):
    """Whoever gets the picture has nothing else."""
    (one,) = found.by
    figure = poster(one, DENIED.name)
    told = " ".join(text.get_text() for text in figure.findobj(Text) if text.get_text())
    assert "Valid claims refused, by group of buyers" in told
    for groups, _ in sets(one, DENIED.name):
        assert sentence(one, groups) in told
    for axes in figure.axes:
        box = axes.get_position()
        assert -1e-9 <= box.x0 <= box.x1 <= 1 + 1e-9
        assert -1e-9 <= box.y0 <= box.y1 <= 1 + 1e-9
    with pytest.raises(ValueError, match="metric: must be one of"):
        poster(one, "backlog_peak")


def test_a_caption_leaves_the_chart_as_large_as_it_was(found):
    """Margins are added outside."""
    (one,) = found.by
    before = picture(one, DENIED.name, 960)
    sizes = [axes.get_position().size * before.get_size_inches() for axes in before.axes]
    after = captioned(picture(one, DENIED.name, 960), "Title", ["A sentence."], 960)
    grown = [axes.get_position().size * after.get_size_inches() for axes in after.axes[: len(sizes)]]
    assert np.allclose(sizes, grown)


@pytest.mark.parametrize("text", ["a few words " * 40, "没有空格的一句话" * 40, "short", ""])
def test_lines_fit_and_lose_nothing(text):
    """Sentences with blanks and without."""
    lines = wrapped(text, 300)
    assert all(width_of(line, SIZE) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
