"""Amounts as people write them on a command line: `0.2pt`, `2h`, `1.5d`, or a number in the metric's unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

from evenhand.analysis import METRICS, Metric
from evenhand.analysis.metrics.renamed import current
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.scenario.suggest import did_you_mean

_AMOUNT = re.compile(r"(?:±|\+/?-)?\s*(?P<number>\d*\.?\d+(?:e-?\d+)?)\s*(?P<unit>[^\d\s.]*)", re.IGNORECASE)
_SUFFIXES = {
    "share": {"pt": 0.01, "": 1.0},
    "share of amount": {"pt": 0.01, "": 1.0},
    "h": {"h": 1.0, "d": 24.0, "": 1.0},
}
"""What may stand behind a number, and its size in the unit of the metric."""
_HOW = {
    "share": gettext_noop("0.2pt for 0.2 points, or 0.002"),
    "share of amount": gettext_noop("0.2pt for 0.2 points, or 0.002"),
    "h": gettext_noop("2h, 1d, or a number of hours"),
}


def metric(name: str, option: str, known: Mapping[str, Metric] = METRICS) -> Metric:
    """A metric by its name, one of those that are known. Raises UsageError."""
    now = current(name)
    if now not in known:
        raise UsageError(
            gettext("{option}: no metric '{name}'{did_you_mean}").format(
                option=option, name=name, did_you_mean=did_you_mean(name, known)
            )
        )
    return known[now]


def amount(text: str, of: Metric, option: str) -> float:
    """A width in the unit of a metric, above 0. Raises UsageError that says how to write it."""
    found = _AMOUNT.fullmatch(text.strip())
    sizes = _SUFFIXES.get(of.unit, {"": 1.0})
    size = sizes.get(found["unit"].lower()) if found else None
    value = float(found["number"]) * size if found and size else 0.0
    if not value > 0 or not isfinite(value):
        how = gettext(_HOW[of.unit]) if of.unit in _HOW else gettext("a number ({unit})").format(unit=of.unit)
        raise UsageError(
            gettext("{option}: write {name} as {how}, above 0; found '{text}'").format(
                option=option, name=of.name, how=how, text=text
            )
        )
    return value


def targets(given: list[str], known: Mapping[str, Metric] = METRICS) -> dict[str, float]:
    """Half-widths by metric from `METRIC=±WIDTH`. Raises UsageError."""
    found: dict[str, float] = {}
    for one in given:
        name, equals, width = one.partition("=")
        if not equals:
            raise UsageError(
                gettext(
                    "--until: write METRIC=±WIDTH, e.g. wrongful_denial_rate=±0.2pt; found '{one}'"
                ).format(one=one)
            )
        wanted = metric(name.strip(), "--until", known)
        if wanted.name in found:
            raise UsageError(gettext("--until: {name} is given twice").format(name=wanted.name))
        found[wanted.name] = amount(width, wanted, "--until")
    return found
