"""The page on differences by group: its code runs, its table has the columns that there are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from evenhand import analysis, scenarios
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.metrics.metric import COLUMNS
from evenhand.analysis.metrics.registry import METRICS
from tests.support import small

PAGE = (Path(__file__).parents[2] / "docs" / "groups.md").read_text(encoding="utf-8")


@pytest.mark.process
def test_the_python_of_the_page_runs_as_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a small market, in which a test may wait for it; both of its groups are asked for by name."""
    buyers = small.SCENARIO["buyers"]["groups"]
    assert {"new", "regular"} <= set(buyers)
    monkeypatch.setattr(scenarios, "load", lambda name: small.scenario())
    rules = iter([small.policy(), small.policy({"decision": {"standard": 0.9, "band": 0.0}})])
    monkeypatch.setattr(scenarios, "policy", lambda name: next(rules))
    monkeypatch.setattr(analysis, "compare", partial(analysis.compare, engine="simpy"))
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(block, "groups.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Valid claims refused: ")
    assert second.startswith("new ")


def test_the_table_of_the_page_has_every_column_of_the_file_and_no_other() -> None:
    """A column that nobody explains is one that nobody can use."""
    value = np.full((3, 2, 2), 0.5)
    metric = METRICS["filed_share"]
    read = Readings("world", ("a", "b"), (metric, metric), ("share", "share"), value, np.full((3, 2, 2), 4))
    rows = by_group("g", [Groups(read, ("x", "y"), "x")], "a", {}, {}).table()
    assert len(rows) == 3
    table = PAGE[PAGE.index("## `groups.parquet`") :]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    told = [name for line in lines for name in re.findall(r"`(\w+)`", line.split("|")[1])]
    assert sorted(told) == sorted(rows[0])


def test_the_columns_that_the_page_names_can_be_split_by() -> None:
    """Those of the first bullet, and those that it warns of."""
    bullet = PAGE[PAGE.index("* A column is") : PAGE.index("or another one with words")]
    named = set(re.findall(r"`(\w+)`", bullet)) | {"ending", "decider", "reason"}
    assert len(named) == 9
    assert named <= set(COLUMNS)
