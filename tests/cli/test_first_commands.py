"""The first commands of the README as a newcomer gives them: in the market of people who respond to rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app

SHORT = ("--days", "100", "--replications", "2")
"""Ten days count after the start-up."""


def told(*arguments: str) -> Any:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.process
def test_a_run_is_of_the_market_whose_people_respond(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No option is needed for it: claims are chosen, its start-up is left out, and the page shows both."""
    monkeypatch.chdir(tmp_path)
    found = told("run", "tmall", *SHORT, "--format", "json")
    assert (found["scenario"], found["days"], found["start_up"]) == ("tmall", 100, 90)
    assert 0 < found["metrics"]["voice_share"]["value"] < 1
    assert found["metrics"]["represented_share"]["n"] > 0
    page = (tmp_path / "runs" / "tmall-tmall-seed1" / "report.html").read_text(encoding="utf-8")
    assert "whose people respond to rules" in page


@pytest.mark.process
def test_a_comparison_is_of_that_market_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both commands take the same scenario, so their figures belong together."""
    monkeypatch.chdir(tmp_path)
    found = told("compare", "tmall", "wechat_shop_2024", *SHORT, "--out", "two", "--format", "json")
    assert {one["scenario"] for one in found["comparisons"]} == {"tmall"}
    (voice,) = (one for one in found["comparisons"] if one["metric"] == "voice_share")
    assert voice["difference"] != 0
    page = (tmp_path / "two" / "comparison.html").read_text(encoding="utf-8")
    assert "whose people respond to rules" in page
