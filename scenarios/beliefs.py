"""Beliefs: assumed numbers that move together, each within its plausible range, and the futures they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import fsum
from typing import Any, NamedTuple, Self

from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.fields import Known, known
from evenhand.scenarios.numbers import changed, numbers_of
from evenhand.scenarios.ranges import Alternatives, Range
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window

MOVES_BOTH_WAYS = (-1, 1)


class Move(NamedTuple):
    """A setting that a belief moves."""

    side: Kind
    of: Range | Alternatives
    sign: int = 1
    """-1: it falls where the belief rises."""

    def at(self, z: float) -> Any:
        """The value at a position of the belief, as the model takes it."""
        if isinstance(self.of, Alternatives):
            every = (self.of.value, *(one for one in self.of.others if one != self.of.value))
            place = min(int((z + 1) / 2 * len(every)), len(every) - 1)
            return every[0] if z == 0 else every[place]
        value = self.of.at(self.sign * z)
        if self.of.business:
            return Window(value, business=True)
        return int(value) if self.of.whole else value


class Belief(NamedTuple):
    """Assumed settings that move together, from -1 (low ends) by 0 (as they are) to 1 (high ends)."""

    name: str
    title: str
    moves: tuple[Move, ...]
    because: str = ""
    low: str = ""
    """What it means to be at the low end, as in "where {low}"."""
    high: str = ""

    def ends(self) -> tuple[str, str]:
        """Both ends in words: those given, else the values of the first setting, and how many follow it."""
        first = self.moves[0]
        if isinstance(first.of, Range):
            values = [first.of.written(float(_number(first.at(z)))) for z in MOVES_BOTH_WAYS]
        else:
            values = [str(first.at(z)) for z in MOVES_BOTH_WAYS]
        return self.low or values[0], self.high or values[1]

    def written(self, z: float) -> str:
        """The first setting's value at a position, for axes and restrictions."""
        first = self.moves[0]
        value = first.at(z)
        return first.of.written(float(_number(value))) if isinstance(first.of, Range) else str(value)


@dataclass(frozen=True)
class Beliefs:
    """Beliefs about a scenario, and about assumed settings of the policies that are tried in it."""

    beliefs: tuple[Belief, ...]
    assumed: int = 0
    """Numbers that are assumed in the files, moved by a belief or not."""
    origin: str = ""
    """The file that they are from; empty where they were grouped by kind."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.beliefs)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(one.name for one in self.beliefs)

    @property
    def moved(self) -> int:
        """How many settings they move."""
        return sum(len(one.moves) for one in self.beliefs)

    def scenarios(self, base: Scenario) -> Callable[[Sequence[float]], Scenario]:
        """A function from a position in [-1, 1] for each belief to the scenario of that future.

        It raises ValueError where values do not go together; all settings are looked up once, here.
        """
        look = _Look.at(base, "scenario")
        return lambda z: changed(base, look.values(self.beliefs, z))

    def policies(self, base: Policy) -> Callable[[Sequence[float]], Policy]:
        """The same for a policy: of its settings those move that a belief names and that it has."""
        look = _Look.at(base, "policy")
        return lambda z: changed(base, look.values(self.beliefs, z))

    def plain(self) -> list[dict[str, Any]]:
        """Everything that makes them what they are, as plain values."""
        return [
            {
                **{name: getattr(one, name) for name in ("name", "title", "because", "low", "high")},
                "moves": [{"side": move.side, "sign": move.sign, **move.of._asdict()} for move in one.moves],
            }
            for one in self.beliefs
        ]

    @classmethod
    def of_plain(cls, data: Iterable[Mapping[str, Any]], assumed: int = 0, origin: str = "") -> Beliefs:
        """The same again. Raises KeyError, TypeError for data that is none."""
        made = []
        for one in data:
            moves = []
            for move in one["moves"]:
                rest = {key: value for key, value in move.items() if key not in ("side", "sign")}
                of = (
                    Range(**rest)
                    if "scale" in rest
                    else Alternatives(**rest | {"others": tuple(rest["others"])})
                )
                moves.append(Move(move["side"], of, int(move["sign"])))
            words = {name: str(one[name]) for name in ("because", "low", "high")}
            made.append(Belief(str(one["name"]), str(one["title"]), tuple(moves), **words))
        return cls(tuple(made), assumed, origin)


def by_kind(ranges: Mapping[str, Range], side: Kind = "scenario") -> list[Belief]:
    """Numbers of one kind as one belief, over all groups; of shares of a whole the largest leads."""
    found: dict[str, list[Range]] = defaultdict(list)
    know = known(side)
    for one in ranges.values():
        if one.varies:
            found[_sort(one.path, know)].append(one)
    made = []
    for pattern, some in found.items():
        whole = abs(fsum(one.value for one in some) - 1) < WHOLE and len(some) > 1
        moved = [max(some, key=lambda one: one.value)] if whole else some
        above = known(side).settings.get(pattern)
        title = above.meaning.label if above else pattern
        made.append(Belief(pattern, f"{title} ({pattern})", tuple(Move(side, one) for one in moved)))
    return made


def _sort(path: str, know: Known) -> str:
    """What sort of number stands at a path: `*` for groups, causes, and places in lists."""
    pattern = know.pattern(path)
    above, _, _ = pattern.rpartition(".")
    if pattern not in know.settings and above in know.settings:
        pattern = f"{above}.*"
    parts = pattern.split(".")
    if parts[0] == "causes" and len(parts) > 2:
        parts[1] = "*"
    return ".".join(parts)


WHOLE = 1e-6
"""How near to 1 shares sum that are the parts of a whole."""


WHOLES: Mapping[Kind, tuple[str, ...]] = {
    "scenario": (
        "buyers.groups.*.share",
        "merchants.groups.*.share",
        "causes.?.fault.*",
        "behaviour.talks.styles.*.share",
        "behaviour.talks.rounding.*",
        "behaviour.trust.*_weight",
    ),
    "policy": (),
}
"""Shares that sum to one, which the models see to: those that `*` stands for, in each group of `?`."""


def wholes(paths: Iterable[str], side: Kind) -> list[tuple[str, ...]]:
    """Sets of shares that sum to one, among paths of numbers."""
    sets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        for pattern in WHOLES[side]:
            if not fnmatchcase(path, pattern.replace("?", "*")) or path.count(".") != pattern.count("."):
                continue
            parts = zip(pattern.split("."), path.split("."), strict=True)
            sets[pattern, ".".join(part for one, part in parts if one == "?")].append(path)
    return [tuple(some) for some in sets.values()]


class _Look(NamedTuple):
    """What stands in a model, looked up once."""

    side: Kind
    stands: Mapping[str, float]
    """Numbers by path."""
    wholes: Sequence[Sequence[str]]
    data: Any

    @classmethod
    def at(cls, base: Scenario | Policy, side: Kind) -> Self:
        """Look at a model."""
        stands = {one.path: _number(one.value) for one in numbers_of(base, side) if one.value is not None}
        return cls(side, stands, wholes(stands, side), base.model_dump(by_alias=True))

    def values(self, beliefs: Sequence[Belief], z: Sequence[float]) -> dict[str, Any]:
        """What is changed in a future, by path."""
        moved = {
            move.of.path: move.at(float(at))
            for belief, at in zip(beliefs, z, strict=True)
            for move in belief.moves
            if move.side == self.side and at != 0 and self.has(move.of.path)
        }
        return moved | dict(self.made_whole(moved)) if moved else {}

    def made_whole(self, moved: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
        """Let shares that sum to one do so again: those that nobody moves take the rest, in proportion."""
        for paths in self.wholes:
            pushed = [path for path in paths if path in moved]
            if not pushed:
                continue
            rest = [path for path in paths if path not in moved and self.stands[path] > 0]
            total = fsum(float(moved[path]) for path in pushed)
            if rest and total < 1:
                scale = (1 - total) / fsum(self.stands[path] for path in rest)
                yield from ((path, self.stands[path] * scale) for path in rest)
            else:  # all are moved, or they leave no room
                yield from ((path, float(moved[path]) / total) for path in pushed)
                yield from ((path, 0.0) for path in rest)

    def has(self, path: str) -> bool:
        """Whether the model has a setting with a value."""
        if path in self.stands:
            return True
        part = self.data
        for name in path.split("."):
            if not isinstance(part, dict) or name not in part:
                return False
            part = part[name]
        return part is not None


def _number(value: Any) -> float:
    return value.hours if isinstance(value, Window) else float(value)
