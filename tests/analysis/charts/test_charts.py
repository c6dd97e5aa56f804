"""Charts: measured without fonts, told apart without colour, the same bytes for the same numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from evenhand.analysis.charts import (
    Band,
    Bar,
    Block,
    Dot,
    Line,
    Node,
    Part,
    flow,
    interval_dots,
    lines_over_time,
    stacked_bars,
    survival_curves,
    to_svg,
)
from evenhand.analysis.charts.canvas import spread, ticks
from evenhand.analysis.charts.curves import at_risk
from evenhand.analysis.charts.flow import totals
from evenhand.analysis.charts.palette import BLUE, COLOURS, LOOKS, PAPER, Fill
from evenhand.analysis.charts.words import plain, shorten, width_of
from evenhand.analysis.metrics.survival import kaplan_meier

HARD_NAMES = (
    "<script>alert(1)</script>",
    "$x_1^2$",
    "R&D \\frac",
    "旗舰店",
    "a_b {c} %d",
    "nul\x00\u202e\nline",
)
NODES = (
    Node("valid", 0, "Valid"),
    Node("groundless", 0, "Groundless"),
    Node("talks", 1, "Talks"),
    Node("filed", 2, "Filing"),
    Node("ruled", 3, "Ruled"),
    Node("agreed", 3, "Agreed"),
)
BANDS = (
    Band("valid", "talks", (60, 0)),
    Band("groundless", "talks", (0, 30)),
    Band("valid", "filed", (10, 0)),
    Band("talks", "filed", (20, 5)),
    Band("talks", "agreed", (40, 25)),
    Band("filed", "ruled", (30, 5)),
)


def some_bars(names: tuple[str, ...] = ("one", "two")) -> Figure:
    parts = [
        Part(name, Fill(BLUE, hatch, PAPER)) for name, hatch in zip(names, ("", "///") * 9, strict=False)
    ]
    return stacked_bars([Bar(name, (1.0,) * len(names), 7) for name in names], parts)


def some_dots(interval: tuple[float, float] | None = (0.1, 0.3), name: str = "new") -> Figure:
    return interval_dots([Block("Buyers", (Dot(name, 0.2, interval, 12),))], axis="share", note="bars: what")


def some_lines(names: tuple[str, ...] = ("new", "old"), band: float = 0.1) -> Figure:
    days = np.arange(1.0, 31.0)
    value = 0.5 + 0.01 * days
    return lines_over_time(
        [Line(name, days, value, value - band, value + band) for name in names], x_axis="days", y_axis="trust"
    )


def some_curves(names: tuple[str, ...] = ("new", "old")) -> Figure:
    curve = kaplan_meier(np.array([12.0, 30.0, 50.0, 90.0]), np.array([True, True, False, True]))
    return survival_curves(dict.fromkeys(names, curve), x_axis="days", y_axis="open", risk="at risk")


def words_in(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", LOOKS)
def test_every_line_is_seen_on_light_and_on_dark_paper(look):
    """WCAG 2.2 asks for 3 to 1 for parts of a chart that carry meaning."""
    assert contrast(look.colour.light, PAPER.light) >= 3
    assert contrast(look.colour.dark, PAPER.dark) >= 3


def test_no_two_lines_share_colour_dashes_or_marker():
    """Each of the three is enough to tell lines apart, in print and without colour vision."""
    for cue in zip(*LOOKS, strict=True):
        assert len(set(cue)) == len(LOOKS)


def test_every_colour_of_the_palette_can_be_told_from_the_others_in_the_drawing():
    """The colour is all that is left of a variable's name when matplotlib has drawn it."""
    assert len({colour.light for colour in COLOURS}) == len(COLOURS)


def test_writing_is_measured_without_a_font():
    """The reader's browser chooses the font, and a Chinese character is one em wide in all of them."""
    assert width_of("旗舰店", 10) == 30
    assert width_of("Wide", 10) > width_of("till", 10)


@pytest.mark.process
@given(st.text(max_size=60), st.floats(20, 300))
def test_a_shortened_name_fits_and_begins_like_the_name(name, room):
    """A label that does not fit is cut, never drawn over its neighbour."""
    cut = shorten(name, room)
    assert width_of(cut) <= room
    assert plain(name).startswith(cut.removesuffix("…"))
    assert (cut == plain(name)) == (width_of(plain(name)) <= room)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_labels_are_moved_apart_in_their_order(wanted):
    """Labels at the ends of lines must neither overlap nor change places."""
    placed = spread(wanted, 5, 0, 100)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert all(placed[b] - placed[a] >= 5 - 1e-9 for a, b in pairwise(order))
    assert min(placed) >= -1e-9
    assert max(placed) <= 100 + 1e-9


def test_labels_that_have_room_stay_where_they_are():
    """Only what overlaps is moved."""
    assert spread([10.0, 50.0, 30.0], 5, 0, 100) == [10.0, 50.0, 30.0]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_there_is_always_a_tick_and_never_too_many(low, width):
    """An axis without a number cannot be read, nor one with twenty on a telephone."""
    marks = ticks(low, low + width, 6)
    assert 1 <= len(marks) <= 7


@pytest.mark.parametrize(
    "make", [some_bars, some_dots, some_lines, some_curves, lambda: flow(NODES, BANDS, ("V", "G"))]
)
def test_a_chart_in_a_page_is_the_same_every_time_and_needs_nothing_else(make):
    """Reports are compared by their bytes; colours follow the page; nothing is fetched."""
    svg = to_svg(make(), "chart", "Title", "Description")
    assert svg == to_svg(make(), "chart", "Title", "Description")
    assert not any(colour.light in svg for colour in COLOURS)
    assert "font-family" not in svg
    assert "http" not in svg
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("chart-") for one in ids)
    assert {found for found in re.findall(r"#([\w-]+)", svg) if found in ids} == set(
        re.findall(r"#([\w-]+)", svg)
    )


def test_a_chart_says_its_title_and_description_to_those_who_do_not_see_it():
    """Both are text, whatever is in them."""
    root = ET.fromstring(to_svg(some_dots(), "x", "A <b> & c", 'He said "no" <i>'))
    assert root.attrib["role"] == "img"
    named = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert [named[one] for one in root.attrib["aria-labelledby"].split()] == ["A <b> & c", 'He said "no" <i>']


@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_stand_in_charts_as_the_text_they_are(name):
    """Markup, formulas and Chinese are names like others; a missing glyph would be a warning, so an error."""
    figures = [
        some_bars((name, "other")),
        some_dots(name=name),
        some_lines((name, "other")),
        some_curves((name, "other")),
        flow((*NODES[:4], Node("ruled", 3, name), NODES[5]), BANDS, (name, "other")),
    ]
    for figure in figures:
        words = words_in(
            to_svg(figure, "x", name, name) if "\x00" not in name else to_svg(figure, "x", "t", "d")
        )
        assert any(plain(name) == word or plain(name).startswith(word.rstrip("…") or "-") for word in words)


def test_a_reader_s_matplotlib_settings_neither_matter_nor_change(monkeypatch):
    """A notebook with its own style gets the same chart, and its style back."""
    wanted = to_svg(some_lines(), "x", "t", "d")
    with mpl.rc_context(
        {"font.size": 30, "axes.grid": True, "text.parse_math": True, "svg.hashsalt": "mine"}
    ):
        before = dict(mpl.rcParams)
        assert to_svg(some_lines(), "x", "t", "d") == wanted
        assert dict(mpl.rcParams) == before


@pytest.mark.process
@pytest.mark.parametrize(
    ("module", "absent"),
    [("evenhand.analysis", "matplotlib"), ("evenhand.analysis.report", "matplotlib.pyplot")],
)
def test_nothing_is_loaded_that_is_not_needed(module, absent):
    """Metrics must not wait for matplotlib, and charts must not touch pyplot's global state."""
    code = f"import sys, {module}; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_enters_a_stage_of_the_flow_leaves_it():
    """The bars of a node are as high as what passes it."""
    through = totals(NODES, BANDS)
    assert through == {"valid": 70, "groundless": 30, "talks": 90, "filed": 35, "ruled": 35, "agreed": 65}
    heights = sorted(
        patch.get_height()
        for patch in flow(NODES, BANDS, ("V", "G")).axes[0].patches
        if hasattr(patch, "get_height")
    )[-6:]
    assert np.allclose(np.array(heights) / heights[-1], np.array([30, 35, 35, 65, 70, 90]) / 90)


def test_a_flow_of_nothing_is_refused():
    """There is nothing to draw, and shares of nothing are undefined."""
    with pytest.raises(ValueError, match="nothing flows"):
        flow(NODES, (), ("V", "G"))


def test_shares_stand_beside_every_node_of_the_flow():
    """The picture can be read without guessing at widths."""
    words = words_in(to_svg(flow(NODES, BANDS, ("V", "G")), "x", "t", "d"))
    assert {"70 %", "30 %", "90 %", "35 %", "65 %"} <= set(words)


def test_the_number_at_risk_counts_those_neither_ended_nor_lost():
    """Who ends at a time is still at risk just before it."""
    curve = kaplan_meier(np.array([12.0, 30.0, 50.0, 90.0]), np.array([True, True, False, True]))
    assert [at_risk(curve, hours) for hours in (0, 12, 13, 50, 51, 90, 91)] == [4, 4, 3, 2, 1, 1, 0]


def test_without_an_interval_there_is_a_dot_and_no_bar():
    """One replication says nothing about luck, so nothing must look as if it did."""
    with_bar, without = (some_dots(interval).axes[1].lines for interval in ((0.1, 0.3), None))
    assert (len(with_bar), len(without)) == (2, 1)
    assert list(with_bar[0].get_xdata()) == [0.1, 0.3]


def test_a_share_that_is_undefined_has_no_dot_but_its_row():
    """0 of 0 is not 0."""
    figure = interval_dots(
        [Block("", (Dot("none", float("nan"), None, 0),))], axis="a", note="b", undefined="unknown"
    )
    assert not figure.axes[1].lines
    assert {"none", "unknown", "n = 0"} <= set(words_in(to_svg(figure, "x", "t", "d")))


def test_lines_without_intervals_have_no_band():
    """As for dots: no replications, no band."""
    drawn, empty = (some_lines(band=band).axes[1].collections for band in (0.1, float("nan")))
    assert (len(drawn), len(empty)) == (2, 0)


def test_a_line_that_does_not_move_is_drawn_flat():
    """Rounding in the sixteenth digit must not fill the chart."""
    days = np.arange(1.0, 5.0)
    value = np.array([0.8, 0.8 + 1e-16, 0.8, 0.8 - 1e-16])
    nan = np.full(4, np.nan)
    axes = lines_over_time([Line("a", days, value, nan, nan)], x_axis="x", y_axis="y").axes[1]
    low, high = axes.get_ylim()
    assert high - low > 0.05


def test_a_bar_is_divided_by_shares():
    """Numbers in the bar are its parts in percent."""
    parts = [Part("a", Fill(BLUE, "", PAPER)), Part("b", Fill(BLUE, "///", PAPER))]
    words = words_in(
        to_svg(stacked_bars([Bar("one", (1.0, 3.0), 4), Bar("none", (0.0, 0.0), 0)], parts), "x", "t", "d")
    )
    assert {"25", "75", "n = 4", "n = 0"} <= set(words)
