"""Mapping files: read, checked, with every mistake at its line and column."""

from __future__ import annotations

import os
from pathlib import Path

from evenhand.analysis.calibration.mapping import Mapping
from evenhand.scenarios.models import model_of
from evenhand.scenarios.yaml import read_text


def read_mapping(path: str | os.PathLike[str]) -> Mapping:
    """Read a mapping file. Raises BadFile with every mistake."""
    return mapping_of(read_text(Path(path), str(path)), str(path))


def mapping_of(text: str, file: str) -> Mapping:
    """A mapping from the text of a file. Raises BadFile."""
    # a mapping has a `source` of its own: its values are wanted here, not their provenance
    return model_of(Mapping, text, file)[0]
