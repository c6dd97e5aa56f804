"""Scenario and policy files: found by name or path, laid over their bases, checked and explained."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from scenarios.library import Entry, Kind, available
from scenarios.problems import BadFile, Place, Problem
from scenarios.provenance import Provenance

if TYPE_CHECKING:
    from scenarios.numbers import builder
    from scenarios.reader import Loaded, check_pair, load, policy, read
    from scenarios.show import Setting, settings

__all__ = [
    "BadFile", "Entry", "Kind", "Loaded", "Place", "Problem", "Provenance", "Setting",
    "available", "builder", "check_pair", "load", "policy", "read", "settings",
]  # fmt: skip

# What needs the models waits until it is used, so that listing files does not load the simulator.
_LATER = {
    "Loaded": "reader", "builder": "numbers", "check_pair": "reader", "load": "reader",
    "policy": "reader", "read": "reader",
    "Setting": "show", "settings": "show",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'scenarios' has no attribute '{name}'")
    return getattr(import_module(f"scenarios.{_LATER[name]}"), name)
