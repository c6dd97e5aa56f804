"""The course of a dispute under a policy: its phases, in pictures and in words."""

from analysis.course.phases import LANES, Phase, phases
from analysis.course.picture import Course, picture
from analysis.course.words import apart

__all__ = ["LANES", "Course", "Phase", "apart", "phases", "picture"]
