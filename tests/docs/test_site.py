"""The documentation as a site: it is made without a warning, fetches nothing, and has every name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="the site wants the extra `docs`")

from docs.build import setting_pages
from evenhand.scenarios.fields import about

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The site, made anew; Sphinx's exit code is not 0 after any warning, a dead link among them."""
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "docs.build.site", str(target)],
        cwd=DOCS.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.process
def test_every_page_of_the_documentation_is_on_the_site(made):
    """What somebody writes into `docs` is read by somebody."""
    written = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    pages = {path.relative_to(made).with_suffix("") for path in made.rglob("*.html")}
    assert {name for name in written if name.parts[0] not in {"build", "site"}} <= pages


@pytest.mark.process
def test_the_site_asks_nothing_of_other_hosts(made):
    """Scripts, styles, fonts and pictures come with it; links that a reader follows may lead away."""
    fetched = re.compile(
        r"""<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//|@import|url\(["']?(?:https?:)?//"""
    )
    kinds = {".html", ".css"}
    asking = [
        path.name
        for path in made.rglob("*")
        if path.suffix in kinds and fetched.search(path.read_text("utf-8"))
    ]
    assert not asking


@pytest.mark.parametrize("kind", ["scenario", "policy"])
def test_every_setting_is_on_its_page(kind):
    """A setting that a file may have can be looked up."""
    page = setting_pages.page(kind)
    assert all(f"`{setting.path}`" in page for setting in about(kind))


def test_bars_in_meanings_do_not_end_a_cell():
    """Each row of a table of settings has its four cells."""
    rows = [line for line in setting_pages.page("policy").splitlines() if line.startswith("| `")]
    assert rows
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


@pytest.mark.process
def test_notebooks_show_what_this_version_gives(made):
    """They are kept without outputs, run when the site is made, and end in numbers and pictures."""
    for path in sorted((DOCS / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
        page = (made / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert page.count('class="cell docutils container"') == sum(
            cell["cell_type"] == "code" for cell in cells
        )
        assert "<img alt" in page
