"""Event logs: from one row an event to one row a case; XES is read by the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.mapping import ROLES, Mapping
from evenhand.analysis.calibration.table import Texts, TextTable, hours_of, read_table
from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.eventlog.xes_in import local_name, traces
from evenhand.analysis.runs.bounds import check_file, check_width
from evenhand.locale.current import gettext

XES = (".xes", ".xes.gz")
CASE, ACTIVITY, TIME = "case", "activity", "time"
LIFECYCLE = "lifecycle:transition"
_SHORT = {"concept:name": ACTIVITY, "time:timestamp": TIME, "org:resource": "resource"}


def is_xes(path: Path) -> bool:
    """Whether a file is XES by its name."""
    return path.name.lower().endswith(XES)


def read_any(path: Path) -> TextTable:
    """Read a table or an event log as rows of text. Raises BadLog, OSError."""
    try:
        check_file(path)
    except ValueError as error:
        raise BadLog(str(error)) from None
    return read_xes(path) if is_xes(path) else read_table(path)


def read_xes(path: Path) -> TextTable:
    """Read an XES log (IEEE 1849) as one row an event; attributes of traces stand in each of their rows.

    `concept:name`, `time:timestamp` and `org:resource` become activity, time and resource. Raises BadLog.
    """
    if not path.exists():
        raise BadLog(gettext("{path}: there is no such file").format(path=path))
    try:
        rows = [event for trace in traces(path) for event in _events(trace)]
    except (BadLog, OSError) as error:
        raise BadLog(
            gettext("{path}: cannot be read as XES: {error}").format(path=path, error=error)
        ) from error
    if not rows:
        raise BadLog(gettext("{path}: has no events").format(path=path))
    names = list(dict.fromkeys(name for row in rows for name in row))
    try:
        check_width(path, len(names), "attributes")
    except ValueError as error:
        raise BadLog(str(error)) from None
    return TextTable(path.name, {name: np.array([row.get(name) for row in rows], object) for name in names})


def _attributes(element: ET.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("value")}


def _events(trace: ET.Element) -> Iterator[dict[str, str]]:
    own = _attributes(trace)
    case = own.pop("concept:name", "")
    for element in trace:
        if local_name(element) == "event":
            event = {_SHORT.get(key, key): value for key, value in _attributes(element).items()}
            yield {CASE: case, **{f"case:{key}": value for key, value in own.items()}, **event}


def one_row_a_case(events: TextTable, mapping: Mapping) -> TextTable:
    """Gather the events of each case: moments by activity, and the last value of each other column.

    The first event of a role counts, for `closed` the last. An outcome that the column does not give is
    the first activity in the list of `outcomes` that the case has. Raises BadLog for what is not there.
    """
    names = (mapping.events.case, mapping.events.activity, mapping.events.time)
    wrong = [events.missing(name) for name in names if name not in events.columns]
    if wrong:
        raise BadLog("\n".join(wrong))
    events = _that_count(events, mapping)
    case, activity, moment = (events.columns[name] for name in names)
    known = set(activity.tolist())
    for role, wanted in mapping.activities.items():
        for name in wanted:
            if name not in known:
                there = ", ".join(sorted(str(one) for one in known if one))
                raise BadLog(
                    gettext(
                        "{name}: no event is called '{name_2}' (activities.{role}); there are {there}"
                    ).format(name=events.name, name_2=name, role=role, there=there)
                )
    at = hours_of(moment, mapping.time_format, mapping.unit, mapping.dates)
    cases, index = np.unique(np.array([str(one) for one in case]), return_inverse=True)
    order = np.lexsort((np.arange(len(at)), at))
    columns: dict[str, Texts] = {mapping.events.case: cases.astype(object)}
    for name, values in events.columns.items():
        if name not in names:
            columns[name] = _last(values, index, order, len(cases))
    for role in ROLES:
        wanted = mapping.activities.get(role, ())
        if wanted:
            hit = np.isin(activity.astype(str), wanted)
            chosen = order if role == "closed" else order[::-1]
            columns[_role(role)] = _last(_only(moment, hit), index, chosen, len(cases))
    if mapping.outcomes:
        columns[_role("outcome")] = _outcomes(mapping, columns, activity, index, len(cases))
    return TextTable(events.name, columns, events.typed, events.notes)


def _that_count(events: TextTable, mapping: Mapping) -> TextTable:
    """The events of the transition that counts, where the log has a lifecycle. Raises BadLog for none."""
    column, wanted = mapping.events.lifecycle or LIFECYCLE, mapping.events.transition.lower()
    if mapping.events.lifecycle and column not in events.columns:
        raise BadLog(events.missing(column))
    if wanted == "all" or column not in events.columns:
        return events
    said = [str(text or wanted).strip().lower() for text in events.columns[column]]
    counts = np.array([one == wanted for one in said])
    if not counts.any():
        there = ", ".join(sorted(set(said)))
        raise BadLog(
            gettext(
                "{name}: no event is '{wanted}' in '{column}' (events.transition); there are {there}"
            ).format(name=events.name, wanted=wanted, column=column, there=there)
        )
    left = gettext("{left:,} of {n:,} events are not '{wanted}' and do not count").format(
        left=int((~counts).sum()), n=len(events), wanted=wanted
    )
    notes = events.notes if counts.all() else (*events.notes, left)
    columns = {name: values[counts] for name, values in events.columns.items()}
    return TextTable(events.name, columns, events.typed, notes)


def _only(values: Texts, hit: NDArray[np.bool_]) -> Texts:
    """The values where something holds, else nothing."""
    found = values.copy()
    found[~hit] = None
    return found


def _role(name: str) -> str:
    """A column that no log has."""
    return f"\0{name}"


def _outcomes(
    mapping: Mapping, columns: dict[str, Texts], activity: Texts, index: NDArray[np.int64], size: int
) -> Texts:
    """The value of the outcome's column where `outcomes` has it, else the first activity listed there."""
    named = columns.get(mapping.columns.outcome)
    found: Texts = np.full(size, None, object)
    for name in reversed(mapping.outcomes):
        found[index[activity == name]] = name
    if named is not None:
        listed = np.array([str(value) in mapping.outcomes for value in named])
        found[listed] = named[listed]
    return found


def with_roles(mapping: Mapping) -> Mapping:
    """The mapping for the table that `one_row_a_case` makes: roles have columns now."""
    found: dict[str, str] = {role: _role(role) for role in mapping.activities}
    if mapping.outcomes:
        found["outcome"] = _role("outcome")
    return mapping.model_copy(update={"columns": mapping.columns.model_copy(update=found)})


def _last(values: Texts, index: NDArray[np.int64], order: NDArray[np.int64], size: int) -> Texts:
    """The last value of each case, in the order given, that is not empty."""
    found = np.full(size, None, object)
    there = order[np.array([values[i] is not None for i in order], bool)]
    found[index[there]] = values[there]
    return found
