"""Stories 12, 13 and 18: own rules, metrics and groups in every study, one month, an archive for a paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.cli.main import app
from tests.stories.conftest import Ask

COMMANDS = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}

CODE = '''from evenhand import analysis, sim


def generous(file: sim.CaseFile) -> float:
    return 1.0 if file.buyer_weight + file.merchant_weight > -0.5 else 0.0


@analysis.metric("Small claims")
def small_claims(cells):
    """Share of disputes about less than 100."""
    return cells.share(cells["amount"] < 100, cells.everyone)
'''
WORLDS = "--scenario market.yaml --days 45 --seed 1"


@pytest.fixture
def code(here: Path) -> None:
    """A file with a decision rule and a metric of one's own."""
    (here / "my.py").write_text(CODE, encoding="utf-8")


@pytest.mark.process
@pytest.mark.usefixtures("code")
def test_story_12_an_own_rule_is_compared_with_the_shipped_ones_in_pairs(ask: Ask) -> None:
    """The rule stands behind its policy; a generous one grants more, by so much, with its interval."""
    said = ask(
        f"evenhand compare tmall tmall+my.py:generous {WORLDS} --replications 8 --metric buyer_win_share"
    )
    assert re.search(r"Won by the buyer: [\d.]+ points higher under \S*generous.* interval", said)


@pytest.mark.process
@pytest.mark.usefixtures("code")
def test_story_13_an_own_metric_of_one_month_is_compared_by_group(ask: Ask) -> None:
    """A metric from a file, the cohort of 30 days, and groups: all in one line."""
    said = ask(
        f"evenhand compare tmall wechat_shop_2024 {WORLDS} --replications 3 --metrics-from my.py "
        "--metric small_claims --by buyer_group --cohort 7..37"
    )
    assert "Small claims" in said
    assert "Small claims, by group of buyers" in said


@pytest.mark.process
@pytest.mark.usefixtures("code")
def test_story_18_an_archive_is_run_again_to_the_same_numbers(ask: Ask, here: Path) -> None:
    """Files, results and versions in one archive, which another machine can check."""
    ask(f"evenhand compare tmall wechat_shop_2024 {WORLDS} --replications 2 --metric filed_share --out paper")
    assert "Bundle: " in ask("evenhand bundle paper --out paper.zip")
    assert "The same to the bit: " in ask("evenhand bundle --check paper.zip")
