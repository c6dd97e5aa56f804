"""The pages for researchers: their code runs, their commands are understood, their figures are measured."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from benchmarks import intervals
from evenhand import scenarios
from evenhand.cli.main import app
from evenhand.jobs.gate_file import Expectations
from tests.support import small

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "researchers.md").read_text(encoding="utf-8")
METHODS = (DOCS / "methods.md").read_text(encoding="utf-8")


@pytest.mark.process
def test_the_python_of_the_page_runs_as_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a small market, in which a test may wait for it."""
    pytest.importorskip("pandas")
    named = small.scenario().model_copy(update={"name": "small"})
    monkeypatch.setattr(scenarios, "load", lambda name: named)
    monkeypatch.setattr(scenarios, "policy", lambda name: small.policy().model_copy(update={"name": name}))
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    exec(compile(code, "docs/researchers.md", "exec"), {"__name__": "page"})
    said = capsys.readouterr().out
    assert "<Comparison: generous less as written" in said
    assert "desk_utilisation is of the whole run, and not of its disputes where" in said
    assert r"\begin{tabular}" in said
    assert re.search(r"^20 Estimate\(", said, re.MULTILINE)


@pytest.mark.parametrize("command", re.findall(r"^evenhand ([^#\n]*)", PAGE, re.MULTILINE))
def test_every_command_of_the_page_has_only_options_that_there_are(command: str) -> None:
    """An option that a page names and no command has would be found by a reader."""
    words = shlex.split(command)
    depth = 2 if words[0] == "audit" else 1
    help_ = CliRunner().invoke(app, [*words[:depth], "--help"], catch_exceptions=False).stdout
    for word in words[depth:]:
        if word.startswith("-"):
            assert word in help_, word


def test_the_gate_of_the_page_is_a_gate() -> None:
    """It has the keys that a file of expectations has."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    says = Expectations.model_validate(YAML(typ="safe").load(block))
    assert says.metrics_from == "my.py"


def test_the_page_of_methods_shows_every_line_that_is_measured() -> None:
    """A figure without a line of the benchmark would be hearsay, and so would a line that is not shown."""
    table = dict(re.findall(r"^\| ([^|]+) \| (\d\.\d+) \|", METHODS, re.MULTILINE))
    assert list(table) == [one.what for one in intervals.lines()]
    for text, key in (
        (".41", "simultaneous, 27 columns, lognormal, n = 30"),
        (".88", "paired t, lognormal, n = 30"),
    ):
        assert text in METHODS
        assert float(table[key]) == pytest.approx(float(text), abs=0.03)


@pytest.mark.process
def test_simultaneous_intervals_fail_where_the_page_says_so() -> None:
    """Seeded and small: they hold for the bell's shape and miss for 27 lognormal columns of 30 worlds."""
    holds = intervals.together(intervals.normal, 30, 60)
    misses = intervals.together(intervals.lognormal, 30, 60)
    assert holds >= 0.85
    assert misses <= 0.75


def test_the_paired_t_is_short_with_a_long_tail_and_better_with_more_worlds() -> None:
    """The direction that the page states."""
    few, many = (intervals.alone(intervals.lognormal, n, 4_000) for n in (10, 100))
    assert few < many < 0.94
    assert intervals.alone(intervals.normal, 10, 4_000) == pytest.approx(0.95, abs=0.015)
