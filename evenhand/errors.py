"""What cannot be done as it was asked for."""

from __future__ import annotations


class UsageError(Exception):
    """Something was asked for that cannot be done; the text is one line that says what is allowed."""
