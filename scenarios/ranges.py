"""The plausible range of every assumed number of a file: as it is written, or by default by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import exp, inf, isfinite, log
from typing import Any, Literal, NamedTuple

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.fields import known
from evenhand.scenarios.numbers import Number, numbers_of
from evenhand.scenarios.plausible import RELATIVE
from evenhand.scenarios.problems import Problem, found, listed
from evenhand.scenarios.provenance import Plausible
from evenhand.scenarios.shape import Allowed
from evenhand.scenarios.yaml import Node
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window, parse_window

Scale = Literal["odds", "log", "linear"]
ODDS, FACTOR, WITHIN = 2.5, 1.7, 0.3
"""Ranges where none is written: shares by their odds, whole numbers to either side, and all others."""
UNSOURCED = ("", "assumed")
SMALLEST = 1e-12


class Range(NamedTuple):
    """How far a number may plausibly be from where it stands."""

    path: str
    value: float
    low: float
    high: float
    scale: Scale
    """In what steps it is gone through: equal steps of log odds, of the logarithm, or of the value."""
    whole: bool = False
    business: bool = False
    """Hours on business days."""
    hours: bool = False
    """A duration, in hours."""
    stated: bool = False
    """Written in the file, and no default."""
    because: str = ""

    @property
    def varies(self) -> bool:
        """Whether there is another value than the one that stands there."""
        return self.low < self.high

    def at(self, z: float) -> float:
        """The value at a position: -1 = low end, 0 = as it stands, 1 = high end; between them by scale."""
        end = self.high if z > 0 else self.low
        if z == 0 or end == self.value:
            return self.value
        if abs(z) == 1:
            return end
        there, back = _SCALES[self.scale]
        middle = back(there(self.value) + abs(z) * (there(end) - there(self.value)))
        middle = min(max(middle, self.low), self.high)
        return float(round(middle)) if self.whole else middle

    def written(self, value: float) -> str:
        """A value with its unit, as a file has it."""
        if self.hours:
            return str(Window(float(f"{value:.4g}"), self.business))
        return f"{value:.4g}"

    @property
    def sentence(self) -> str:
        """Both ends, and whether somebody has written them."""
        if not self.varies:
            return gettext("as it is")
        form = gettext("{low} to {high}") if self.stated else gettext("{low} to {high} (default)")
        return form.format(low=self.written(self.low), high=self.written(self.high))


class Alternatives(NamedTuple):
    """What a choice may plausibly be instead."""

    path: str
    value: Any
    others: tuple[Any, ...]
    because: str = ""


def _log_odds(p: float) -> float:
    return log(p / (1 - p))


def _share(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def _same(value: float) -> float:
    return value


_SCALES: dict[Scale, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "odds": (_log_odds, _share),
    "log": (log, exp),
    "linear": (_same, _same),
}


class Said(NamedTuple):
    """What a file says of a number's origin."""

    confidence: str
    plausible: Plausible | None
    given: bool
    """Whether the number is in the file, and no built-in default."""


def ranges(kind: Kind, model: Scenario | Policy, tree: Node) -> dict[str, Range]:
    """Every number that is assumed or has a range of its own, by path; sourced ones are left out."""
    made = {}
    for one in numbers_of(model, kind):
        said = said_of(tree, one.path)
        own = said.plausible is not None and said.plausible.own
        if one.value is None or not said.given or not (own or said.confidence in UNSOURCED):
            continue
        if own or one.path.partition(".")[0] not in ("name", "title", "description"):
            made[one.path] = range_of(one, said.plausible)
    return made


def alternatives(kind: Kind, model: Scenario | Policy, tree: Node) -> dict[str, Alternatives]:
    """Every choice that has alternatives beside it, by path."""
    made, data = {}, model.model_dump(by_alias=True)
    numeric = {one.path for one in numbers_of(model, kind)}
    for path, node in _stated(tree):
        said = node.provenance.plausible
        if said is None or path in numeric:
            continue
        value = _at(data, path)
        made[path] = Alternatives(
            path, value, tuple(one for one in said.values if one != value), said.because
        )
    return made


def range_of(one: Number, said: Plausible | None) -> Range:
    """The range of a number: as said, else by default; kept within what the setting allows."""
    may = known(one.side).allowed(one.path) or Allowed()
    window = one.value if isinstance(one.value, Window) else None
    value = window.hours if window else float(one.value or 0)  # type: ignore[arg-type]  # no window
    scale = _scale(value, may)
    whole, hours = one.form == "whole", one.form in ("hours", "window")
    if said is not None and said.way not in RELATIVE:
        low, high = sorted(_ends(said, may))
        stated = True
    else:
        stated = said is not None
        low, high = _relative(value, scale, whole, said, share=may.share)
        low, high = _clipped(low, high, may, value)
    if whole:
        low, high = float(round(low)), float(round(high))
    reason = said.because if said else ""
    business = window is not None and window.business
    if (low <= 0 and scale == "log") or (scale == "odds" and not 0 < low <= high < 1):
        scale = "linear"
    return Range(one.path, value, low, high, scale, whole, business, hours, stated, reason)


def _scale(value: float, may: Allowed) -> Scale:
    """Shares by odds, other positive numbers by ratio; what is 0 or below by its size."""
    if may.share and 0 < value < 1:
        return "odds"
    return "log" if value > SMALLEST and not may.share else "linear"


def _relative(
    value: float, scale: Scale, whole: bool, said: Plausible | None, *, share: bool
) -> tuple[float, float]:
    way = said.way if said else ("plus_minus" if whole else "odds" if scale == "odds" else "factor")
    if said:
        width = float(said.values[0])  # type: ignore[arg-type]  # a number, as `plausible` sees to
    else:
        width = WITHIN * abs(value) if whole else ODDS if scale == "odds" else FACTOR
    if way == "plus_minus":
        return value - width, value + width
    if scale != "odds" and share:  # 0 and 1 have no odds to change
        return value, value
    if way == "odds" and scale == "odds":
        odds = value / (1 - value)
        return odds / width / (1 + odds / width), odds * width / (1 + odds * width)
    ends = sorted((value / width, value * width))
    return ends[0], ends[1]


def _clipped(low: float, high: float, may: Allowed, value: float) -> tuple[float, float]:
    """Ends that the setting allows; the value itself where an end is one that it must stay clear of."""
    for name, bound in may.bounds:
        if name in ("ge", "gt") and (low < bound or (name == "gt" and low == bound)):
            low = bound if name == "ge" else min(value, (value + bound) / 2)
        if name in ("le", "lt") and (high > bound or (name == "lt" and high == bound)):
            high = bound if name == "le" else max(value, (value + bound) / 2)
    return min(low, value), max(high, value)


def _ends(said: Plausible, may: Allowed) -> list[float]:
    """The ends of a range that is written out, as numbers; hours for durations. Raises ValueError."""
    found = []
    for value in said.values:
        if isinstance(value, bool) or value is None:
            raise ValueError(_not_number(value, may))
        if may.duration:
            found.append(parse_window(value).hours)
        elif isinstance(value, (int, float)):
            found.append(float(value))
        else:
            raise ValueError(_not_number(value, may))
    if not all(map(isfinite, found)):
        raise ValueError(gettext("must be finite numbers"))
    return found


def _not_number(value: Any, may: Allowed) -> str:
    form = (
        gettext("must be durations, found {value}")
        if may.duration
        else gettext("must be numbers, found {value}")
    )
    return form.format(value=found(value))


def problems(kind: Kind, model: Scenario | Policy, tree: Node) -> Iterator[Problem]:
    """What is wrong with the ranges that stand beside values."""
    numeric = {one.path: one for one in numbers_of(model, kind)}
    for path, node in _stated(tree):
        said, at = node.provenance.plausible, f"{path}.plausible"
        assert said is not None
        if path in numeric:
            message = _wrong_range(numeric[path], said)
        elif isinstance(node.value, (tuple, dict)):
            message = gettext(
                "is for one value; for a group write how wide its ranges are, as in {{factor: 1.5}}"
            ).format()
            message = "" if said.way in RELATIVE else message
        else:
            message = _wrong_choice(kind, path, node, said)
        if message:
            yield Problem(said.place, at, message)


def _wrong_range(one: Number, said: Plausible) -> str:
    """What is wrong with the range of a number; nothing if it is sound."""
    may = known(one.side).allowed(one.path) or Allowed()
    if said.way in RELATIVE:
        return ""
    if len(said.values) != 2 or said.way == "alternatives":
        return gettext("must be a low and a high end, found {count} values").format(count=len(said.values))
    try:
        low, high = _ends(said, may)
    except ValueError as error:
        return str(error)
    value = one.value.hours if isinstance(one.value, Window) else one.value
    written = Range(one.path, 0, low, high, "linear", hours=one.form in ("hours", "window")).written
    if low > high:
        form = gettext("the low end must not be above the high end, found {low} and {high}")
        return form.format(low=written(low), high=written(high))
    if one.form == "whole" and (low != round(low) or high != round(high)):
        form = gettext("must be whole numbers, found {low} and {high}")
        return form.format(low=f"{low:g}", high=f"{high:g}")
    if value is not None and not low <= value <= high:
        form = gettext("must hold the value {value}, found {low} to {high}")
        return form.format(value=written(value), low=written(low), high=written(high))
    outside = [end for end in (low, high) if not _allows(may, end)]
    form = gettext("{value} is not allowed for the setting itself")
    return form.format(value=written(outside[0])) if outside else ""


def _allows(may: Allowed, value: float) -> bool:
    limits = {"ge": -inf, "gt": -inf, "le": inf, "lt": inf}
    for name, bound in may.bounds:
        limits[name] = max(limits[name], bound) if name in ("ge", "gt") else min(limits[name], bound)
    inside = limits["ge"] <= value <= limits["le"]
    return inside and value > limits["gt"] and value < limits["lt"] if may.bounds else inside


def _wrong_choice(kind: Kind, path: str, node: Node, said: Plausible) -> str:
    """What is wrong with the alternatives of a choice; nothing if they are sound."""
    may = known(kind).allowed(path)
    if may is None or said.way in RELATIVE or said.way == "between":
        return gettext("is for numbers; for a choice write a list of alternatives")
    if node.value not in said.values:
        return gettext("must have the value {value} among the alternatives").format(value=found(node.value))
    if may.words:
        strange = [one for one in said.values if one not in may.words]
        form = gettext("must be some of {words}, found {value}")
        return form.format(words=listed(may.words, "and"), value=found(strange[0])) if strange else ""
    if bool in may.types:
        strange = [one for one in said.values if not isinstance(one, bool)]
        return (
            gettext("must be true or false, found {value}").format(value=found(strange[0])) if strange else ""
        )
    return gettext("is for numbers and choices")


def said_of(tree: Node, path: str) -> Said:
    """What a file says of the setting at a path: of the value itself, or of the nearest group around it."""
    node = tree
    parts = path.split(".")
    for depth, part in enumerate(parts):
        child = node.child(part)
        if child is None:
            scalar = depth > 0 and not isinstance(node.value, dict)  # a law or a list in one word
            said = node.provenance
            return Said(said.confidence, said.plausible, scalar)
        node = child
    said = node.provenance
    return Said(said.confidence, said.plausible, given=True)


def _stated(tree: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with a range that stands beside its own value."""
    said = tree.provenance.plausible
    if said is not None and said.own:
        yield path, tree
        return
    if isinstance(tree.value, dict):
        inner: Iterable[tuple[Any, Node]] = tree.value.items()
    else:
        inner = enumerate(tree.value) if isinstance(tree.value, tuple) else ()
    for key, child in inner:
        yield from _stated(child, f"{path}.{key}" if path else str(key))


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data[int(part)] if isinstance(data, (list, tuple)) else data[part]
    return data
