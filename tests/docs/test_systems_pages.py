"""The pages of `docs/systems` are those of today's policy files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build import system_pages as pages
from evenhand import scenarios
from tests.support.windows_of import windows_in

FOLDER = Path(__file__).parents[2] / "docs" / "systems"
NAMES = pages.names()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_policy_is_current(name: str) -> None:
    """A page that lags behind its file would be believed; `docs.build.system_pages` writes them anew."""
    assert (FOLDER / f"{name}.md").read_text(encoding="utf-8") == pages.page(name)


@pytest.mark.process
def test_the_index_is_current_and_there_are_no_pages_of_systems_that_are_gone() -> None:
    """Nobody should find a page by searching that nothing leads to."""
    assert (FOLDER / pages.INDEX).read_text(encoding="utf-8") == pages.index()
    made = {path.stem for path in FOLDER.glob("*.md")} - {"index", "README", "panel"}
    assert made == set(NAMES) == {path.stem for path in FOLDER.glob("*.svg")}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_tells_every_window_every_source_and_what_is_assumed(name: str) -> None:
    """The page stands for the file: what is left out of it is left out of a reader's judgement."""
    text = pages.page(name)
    loaded = scenarios.read(name, "policy")
    below = "tmall+" if "(overlay)" in loaded.model.title else ""
    for _, window in windows_in(scenarios.policy(below + name)):
        assert str(window) in text
    for setting in scenarios.settings(loaded):
        if setting.confidence in {"first-party", "secondary", "derived"}:
            assert f"| `{setting.path}` |" in text
        elif setting.confidence != "default" and setting.path not in {"title", "description", "name"}:
            assert f"`{setting.path}`" in text
    said = [one.source for one in scenarios.settings(loaded) if one.source]
    assert all(" ".join(source.split()).replace("|", "\\|") in text for source in said)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_of_a_page_is_there_and_small(name: str) -> None:
    """Pictures live in the repository: text, and no more of it than needed."""
    path = FOLDER / f"{name}.svg"
    assert f"]({path.name})" in pages.page(name)
    text = path.read_text(encoding="utf-8")
    assert len(text) < 120_000
    assert "<svg" in text
    assert len(re.findall("Time to ask the platform", text)) == 1


@pytest.mark.process
def test_pages_are_written_where_one_says(tmp_path: Path) -> None:
    """The same command fills another folder, for a look before the commit."""
    written = pages.write(tmp_path, NAMES[:1])
    assert {path.name for path in written} == {path.name for path in tmp_path.iterdir()}
    assert len(written) == 3
    assert (tmp_path / pages.INDEX).read_text(encoding="utf-8") == pages.index()
    assert (tmp_path / f"{NAMES[0]}.md").read_text(encoding="utf-8") == pages.page(NAMES[0])
