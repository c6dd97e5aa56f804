"""Which version this is, and of what its numbers depend on; see `evenhand.version`."""

from __future__ import annotations

from evenhand.version import NUMBERS_DEPEND_ON, version, versions

__all__ = ["NUMBERS_DEPEND_ON", "version", "versions"]
