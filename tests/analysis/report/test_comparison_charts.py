"""Charts of comparisons: what they draw is what they were given, told apart without colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from evenhand.analysis.charts import to_svg
from evenhand.analysis.charts.canvas import UNITS_AN_INCH
from evenhand.analysis.charts.forest import LOOKS, Contrast, Unit, Words, forest
from evenhand.analysis.charts.fronts import front_probability, on_front
from evenhand.analysis.charts.grid import FAINTEST, Cell, group_grid, opacity
from evenhand.analysis.charts.lorenz import Bearer, lorenz_curves
from evenhand.analysis.charts.palette import COLOURS
from evenhand.analysis.charts.pareto import Rival, Scale, chance, pareto
from evenhand.analysis.charts.rungs import LOOKS as RUNGS
from evenhand.analysis.charts.rungs import Rung, rungs
from evenhand.analysis.charts.tradeoff import Place, reach_of, tradeoff
from evenhand.analysis.charts.waterfall import Step, places, waterfall
from evenhand.analysis.charts.words import plain, width_of
from tests.analysis.charts.test_charts import HARD_NAMES, words_in

NAN = float("nan")
WORDS = Words(
    {"better": "better", "worse": "worse", "other": "other", "unsure": "unsure"}, "side", "bar", "wide"
)
STEPS = (
    Step("arbiter", 2.0, (1.0, 3.0), "+2"),
    Step("delay", -5.0, None, "-5"),
    Step("together", 1.0, (0.5, 1.5), "+1", "together"),
    Step("all", -2.0, (-3.0, -1.0), "-2", "whole"),
)


def some_forest(name="refused", width=960.0, **changes) -> Figure:
    one = Contrast(name, -1.0, (-2.0, 0.0), (-3.0, 1.0), "-1", 12, -1, "better")
    return forest([Unit("points", (one._replace(**changes),))], WORDS, width=width)


def some_grid(name="new", width=464.0) -> Figure:
    cells = [[Cell(0.4, 0.1, 30), Cell(NAN, NAN, 0)]]
    return group_grid(cells, [name], [name, "small"], row_axis="b", column_axis="m", note="n", width=width)


def some_waterfall(name="arbiter", width=464.0) -> Figure:
    return waterfall([STEPS[0]._replace(name=name), *STEPS[1:]], axis="money", note="whiskers", width=width)


def some_lorenz(name="rules", width=464.0) -> Figure:
    curve = Bearer(name, np.array([0, 0.5, 1]), np.array([0, 0.1, 1]), 0.4, 2)
    return lorenz_curves(
        [curve, curve._replace(name="other")],
        x_axis="x",
        y_axis="y",
        even="even",
        gini="Gini {value} {n}",
        undefined="none",
        width=width,
    )


def some_pareto(name="rules", width=640.0, probability=1.0) -> Figure:
    one = Rival(name, np.array([0.1, 0.2]), np.array([3.0, 4.0]), (0.0, 0.3), None, probability)
    other = Rival("other", np.array([0.3, 0.4]), np.array([2.0, 2.5]), None, None, 0.5)
    return pareto(
        [one, other],
        Scale("Refused", 100, "%", -1),
        Scale("Time", 1, "h", 0),
        front="front {probability}",
        unknown="not known",
        note="dots",
        better="better",
        width=width,
    )


def some_tradeoff(name="new", width=464.0) -> Figure:
    return tradeoff(
        [Place(name, 0.6, 0.3, 0.2, 0.5, 40), Place("old", NAN, NAN, NAN, NAN, 0)],
        x_axis="x",
        y_axis="y",
        row="{base} {n}",
        note="lines",
        width=width,
    )


def some_rungs(name="deserved all", width=960.0) -> Figure:
    rows = [
        Rung(name, (0.5, 0.6), ((0.4, 0.6), None), 0.8, 1_234),
        Rung("nothing", (NAN, 0.1), (None, None), NAN, 0),
    ]
    return rungs(rows, ("asked", "offered"), due="the harm", axis="share of the price", note="n", width=width)


ALL = (some_forest, some_grid, some_waterfall, some_lorenz, some_pareto, some_tradeoff, some_rungs)


@pytest.mark.parametrize("make", ALL)
def test_a_chart_in_a_page_is_the_same_every_time_and_needs_nothing_else(make):
    """Pages are compared by their bytes; colours follow the page; nothing is fetched."""
    svg = to_svg(make(), "chart", "Title", "Description")
    assert svg == to_svg(make(), "chart", "Title", "Description")
    assert not any(colour.light in svg for colour in COLOURS)
    assert "http" not in svg


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_stand_in_charts_as_the_text_they_are(make, name):
    """Markup, formulas and Chinese are names like others; a missing glyph would be a warning, so an error."""
    found = words_in(to_svg(make(name), "x", "t", "d"))
    assert any(plain(name) == word or plain(name).startswith(word.rstrip("…") or "-") for word in found)


@pytest.mark.process
@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("width", [320.0, 464.0, 960.0])
@pytest.mark.parametrize(
    "name", ["short", "一个非常长的规则名称，长到放不下，需要缩短才能显示", "a very long name of rules " * 4]
)
def test_no_writing_leaves_the_figure(make, width, name):
    """A name that has no room is cut; nothing runs off the page on a telephone."""
    figure = make(name, width)
    across = figure.get_size_inches()[0] * UNITS_AN_INCH
    for axes in figure.axes:
        if axes.axison:
            continue  # labels of an axis stand where its ticks are
        for text in axes.texts:
            x, long = text.get_position()[0], width_of(text.get_text(), text.get_fontsize())
            begin = {"left": x, "center": x - long / 2, "right": x - long}[text.get_ha()]
            assert begin >= -1
            assert begin + long <= across + 1


def test_no_two_judgements_share_colour_or_marker_and_filling():
    """Better, worse and unsure are told apart in print and without colour vision."""
    assert len({look[0] for look in LOOKS.values()}) == len(LOOKS)
    assert len({look[1:] for look in LOOKS.values()}) == len(LOOKS)


def test_a_difference_has_its_thick_and_its_thin_bar_and_the_line_at_nothing():
    """What the bars cover is said in the legend; both are drawn to scale."""
    lines = some_forest().axes[1].lines
    drawn = [(list(line.get_xdata()), line.get_linewidth()) for line in lines]
    assert ([-3.0, 1.0], 1) in drawn
    assert ([-2.0, 0.0], 4) in drawn
    assert any(list(line.get_xdata()) == [0, 0] for line in lines)
    assert {"bar", "wide", "side", "better"} <= set(words_in(to_svg(some_forest(), "x", "t", "d")))


def test_a_wide_interval_is_cut_at_the_edge_and_marked_there():
    """With two worlds it is a hundred times as wide as what can be seen; the rest must stay readable."""
    figure = some_forest(wider=(-900.0, 900.0))
    low, high = figure.axes[1].get_xlim()
    assert -10 < low < -2 < 0 < high < 10
    marked = [line.get_xdata()[0] for line in figure.axes[1].lines if line.get_marker() in {"<", ">"}]
    assert marked == [low, high]
    assert not [line for line in some_forest().axes[1].lines if line.get_marker() in {"<", ">"}]


def test_no_axis_goes_beyond_what_a_difference_can_be():
    """Shares differ by at most 100 points, whatever two worlds make of an interval."""
    one = Contrast("a", 50.0, (-200.0, 300.0), (-900.0, 900.0), "", 2, 0, "unsure")
    axes = forest([Unit("points", (one,), 100.0)], WORDS).axes[1]
    low, high = axes.get_xlim()
    assert -120 < low < -100
    assert 100 < high < 120
    assert [line.get_marker() for line in axes.lines if line.get_marker() in {"<", ">"}] == ["<", ">"]


def test_a_difference_without_intervals_has_a_marker_only():
    """One world says nothing about luck."""
    figure = some_forest(interval=None, wider=None)
    assert [list(line.get_xdata()) for line in figure.axes[1].lines] == [[0, 0], [-1.0]]


def test_an_unknown_difference_has_its_row_and_no_mark():
    """Nothing to count is not no difference."""
    figure = some_forest(value=NAN, interval=None, wider=None, written="undefined", n=0)
    assert len(figure.axes[1].lines) == 1
    assert {"refused", "undefined", "n = 0"} <= set(words_in(to_svg(figure, "x", "t", "d")))


@pytest.mark.process
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_the_line_at_nothing_is_always_on_the_axis(values):
    """Without it no one sees which way a difference goes."""
    rows = tuple(Contrast("a", v, (v - 1, v + 1), None, "", 2, 0, "other") for v in values)
    low, high = forest([Unit("u", rows)], WORDS).axes[1].get_xlim()
    assert low < 0 < high
    assert low < min(values) - 1 + 1e-9
    assert max(values) + 1 - 1e-9 < high


def test_a_row_has_its_marks_its_bars_and_the_line_that_it_is_held_to():
    """Two values, one interval and the harm in the first row; the second has one value and nothing due."""
    rows = some_rungs().axes[-1]
    marked = [line for line in rows.get_lines() if line.get_marker() not in {"", "None", None}]
    bars = [line for line in rows.get_lines() if line not in marked]
    assert [float(line.get_xdata()[0]) for line in marked] == [0.5, 0.6, 0.1]
    assert sorted(tuple(map(float, line.get_xdata())) for line in bars) == [(0.4, 0.6), (0.8, 0.8)]
    looks = [(colour.light, marker, filled) for colour, marker, filled in RUNGS]
    assert len({look[1:] for look in looks}) == len({look[0] for look in looks}) == len(looks)


def test_a_cell_fades_with_its_half_width():
    """The less is known, the less is seen; without an interval as little as can be."""
    assert opacity(0.0, 0.2) == 1
    assert opacity(0.2, 0.2) == opacity(0.5, 0.2) == opacity(NAN, 0.2) == pytest.approx(FAINTEST)
    assert 1 > opacity(0.05, 0.2) > opacity(0.1, 0.2) > FAINTEST


def test_a_cell_is_filled_as_high_as_its_share_and_an_undefined_one_is_hatched():
    """Height is the second cue beside colour, and 0 of 0 is not 0."""
    cells = [[Cell(0.4, 0.1, 30), Cell(0.2, 0.1, 30), Cell(NAN, NAN, 0), Cell(0.0, 0.1, 9)]]
    figure = group_grid(cells, ["r"], list("abcd"), row_axis="b", column_axis="m", note="n")
    filled = [patch.get_height() for patch in figure.axes[0].patches if patch.get_alpha() is not None]
    assert filled[0] == pytest.approx(2 * filled[1])
    assert len(filled) == 2
    assert [bool(patch.get_hatch()) for patch in figure.axes[0].patches].count(True) == 1
    assert {"40.0 %", "± 10.0", "n = 30", "undefined", "n = 0"} <= set(
        words_in(to_svg(figure, "x", "t", "d"))
    )


def test_each_step_begins_where_the_last_one_ended_and_the_whole_at_nothing():
    """The parts lead to where the whole ends if they add up to it."""
    assert places(STEPS) == [(0, 2), (2, -3), (-3, -2), (0, -2)]
    assert places([STEPS[0]._replace(value=NAN), STEPS[1]]) == [(0, 0), (0, -5)]


def test_the_bars_of_a_waterfall_differ_by_hatch():
    """Up, down and together are told apart without colour."""
    hatches = [patch.get_hatch() for patch in some_waterfall().axes[1].patches]
    assert len(set(hatches[:3])) == 3


def test_a_lorenz_curve_without_losses_is_not_drawn():
    """There is nothing to share; its row says so."""
    none = Bearer("calm", np.array([0, 1.0]), np.array([NAN, NAN]), NAN, 1)
    figure = lorenz_curves([none], x_axis="x", y_axis="y", even="e", gini="Gini {value}", undefined="none")
    assert len(figure.axes[1].lines) == 1
    assert "Gini none" in words_in(to_svg(figure, "x", "t", "d"))


def test_on_the_front_is_who_nobody_beats():
    """Equals do not beat each other; better in one and no worse in the other does."""
    costs = np.array([[1.0, 4], [2, 2], [2, 3], [4, 1], [2, 2], [5, 5]])
    assert on_front(costs).tolist() == [True, True, False, True, True, False]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=7))
def test_the_front_is_never_empty_and_everybody_else_is_beaten_by_one_on_it(pairs):
    """The definition of a Pareto front, checked against plain loops."""
    costs = np.array(pairs, np.float64)
    front = on_front(costs)
    assert front.any()
    for i, one in enumerate(pairs):
        beaten = [
            j for j, other in enumerate(pairs) if other != one and other[0] <= one[0] and other[1] <= one[1]
        ]
        assert bool(beaten) != front[i]
        assert front[i] or front[beaten].any()


def test_the_probability_of_the_front_resamples_worlds_with_all_policies_together():
    """Luck that all policies share decides nothing: in every single world the first one is better."""
    luck = np.random.default_rng(1).normal(0, 100, (20, 1, 1))
    values = luck + np.array([[[1.0, 1.0], [2.0, 2.0]]])
    assert front_probability(values, (False, False), seed=1).tolist() == [1.0, 0.0]
    assert front_probability(values, (True, True), seed=1).tolist() == [0.0, 1.0]
    assert front_probability(values, (True, False), seed=1).tolist() == [1.0, 1.0]


def test_the_probability_of_the_front_is_near_what_luck_gives():
    """Who is ahead on average by one standard error is on the front with about 84 %."""
    noise = np.random.default_rng(3).normal(size=400)
    gap = (noise - noise.mean()) / noise.std() + 1 / np.sqrt(400)
    values = np.stack([np.zeros((400, 2)), np.stack([gap, gap], axis=1)], axis=1)
    first, second = front_probability(values, (False, False), seed=5)
    assert first == pytest.approx(0.841, abs=0.03)
    assert first + second == pytest.approx(1)


def test_the_front_of_equals_is_shared_and_of_one_world_not_known():
    """A policy against itself is on the front with it, whatever was drawn."""
    values = np.repeat(np.random.default_rng(2).normal(size=(9, 1, 2)), 2, axis=1)
    assert front_probability(values, (False, True), seed=1).tolist() == [1.0, 1.0]
    assert np.isnan(front_probability(values[:1], (False, True), seed=1)).all()
    assert front_probability(values, (False, True), seed=1).shape == (2,)


def test_a_probability_from_resamples_is_never_written_as_surer_than_it_is():
    """1.00 is for what came out in every resample."""
    assert [chance(p) for p in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0.00", "<0.01", "0.50", ">0.99", "1.00"]


def test_the_better_end_of_an_axis_is_marked_where_there_is_one():
    """A reader need not know which way a metric is better."""
    found = words_in(to_svg(some_pareto(), "x", "t", "d"))
    assert "Refused (%), better ←" in found
    assert "Time (h)" in found
    assert "front 1.00" in found
    assert "not known" in words_in(to_svg(some_pareto(probability=NAN), "x", "t", "d"))


def test_the_line_of_a_group_runs_from_what_is_forced_to_nothing():
    """The identity is linear in the share of valid claims refused; a group without cases has no line."""
    lines = some_tradeoff().axes[1].lines
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in lines] == [
        ([0, 1], [0.5, 0]),
        ([0.3], [0.2]),
    ]
    assert reach_of([Place("a", 0.5, 0.1, 0.3, 0.6, 1)]) == pytest.approx(0.66)
    assert reach_of([Place("a", 0.5, 0.1, 0.3, 7.0, 1)]) == 1
