"""Names of metrics, rates and measures that have changed; the old ones are understood for one release."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeVar

from evenhand.sim.scenario.suggest import did_you_mean

RENAMED = {
    "wrongful_charge_rate": "wrongful_grant_rate",
    "wrongful_charge": "wrongful_grant",
    "wrongful_charge_gap": "wrongful_grant_gap",
    "win_rate_parity": "demographic_parity",
    "equalised_odds": "equalized_odds",
    "equalised_odds_spread": "equalized_odds_spread",
}
"""Old name -> new name, since 2.0; the table is emptied in the release after it."""

T = TypeVar("T")
_said: set[str] = set()


def current(name: str) -> str:
    """The name of today; for an old one says so in one line on standard error, once a process.

    A plain line and no DeprecationWarning: Python hides those from whoever calls through another module, and
    projects that turn warnings into errors would fail for a name that still works.
    """
    now = RENAMED.get(name, name)
    if now != name and name not in _said:
        _said.add(name)
        sys.stderr.write(f"evenhand: {name!r} is now called {now!r}; the next release drops the old name\n")
    return now


def look_up(known: Mapping[str, T], name: str, kind: str) -> T:
    """What is registered under a name, old or new. Raises ValueError with a hint: no `kind` of this name."""
    now = current(name)
    if now not in known:
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        raise ValueError(f"no {kind} {name!r}{hint}")
    return known[now]
