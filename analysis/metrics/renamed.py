"""Metrics, rates and measures by their names, old ones too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from evenhand import renamed
from evenhand.locale.current import gettext
from evenhand.sim.scenario.suggest import did_you_mean

T = TypeVar("T")


def current(name: str) -> str:
    """The name of today of a metric, rate or measure; see `evenhand.renamed`."""
    return renamed.current(name, renamed.METRICS)


def look_up(known: Mapping[str, T], name: str, kind: str) -> T:
    """What is registered under a name, old or new. Raises ValueError with a hint: no `kind` of this name."""
    now = current(name)
    if now not in known:
        hint = did_you_mean(name, known) or gettext("; there are {known}").format(known=", ".join(known))
        raise ValueError(gettext("no {kind} {name!r}{hint}").format(kind=kind, name=name, hint=hint))
    return known[now]
