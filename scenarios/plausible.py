"""Reads `plausible`: a range or alternatives beside a value, or how wide the ranges in a group are."""

from __future__ import annotations

from math import isfinite
from typing import get_args

from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.problems import Place, Problem, clean, found, listed
from evenhand.scenarios.provenance import Plausible, Way
from evenhand.scenarios.yaml import Node
from evenhand.sim.scenario.suggest import did_you_mean

RELATIVE: tuple[Way, ...] = ("factor", "odds", "plus_minus")
"""Ranges that follow from the value itself, so that they may be given for a whole group."""
WAYS: tuple[str, ...] = tuple(way for way in get_args(Way) if way != "list")
BECAUSE = "because"
HOW = gettext_noop(
    "write [low, high], a list of alternatives, or {{factor: 1.5, because: ...}}; found {value}"
)


def plausible(node: Node, problems: list[Problem], path: str) -> Plausible | None:
    """What stands at the key `plausible`; None, and a problem, where it cannot be understood."""
    reader = _Reader(problems)
    if isinstance(node.value, tuple):
        return reader.listed(node, "list", "", path)
    if isinstance(node.value, dict):
        return reader.written_out(node, node.value, path)
    return reader.wrong(node.place, path, HOW, value=found(node.value))


class _Reader:
    """Reads the ways to write a range; what is wrong goes to `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def wrong(self, place: Place, path: str, form: str, **parts: object) -> Plausible | None:
        """Tell a mistake; gives nothing, since nothing can be read."""
        self.problems.append(Problem(place, path, gettext(form).format(**parts)))
        return None

    def written_out(self, node: Node, entries: dict[str, Node], path: str) -> Plausible | None:
        """One way, and perhaps the reason."""
        given = {key: child for key, child in entries.items() if key != BECAUSE}
        for key, child in given.items():
            if key not in WAYS:
                known = [*WAYS, BECAUSE]
                near = did_you_mean(key, known)
                hint = near or gettext("; allowed are {keys}").format(keys=listed(known, "and"))
                at = f"{path}.{clean(key)}"
                return self.wrong(
                    child.key or child.place, at, gettext_noop("unknown setting{hint}"), hint=hint
                )
        if len(given) != 1:
            form = gettext_noop("must have one of {ways}, found {count}")
            return self.wrong(node.place, path, form, ways=listed(WAYS), count=len(given))
        because = entries.get(BECAUSE)
        if because is not None and not isinstance(because.value, str):
            form = gettext_noop("must be text, found {value}")
            return self.wrong(because.place, f"{path}.{BECAUSE}", form, value=found(because.value))
        reason = "" if because is None else str(because.value)
        (way, inner), *_ = given.items()
        read = self.width if way in RELATIVE else self.listed
        return read(inner, way, reason, f"{path}.{way}")

    def listed(self, node: Node, way: str, because: str, path: str) -> Plausible | None:
        """Two ends, or alternatives; what they may be is known when the setting is."""
        items = node.value if isinstance(node.value, tuple) else ()
        values = tuple(item.value for item in items if not isinstance(item.value, (dict, tuple)))
        if len(values) < 2 or len(values) < len(items):
            form = gettext_noop("must be a list of two values or more, found {value}")
            return self.wrong(node.place, path, form, value=found(node.data()))
        if way == "between" and len(values) != 2:
            form = gettext_noop("must be a low and a high end, found {count} values")
            return self.wrong(node.place, path, form, count=len(values))
        return Plausible(_way(way), values, because, node.place)

    def width(self, node: Node, way: str, because: str, path: str) -> Plausible | None:
        """One number: 1 or more for a factor, 0 or more to either side."""
        least, value = 0.0 if way == "plus_minus" else 1.0, node.value
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        width = float(value) if plain else -1.0  # type: ignore[arg-type]  # a number, then
        if not isfinite(width) or width < least:
            form = gettext_noop("must be a number of {least} or more, found {value}")
            return self.wrong(node.place, path, form, least=f"{least:g}", value=found(node.data()))
        return Plausible(_way(way), (width,), because, node.place)


def _way(name: str) -> Way:
    """The name as one of those that are known."""
    return next(way for way in get_args(Way) if way == name)
