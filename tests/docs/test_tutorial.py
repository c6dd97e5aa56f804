"""The tutorial: its code runs as it stands, stays short, and comes to the conclusion it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.sim.scenario.scenario import Scenario

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
SMALLER = {
    'scenarios.load("tmall")': 'quiet(scenarios.load("tmall"))',
    "replications=30": "replications=3, days=45, engine='simpy'",
    "replications=5": "replications=2, days=45, engine='simpy'",
}
"""Fewer, shorter and quieter worlds: enough to run every line, not to conclude anything."""


def quiet(scenario: Scenario) -> Scenario:
    """A tenth of the orders, and no start-up, so that short runs count."""
    market = scenario.market.model_copy(update={"orders_per_day": scenario.market.orders_per_day / 10})
    return scenario.model_copy(update={"market": market, "start_up": 0.0})


def blocks() -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """What the names of the tutorial stand for when all its code has run, and what it printed."""
    code = "\n".join(blocks())
    for full, smaller in SMALLER.items():
        assert code.count(full) == 1, f"{full} is not in the tutorial any more"
        code = code.replace(full, smaller)
    folder, printed = tmp_path_factory.mktemp("tutorial"), []
    names = {
        "__name__": "tutorial",
        "quiet": quiet,
        "print": lambda *words: printed.append(" ".join(map(str, words))),
    }
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        exec(compile(code, str(TUTORIAL), "exec"), names)
    return names, printed, folder


def test_two_policies_are_compared_in_under_thirty_lines():
    """From import to conclusion; empty lines are free."""
    lines = [line for block in blocks() for line in block.splitlines() if line.strip()]
    assert 10 < len(lines) < 30


@pytest.mark.process
def test_the_tutorial_s_code_says_what_differs(lived):
    """It prints the sentences of both sides' errors, and what pairing bought."""
    names, printed, _ = lived
    comparison = names["comparison"]
    assert printed[0] == comparison.of("wrongful_denial_rate").sentence
    assert printed[1] == comparison.of("wrongful_grant_rate").sentence
    assert re.fullmatch(r"Independent seeds would have needed \d+\.\d times as many worlds\.", printed[2])


@pytest.mark.process
def test_the_tutorial_s_conclusion_follows_from_its_numbers(lived):
    """The last sentence is printed exactly if both differences are told from luck."""
    names, printed, _ = lived
    told = (names["refused"].verdict, names["granted"].verdict) == ("lower", "higher")
    assert any("fewer buyers who are right" in line for line in printed) == told


@pytest.mark.process
def test_the_tutorial_leaves_a_page_with_all_charts_of_its_runs(lived):
    """What it promises is in the file."""
    _, _, folder = lived
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert {"time", "pairs", "losses", "all"} <= set(re.findall(r'<section id="([\w-]+)">', page))


def test_the_tutorial_names_files_and_metrics_that_exist():
    """Inline code is read as carefully as blocks."""
    from evenhand.analysis import METRICS

    text = TUTORIAL.read_text(encoding="utf-8")
    named = set(re.findall(r'"(\w+_(?:rate|share|hours\w*))"', text))
    assert named
    assert named <= set(METRICS)
