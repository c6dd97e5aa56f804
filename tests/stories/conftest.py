"""A small market as somebody would write it, in a folder of its own, and the command."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app

MARKET = """title: A small corner of Tmall
base: worlds/tmall_unresponsive
market: {orders_per_day: 300}
merchants: {count: 60}
desks: {decision: {staff: 1}}
"""
Ask = Callable[..., str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with `market.yaml`."""
    (tmp_path / "market.yaml").write_text(MARKET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ask(here: Path) -> Ask:
    """Give a line to the command, and get what it prints; `code` is the exit status that is expected.

    With `heard` that includes what goes to stderr.
    """

    def asked(line: str, *, code: int = 0, heard: bool = False) -> str:
        name, *words = shlex.split(line)
        assert name == "evenhand"
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return str(done.output if code or heard else done.stdout)

    return asked


@pytest.fixture
def rules(here: Path) -> Callable[..., str]:
    """Write a policy that rests on another, as `NAME.yaml`, and give its name."""

    def written(name: str, text: str, base: str = "policies/tmall", title: str = "") -> str:
        head = f"title: {title or name}\nbase: {base}\n"
        (here / f"{name}.yaml").write_text(head + text, encoding="utf-8")
        return f"{name}.yaml"

    return written
