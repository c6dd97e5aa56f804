"""Steps of long work: a sentence for a person, with the key and the parameters that it was made of.

Functions that take a while tell of their steps by a text and a number. The text is a `Step`: who prints it
has a sentence, and who translates it, or draws a page, has data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from evenhand.locale.current import gettext

Tell = Callable[[int, int], None]
"""Told, again and again, how many steps of how many are done; it may raise, to stop the work."""

COMPILING = "compiling the model, up to a quarter of a minute, once for each version"
WORDS: Mapping[str, str] = {
    "compiling": COMPILING,
    "replication": "replication {number} of {total}",
    "replication_of_policy": "{policy}: replication {number} of {total}",
    "compiling_for_policy": "{policy}: " + COMPILING,
    "counting": "counting outcomes",
    "drawing": "drawing the report",
    "world_of_scenario": "{scenario}: world {number} of {total}",
    "world_of_scenario_at_most": "{scenario}: world {number} of at most {total}",
    "fresh_world_of_scenario": "{scenario}: fresh world {number} of {total}",
    "points": "{done} of {total} points done",
    "world": "world {number} of {total}",
    "aligning": "aligning disputes",
    "mixtures": "mixtures in world {number} of {total}",
    "audit": "{audit}, world {number} of {total}",
    "gate": "{policy} in {scenario}, replication {number}",
    "fitting": "fitting what columns show",
    "trial": "trial {number} of {total}: distance {loss:.3f}, best {best:.3f}",
    "putting_back": "putting back {setting}",
    "trying_range": "trying the range of {setting}",
    "scoring": "scoring",
    "search": "{done} of {total} worlds, {candidates} candidates{left}",
    "advice": "{done} of {total} lives",
    "kept_candidates": "what was seen of {done} candidates is kept in {file}",
    "drawing_page": "drawing the page",
    "kept_replications": "{done} of {total} replications are done and kept",
    "kept_points": "{done} of {total} points are kept in {file}",
    "kept_trials": "{done} of {total} trials are kept",
    "damaged": "{why}; replications {replications} are done anew",
    "damaged_run": "'{folder}' is not as it was written; what is damaged is done anew",
    "finished": "'{folder}' is finished already",
}
"""English of each key, as catalogues have it; a translation has the same parameters."""


def silent(done: int, total: int) -> None:
    """Say nothing."""


class Step(str):
    """A sentence that knows what it was made of. Raises KeyError for a key without words."""

    __slots__ = ("key", "parameters")
    key: str
    parameters: Mapping[str, Any]

    def __new__(cls, key: str, /, **parameters: Any) -> Self:
        """Write the sentence of a key."""
        made = super().__new__(cls, gettext(WORDS[key]).format(**parameters))
        made.key, made.parameters = key, parameters
        return made
