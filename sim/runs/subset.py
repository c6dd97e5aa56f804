"""Some disputes of a run: those that a mask or conditions on columns leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Columns, Condition, Run
from evenhand.sim.scenario.suggest import did_you_mean

Mask = NDArray[np.bool_]


def subset(run: Run, mask: Condition, conditions: Mapping[str, Any]) -> Run:
    """The run with the disputes that meet everything; see `Run.where`. Raises ValueError."""
    if mask is None and not conditions:
        raise ValueError(gettext("where: needs a mask or a condition on a column, found neither"))
    kept, said = np.ones(len(run), np.bool_), [run.subset] if run.subset else []
    if mask is not None:
        kept &= _mask(run, mask)
        said.append(getattr(mask, "__name__", "a mask"))
    for name, wanted in conditions.items():
        kept &= meets(run, name, wanted)
        said.append(f"{name} = {_shown(wanted)}")
    disputes = {name: column[kept] for name, column in run.disputes.items()}
    return replace(run, disputes=disputes, events=_events(run, disputes), subset=" and ".join(said))


def _mask(run: Run, mask: Any) -> Mask:
    """A mask as it was given, or as a function of the run gives it."""
    given = mask(run) if callable(mask) else mask
    if isinstance(given, (str, bytes, Mapping)) or not hasattr(given, "__len__"):
        raise ValueError(
            gettext("where: must be a mask, true or false for each dispute, found {given!r:.80}").format(
                given=given
            )
        )
    found = np.asarray(given)
    if found.dtype != np.bool_:
        raise ValueError(
            gettext(
                "where: a mask must be of true and false, found {dtype} (write a comparison, as "
                "run.disputes['amount'] > 100)"
            ).format(dtype=found.dtype)
        )
    if found.shape != (len(run),):
        raise ValueError(
            gettext("where: a mask must have one entry for each of {n} disputes, found {shape}").format(
                n=len(run), shape=found.shape
            )
        )
    return found


def meets(run: Run, name: str, wanted: Any) -> Mask:
    """Which disputes have a value in a column that is wanted. Raises ValueError."""
    if name not in run.disputes:
        hint = did_you_mean(name, run.disputes) or gettext("; there are {disputes}").format(
            disputes=", ".join(run.disputes)
        )
        raise ValueError(gettext("where: no column {name!r} of disputes{hint}").format(name=name, hint=hint))
    column = run.disputes[name]
    if callable(wanted):
        return _by_function(name, column, wanted)
    words = run.words(name)
    values = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset, np.ndarray)) else [wanted]
    kept = np.zeros(len(column), np.bool_)
    for value in values:
        kept |= column == (_number(name, value, words) if words else _plain(name, value))
    return kept


def _by_function(name: str, column: NDArray[Any], wanted: Callable[[Any], Any]) -> Mask:
    found = np.asarray(wanted(column))
    if found.dtype != np.bool_ or found.shape != column.shape:
        raise ValueError(
            gettext(
                "where: the function for {name} must give true or false for each of {n} disputes, found "
                "{dtype} of shape {shape}"
            ).format(name=name, n=len(column), dtype=found.dtype, shape=found.shape)
        )
    return found


def _number(name: str, value: Any, words: tuple[str, ...]) -> int:
    """The number that stands for a word."""
    if value not in words:
        hint = did_you_mean(str(value), words)
        raise ValueError(
            gettext("where: {name} must be among {words}, found {value!r}{hint}").format(
                name=name, words=", ".join(words), value=value, hint=hint
            )
        )
    return words.index(value)


def _plain(name: str, value: Any) -> float:
    if not isinstance(value, (bool, int, float, np.bool_, np.number)):
        raise ValueError(  # noqa: TRY004 (as for all arguments)
            gettext("where: {name} holds numbers; write one, or a function of it, found {value!r}").format(
                name=name, value=value
            )
        )
    return float(value)


def _events(run: Run, disputes: Columns) -> Columns:
    """The events of disputes."""
    if not len(run.events.get("case", ())):
        return run.events
    kept = np.isin(_keys(run.events, "case"), _keys(disputes, "dispute"))
    return {name: column[kept] for name, column in run.events.items()}


def _keys(rows: Columns, number: str) -> NDArray[np.int64]:
    """A number for each dispute of each replication."""
    return np.asarray(rows["replication"].astype(np.int64) << 32 | rows[number].astype(np.int64))


def _shown(wanted: Any) -> str:
    name = getattr(wanted, "__name__", None)
    if callable(wanted):
        return "a condition" if name in {None, "<lambda>"} else str(name)
    return " or ".join(map(str, wanted)) if isinstance(wanted, (list, tuple, set)) else str(wanted)
