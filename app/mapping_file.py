"""Mapping files: read, checked, with every mistake at its line and column."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from analysis.calibration.mapping import Mapping
from scenarios import BadFile
from scenarios.english import translate
from scenarios.problems import Problem
from scenarios.yaml import parse, read_text


def read_mapping(path: str | os.PathLike[str]) -> Mapping:
    """Read a mapping file. Raises BadFile with every mistake."""
    return mapping_of(read_text(Path(path), str(path)), str(path))


def mapping_of(text: str, file: str) -> Mapping:
    """A mapping from the text of a file. Raises BadFile."""
    problems: list[Problem] = []
    tree = parse(text, file, problems)
    # a mapping has a `source` of its own; only its values are wanted here, not their provenance
    data = tree.data()
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        raise BadFile([*problems, *translate(error.errors(), Mapping, tree)]) from None
    if problems:
        raise BadFile(problems)
    return mapping
