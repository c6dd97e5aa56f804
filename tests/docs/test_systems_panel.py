"""The table of all rule sets on the same disputes."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from docs.build import system_panel
from docs.build.system_pages import HOME, names
from evenhand.analysis.metrics.estimate import Estimate


@pytest.mark.process
def test_the_page_has_every_shipped_rule_set_in_every_table() -> None:
    """A rule set that is added is compared, or the build says so."""
    page = (HOME / "panel.md").read_text(encoding="utf-8")
    for title in (*system_panel.TABLES, "How disputes end, %"):
        _, _, rest = page.partition(f"## {title}")
        table = rest.partition("## ")[0]
        rows = {
            line.split("]")[0].removeprefix("| [") for line in table.splitlines() if line.startswith("| [")
        }
        assert rows == set(names()), title


def test_a_number_stands_with_its_interval_and_its_cases() -> None:
    """No rate without n; nothing counted is a dash, not a nought."""
    one = Estimate(
        value=0.25,
        ci=(0.2, 0.3),
        n=1200,
        replications=4,
        unit="share",
        per_replication=np.empty(0),
        contributions=np.empty(0),
    )
    assert system_panel.written(one, percent=True) == "25.0 (20.0 to 30.0), n 1,200"
    none = Estimate(
        value=nan,
        ci=(nan, nan),
        n=0,
        replications=4,
        unit="share",
        per_replication=np.empty(0),
        contributions=np.empty(0),
    )
    assert system_panel.written(none, percent=True) == "-"
    assert system_panel.written(None, percent=False) == "-"


@pytest.mark.slow
def test_the_endings_of_the_page_are_those_of_today() -> None:
    """The first row, drawn again."""
    from evenhand import scenarios

    run, _ = system_panel.study(scenarios.policy("tmall"))
    row = "| [tmall](tmall.md) | " + " | ".join([f"{len(run):,}", *system_panel.endings(run)]) + " |"
    assert row in (HOME / "panel.md").read_text(encoding="utf-8")
