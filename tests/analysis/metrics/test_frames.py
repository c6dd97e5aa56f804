"""Results in a notebook: tables that say what the numbers say, and data frames of the same."""

from __future__ import annotations

import pytest

from evenhand import analysis
from evenhand.analysis.metrics.frames import Estimates
from evenhand.sim.runs.runner import simulate
from tests.support import small


@pytest.fixture(scope="module")
def found() -> Estimates:
    run = simulate(small.scenario(), small.policy(), days=20, replications=2, engine="simpy")
    return analysis.outcomes(run)


def test_a_notebook_shows_every_estimate_with_its_interval_and_count(found: Estimates) -> None:
    """A value without its n and its interval would be read as surer than it is."""
    shown = found._repr_html_()
    for name, one in found.items():
        assert f"<td>{name}</td><td>{one.value:.4g}</td>" in shown
        assert f"<td>{one.n:,}</td>" in shown


def test_names_with_markup_are_shown_as_the_text_they_are(found: Estimates) -> None:
    """Group names come from files that anybody may have written."""
    odd = Estimates({"<script>": found["filed_share"]})
    assert "<script>" not in odd._repr_html_()


def test_a_data_frame_has_a_row_an_estimate(found: Estimates) -> None:
    """The same numbers, for those who go on in pandas."""
    pytest.importorskip("pandas", reason="data frames are in the extra `research`")
    table = found.to_pandas().set_index("name")
    assert list(table.index) == list(found)
    one = found["settled_share"]
    assert (table.loc["settled_share", "value"], table.loc["settled_share", "n"]) == (one.value, one.n)
    assert one.ci is not None
    assert (table.loc["settled_share", "low"], table.loc["settled_share", "high"]) == one.ci
