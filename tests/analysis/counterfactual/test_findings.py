"""Findings in a notebook, a data frame and a picture say the same as in the text."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.analysis.counterfactual import Finding, Findings, Measure, flip
from evenhand.analysis.counterfactual.findings import Tally
from evenhand.analysis.counterfactual.format import rows
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.estimate import estimate
from evenhand.analysis.metrics.written import figures
from tests.support import small


def made(*values: float, unit: str = "share", name: str = "rate", part: str = "") -> Finding:
    """A finding with these values in the replications, ten cases in each."""
    counts = np.array([0 if np.isnan(v) else 10 for v in values])
    return Finding(Measure(name, f"the {name}", unit), part, estimate(np.array(values), counts, unit))


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (made(0.2, 0.4), ("30.0", "0.0 to 100.0", "%")),
        (made(0.0001, 0.0003), ("0.0200", "0.0000 to 0.1471", "%")),
        (made(-0.05, -0.05, unit=DIFFERENCE), ("-5.0", "-5.0 to -5.0", "points")),
        (made(2.5, unit="CNY"), ("2.500", "-", "CNY")),
        (made(float("nan")), ("-", "-", "%")),
    ],
)
def test_figures_have_their_interval_and_unit(finding: Finding, said: tuple[str, str, str]) -> None:
    """Shares in percent, their differences in points, a dash for what is not known."""
    assert figures(finding.estimate) == said


def test_a_mean_of_no_cases_is_not_known_and_counts_none() -> None:
    """An undefined rate is NaN with n = 0, and spoils no other replication."""
    tally, rate = Tally(), Measure("rate", "the rate", "share")
    tally.mean(rate, "", np.array([1.0, 0.0]), np.array([True, True]))
    tally.mean(rate, "", np.array([1.0, 0.0]), np.array([False, False]))
    (found,) = tally.findings()
    assert (found.estimate.value, found.estimate.n, found.estimate.undefined) == (0.5, 2, 1)


def test_names_are_shown_as_the_text_they_are() -> None:
    """A group called like markup must not become markup in a notebook."""
    found = Findings("flip", "<b>x</b>", (made(0.5, part="<i>group</i>"),), "a < b")
    shown = found._repr_html_()
    assert "<i>" not in shown
    assert "<b>" not in shown
    assert "&lt;i&gt;group&lt;/i&gt;" in shown
    assert rows(found)[0][1] == "<i>group</i>"


def test_a_data_frame_has_one_row_a_finding() -> None:
    """With plain columns for the ends of the interval."""
    pytest.importorskip("pandas")
    frame = Findings("x", "", (made(0.2, 0.4), made(2.5, unit="CNY", name="money")), "").to_pandas()
    assert list(frame.columns) == ["measure", "title", "part", "value", "n", "unit", "low", "high"]
    assert frame["value"].tolist() == pytest.approx([0.3, 2.5])
    assert frame["high"].tolist()[0] == 1.0


def test_the_waterfall_is_drawn_for_measures_that_add_up() -> None:
    """One bar a path, one for the interaction, one for the whole; none for a flip rate."""
    found = flip(
        small.scenario(),
        small.policy(),
        "merchant.group",
        "small",
        "flagship",
        replications=2,
        days=60,
        engine="simpy",
        one_by_one=0,
    )
    axes = found.plot.waterfall("refund")
    assert len(axes.patches) == 6
    texts = {text.get_text() for other in axes.figure.axes for text in other.texts}
    assert {"arbiter", "evidence", "delay", "filing", "interaction", "all paths"} <= texts
    for measure in ("rulings_changed", "others_changed", "nothing"):
        with pytest.raises(ValueError, match="add up to a whole"):
            found.plot.waterfall(measure)
