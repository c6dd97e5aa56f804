"""Reads `plausible`: a range or alternatives beside a value, or how wide the ranges in a group are."""

from __future__ import annotations

from math import isfinite
from typing import get_args

from evenhand.scenarios.problems import Problem, clean, found, listed
from evenhand.scenarios.provenance import Plausible, Way
from evenhand.scenarios.yaml import Node
from evenhand.sim.scenario.suggest import did_you_mean

RELATIVE: tuple[Way, ...] = ("factor", "odds", "plus_minus")
"""Ranges that follow from the value itself, so that they may be given for a whole group."""
WAYS: tuple[str, ...] = tuple(way for way in get_args(Way) if way != "list")
HOW = "write [low, high], a list of alternatives, or {factor: 1.5, because: ...}"


def plausible(node: Node, problems: list[Problem], path: str) -> Plausible | None:
    """What stands at the key `plausible`; None, and a problem, where it cannot be understood."""
    if isinstance(node.value, tuple):
        return _listed(node, "list", "", problems, path)
    if not isinstance(node.value, dict):
        problems.append(Problem(node.place, path, f"{HOW}; found {found(node.value)}"))
        return None
    because = node.value.get("because")
    given = {key: child for key, child in node.value.items() if key != "because"}
    for key, child in given.items():
        if key not in WAYS:
            hint = (
                did_you_mean(key, [*WAYS, "because"]) or f"; allowed are {listed([*WAYS, 'because'], 'and')}"
            )
            problems.append(
                Problem(child.key or child.place, f"{path}.{clean(key)}", f"unknown setting{hint}")
            )
            return None
    if len(given) != 1:
        problems.append(Problem(node.place, path, f"must have one of {listed(WAYS)}, found {len(given)}"))
        return None
    if because is not None and not isinstance(because.value, str):
        said = f"must be text, found {found(because.value)}"
        problems.append(Problem(because.place, f"{path}.because", said))
        return None
    reason = "" if because is None else str(because.value)
    (way, inner), *_ = given.items()
    if way in RELATIVE:
        return _width(inner, way, reason, problems, f"{path}.{way}")
    return _listed(inner, way, reason, problems, f"{path}.{way}")


def _listed(node: Node, way: str, because: str, problems: list[Problem], path: str) -> Plausible | None:
    """Two ends, or alternatives; what they may be is known when the setting is."""
    items = node.value if isinstance(node.value, tuple) else ()
    if len(items) < 2 or any(isinstance(item.value, (dict, tuple)) for item in items):
        problems.append(
            Problem(node.place, path, f"must be a list of two values or more, found {found(node.data())}")
        )
        return None
    if way == "between" and len(items) != 2:
        problems.append(
            Problem(node.place, path, f"must have a low and a high end, found {len(items)} values")
        )
        return None
    values = tuple(item.value for item in items if not isinstance(item.value, (dict, tuple)))
    return Plausible(_way(way), values, because, node.place)


def _width(node: Node, way: str, because: str, problems: list[Problem], path: str) -> Plausible | None:
    """One number: 1 or more for a factor, 0 or more to either side."""
    least, value = 0.0 if way == "plus_minus" else 1.0, node.value
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    if not known or not value >= least:  # type: ignore[operator]  # a number, then
        problems.append(
            Problem(node.place, path, f"must be a number of {least:g} or more, found {found(node.data())}")
        )
        return None
    return Plausible(_way(way), (float(value),), because, node.place)  # type: ignore[arg-type]  # as above


def _way(name: str) -> Way:
    """The name as one of those that are known."""
    return next(way for way in get_args(Way) if way == name)
