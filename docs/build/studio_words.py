"""What the pages of the studio say: calls in templates, headings of its editor, and the words of choices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

from evenhand.locale.words import Message
from evenhand.scenarios.fields import about
from evenhand.studio.forms.choices import ChoiceWords
from evenhand.studio.forms.choices import words as choices
from evenhand.studio.forms.market import MarketWords
from evenhand.studio.forms.sections import SectionWords

TEMPLATES = Path(__file__).parents[2] / "evenhand" / "studio" / "templates"
PLAIN = {"buyer", "merchant", "platform", "nobody"}
"""Words that are also choices of settings where they need no others."""
CALLS = {"_": None, "ngettext": (1, 2)}


def of_studio() -> Iterator[tuple[Message, str]]:
    """Every message of the studio that no call in Python has, with its file."""
    found = extract_from_dir(TEMPLATES, [("**.html", "jinja2")], keywords=CALLS)
    for file, _, said, _, _ in found:
        yield said if isinstance(said, str) else (said[0], said[1]), f"evenhand/studio/templates/{file}"
    for words in (SectionWords, MarketWords, ChoiceWords):
        yield from ((message, "evenhand/studio/forms") for message in words.messages())
    yield from ((word, "sim") for word in sorted(_choices()))


def _choices() -> set[str]:
    """Words of choices as forms show them."""
    told = {key.partition("=")[2] for key in choices.SAID if "=" in key}
    words: set[str] = set()
    for one in (*about("policy"), *about("scenario")):
        parts = (one.may, one.may.items, one.may.entries)
        words.update(word for part in parts if part is not None for word in (*part.words, *part.keys))
    return {word.replace("_", " ") for word in words - told | PLAIN if word.strip("_")}
