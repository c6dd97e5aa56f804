"""How the tests run: slow ones on request, generated ones always the same, the whole suite on all cores."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from evenhand.parallel.pool import cores

settings.register_profile(
    "ci", max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=400, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
os.environ.pop("COLUMNS", None)  # set for those who share the tests: tables would be narrower there


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All cores for the whole suite; some files or tests start sooner by themselves."""
    everything = config.args_source is not pytest.Config.ArgsSource.ARGS
    return cores() if everything else 0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run statistical tests in their full size too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="full size; ask for it with --slow"))
