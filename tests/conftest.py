"""How the tests run: what takes long on request, generated ones always the same, the suite on all cores.

Without a name on the command line the tests marked `process` and `slow` are left out; `--all` brings back
those marked `process` (CI runs them), `--slow` the others too. A file or test that is named runs whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from evenhand.parallel.pool import cores
from evenhand.sim.jit.cache import is_warm

settings.register_profile(
    "ci", max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=400, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
os.environ["EVENHAND_LANG"] = "en"  # whatever the system speaks
os.environ["EVENHAND_COMPILE_BESIDE"] = "0"  # no test leaves a compiler behind that it does not ask for
os.environ.pop("COLUMNS", None)  # set for those who share the tests: tables would be narrower there

COMPILES = "from evenhand.sim import simulate; from tests.support import small; "
COMPILES += "simulate(small.scenario(), small.policy(), days=20, engine={engine!r})"
"""A run with either engine leaves the machine code that it needs on the disk."""


def everything(config: pytest.Config) -> bool:
    """Whether the whole suite is asked for, and not some files or tests by name."""
    worker: dict[str, bool] = getattr(config, "workerinput", {})  # a worker is given names by its controller
    return worker.get("everything", config.args_source is not pytest.Config.ArgsSource.ARGS)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the words that bring back what is left out."""
    parser.addoption("--all", action="store_true", help="run tests marked `process` too, as CI does")
    parser.addoption("--slow", action="store_true", help="run everything, statistics in their full size too")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """All cores for the whole suite; some files or tests start sooner by themselves.

    Set here and not in pyproject.toml, so that `-p no:xdist` works.
    """
    if not config.pluginmanager.hasplugin("xdist") or hasattr(config, "workerinput"):
        return  # a worker that had workers of its own would start more without end
    if config.option.numprocesses is None and everything(config) and not config.option.usepdb:
        config.option.numprocesses = cores()
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "worksteal"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker what was asked for."""
    node.workerinput["everything"] = everything(node.config)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before workers start, each engine's code in a process of its own; the workers load it."""
    config = session.config
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", 0) or config.option.collectonly:
        return
    code = [COMPILES.format(engine=engine) for engine in ("numba", "simpy") if not is_warm(engine)]
    root = Path(__file__).parents[1]
    for child in [subprocess.Popen([sys.executable, "-c", one], cwd=root) for one in code]:
        child.wait()  # what failed here fails in a test, with its traceback


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long and has not been asked for by an option, its mark or its name."""
    thorough, marks = config.getoption("--slow"), config.option.markexpr
    out = set() if thorough or "slow" in marks else {"slow"}
    if everything(config) and not (thorough or config.getoption("--all") or "process" in marks):
        out.add("process")
    if left := [item for item in items if out & item.keywords.keys()]:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not out & item.keywords.keys()]
