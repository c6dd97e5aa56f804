"""Words in charts: taken as they are, measured without a font, shortened where there is no room."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, east_asian_width

from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals

SIZE = 13.0
"""Height of ordinary writing in a chart, in its own units; one unit is a CSS pixel at full size."""
SMALL = 12.0
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}·- /\\`\u00a0")
_WIDE = frozenset("mwMW%@—…")


def plain(text: object) -> str:
    """A name or title on one line, without characters that cannot be shown or written to a file."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


@lru_cache(maxsize=4096)
def _width_in_em(text: str) -> float:
    width = 0.0
    for c in text:
        if combining(c):
            continue
        if east_asian_width(c) in {"W", "F"}:
            width += 1.0
        elif c in _NARROW:
            width += 0.37
        elif c in _WIDE or c.isupper():
            width += 0.8
        else:
            width += 0.62
    return width


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is in the sans-serif fonts of browsers, on the generous side.

    The reader's browser chooses the font, so no font at hand could say it exactly; Chinese,
    Japanese and Korean characters are one em wide in all of them.
    """
    return _width_in_em(text) * size


def shorten(text: object, room: float, size: float = SIZE) -> str:
    """A text that fits into so much room, with an ellipsis if it had to be cut."""
    whole = plain(text)
    if width_of(whole, size) <= room:
        return whole
    cut = whole
    while cut and width_of(cut + "…", size) > room:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def broken(text: object, room: float, size: float = SIZE) -> list[str]:
    """A text in as few lines as fit into so much room, two at most, the last one cut if it has to be."""
    words = plain(text).split()
    whole = " ".join(words)
    if width_of(whole, size) <= room:
        return [whole]
    fits = [i for i in range(1, len(words)) if width_of(" ".join(words[:i]), size) <= room]
    if not fits:
        return [shorten(whole, room, size)]
    first, second = " ".join(words[: fits[-1]]), " ".join(words[fits[-1] :])
    return [first, shorten(second, room, size)]


def per_cent(written: str) -> str:
    """A percentage that is written in English digits, with its sign, in the language in force."""
    return gettext("{value} %").format(value=numerals(written))


def n_of(n: int) -> str:
    """How many are counted."""
    return gettext("n = {n}").format(n=numerals(f"{n:,}"))
