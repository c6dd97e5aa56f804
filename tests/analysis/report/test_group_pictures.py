"""Differences by group as pictures and sentences: titles, both values, and what becomes of the gap."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from evenhand.analysis.charts.caption import MARGIN, wrapped
from evenhand.analysis.charts.words import SIZE, width_of
from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Comparison, Readings, Stop
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_by_group import by_groups, poster
from evenhand.analysis.report.comparison_group_words import gap_sentence, sentence
from evenhand.locale.current import language

RATE = METRICS["effective_denial_rate"]
TITLES = {"new": "New buyers", "regular": "Regular buyers"}
POLICIES = {"a.yaml": "Rules of today", "b.yaml": "A longer window", "c.yaml": "No review <b>"}


def study(change: tuple[float, float] = (-0.2, -0.1), policies: int = 2, worlds: int = 4) -> ByGroup:
    """New buyers at 50 %, regular ones at 30 %; each policy changes both, give or take a point."""
    value = np.empty((worlds, policies, 2))
    value[:] = (0.5, 0.3)
    value[:, 1:] += np.array(change)
    value[:, 1:, 0] += np.resize((0.01, -0.01), worlds)[:, None]
    value[:, 1:, 1] -= np.resize((0.01, -0.01), worlds)[:, None]
    names = tuple(POLICIES)[:policies]
    units = (RATE.unit, RATE.unit)
    read = Readings("market", names, (RATE, RATE), units, value, np.full(value.shape, 25))
    return by_group("buyer_group", [Groups(read, tuple(TITLES), "regular")], names[0], TITLES, POLICIES)


def comparison(by: ByGroup) -> Comparison:
    """A comparison that has nothing but groups."""
    return Comparison(
        baseline="a.yaml",
        differences=(),
        values={},
        stops=(Stop("market", 4, "as many as were asked for", None),),
        seed=1,
        days={"market": 30},
        targets={},
        open_loop=None,
        engines={"market": "numba"},
        by=(by,),
    )


def words_of(figure: Figure) -> list[str]:
    """Everything that is written in a figure."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_one_sentence_says_what_a_policy_does_in_each_group() -> None:
    """By how much, for whom, how surely; with titles and not the names of files."""
    said = sentence(study(), study().groups)
    assert said == (
        "Under A longer window, compared with Rules of today, “Valid grievances without remedy” falls by "
        "20.0 points for New buyers (18.2 to 21.8) and falls by 10.0 points for Regular buyers (8.2 to 11.8)."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            (-0.2, -0.1),
            "before +20.0 points, after +10.0 points, change −10.0 points (−13.7 to −6.3): narrower.",
        ),
        ((0.2, 0.1), "before +20.0 points, after +30.0 points, change +10.0 points (+6.3 to +13.7): wider."),
        ((0.1, 0.1), "change 0.0 points (−3.7 to +3.7): not told apart from luck."),
        # Past nothing and out on the other side: as far from equal as before or farther is no gain.
        (
            (-0.3, 0.3),
            "before +20.0 points, after −40.0 points, change −60.0 points (−63.7 to −56.3): wider.",
        ),
    ],
)
def test_a_gap_is_narrower_or_wider_by_its_size(change: tuple[float, float], said: str) -> None:
    """Before, after, change and interval in one line."""
    line = gap_sentence(study(change), study(change).gaps[0])
    assert line.startswith("Gap between New buyers and Regular buyers: ")
    assert line.endswith(said)


def test_an_interval_beside_nothing_says_why_it_proves_nothing() -> None:
    """Without a word on the family, an interval without zero beside "luck" reads like a mistake."""
    found = study((-0.02, -0.012))
    new, regular = (one.difference for one in found.groups)
    assert 0.025 < new.p < 0.05 < new.p_adjusted < 2 * regular.p
    said = sentence(found, found.groups)
    assert "luck for New buyers once all 2 differences are allowed for (−2.0 points, −3.8 to −0.2)" in said
    assert "luck for Regular buyers (−1.2 points, −3.0 to +0.6)" in said


def test_the_poster_has_title_rows_and_sentences_within_its_paper() -> None:
    """It is sent around alone: whoever gets it has no page beside it."""
    found = study(policies=3)
    figure = poster(found, RATE.name, 700)
    written = words_of(figure)
    assert written.count("Regular buyers") == 2
    assert "Valid grievances without remedy, by group of buyers" in written
    under = " ".join(written)
    for one in found.gaps:
        assert gap_sentence(found, one).split(":")[0] in under
    width, height = figure.get_size_inches() * 72
    assert width == pytest.approx(700 + 2 * MARGIN)
    for axes in figure.axes:
        box = axes.get_position()
        assert -1e-9 <= box.y0 < box.y1 <= 1 + 1e-9
    assert height < 700
    with pytest.raises(ValueError, match="metric: must be one of effective_denial_rate, found 'speed'"):
        poster(found, "speed")


def test_the_page_has_a_section_with_all_policies_before_and_after() -> None:
    """One chart for a measure, one axis for a policy, and every number in the table."""
    (one,) = by_groups(comparison(study(policies=3)))
    assert one.title == "Valid grievances without remedy, by group of buyers"
    (panel,) = one.panels
    assert panel.title in panel.alternative
    assert "No review <b>" in panel.alternative
    axes = panel.draw(960).axes
    assert len(axes) == 3  # the page, and one for each policy
    cells = {(row[1], row[2]): row for row in one.table.rows}
    assert len(cells) == len(one.table.rows) == 6
    assert [row[1:3] for row in one.table.rows[:3]] == [
        ("A longer window", "New buyers"),
        ("No review <b>", "New buyers"),
        ("A longer window", "Regular buyers"),
    ]
    assert not any("yaml" in cell for row in one.table.rows for cell in row)
    assert cells["A longer window", "New buyers"][3:7] == ("50.0 %", "100", "30.0 %", "100")
    gap = cells["No review <b>", "gap: New buyers less Regular buyers"]
    assert gap[3:7] == ("+20.0", "–", "+10.0", "–")


def test_a_chinese_poster_has_chinese_words_that_fit() -> None:
    """Lines of a language without blanks are broken too."""
    with language("zh"):
        written = words_of(poster(study(), RATE.name, 500))
    assert any("\u4e00" <= c <= "\u9fff" for c in "".join(written))
    assert max(width_of(text, SIZE) for text in written if len(text) > 30) <= 500


def test_lines_lose_no_character_and_are_no_wider_than_the_room() -> None:
    """Words are kept whole where they can be."""
    text = "a long sentence of words and one " + "verylongword" * 9 + " at its end"
    lines = wrapped(text, 150)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= 150 for line in lines)
    assert lines[0].split() == text.split()[: len(lines[0].split())]
