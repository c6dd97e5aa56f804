"""What robustness studies have found of policies in scenarios, for those who look at these again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.background import Spoken
from evenhand.scenarios.keys import content_key
from evenhand.scenarios.reader import Loaded

FOUND = "robust.json"
"""What a study has found, as data in its folder."""
HOME = Path("runs")
"""Where studies are kept, unless they were written elsewhere."""
MOST_STUDIES, MOST_SENTENCES = 200, 6


def futures_of(
    scenarios: Sequence[Loaded], policies: Sequence[Loaded], home: Path = HOME
) -> tuple[Spoken, ...]:
    """The sentences of studies below `home` about these files as they are now.

    Of one policy all that compares it; of several only what compares them with each other. A file that has
    changed since has another key, and the study is not about it any more.
    """
    worlds = {content_key(one.model) for one in scenarios}
    rules = {content_key(one.model) for one in policies}
    found: list[Spoken] = []
    for study in _studies(home):
        try:
            keys = {str(one["name"]): str(one["key"]) for one in study["policies"]}
            if study["scenario"]["key"] in worlds:
                found += [dict(one["sentence"]) for one in study["answers"] if _about(one, keys, rules)]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # not written by us, or damaged: nothing is computed from it
    return tuple(found[:MOST_SENTENCES])


def _about(answer: Any, keys: dict[str, str], rules: set[str]) -> bool:
    both = {keys[str(answer["policy"])], keys[str(answer["baseline"])]}
    return both <= rules if len(rules) > 1 else bool(both & rules)


def _studies(home: Path) -> Iterator[Any]:
    for path in sorted(home.glob(f"*/{FOUND}"))[:MOST_STUDIES]:
        try:
            yield json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
