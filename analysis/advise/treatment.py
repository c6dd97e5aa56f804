"""Treatments: a world in which some people follow a piece of advice, and all else keeps its luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.advise.checklist import Piece, Set, Side
from evenhand.analysis.counterfactual.causal_paths import redrawn
from evenhand.analysis.counterfactual.resimulation import Mask
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World, rows_each
from evenhand.sim.scenario.scenario import Scenario

PEOPLE: Mapping[Side, str] = {"buyer": "buyers", "merchant": "merchants"}


class Treated(NamedTuple):
    """Who follows advice: of the people of a side some, and of their cases some."""

    people: Mask
    cases: Mask


def as_advised(scenario: Scenario, piece: Piece) -> Scenario:
    """The scenario with the settings that a piece of advice stands for."""
    data = scenario.model_dump(by_alias=True)
    for path, how in piece.settings.items():
        _put(data, path.split("."), how)
    _shares(data)
    return Scenario.model_validate(data)


def _put(at: Any, parts: Sequence[str], how: Mapping[str, Any]) -> None:
    head, *rest = parts
    for key in list(at) if head == "*" else [head]:
        if rest:
            _put(at[key], rest, how)
        elif "to" in how:
            at[key] = how["to"]
        else:
            at[key] = _scaled(at[key], how["times"])


def _scaled(value: Any, factor: float) -> Any:
    """A number, or all that a law says in the unit of its values, so many times as large."""
    if not isinstance(value, dict):
        return value * factor
    return {name: one * factor if name in _SIZES else one for name, one in value.items()}


_SIZES = ("median", "mean", "scale", "value")


def _shares(data: Any) -> None:
    """Where one style of bargaining takes all, the others have nothing left."""
    styles = data["behaviour"]["talks"]["styles"]
    if styles["generous"]["share"] == 1.0:
        styles["tough"]["share"] = styles["fair"]["share"] = 0.0


def followed(world: World, advised: World | None, pieces: Sequence[Piece], who: Treated) -> World:
    """The world, with the columns of some pieces as advised, for those who follow them.

    `advised` is the world of the settings that the pieces stand for, drawn by the same luck; None where none
    of them takes columns from it.
    """
    tables: dict[str, Any] = {}

    def mine(table: str) -> Any:
        if table not in tables:
            tables[table] = np.array(getattr(world, table))
        return tables[table]

    for piece in pieces:
        for table, names in piece.columns.items():
            rows, other = _rows(world, table, piece.side, who), getattr(advised, table)
            for name in names:
                mine(table)[name][rows] = other[name][rows]
        for one in piece.sets:
            rows = _rows(world, one.table, piece.side, who) & _where(world, one)
            column = mine(one.table)[one.column]
            column[rows] = column[rows] * one.times if one.times is not None else one.to
    return world._replace(**tables)


def _rows(world: World, table: str, side: Side, who: Treated) -> NDArray[np.bool_]:
    if table == PEOPLE[side]:
        return who.people
    return np.asarray(np.repeat(who.cases, rows_each(world)[table]))


def _where(world: World, one: Set) -> NDArray[np.bool_]:
    each = rows_each(world).get(one.table)
    if not one.where or each is None:
        return np.ones(len(getattr(world, one.table)), np.bool_)
    cases: Any = world.cases
    valid = np.asarray(cases["valid"], np.bool_)
    return np.repeat(valid if one.where == "valid" else ~valid, each)


def changed(world: World, other: World, pieces: Sequence[Piece], side: Side) -> Mask:
    """The cases of which a moved column differs, a trait of the side's person in them included."""
    cases: Any = world.cases
    found = np.zeros(len(cases), np.bool_)
    for table in {name for piece in pieces for name in piece.tables}:
        mine, theirs = np.asarray(getattr(world, table)), np.asarray(getattr(other, table))
        unlike = np.zeros(len(mine), np.bool_)
        for name in {n for piece in pieces for n in _names(piece, table)}:
            a, b = mine[name], theirs[name]
            nan = np.isnan(a) & np.isnan(b) if a.dtype.kind == "f" else np.zeros(len(a), np.bool_)
            unlike |= (a != b) & ~nan
        if table == PEOPLE[side]:
            found |= unlike[cases[side]]
        elif len(cases):
            found |= unlike.reshape(len(cases), -1).any(axis=1)
    return found


def _names(piece: Piece, table: str) -> list[str]:
    return [*piece.columns.get(table, ()), *(one.column for one in piece.sets if one.table == table)]


def advised_world(scenario: Scenario, world: World, luck: Luck, pieces: Sequence[Piece]) -> World | None:
    """The world of the settings of all these pieces; None where none takes columns from it."""
    taking = [piece for piece in pieces if piece.columns]
    if not taking:
        return None
    other = scenario
    for piece in taking:
        other = as_advised(other, piece)
    return redrawn(scenario, other, world, luck)
