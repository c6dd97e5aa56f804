"""Parameters of a test: some in every run of the tests, the others marked `process`: in CI, on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def often(values: Iterable[Any], kept: Iterable[Any] | Callable[[Any], bool]) -> list[Any]:
    """One parameter a value; those not among `kept`, or of which it is false, are marked `process`."""
    chosen = kept if callable(kept) else frozenset(kept).__contains__
    return [pytest.param(one, marks=[] if chosen(one) else pytest.mark.process) for one in values]
