"""`import evenhand as eh`: one name gives all that is public, and nothing before it is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import evenhand
from evenhand import analysis, scenarios, sim
from evenhand.analysis import calibration, counterfactual, eventlog, experiments, policy_timeline

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROOMS = [
    evenhand,
    sim,
    scenarios,
    analysis,
    calibration,
    counterfactual,
    eventlog,
    experiments,
    policy_timeline,
]


def test_the_page_lists_every_public_name_and_no_other() -> None:
    """A name that is not on the page is not public; a name on the page can be used."""
    cells = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    listed = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(listed) == sorted(evenhand.__all__)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_name_can_be_had_and_is_listed(room: object) -> None:
    """`dir()`, and so the tab key, knows what a room offers, before it is loaded."""
    names = room.__all__  # type: ignore[attr-defined]
    assert len(names) == len(set(names))
    assert set(names) <= set(dir(room))
    for name in names:
        assert getattr(room, name) is not None, name


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_wrong_name_is_an_attribute_error(room: object) -> None:
    """As from any module: `hasattr` and editors rely on it."""
    with pytest.raises(AttributeError, match="no attribute 'fairnes'"):
        _ = room.fairnes  # type: ignore[attr-defined]


def test_functions_of_the_facade_are_those_of_the_rooms() -> None:
    """One function under both names, never a wrapper."""
    assert evenhand.simulate is sim.simulate
    assert evenhand.load is scenarios.load
    assert evenhand.compare is analysis.compare
    assert evenhand.calibrate is calibration.calibrate
    assert evenhand.fairness is analysis.fairness


@pytest.mark.process
@pytest.mark.parametrize(
    "first",
    ["evenhand.analysis.compare.study", "evenhand.analysis.report", "evenhand.analysis.experiments.designs"],
)
def test_a_function_is_not_hidden_by_a_module_of_its_name(first: str) -> None:
    """`analysis.compare` is the function whatever was imported before."""
    code = f"import {first}; from evenhand import analysis; assert callable(analysis.compare)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


@pytest.mark.process
def test_the_code_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing to try is on the page of names."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(block, "api.md", "exec"), {})
    assert "Estimate(" in capsys.readouterr().out


def test_the_facade_loads_nothing_heavy() -> None:
    """Every pytest of an environment imports it, for the plugin."""
    heavy = {"numpy", "scipy", "numba", "pydantic", "typer", "evenhand.sim", "evenhand.analysis"}
    code = f"import sys, evenhand; dir(evenhand); print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == []


def test_folders_are_found_where_there_are_no_links(tmp_path: Path) -> None:
    """Git on Windows writes a link as a text file; the folders lie beside the package then."""
    (tmp_path / "evenhand").mkdir()
    for name in ("__init__.py", "lazy.py"):
        (tmp_path / "evenhand" / name).write_bytes((ROOT / "evenhand" / name).read_bytes())
    (tmp_path / "evenhand" / "sim").write_text("../sim", encoding="utf-8")
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("MINE = 1\n", encoding="utf-8")
    code = "import evenhand.sim; assert evenhand.sim.MINE == 1"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)
