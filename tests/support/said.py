"""Finds what programs say to people and no catalogue has: text in functions that is not given to gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OPTION = re.compile(r"--[a-z-]+:?|\b(policy|scenario)=\S*")
TEXT = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z(]|[a-z]{2,}:? +\{|\} +[a-z]{2,}|[a-z]: $")
"""Two words after one another, or a word beside something that is filled in."""
TAKEN = frozenset({"gettext", "ngettext", "gettext_noop", "Text", "Listed", "Named", "Counted"})
"""Calls whose text is in the catalogues."""
HELP = frozenset({"Option", "Argument", "Typer", "Field"})
"""Calls whose text is collected from the commands and the models themselves."""
NOT_SAID = frozenset(
    {"execute", "sql", "compile", "count", "sum", "removeprefix", "replace", "startswith", "table"}
)
"""Calls whose text is for a program: questions to a database, patterns, names in records; headings of tables
are collected where they stand."""
PROGRAMMERS = frozenset({"TypeError", "AssertionError", "RuntimeError", "NotImplementedError", "Stopped"})
"""Errors of who calls a function wrongly, in English like Python's own."""
NAMES = frozenset({"style", "mode", "encoding", "how"})
"""Arguments whose text names something."""


class Said(NamedTuple):
    """A text that no catalogue has."""

    file: str
    line: int
    text: str
    """With `{}` for what is filled in."""


def outside(path: Path, root: Path) -> Iterator[Said]:
    """Every text of the functions of a file that reads like a sentence and is in no catalogue."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = _text(node)
        if text is not None and TEXT.search(OPTION.sub("", text)) and _is_said(node, above):
            yield Said(str(path.relative_to(root)), getattr(node, "lineno", 0), text)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_said(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a text of a function can reach a person, as far as the places above it tell."""
    parent = above.get(node)
    if isinstance(parent, (ast.JoinedStr, ast.Expr, ast.Subscript)):
        return False  # a part of a larger text, a docstring, a key
    if isinstance(parent, ast.Dict) and node in parent.keys:
        return False
    inside = False
    while (parent := above.get(node)) is not None:
        if _is_kept(node, parent):
            return False
        inside = inside or isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef))
        node = parent
    return inside


def _is_kept(node: ast.AST, parent: ast.AST) -> bool:
    """Whether what stands at this place is looked up, is for a program, or is no text at all."""
    if isinstance(parent, ast.Call) and node is not parent.func:
        return _name(parent.func) in TAKEN | HELP | NOT_SAID or (
            isinstance(node, ast.keyword) and node.arg in NAMES
        )
    if isinstance(parent, ast.Raise) and isinstance(parent.exc, ast.Call):
        return _name(parent.exc.func) in PROGRAMMERS
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node in parent.decorator_list or node is parent.args or node is parent.returns
    return isinstance(parent, ast.Compare) or (
        isinstance(parent, ast.AnnAssign) and node is parent.annotation
    )


def _name(function: ast.AST) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
