"""What an independent reader finds in an exported log: r4pm, the Rust library `process_mining`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import r4pm


def ask(name: str, **arguments: Any) -> Any:
    """Call one of the reader's functions by its name."""
    (known,) = {one["id"] for one in r4pm.list_bindings() if one["name"] == name}
    return json.loads(r4pm.call_binding(known, json.dumps(arguments)))


def xes(path: Path) -> Any:
    """A log in XES as the reader sees it: an id to ask about."""
    return r4pm.import_item("EventLog", str(path))


def variants(log: Any) -> dict[tuple[str, ...], int]:
    """Sequences of activities, and how many traces have each."""
    projection = ask("log_to_activity_projection", log=log)
    return {tuple(one["activities"]): one["count"] for one in ask("get_variants", projection=projection)}


def ocel(path: Path) -> Any:
    """A log in OCEL 2.0 as the reader sees it: an id to ask about."""
    return r4pm.convert_item(r4pm.import_item("OCEL", str(path)), "SlimLinkedOCEL")
