"""The page about sweeps: its commands can be carried out, and its code runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import scenarios
from evenhand.analysis.experiments import Axis, design
from evenhand.cli.main import app
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.scenario.scenario import Scenario

PAGE = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^evenhand (sweep .*)$", PAGE, re.MULTILINE)
SMALLER = {
    'scenarios.load("tmall_unresponsive")': 'quiet(scenarios.load("tmall_unresponsive"))',
    "points=3, replications=10": "points=2, replications=2, days=20, engine='simpy'",
    "points=16, replications=5": "points=2, replications=2, days=20, engine='simpy'",
}


def quiet(scenario: Scenario) -> Scenario:
    """A fortieth of the orders."""
    return scenarios.builder(scenario, scenarios.policy("tmall"))({"market.orders_per_day": 75.0})[0]


@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_can_be_carried_out(command, tmp_path, monkeypatch):
    """All is read and checked as it stands; only the work itself is left out."""
    planned = []
    monkeypatch.setenv("EVENHAND_TRACEBACK", "1")
    monkeypatch.chdir(tmp_path)

    def planned_only(experiment: Experiment, axes: list[Axis], **how: Any) -> None:
        planned.append((experiment, design(how["design_kind"], axes, how["points"], experiment.seed)))
        raise ZeroDivisionError

    monkeypatch.setattr("evenhand.jobs.sweep", planned_only)
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
    ((experiment, look),) = planned
    build = scenarios.builder(experiment.scenario, experiment.policy)
    models = [build(look.values(n)) for n in range(len(look))]
    assert len(models) > 3


@pytest.mark.process
def test_the_page_has_all_designs_and_its_code_runs():
    """Code in a page is code: it is run, in less worlds."""
    from evenhand.analysis.experiments import DESIGNS

    assert len(COMMANDS) == 4
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(DESIGNS)
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    for full, smaller in SMALLER.items():
        assert code.count(full) == 1
        code = code.replace(full, smaller)
    printed: list[str] = []
    names = {"quiet": quiet, "print": lambda *words: printed.append(" ".join(map(str, words)))}
    exec(compile(code, "docs/sweeps.md", "exec"), names)
    told = [line.split()[0] for line in printed]
    axes = ["windows.merchant_evidence", "behaviour.review_propensity"]
    assert sorted(told[:2]) == sorted(axes)
    assert told[-3:] == [*axes, "dummy:"]
