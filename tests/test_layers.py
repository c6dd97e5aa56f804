"""Imports run one way, so that a part can be read, tested and replaced without those above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SIM, SCENARIOS, ANALYSIS = "evenhand.sim", "evenhand.scenarios", "evenhand.analysis"
BELOW = (
    *("evenhand.frames", "evenhand.held_signals", "evenhand.lazy", "evenhand.locale"),
    *("evenhand.own_code", "evenhand.renamed", "evenhand.result", "evenhand.version"),
)
MAY_USE = {
    "sim": {SIM, *BELOW},
    "scenarios": {SCENARIOS, SIM, *BELOW},
    "analysis": {ANALYSIS, SIM, *BELOW},
    "evenhand/parallel": {"evenhand.parallel", "evenhand.errors", *BELOW, SIM},
    "evenhand/storage": {
        "evenhand.storage",
        "evenhand.parallel",
        "evenhand.errors",
        "evenhand.held_signals",
        "evenhand.own_code",
        "evenhand.result",
        "evenhand.version",
        ANALYSIS,
        SCENARIOS,
        SIM,
        *BELOW,
    },
    "evenhand/explain": {
        "evenhand.explain",
        "evenhand.storage",
        "evenhand.errors",
        ANALYSIS,
        SCENARIOS,
        SIM,
        *BELOW,
    },
    "evenhand/jobs": {
        "evenhand.jobs",
        "evenhand.storage",
        "evenhand.parallel",
        "evenhand.errors",
        ANALYSIS,
        SCENARIOS,
        SIM,
        *BELOW,
    },
    "evenhand/studio": {
        "evenhand.studio",
        "evenhand.jobs",
        "evenhand.explain",
        "evenhand.storage",
        "evenhand.parallel",
        "evenhand.errors",
        "evenhand.held_signals",
        ANALYSIS,
        SCENARIOS,
        SIM,
        *BELOW,
    },
    "evenhand/cli": {
        "evenhand.cli",
        "evenhand.studio",
        "evenhand.jobs",
        "evenhand.explain",
        "evenhand.storage",
        "evenhand.parallel",
        "evenhand.errors",
        ANALYSIS,
        SCENARIOS,
        SIM,
        *BELOW,
    },
    "evenhand/locale": {"evenhand.locale"},
    "docs/build": {
        "docs.build",
        "evenhand.locale",
        "evenhand.cli",
        "evenhand.studio",
        "evenhand.jobs",
        "evenhand.storage",
        "evenhand.parallel",
        ANALYSIS,
        SCENARIOS,
        SIM,
    },
    "benchmarks": {
        "benchmarks",
        "evenhand.studio",
        "evenhand.__main__",
        "evenhand.cli",
        "evenhand.jobs",
        "evenhand.storage",
        "evenhand.parallel",
        "evenhand.errors",
        "tests.support",
        ANALYSIS,
        SCENARIOS,
        SIM,
    },
}
OURS = {"sim", "scenarios", "analysis", "app", "evenhand", "evenhand_pytest", "tests", "docs", "benchmarks"}


COMPILED_CODE = {"cache.py", "mended.py"}
"""Files of `sim/jit` that keep machine code on the disk."""


def imported(path: Path) -> Iterator[str]:
    """Dotted names of what a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where an arrow points"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def libraries(path: Path) -> set[str]:
    """Top-level names of what a file imports."""
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("room", MAY_USE)
def test_imports_run_one_way(room: str) -> None:
    """cli -> studio -> jobs, explain, storage -> analysis -> sim <- scenarios, and no other arrow."""
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        for name in imported(path):
            parts = name.split(".")
            if parts[0] in OURS:
                depth = 1 if parts[0] == "benchmarks" else 2
                ours = ".".join(parts[:depth])
                assert ours in MAY_USE[room], f"{path.relative_to(ROOT)} imports {name}"


def test_the_simulation_reads_and_writes_no_files() -> None:
    """`sim` knows no files; compiled code is the one exception, in files of its own."""
    for path in (ROOT / "sim").rglob("*.py"):
        if path.parent.name != "jit" or path.name not in COMPILED_CODE:
            assert not libraries(path) & {"pathlib", "os", "io", "json", "ruamel", "duckdb", "matplotlib"}, (
                path
            )


def test_stages_use_arithmetic_and_tables_only() -> None:
    """No library's logarithm or exponential may make the two engines differ."""
    stages = ROOT / "sim" / "lifecycle"
    # These have functions that work on the arrays of a whole run too.
    on_arrays = ("feedback.py", "presence.py", "sales.py")
    for path in stages.glob("*.py"):
        if path.name not in ("initial_state.py", *on_arrays):
            assert not libraries(path) & {"math", "numpy", "scipy", "random"}, path
    trees = [ast.parse((stages / name).read_text(encoding="utf-8")) for name in on_arrays]
    for function in (function for tree in trees for function in tree.body):
        if isinstance(function, ast.FunctionDef) and function.decorator_list:
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            assert "np" not in names, function.name


@pytest.mark.process
def test_nothing_draws_random_numbers_but_the_keyed_draws() -> None:
    """A shared or global generator anywhere would undo the pairing."""
    for package in ("sim", "scenarios"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "default_rng" not in text, path
            assert "RandomState" not in text, path
            assert "random" not in libraries(path), path
            if path.name != "streams.py":
                assert "np.random" not in text, path


@pytest.mark.process
@pytest.mark.parametrize(
    ("package", "heavy"),
    [
        (SIM, {"numba", "simpy", "matplotlib", "duckdb", SCENARIOS, ANALYSIS, "evenhand.cli"}),
        (
            "evenhand.sim.scenario.scenario, evenhand.sim.policy.policy, evenhand.sim.policy.compatibility",
            {"numba", "simpy", "matplotlib", "duckdb"},
        ),
        (SCENARIOS, {"numba", "simpy", "matplotlib", "duckdb", ANALYSIS, "evenhand.cli"}),
        (
            ANALYSIS,
            {
                "numba",
                "simpy",
                "matplotlib",
                "duckdb",
                SCENARIOS,
                "evenhand.cli",
                "evenhand.analysis.fairness",
                "evenhand.analysis.report",
            },
        ),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_used(package: str, heavy: set[str]) -> None:
    """`evenhand check` and a notebook's first cell answer at once: no compiler, no charts."""
    code = f"import sys, {package}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == []


def test_the_linter_knows_every_room() -> None:
    """One picture of the house, in pyproject and on disk."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    first, _, sim, analysis = settings["contracts"]
    layers = {name.strip() for layer in first["layers"] for name in layer.split(":")}
    rooms = {path.name for path in (ROOT / "evenhand").iterdir() if (path / "__init__.py").is_file()}
    assert {f"evenhand.{room}" for room in rooms} <= layers
    for contract, folder in ((sim, "sim"), (analysis, "analysis")):
        named = {
            name.strip(" ()") for layer in contract["layers"] for name in layer.replace("|", ":").split(":")
        }
        files = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
        assert named == files | {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
