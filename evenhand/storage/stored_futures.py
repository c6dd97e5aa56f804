"""Futures that a robustness study has kept: each is a scenario again, and policies as they are in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios.beliefs import Beliefs
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.point_file import said_of_itself
from evenhand.storage.robust_file import RobustFile


@dataclass(frozen=True, eq=False)
class StoredFutures:
    """The futures of a robust.parquet, in the order of their numbers."""

    base: Scenario
    """The scenario whose assumed numbers the beliefs move."""
    policies: tuple[Policy, ...]
    """Those that were tried."""
    beliefs: Beliefs
    numbers: Ints
    z: Floats
    """Position of each belief, from -1 to 1; (futures, beliefs)."""
    seed: int
    days: int | None

    def __len__(self) -> int:
        """How many futures there are."""
        return len(self.numbers)

    def scenario(self, place: int) -> Scenario:
        """The scenario of a future, by its place in `numbers`."""
        return self._make(tuple(self.z[place].tolist()))

    def policy(self, policy: Policy, place: int) -> Policy:
        """Any policy as it is in a future: beliefs may be about assumed settings of policies, too."""
        return self.beliefs.policies(policy)(self.z[place].tolist())

    @cached_property
    def _make(self) -> Callable[[Sequence[float]], Scenario]:
        return self.beliefs.scenarios(self.base)


def read_futures(path: Path) -> StoredFutures:
    """Read the futures of a study. Raises UsageError for a file that holds none."""
    database = connect(threads=1)
    try:
        said = said_of_itself(database, path)
        plan = json.loads(said[RobustFile.PLAN])
        beliefs = Beliefs.of_plain(plan["beliefs"])
        names = ", ".join('"' + name.replace('"', '""') + '"' for name in beliefs.names)
        found = database.execute(
            f"SELECT DISTINCT future, {names} FROM read_parquet($path) "  # noqa: S608 (names are quoted)
            "WHERE future IS NOT NULL ORDER BY future",
            {"path": str(path)},
        ).fetchnumpy()
        base = Scenario.model_validate(plan["scenario"])
        policies = tuple(Policy.model_validate(one) for one in plan["policies"])
    except (duckdb.Error, KeyError, TypeError, ValueError) as error:
        wrong = gettext("'{path}' holds no futures of a robustness study, or is damaged")
        raise UsageError(wrong.format(path=path)) from error
    finally:
        database.close()
    numbers = np.asarray(found["future"], np.int64)
    if not len(numbers):
        raise UsageError(gettext("'{path}' has no future yet; let the study go on").format(path=path))
    z = np.column_stack([np.asarray(found[name], float) for name in beliefs.names])
    return StoredFutures(base, policies, beliefs, numbers, z, int(plan["seed"]), plan["days"])
