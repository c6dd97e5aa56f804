"""The Chinese pages: their files are accepted, their commands understood, and they lead to what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand import scenarios
from tests.cli.test_main import examples, parsed

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.zh.md", ROOT / "docs" / "zh" / "tutorial.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_policy_of_a_page_is_accepted(page: Path, tmp_path: Path) -> None:
    """It is written in Chinese, as a designer of rules types it."""
    (block,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "rules.yaml"
    file.write_text(block, encoding="utf-8")
    policy = scenarios.policy(file)
    assert str(policy.windows.merchant_evidence) == "48 h"
    assert policy.title.isascii() is False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_can_be_typed(page: Path) -> None:
    """What people copy from a page must be understood."""
    shown = [words for words in examples(page.read_text(encoding="utf-8")) if "--help" not in words]
    assert {"run", "compare", "check", "explain", "show", "list"} <= {parsed(words) for words in shown}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_leads_to_files_that_there_are(page: Path) -> None:
    """Links, and the picture of the report."""
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert links
    assert [one for one in links if not (page.parent / one).exists()] == []
