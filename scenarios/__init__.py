"""Scenario and policy files: found by name or path, laid over their bases, checked and explained."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from scenarios.library import Entry, Kind, available
from scenarios.problems import BadFile, Place, Problem
from scenarios.provenance import Provenance

if TYPE_CHECKING:
    from scenarios.check import Checked, check_text
    from scenarios.editor import BACK, edit, edited
    from scenarios.forms import form
    from scenarios.keys import content_key, plan_key
    from scenarios.numbers import builder
    from scenarios.reader import Loaded, check_pair, load, policy, read
    from scenarios.show import Setting, settings

__all__ = [
    "BACK", "BadFile", "Checked", "Entry", "Kind", "Loaded", "Place", "Problem", "Provenance", "Setting",
    "available", "builder", "check_pair", "check_text", "content_key", "edit", "edited", "form", "load",
    "plan_key", "policy", "read", "settings",
]  # fmt: skip

# What needs the models waits until it is used, so that listing files does not load the simulator.
_LATER = {
    "Checked": "check", "check_text": "check",
    "BACK": "editor", "edit": "editor", "edited": "editor", "form": "forms",
    "content_key": "keys", "plan_key": "keys",
    "Loaded": "reader", "builder": "numbers", "check_pair": "reader", "load": "reader",
    "policy": "reader", "read": "reader",
    "Setting": "show", "settings": "show",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'scenarios' has no attribute '{name}'")
    return getattr(import_module(f"scenarios.{_LATER[name]}"), name)
