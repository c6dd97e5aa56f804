"""The page on metrics lists the registry, and what it shows runs."""

from __future__ import annotations

import re

import pytest

from evenhand import scenarios
from evenhand.analysis.metrics.registry import METRICS, markdown
from tests.support import small
from tests.support.app_files import ROOT

PAGE = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
START, END = "<!-- metrics: from evenhand.analysis.metrics.registry.markdown() -->\n", "<!-- end -->\n"


def test_the_page_has_the_table_of_the_registry() -> None:
    """The table is written by `markdown`; write it again after a change."""
    assert PAGE.split(START)[1].split(END)[0] == "\n" + markdown() + "\n"


def test_the_table_has_a_line_for_every_metric_and_every_name_in_the_text_is_one() -> None:
    """Who reads of a metric can ask for it."""
    text, table = PAGE.split(START)
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(METRICS)
    named = set(
        re.findall(r"`((?:\w+_)(?:share|order|orders|dispute|month|problems|problem|rate|adequacy))`", text)
    )
    assert len(named) > 12
    assert named <= set(METRICS)


def test_the_python_of_the_page_runs_as_it_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a small market with the same mechanisms: a whole one takes longer than a test may."""
    clothes = {
        "market": {"categories": {"clothing": {"share": 1}}},
        "behaviour": {"claims": {"enabled": True}},
    }
    market = small.scenario(clothes)
    monkeypatch.setattr(scenarios, "load", lambda name: market)
    monkeypatch.setattr(scenarios, "policy", lambda name: small.policy())
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(block, "metrics.md", "exec"), {})
    assert "<Estimates: voice_share " in capsys.readouterr().out
