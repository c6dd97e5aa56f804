"""Files of due-process rules: read whole, with the place of every mistake."""

from __future__ import annotations

from pathlib import Path

import analysis.conform
from analysis.conform import Rules
from scenarios.models import read_model

SHIPPED = Path(analysis.conform.__file__).with_name("due_process.yaml")


def read(path: Path | None = None) -> Rules:
    """Read a file of rules, the shipped ones where none is named. Raises BadFile with every mistake."""
    return read_model(Rules, path or SHIPPED)[0]
