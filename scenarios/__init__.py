"""Scenario and policy files: found by name or path, laid over their bases, checked and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.scenarios.catalogue import Entry, Kind, available
    from evenhand.scenarios.check import Checked, check_text
    from evenhand.scenarios.editor import BACK, edit, edited
    from evenhand.scenarios.forms import form
    from evenhand.scenarios.keys import content_key, plan_key
    from evenhand.scenarios.labels import description, label
    from evenhand.scenarios.numbers import builder
    from evenhand.scenarios.problems import BadFile, Place, Problem
    from evenhand.scenarios.provenance import Provenance
    from evenhand.scenarios.reader import Loaded, check_pair, load, policy, read
    from evenhand.scenarios.show import Setting, settings

__all__ = [
    "BACK",
    "BadFile",
    "Checked",
    "Entry",
    "Kind",
    "Loaded",
    "Place",
    "Problem",
    "Provenance",
    "Setting",
    "available",
    "builder",
    "check_pair",
    "check_text",
    "content_key",
    "description",
    "edit",
    "edited",
    "form",
    "label",
    "load",
    "plan_key",
    "policy",
    "read",
    "settings",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "editor": ("BACK", "edit", "edited"),
        "problems": ("BadFile", "Place", "Problem"),
        "check": ("Checked", "check_text"),
        "catalogue": ("Entry", "Kind", "available"),
        "reader": ("Loaded", "check_pair", "load", "policy", "read"),
        "provenance": ("Provenance",),
        "show": ("Setting", "settings"),
        "numbers": ("builder",),
        "keys": ("content_key", "plan_key"),
        "labels": ("description", "label"),
        "forms": ("form",),
    },
)
