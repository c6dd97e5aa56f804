"""The documentation as a site: `python -m docs.build.site [FOLDER]` writes it, by default to `build/site`.

Pages that follow from the code (settings, reference) are made anew each time; the others are those of `docs`.
A link that leads nowhere, and a page that no list names, stop it. The site asks nothing of other hosts.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.build import reference_pages, setting_pages

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
SKIPPED = shutil.ignore_patterns("build", "site", "__pycache__")

EACH = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
"""The list of all pages of systems, which is too long for the list of all pages."""


def lay_out(folder: Path) -> None:
    """Copy and make all pages of the site into a new folder."""
    shutil.copytree(DOCS, folder, ignore=SKIPPED)
    shutil.copytree(DOCS / "site", folder, dirs_exist_ok=True)
    (folder / "start.md").write_text(_told("README.md"), encoding="utf-8")
    for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
        (folder / name.lower()).write_text(_told(name), encoding="utf-8")
    chinese = _told("README.zh.md").replace("](", "](../").replace("](../README.md)", "](../start.md)")
    (folder / "zh" / "readme.md").write_text(chinese, encoding="utf-8")
    with (folder / "systems" / "index.md").open("a", encoding="utf-8") as index:
        index.write(EACH)
    reference = folder / "reference"
    reference.mkdir()
    for name, text in reference_pages.pages().items():
        (reference / name).write_text(text, encoding="utf-8")
    for kind in setting_pages.ABOUT:
        (folder / f"{kind}_settings.md").write_text(setting_pages.page(kind), encoding="utf-8")
    (folder / "units.md").write_text(setting_pages.units(), encoding="utf-8")


def _told(name: str) -> str:
    """A page of the folder above `docs`, with its links as they are from inside."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
    moved = {
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
        "README.zh.md": "zh/readme.md",
    }
    for before, now in moved.items():
        text = text.replace(f"]({before})", f"]({now})")
    return text


def build(target: Path) -> int:
    """Write the site to a folder; return Sphinx's exit code, which is not 0 after any warning."""
    from sphinx.cmd.build import build_main

    with TemporaryDirectory() as made:
        source = Path(made) / "source"
        lay_out(source)
        return int(build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(target)]))


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"))
