"""Words of the command line: help, what click says itself, and the headings of tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from evenhand.cli.click_words import CLICK
from evenhand.cli.languages import messages as of_help
from evenhand.cli.main import app

CLI = Path(__file__).parents[2] / "evenhand" / "cli"
HEADS = {"heads", "gaps", "GROUPS", "HEAD", "HEADINGS"}
"""Names of headings that are passed to `table` later."""


def of_commands() -> Iterator[tuple[str, str]]:
    """Each message with the file that has it."""
    yield from ((text, "evenhand/cli/main.py") for text in of_help(get_command(app)) if text)
    yield from ((text, "evenhand/cli/click_words.py") for text in CLICK)
    for path in sorted(CLI.glob("*.py")):
        for text in headings(ast.parse(path.read_text(encoding="utf-8"))):
            yield text, f"evenhand/cli/{path.name}"


def headings(tree: ast.AST) -> Iterator[str]:
    """Words in the headings of tables: tuples that `table` is called with, or that are named for it."""
    for node in ast.walk(tree):
        head: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "table":
            head = node.args[0]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in HEADS:
            head = node.value
        for one in head.elts if isinstance(head, ast.Tuple) else ():
            text = one.value if isinstance(one, ast.Constant) else None
            if isinstance(text, str) and text.strip() and "{" not in text:
                yield text
