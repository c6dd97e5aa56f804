"""A project may call its own modules app, sim, analysis or tests: nothing of ours is in their way."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from evenhand.cli.gate import carry_out
from tests.support import app_files

NAMES = {
    "app.py": "VALUE = 'mine'\n",
    "sim.py": "raise RuntimeError('a project of its own')\n",
    "analysis/__init__.py": "raise RuntimeError('a project of its own')\n",
    "scenarios/__init__.py": "raise RuntimeError('a project of its own')\n",
    "tests/__init__.py": "",
}
EXPECT = """\
days: 20
replications: 10
gates:
  - scenario: world.yaml
    policy: rules.yaml
    metrics:
      settled_share: {margin: 50 pt}
"""
TEST = """
import app


def test_the_rules_do_what_was_accepted(metric_gate):
    assert app.VALUE == "mine"
    assert metric_gate("expect.yaml").passed
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A researcher's folder, with a policy, a scenario and an accepted gate."""
    app_files.write_files(tmp_path)
    (tmp_path / "expect.yaml").write_text(EXPECT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert carry_out(Path("expect.yaml"), "as it is", as_json=True)
    for name, text in NAMES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def ran(project: Path, *words: str) -> str:
    """What Python prints there, with the project first on the path, as `python -m` has it."""
    path = os.pathsep.join([str(project), str(app_files.ROOT)])
    done = subprocess.run(
        [sys.executable, *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.process
@pytest.mark.parametrize("words", [("check", "rules.yaml", "world.yaml"), ("gate", "expect.yaml")])
def test_the_command_runs_in_such_a_project(project: Path, words: tuple[str, ...]) -> None:
    """`python -m evenhand` puts the folder first on the path."""
    ran(project, "-m", "evenhand", *words)


@pytest.mark.process
def test_everything_can_be_imported_in_such_a_project(project: Path) -> None:
    """A notebook lies beside such folders."""
    code = "import app, evenhand as eh; [getattr(eh, name) for name in eh.__all__]; print(app.VALUE)"
    assert ran(project, "-c", code) == "mine\n"


@pytest.mark.process
def test_the_fixture_of_pytest_works_in_such_a_project(project: Path) -> None:
    """A gate is really checked, in a pytest of its own, beside the project's `app.py`."""
    (project / "tests" / "test_gate.py").write_text(TEST, encoding="utf-8")
    said = ran(project, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "tests")
    assert "1 passed" in said


def test_one_name_is_installed() -> None:
    """The distribution gives one package, one command and one plugin."""
    here = metadata.distribution("evenhand")
    assert {(point.name, point.value) for point in here.entry_points} == {
        ("evenhand", "evenhand.__main__:main"),
        ("evenhand", "evenhand.pytest_plugin"),
    }
