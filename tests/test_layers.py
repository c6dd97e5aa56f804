"""Imports run one way, so that a part can be read, tested and replaced without those above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_USE = {
    "sim": {"sim"},
    "scenarios": {"scenarios", "sim"},
    "analysis": {"analysis", "sim"},
    "app": {"app", "analysis", "scenarios", "sim"},
    "evenhand_pytest": {"evenhand_pytest", "app", "analysis", "scenarios", "sim"},
    "benchmarks": {"benchmarks", "app", "analysis", "scenarios", "sim"},
}


def imported(path: Path) -> Iterator[str]:
    """Top-level names of what a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where an arrow points"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("package", MAY_USE)
def test_imports_run_one_way(package: str) -> None:
    """app -> analysis -> sim <- scenarios <- app, the plugin for pytest on top, and no other arrow."""
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        ours = set(imported(path)) & set(MAY_USE)
        assert ours <= MAY_USE[package], f"{path.relative_to(ROOT)} imports {ours - MAY_USE[package]}"


def test_the_simulation_reads_and_writes_no_files() -> None:
    """`sim` knows no files; the folder of compiled code is the one exception, in two files."""
    for path in (ROOT / "sim").rglob("*.py"):
        if path.name not in {"cache.py", "mended.py"}:
            names = set(imported(path))
            assert not names & {"pathlib", "os", "io", "json", "ruamel", "duckdb", "matplotlib"}, path


def test_stages_use_arithmetic_and_tables_only() -> None:
    """No library's logarithm or exponential may make the two clocks differ."""
    for path in [*(ROOT / "sim" / "lifecycle").glob("*.py"), ROOT / "sim" / "ruling.py"]:
        if path.name == "aftermath.py":
            continue  # has one function on arrays for after a run
        assert not set(imported(path)) & {"math", "numpy", "scipy", "random"}, path
    tree = ast.parse((ROOT / "sim" / "lifecycle" / "aftermath.py").read_text(encoding="utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.decorator_list:
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            assert "np" not in names, function.name


def test_nothing_draws_random_numbers_but_the_keyed_draws() -> None:
    """A shared or global generator anywhere would undo the pairing."""
    for package in ("sim", "scenarios"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "default_rng" not in text, path
            assert "RandomState" not in text, path
            assert "random" not in set(imported(path)), path
            if path.name != "draws.py":
                assert "np.random" not in text, path


@pytest.mark.parametrize(("package", "heavy"), [
    ("sim", {"numba", "simpy", "matplotlib", "duckdb", "scenarios", "analysis", "app"}),
    ("sim.scenario, sim.policy, sim.fit", {"numba", "simpy", "matplotlib", "duckdb"}),
    ("scenarios", {"numba", "simpy", "matplotlib", "duckdb", "analysis", "app"}),
    ("analysis", {
        "numba", "simpy", "matplotlib", "duckdb", "scenarios", "app", "analysis.fairness", "analysis.report",
    }),
])  # fmt: skip
def test_nothing_heavy_is_loaded_before_it_is_used(package: str, heavy: set[str]) -> None:
    """`evenhand check` and a notebook's first cell answer at once: no compiler, no charts."""
    code = f"import sys, {package}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
    )
    assert done.stdout.split() == []


def test_analysis_gives_all_that_it_names() -> None:
    """A notebook imports one name; functions are there at once, modules when they are used."""
    import analysis

    for name in analysis.__all__:
        assert getattr(analysis, name) is not None, name
    assert set(analysis.__all__) <= set(dir(analysis))
    assert callable(analysis.compare)
    assert callable(analysis.fairness.panel)
    assert callable(analysis.report.write)
    with pytest.raises(AttributeError, match="no attribute 'fairnes'"):
        _ = analysis.fairnes


def test_the_arrows_in_the_linters_settings_are_those_of_this_test() -> None:
    """One picture of the house, in pyproject and here."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert set(settings["root_packages"]) == set(MAY_USE)
    layers = settings["contracts"][0]["layers"]
    assert [layer.replace(" ", "") for layer in layers] == [
        "benchmarks:evenhand_pytest", "app", "analysis:scenarios", "sim",
    ]  # fmt: skip
