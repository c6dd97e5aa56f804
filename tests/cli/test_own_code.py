"""Rules, metrics and groups of one's own on the command line; changed ones are not taken for old ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import analysis, jobs, scenarios, sim
from evenhand.cli.main import app
from evenhand.jobs.gate_file import read
from evenhand.scenarios import BadFile
from tests.support.app_files import write_files

RULES = '''HIGH = 1.0
def generous(file):
    """All that is asked for."""
    return HIGH
'''
MINE = '''from evenhand.analysis import gap, metric, within

@metric("Valid claims")
def valid_share(cells):
    """Share of disputes whose grievance is real."""
    return cells.share(cells.valid, cells.everyone)

denied = within("wrongful_denial_rate", "buyer_group", "new", name="denied_new")
apart = gap("wrongful_denial_rate", "buyer_group", "new", "regular", name="denied_gap")
'''
SMALL = ("--scenario", "world.yaml", "--days", "25", "--replications", "2", "--engine", "simpy")
GENEROUS = "rules.yaml+rules.py:generous"
GATE = """days: 25
metrics_from: my.py
gates:
  - scenario: world.yaml
    policy: rules.yaml+rules.py:generous
    metrics:
      valid_share: {margin: 1 pt}
      denied_new: {margin: 1 pt, role: not_worse}
"""


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a market, rules, a decision rule and metrics."""
    write_files(tmp_path)
    (tmp_path / "rules.py").write_text(RULES, encoding="utf-8")
    (tmp_path / "my.py").write_text(MINE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.process
def test_a_comparison_by_a_rule_and_metrics_of_files(here: Path) -> None:
    """Under the generous rule nobody who is right is refused; the manifest knows what the functions say."""
    metrics = ("--metric", "valid_share", "--metric", "denied_new", "--metric", "denied_gap")
    done = evenhand(
        "compare", "rules.yaml", GENEROUS, *SMALL, "--metrics-from", "my.py", *metrics, "--by", "buyer_group",
        "--out", "two", "--format", "json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    found = {one["metric"]: one for one in json.loads(done.stdout)["comparisons"]}
    assert list(found) == ["valid_share", "denied_new", "denied_gap"]
    market, rules = scenarios.load("world.yaml"), scenarios.policy("rules.yaml")
    run = sim.simulate(market, rules, seed=1, replications=2, days=25, engine="simpy")
    denied = analysis.outcomes_by(run, "buyer_group", ["wrongful_denial_rate"])["new"]["wrongful_denial_rate"]
    assert found["denied_new"]["difference"] == pytest.approx(-denied.value)
    manifest = json.loads((here / "two" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rules"].keys() == {"rules+generous"}
    assert manifest["rules"]["rules+generous"]["name"] == "generous"
    assert set(manifest["own_metrics"]) == set(found)
    assert manifest["texts"] == {"rules.py": RULES, "my.py": MINE}


@pytest.mark.process
def test_a_sweep_does_not_go_on_with_points_of_another_function(here: Path) -> None:
    """The file says which function is another one; --force begins anew."""
    sweep = ("sweep", GENEROUS, *SMALL, "--vary", "decision.standard=0.4,0.6", "--metrics-from", "my.py")
    assert evenhand(*sweep, "--out", "sw").exit_code == 0
    before = (here / "sw" / "sweep.parquet").read_bytes()
    again = evenhand(*sweep, "--out", "sw")
    assert again.exit_code == 0
    assert "Valid claims" in again.stdout
    assert (here / "sw" / "sweep.parquet").read_bytes() == before
    for name, text, said in (
        ("rules.py", RULES.replace("1.0", "0.9"), "decide.sha256"),
        ("my.py", MINE.replace("cells.everyone", "cells.closed"), "own_metrics.valid_share.sha256"),
    ):
        kept = (here / name).read_text(encoding="utf-8")
        (here / name).write_text(text, encoding="utf-8")
        refused = evenhand(*sweep, "--out", "sw")
        assert refused.exit_code == 2
        assert f"holds another sweep: {said}" in refused.stderr
        (here / name).write_text(kept, encoding="utf-8")


@pytest.mark.process
def test_a_gate_watches_a_rule_and_metrics_of_ones_own(here: Path) -> None:
    """A changed rule is what it is for; a changed metric is another metric, to be accepted again."""
    gate = here / "expect.yaml"
    gate.write_text(GATE, encoding="utf-8")
    assert evenhand("gate", "expect.yaml", "--accept", "first").exit_code == 0
    assert set(read(gate).says.accepted.own) == {"valid_share", "denied_new"}  # type: ignore[union-attr]
    passed = jobs.gate(gate)
    assert passed.passed
    assert "passed, 2 metrics" in repr(passed)
    (here / "rules.py").write_text(RULES.replace("HIGH = 1.0", "HIGH = 0.0"), encoding="utf-8")
    failed = jobs.gate(gate)
    assert [one["verdict"] for one in failed.table()][1] == "worse"
    assert "failed: denied_new of rules+generous worse" in repr(failed)
    (here / "my.py").write_text(MINE.replace("cells.everyone", "cells.closed"), encoding="utf-8")
    with pytest.raises(BadFile, match=r"expect.yaml:2:\d+: metrics_from: valid_share is computed otherwise"):
        read(gate)
    assert evenhand("gate", "expect.yaml", "--accept", "counted otherwise").exit_code == 0


@pytest.mark.process
def test_audits_take_a_rule_a_metric_and_a_group() -> None:
    """Whoever decides in Python has no noise; gaps are in one's own metric, between one's own groups."""
    done = evenhand(
        "audit", "loops", GENEROUS, *SMALL, "--metrics-from", "my.py", "--metric", "valid_share",
        "--by", "amount_band", "--format", "json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["findings"]
    assert {one["measure"].partition(".")[0] for one in found} == {"valid_share"}
    assert all(one["part"].startswith("amount band: ") for one in found)
    noise = evenhand("audit", "noise", GENEROUS, *SMALL, "--judges", "2", "--format", "json")
    every = json.loads(noise.stdout)["findings"]
    parts = {one["measure"]: one["value"] for one in every if one["part"] != "belief"}
    assert parts["occasion"] == pytest.approx(0.0, abs=1e-12)
    assert parts["disagreement"] == 0.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "rules.yaml", "rules.py:generous"), "write POLICY+rules.py:generous"),
        (
            ("compare", "rules.yaml", "rules.yaml+rules.py:generus"),
            "no function 'generus'; did you mean 'generous'?",
        ),
        (("compare", "rules.yaml", "rules.yaml+none.py:generous"), "none.py: No such file or directory"),
        (
            ("compare", "rules.yaml", GENEROUS, "--metrics-from", "my.py", "--metric", "valid_shar"),
            "--metric: no metric 'valid_shar'; did you mean 'valid_share'?",
        ),
        (
            ("sweep", GENEROUS, "--vary", "decision.standard=0.4,0.6", "--metrics-from", "rules.py"),
            "makes no metric",
        ),
        (
            ("compare", "rules.yaml", GENEROUS, "--engine", "numba"),
            "--engine: a decision rule in Python runs under simpy",
        ),
        (
            ("compare", "rules.yaml", GENEROUS, "--stress-des"),
            "--stress-des: is written into the folder given by --out",
        ),
    ],
)
def test_what_is_wrong_with_ones_own_code_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    """Exit status 2, nothing on stdout, no traceback, before anything runs."""
    chosen = SMALL if "numba" not in arguments else SMALL[:-2]
    done = evenhand(*arguments, *chosen)
    assert done.exit_code == 2, done.stdout
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
