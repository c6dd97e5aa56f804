"""Settings as words in Markdown, and text that stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SPECIAL = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown reads as markup inside a line; a low line inside a word is none."""


def escape(text: Any) -> str:
    """A text that Markdown shows as it is, in one line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(str(text).split()))


def said(value: Any) -> str:
    """A setting in words: a law with its parameters, a group, a list, a word, a number."""
    if isinstance(value, Mapping):
        rest = [f"{escape(key)} {said(one)}" for key, one in value.items() if key != "law"]
        if "law" in value:
            return f"{escape(value['law'])} ({', '.join(rest)})"
        return f"({'; '.join(rest)})" if rest else "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(said(one) for one in value) or "none"
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return f"{value:.6g}" if isinstance(value, float) else escape(value)


def leaves(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Settings one by one, as a dotted path and words; a law is one setting."""
    for key, value in settings.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and value and "law" not in value:
            yield from leaves(value, here)
        else:
            yield escape(here), said(value)
