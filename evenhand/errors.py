"""What cannot be done as it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class UsageError(Exception):
    """Something was asked for that cannot be done; the text is one line that says what is allowed."""


@contextmanager
def refused() -> Iterator[None]:
    """What the analysis refuses as a value is a mistake of the user; a misfit keeps its own lines."""
    from evenhand.sim.policy.compatibility import DoesNotFit

    try:
        yield
    except DoesNotFit:
        raise
    except ValueError as error:
        raise UsageError(str(error)) from error
