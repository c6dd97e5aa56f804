"""Files of due-process rules: read whole, with the place of every mistake."""

from __future__ import annotations

from pathlib import Path

import evenhand.analysis.eventlog
from evenhand.analysis.eventlog import Rules
from evenhand.scenarios.models import read_model

SHIPPED = Path(evenhand.analysis.eventlog.__file__).with_name("due_process.yaml")


def read(path: Path | None = None) -> Rules:
    """Read a file of rules, the shipped ones where none is named. Raises BadFile with every mistake."""
    return read_model(Rules, path or SHIPPED)[0]
