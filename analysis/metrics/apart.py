"""Where two documents differ, in words: what was asked for before, and what is asked for now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evenhand.locale.current import gettext

MOST = 6
"""Differences that are told."""
_LONGEST = 80


def told(there: Any, here: Any) -> str:
    """The first differences between two documents in one line, and how many more there are; '' = none."""
    apart = list(differences(there, here))
    more = gettext(", and {n} more").format(n=len(apart) - MOST) if len(apart) > MOST else ""
    return f"{'; '.join(apart[:MOST])}{more}"


def differences(there: Any, here: Any, path: str = "") -> Iterator[str]:
    """Where two documents differ, one clause each."""
    if isinstance(there, dict) and isinstance(here, dict):
        for key in dict.fromkeys([*there, *here]):
            yield from differences(there.get(key), here.get(key), f"{path}.{key}" if path else key)
    elif there != here:
        yield gettext("{path} is {there} there and {here} here").format(
            path=path, there=_said(there), here=_said(here)
        )


def _said(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
