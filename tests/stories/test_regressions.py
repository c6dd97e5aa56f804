"""Story 20: a build that catches what a change of rules makes of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.conftest import Ask

MARKET = """title: A small market whose people respond
base: worlds/tmall
market: {orders_per_day: 300}
merchants: {count: 60}
start_up: 0 d
"""
GATE = """days: 60
replications: 10
budget: 10
gates:
  - scenario: people.yaml
    policy: ours.yaml
    metrics:
      abusive_claims_per_thousand_orders: {margin: 0.4, role: not_worse}
      care: {margin: 0.05, role: not_worse}
"""


@pytest.mark.process
def test_a_gate_catches_that_a_change_makes_claims_abusive(ask: Ask, here: Path) -> None:
    """The same rules pass; rules that grant nearly everything unheard fail, and the line names the metric."""
    (here / "people.yaml").write_text(MARKET, encoding="utf-8")
    (here / "gate.yaml").write_text(GATE, encoding="utf-8")
    rules = here / "ours.yaml"
    rules.write_text("title: Ours\nbase: policies/tmall\n", encoding="utf-8")
    ask("evenhand gate gate.yaml --accept begin")
    assert "2 of 2 passed." in ask("evenhand gate gate.yaml")
    generous = "decision: {standard: 0.2}\nreturns: {required: false}\n"
    rules.write_text(f"title: Ours\nbase: policies/tmall\n{generous}", encoding="utf-8")
    said = ask("evenhand gate gate.yaml", code=1)
    (failed,) = (line for line in said.splitlines() if line.startswith("FAILED"))
    assert "abusive_claims_per_thousand_orders moved by +" in failed
    assert "worse by more than the margin" in failed
