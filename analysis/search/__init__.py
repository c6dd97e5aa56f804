"""Searching rules: levers turned towards goals within limits, the front judged in fresh worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.search.found import FRESH_WORLDS, Found, search
    from evenhand.analysis.search.front import Seen, hypervolume
    from evenhand.analysis.search.goals import Aims, Goal, Limit, aims, goal, limit
    from evenhand.analysis.search.lever import Lever, Value
    from evenhand.analysis.search.study import Candidate, Explored, Floor, explore, floor_of

__all__ = [
    "FRESH_WORLDS",
    "Aims",
    "Candidate",
    "Explored",
    "Floor",
    "Found",
    "Goal",
    "Lever",
    "Limit",
    "Seen",
    "Value",
    "aims",
    "explore",
    "floor_of",
    "goal",
    "hypervolume",
    "limit",
    "search",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "found": ("FRESH_WORLDS", "Found", "search"),
        "front": ("Seen", "hypervolume"),
        "goals": ("Aims", "Goal", "Limit", "aims", "goal", "limit"),
        "lever": ("Lever", "Value"),
        "study": ("Candidate", "Explored", "Floor", "explore", "floor_of"),
    },
)
