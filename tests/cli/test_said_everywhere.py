"""Desks that cannot keep up are said by sweeps, gates, attributions and audits, too: above their numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from tests.support.app_files import write_files

SAID = "The decision desk cannot keep up:"
SLOW = {"desks": {"decision": {"staff": 1, "service": {"median": "12 h"}}}}
WORLD = ("--scenario", "world.yaml", "--days", "30", "--replications", "2", "--engine", "simpy")
AUDIT = ("rules.yaml", "--scenario", "world.yaml", "--days", "21", "--replications", "1", "--engine", "simpy")
OPEN = "desks.decision.staff=2..40"
GATE = """days: 20
replications: 10
budget: 10
gates:
  - scenario: world.yaml
    policy: rules.yaml
    metrics: {ruled_share: {margin: 20 pt}}
"""


def told(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return str(done.stdout)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a market too large for its desk, rules, and a patch of these."""
    write_files(tmp_path, SLOW)
    text = "title: mine\nbase: rules.yaml\ndecision: {standard: 0.6}\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def warned(document: dict[str, Any]) -> list[str]:
    return [one["sentence"] for one in document["warnings"]]


@pytest.mark.process
def test_a_sweep_says_at_which_points_a_desk_cannot_keep_up(here: Path) -> None:
    """A curve over staff crosses from backlog to service: the numbers on either side are of two kinds."""
    sweep = ("sweep", "rules.yaml", *WORLD, "--vary", OPEN, "--points", "2", "--metric", "ruled_share")
    text = told(*sweep, "--out", "s")
    first, second = [line for line in text.splitlines() if line.startswith("WARNING")]
    assert first.startswith(f"WARNING, at the base: {SAID}")
    assert second.startswith(f"WARNING, at desks.decision.staff = 2: {SAID}")
    assert SAID in (here / "s" / "sweep.html").read_text(encoding="utf-8")
    again = json.loads(told(*sweep, "--out", "s", "--format", "json"))
    assert all(one.startswith(SAID) for one in warned(again)), "taken from the file, not measured again"
    assert {one["settings"]["desks.decision.staff"] for one in again["warnings"]} == {1.0, 2.0}
    assert "staff_needed" in again["warnings"][0]


@pytest.mark.process
def test_an_attribution_says_it_of_either_policy(here: Path) -> None:
    """Where lives part in a backlog, the queue parts them."""
    attribute = ("attribute", "rules.yaml", "mine.yaml", *WORLD)
    lines = [line for line in told(*attribute).splitlines() if line.startswith("WARNING")]
    assert [line[: len(f"WARNING, under A: {SAID}")] for line in lines] == [
        f"WARNING, under A: {SAID}",
        f"WARNING, under B: {SAID}",
    ]
    assert [one["under"] for one in json.loads(told(*attribute, "--format", "json"))["warnings"]] == [
        "A",
        "B",
    ]


@pytest.mark.process
@pytest.mark.parametrize(
    "audit",
    [
        ("arms", *AUDIT),
        ("loops", *AUDIT),
    ],
    ids=lambda audit: audit[0],
)
def test_an_audit_says_it_first(here: Path, audit: tuple[str, ...]) -> None:
    """An effect that is measured in a backlog is one of the backlog."""
    assert told("audit", *audit).startswith(f"WARNING: {SAID}")
    (sentence,) = warned(json.loads(told("audit", *audit, "--format", "json")))
    assert sentence.startswith(SAID)


@pytest.mark.process
def test_a_gate_says_it_above_its_table(here: Path) -> None:
    """A metric that may not move is worth nothing where it describes a line that grows for ever."""
    (here / "gate.yaml").write_text(GATE, encoding="utf-8")
    accepted = told("gate", "gate.yaml", "--accept", "begin")
    assert accepted.startswith(f"WARNING, rules in world: {SAID}")
    assert told("gate", "gate.yaml").startswith(f"WARNING, rules in world: {SAID}")
    (one,) = json.loads(told("gate", "gate.yaml", "--format", "json"))["warnings"]
    assert (one["policy"], one["scenario"], one["desk"]) == ("rules", "world", "decision")


@pytest.mark.process
def test_nothing_is_said_where_every_desk_keeps_up(here: Path) -> None:
    """A warning that always stands there is read by nobody."""
    write_files(here, {"desks": {"decision": {"staff": 9}}})
    assert "WARNING" not in told("attribute", "rules.yaml", "mine.yaml", *WORLD)
    assert "WARNING" not in told("audit", "arms", *AUDIT)
