"""Shipped policies as parameters: three in every run of the tests, the others in CI and on request."""

from __future__ import annotations

from typing import Any

from evenhand import scenarios
from tests.support.often import often

POLICIES = tuple(entry.name for entry in scenarios.available() if entry.kind == "policy")
OFTEN = ("tmall", "kleros_general", "eu_odr")
"""A desk, a panel, and offers of both sides."""


def policies() -> list[Any]:
    """One parameter a policy; all but a few are marked `process`."""
    return often(POLICIES, OFTEN)
