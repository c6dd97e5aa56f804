"""The reference of the public names of each room, as pages for Sphinx's autodoc."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import get_origin

ROOMS = {
    "evenhand.sim": "Simulating",
    "evenhand.scenarios": "Scenarios and policies",
    "evenhand.analysis": "Analysing",
    "evenhand.analysis.compare": "Comparing",
    "evenhand.analysis.fairness": "Fairness",
    "evenhand.analysis.gate": "Gates",
    "evenhand.analysis.experiments": "Sweeps",
    "evenhand.analysis.counterfactual": "Attribution and audits",
    "evenhand.analysis.calibration": "Calibration",
    "evenhand.analysis.charts": "Charts",
    "evenhand.analysis.eventlog": "Event logs",
    "evenhand.jobs": "Jobs, without printing",
}


def pages() -> dict[str, str]:
    """One page a room, as Markdown by its file name; a name that several rooms give is indexed once."""
    seen: set[int] = set()
    return {f"{room}.md": _page(room, title, seen) for room, title in ROOMS.items()}


def _page(room: str, title: str, seen: set[int]) -> str:
    module = import_module(room)
    things = {name: getattr(module, name) for name in module.__all__}
    entries = "\n\n".join(
        _entry(f"{room}.{name}", thing, seen)
        for name, thing in things.items()
        if not isinstance(thing, ModuleType)
    )
    about = (module.__doc__ or "").strip()
    short = room.removeprefix("evenhand.")
    return f"# {title} (`{short}`)\n\n{about}\n\n```{{eval-rst}}\n{entries}\n```\n"


def _entry(path: str, thing: object, seen: set[int]) -> str:
    if not callable(thing) or get_origin(thing) is not None:  # a value, or the name of a type
        return f".. py:data:: {path}\n   :no-index:"
    again = "\n   :no-index:" if id(thing) in seen else ""
    seen.add(id(thing))
    if isinstance(thing, type):
        return f".. autoclass:: {path}\n   :members:{again}"
    return f".. autofunction:: {path}{again}"
