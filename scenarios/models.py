"""One way from a YAML file to a checked model: every mistake has its line and column."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from evenhand.scenarios.catalogue import label
from evenhand.scenarios.english import translate
from evenhand.scenarios.problems import BadFile, Problem
from evenhand.scenarios.yaml import Node, parse, read_text

M = TypeVar("M", bound=BaseModel)


def read_model(model: type[M], path: Path, problems: list[Problem] | None = None) -> tuple[M, Node]:
    """Read a file as a model, with the tree that knows where each part stands.

    Mistakes that do not stop the reading go to `problems` where a list is given, so that a caller can
    tell them together with its own. Raises BadFile with every mistake.
    """
    file = label(path)
    return model_of(model, read_text(path, file), file, problems)


def model_of(model: type[M], text: str, file: str, problems: list[Problem] | None = None) -> tuple[M, Node]:
    """The same from text; `file` is its name in messages. Raises BadFile."""
    found = [] if problems is None else problems
    tree = parse(text, file, found)
    try:
        value = model.model_validate(tree.data())
    except ValidationError as error:
        raise BadFile([*found, *translate(error.errors(), model, tree)]) from None
    if found and problems is None:
        raise BadFile(found)
    return value, tree
