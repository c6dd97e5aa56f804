"""Files of due-process rules: read whole, with the place of every mistake."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

import analysis.conform
from analysis.conform import Rules
from scenarios import BadFile, Problem
from scenarios.english import translate
from scenarios.library import label
from scenarios.yaml import parse, read_text

SHIPPED = Path(analysis.conform.__file__).with_name("due_process.yaml")


def read(path: Path | None = None) -> Rules:
    """Read a file of rules, the shipped ones where none is named. Raises BadFile with every mistake."""
    file = label(path or SHIPPED)
    problems: list[Problem] = []
    tree = parse(read_text(path or SHIPPED, file), file, problems)
    try:
        rules = Rules.model_validate(tree.data())
    except ValidationError as error:
        raise BadFile([*problems, *translate(error.errors(), Rules, tree)]) from None
    if problems:
        raise BadFile(problems)
    return rules
