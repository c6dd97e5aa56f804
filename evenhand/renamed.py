"""Names that have changed: the old are understood for one release, and a line on stderr says the new.

Metrics, settings, options, arguments, their values and scenarios all stand in the tables here; they are
emptied in the release after 2.0.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from evenhand.locale.current import gettext

METRICS = {
    "wrongful_charge_rate": "wrongful_grant_rate",
    "wrongful_charge": "wrongful_grant",
    "wrongful_charge_gap": "wrongful_grant_gap",
    "win_rate_parity": "demographic_parity",
    "equalised_odds": "equalized_odds",
    "equalised_odds_spread": "equalized_odds_spread",
}
"""Metrics, rates and fairness measures."""
SETTINGS = {
    "jurors.lean": "jurors.bias",
    "jurors.lean_half": "jurors.bias_half",
    "decision.automatic.unheard": "decision.automatic.ex_parte",
}
"""Settings of scenarios and policies, as dotted paths; only the last name of a path changes."""
OPTIONS = {"--clock": "--engine"}
"""Options of the command."""
ARGUMENTS = {"clock": "engine"}
"""Arguments of functions, and keys of manifests and plans."""
SCENARIOS = {"tmall_people": "tmall"}
"""Shipped scenarios; a file of the old name comes first."""
ENGINES = {"compiled": "numba"}
"""Values of `--engine` and `engine=`."""

P = ParamSpec("P")
T = TypeVar("T")
_said: set[str] = set()


def current(name: str, table: Mapping[str, str]) -> str:
    """The name of today; for an old one says so in one line on standard error, once a process.

    A plain line and no DeprecationWarning: Python hides those from whoever calls through another module, and
    projects that turn warnings into errors would fail for a name that still works.
    """
    now = table.get(name, name)
    if now != name and name not in _said:
        _said.add(name)
        sys.stderr.write(
            gettext("evenhand: {name!r} is now called {now!r}; the next release drops the old name\n").format(
                name=name, now=now
            )
        )
    return now


def words_of_today(words: Sequence[str]) -> list[str]:
    """The words of a command line with the options and engines of today; nothing after `--` is touched."""
    end = words.index("--") if "--" in words else len(words)
    made: list[str] = []
    for word in words[:end]:
        name, equals, value = word.partition("=")
        if made and made[-1] == "--engine":
            made.append(current(word, ENGINES))
        elif not word.startswith("--"):
            made.append(word)
        else:
            now = current(name, OPTIONS)
            made.append(f"{now}{equals}{current(value, ENGINES) if now == '--engine' else value}")
    return [*made, *words[end:]]


def renamed_arguments(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function take its arguments, and the engines among their values, under the names of before."""

    @wraps(function)
    def call(*given: P.args, **named: P.kwargs) -> T:
        today: dict[str, Any] = {current(name, ARGUMENTS): value for name, value in named.items()}
        if len(today) < len(named):
            raise TypeError(f"{function.__name__}: an argument is given under its old and its new name")
        if today.get("engine") in ENGINES:
            today["engine"] = current(today["engine"], ENGINES)
        return function(*given, **today)

    return call


def engine_of(document: Mapping[str, Any]) -> Any:
    """The engine that a manifest or plan names, also one of an earlier release. Raises KeyError."""
    said = str(document["engine"] if "engine" in document else document["clock"])
    return ENGINES.get(said, said)
