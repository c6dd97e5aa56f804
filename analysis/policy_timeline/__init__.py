"""The timeline of a dispute under a policy: its phases, in pictures and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.analysis.policy_timeline.phases import phases
from evenhand.analysis.policy_timeline.picture import picture
from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.policy_timeline.phases import LANES, Phase
    from evenhand.analysis.policy_timeline.picture import Course
    from evenhand.analysis.policy_timeline.words import apart

__all__ = ["LANES", "Course", "Phase", "apart", "phases", "picture"]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "picture": ("Course",),
        "phases": ("LANES", "Phase"),
        "words": ("apart",),
    },
)
