"""A pytest plugin with one fixture: `metric_gate` fails a test when a metric really moved.

Every pytest of an environment loads this, so it imports nothing of Evenhand before a test uses the fixture,
and it is a package of its own: a project under test may well have one that is called `app`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from evenhand.analysis.metrics.metric import Metric
    from evenhand.jobs.gating import Outcome


class MetricGate(Protocol):
    """What the fixture gives."""

    def __call__(
        self, path: str | os.PathLike[str], *, metrics: Iterable[Metric] = (), decide: Any = None
    ) -> Outcome:
        """Check a file; `metrics` and `decide` are as for `evenhand.jobs.gate`."""
        ...


@pytest.fixture(scope="session")
def metric_gate(pytestconfig: pytest.Config) -> MetricGate:
    """Check a file of expectations, as `evenhand gate` does; a relative path starts at pytest's rootdir.

    Gives what was found; fails with the table where a metric changed, is worse, undecided or missing,
    and with one line for each mistake where the file cannot be used.
    """

    def gate(path: str | os.PathLike[str], *, metrics: Iterable[Metric] = (), decide: Any = None) -> Outcome:
        __tracebackhide__ = True
        from evenhand import jobs
        from evenhand.cli.gate_table import as_text
        from evenhand.scenarios import BadFile

        file = pytestconfig.rootpath / Path(path)
        try:
            outcome = jobs.gate(file, metrics=metrics, decide=decide)
        except BadFile as error:
            raise AssertionError(f"a gate that cannot be used\n{error}") from None
        if not outcome.passed:
            raise AssertionError(f"a gate failed\n{as_text(file, outcome.judged)}")
        return outcome

    return gate
