"""The sections of the report of a run, a file a question; each is found by its `@exhibit`, none is listed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from evenhand.analysis.report.exhibit import Make, registered


def exhibits() -> tuple[Make, ...]:
    """Every exhibit of this folder, in the order of the places that they give themselves."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    return tuple(make for _, make in sorted(registered().items()))
