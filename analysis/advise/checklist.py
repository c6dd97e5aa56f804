"""The checklist: pieces of advice to either side, what each stands for, and the columns that it moves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from ruamel.yaml import YAML

from evenhand.sim.scenario.suggest import did_you_mean

Side = Literal["buyer", "merchant"]
SIDES: tuple[Side, ...] = get_args(Side)
FILE = Path(__file__).with_name("checklist.yaml")


class Set(NamedTuple):
    """A column that a piece of advice sets or scales, of some cases."""

    table: str
    column: str
    to: Any = None
    times: float | None = None
    where: str = ""
    """'valid' or 'groundless' cases only; empty = all."""


class Piece(NamedTuple):
    """One piece of advice to one side."""

    side: Side
    key: str
    title: str
    says: str
    """In our own words."""
    source: str
    """Where in the article it stands."""
    cost: str
    """What it takes to follow it."""
    settings: Mapping[str, Mapping[str, Any]]
    """The settings that it stands for, by path, `*` for every group: `to` a value, or `times` a factor."""
    columns: Mapping[str, tuple[str, ...]]
    """By table: columns that are as in a world of these settings, drawn by the same luck."""
    sets: tuple[Set, ...]
    """Columns that are changed as they are."""
    unsimulated: str
    """Why it moves nothing here; empty where it does."""

    @property
    def tables(self) -> set[str]:
        """The tables of a world in which it moves something."""
        return {*self.columns, *(one.table for one in self.sets)}


@cache
def advice_to(side: Side) -> tuple[Piece, ...]:
    """All advice to a side, in the order of a dispute; what is not simulated is there too."""
    told = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))[side]
    return tuple(_piece(side, key, dict(said)) for key, said in told.items())


def simulated(side: Side) -> tuple[Piece, ...]:
    """The advice to a side that moves something."""
    return tuple(one for one in advice_to(side) if not one.unsimulated)


def chosen(side: Side, keys: tuple[str, ...] = ()) -> tuple[Piece, ...]:
    """The pieces of these keys, or all that move something. Raises ValueError."""
    known = {one.key: one for one in simulated(side)}
    for key in keys:
        if key not in known:
            raise ValueError(f"no advice '{key}' for a {side}{did_you_mean(key, known)}")
    return tuple(known[key] for key in keys) or tuple(known.values())


def _piece(side: Side, key: str, said: dict[str, Any]) -> Piece:
    sets = [Set(*where.split(".", 1), **how) for where, how in said.pop("set", {}).items()]
    columns = {table: tuple(names) for table, names in said.pop("columns", {}).items()}
    return Piece(
        side,
        key,
        settings=said.pop("settings", {}),
        columns=columns,
        sets=tuple(sets),
        unsimulated=said.pop("unsimulated", ""),
        **said,
    )
