"""Languages for tests: a made-up one whose messages are the English ones in brackets, and what pages say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from docs.build.messages import template
from evenhand.locale.catalogue import WHERE
from evenhand.version import TITLE

MADE_UP = "eo"
"""A tag that Babel knows and nobody has translated into."""
VOID = {"meta", "br"}
WORD = r"[A-Za-z][A-Za-z'’-]*"
SENTENCE = re.compile(rf"(?:{WORD}[ ,;:]+){{3,}}{WORD}")
OF_FILES = re.compile(r"[a-z_]+(?:, [a-z_]+)*")
"""A list of words as they stand in scenario and policy files."""


class Said(HTMLParser):
    """Everything that a page says: texts and labels, with the elements that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self._sections: list[str] = []
        self.said: list[tuple[str, str]] = []
        """Section and text."""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the element and its label."""
        names = dict(attrs)
        if tag == "section":
            self._sections.append(names.get("id") or "")
        if label := names.get("aria-label"):
            self.said.append((self._section, label))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element."""
        self._open.pop()
        if tag == "section":
            self._sections.pop()

    def handle_data(self, data: str) -> None:
        """Take a text that is shown."""
        if data.strip() and "style" not in self._open:
            self.said.append((self._section, data.strip()))

    @property
    def _section(self) -> str:
        return self._sections[-1] if self._sections else ""


def made_up(folder: Path) -> Path:
    """Put the catalogue of the made-up language into a folder of catalogues: one file, and nothing else."""
    catalogue = Catalog(locale=MADE_UP)
    for one in template():
        if isinstance(one.id, tuple):
            catalogue.add(one.id, [f"⟦{form}⟧" for form in one.id])
        elif one.id:
            catalogue.add(one.id, f"⟦{one.id}⟧")
    path = folder / MADE_UP / WHERE
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    return folder


def english_sentences(html: str) -> list[str]:
    """Texts of a page with four English words in a row; words of files and the title to cite left aside."""
    said = [text.replace(TITLE, "") for _, text in Said(html).said]
    return [text for text in said if SENTENCE.search(text) and not OF_FILES.fullmatch(text)]
