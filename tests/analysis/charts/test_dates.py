"""Axes of days: dates that a reader knows, and special days where they are."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from evenhand.analysis.charts import Days, Line, Span, lines_over_time, to_svg
from evenhand.analysis.charts.dates import date_ticks
from evenhand.locale import language

START = dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    ("last", "written"),
    [
        (5, ["1 Sep", "2 Sep", "3 Sep", "4 Sep", "5 Sep", "6 Sep"]),
        (40, ["1 Sep", "8 Sep", "15 Sep", "22 Sep", "29 Sep", "6 Oct"]),
        (120, ["Sep 2025", "Oct", "Nov", "Dec"]),
        (270, ["Sep 2025", "Nov", "Jan 2026", "Mar", "May"]),
        (1500, ["2026", "2027", "2028", "2029"]),
    ],
)
def test_dates_are_first_days_of_what_fits(last: int, written: list[str]) -> None:
    """Days, weeks, months or years, by how long the run is; the year where it begins."""
    found = date_ticks(Days(START), 0, last)
    assert [one.written for one in found] == written
    assert all(0 <= one.day <= last for one in found)


def test_a_month_begins_on_its_first_day() -> None:
    """A tick stands where the month begins, not so many days after the start."""
    days = [one.day for one in date_ticks(Days(dt.date(2025, 9, 15)), 0, 120)]
    assert days == [16, 47, 77, 108]


def test_dates_are_written_as_the_language_writes_them() -> None:
    """In Chinese with the word for month, and the year before it."""
    with language("zh"):
        assert [one.written for one in date_ticks(Days(START), 0, 120)][:2] == ["2025年9月", "10月"]


def test_special_days_are_named_where_they_are_drawn() -> None:
    """A festival outside the chart is not, and the days that are not counted have their name."""
    x = np.arange(1.0, 121.0)
    line = Line("a", x, np.sin(x), np.full(120, np.nan), np.full(120, np.nan))
    festivals = (Span(71, 72, "Double 11"), Span(400, 401, "Next year"))
    days = Days(START, festivals, Span(0, 30, "not counted"))
    text = to_svg(lines_over_time([line], days=days, y_axis="y", width=600), "k", "t", "d")
    assert "Double 11" in text
    assert "not counted" in text
    assert "Next year" not in text
    assert "Nov" in text
