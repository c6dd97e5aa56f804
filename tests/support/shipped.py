"""Shipped policies as parameters: three in every run of the tests, the others in CI and on request."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand import scenarios

POLICIES = tuple(entry.name for entry in scenarios.available() if entry.kind == "policy")
OFTEN = ("tmall", "kleros_general", "eu_odr")
"""A desk, a panel, and offers of both sides."""


def policies() -> list[Any]:
    """One parameter a policy; all but a few are marked `process`."""
    return [pytest.param(one, marks=[] if one in OFTEN else pytest.mark.process) for one in POLICIES]
