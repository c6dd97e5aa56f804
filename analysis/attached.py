"""Members of a result that another room makes, such as its pictures: loaded by name when they are asked for.

A comparison or a finding is numbers. What draws it imports it, never the other way round, or each would need
the other to be loaded; and matplotlib takes a while to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def attached(module: str, name: str, result: object) -> Any:
    """What `name` of `module` makes of a result."""
    return getattr(import_module(module), name)(result)
