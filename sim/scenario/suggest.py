"""Suggestions for misspelt words; here, because every package may import it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from evenhand.locale.current import gettext

LONGEST = 100
"""Letters that are compared: nobody means a longer word, and comparing takes the square of the length."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """The nearest allowed word as the end of a sentence, `; did you mean 'x'?`, or nothing."""
    near = get_close_matches(word[:LONGEST], list(allowed), n=1)
    return gettext("; did you mean {what!r}?").format(what=near[0]) if near else ""
