"""Units of findings beyond those of metrics."""

from __future__ import annotations

DIFFERENCE = "share difference"
"""Unit of a difference of two shares."""
