"""Reads XES (IEEE 1849), plain or gzipped, a trace at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree as ET

from evenhand.analysis.eventlog.log import EPOCH, BadLog, Case, Event, hours_since
from evenhand.analysis.runs.bounds import bounded
from evenhand.locale.current import gettext

_NAME, _TIME, _WHO = "concept:name", "time:timestamp", "org:resource"
_LIFECYCLE = "lifecycle:transition"
_READ: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "boolean": lambda text: text == "true"}


@dataclass(frozen=True)
class XesLog:
    """A file in XES. Traces keep their order; the events of a trace stand in time, whatever their order."""

    path: Path
    transition: str = "complete"
    """Events that count where they say where in a lifecycle they stand; `all` = every one."""

    @property
    def start(self) -> datetime:
        """Hours count from 1970."""
        return EPOCH

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All traces; raises BadLog for what is no XES, OSError."""
        for number, trace in enumerate(traces(self.path), 1):
            yield self._case(trace, number, set(attributes))

    def _case(self, trace: ET.Element, number: int, wanted: set[str]) -> Case:
        known = {one.get("key", ""): one for one in trace if local_name(one) != "event"}
        name = known[_NAME].get("value", "") if _NAME in known else f"trace {number}"
        there = [one for one in trace if local_name(one) == "event" and self._counts(one)]
        events = sorted((self._event(one, name) for one in there), key=lambda event: event.time)
        return Case(name, tuple(events), {key: _value(known[key]) for key in wanted & known.keys()})

    def _counts(self, element: ET.Element) -> bool:
        """Whether an event is of the transition asked for; one that names none is."""
        wanted = self.transition.lower()
        found = next((one.get("value", "") for one in element if one.get("key") == _LIFECYCLE), "")
        return wanted == "all" or found.strip().lower() in {"", wanted}

    def _event(self, element: ET.Element, case: str) -> Event:
        known = {one.get("key"): one.get("value", "") for one in element}
        if _NAME not in known or _TIME not in known:
            raise BadLog(
                gettext("'{path}', case {case}: an event without {name} or {time}").format(
                    path=self.path, case=case, name=_NAME, time=_TIME
                )
            )
        try:
            when = datetime.fromisoformat(known[_TIME])
        except ValueError:
            raise BadLog(
                gettext("'{path}', case {case}: '{what}' is no time").format(
                    path=self.path, case=case, what=known[_TIME]
                )
            ) from None
        try:
            hours = hours_since(EPOCH, when)
        except OverflowError:
            raise BadLog(
                gettext("'{path}', case {case}: '{what}' is before or after all dates").format(
                    path=self.path, case=case, what=known[_TIME]
                )
            ) from None
        return Event(known[_NAME], hours, known.get(_WHO, ""))


def traces(path: Path) -> Iterator[ET.Element]:
    """The traces of a file, one after the other: each is forgotten when the next is read.

    Raises BadLog for what is no XES or has no trace, OSError.
    """
    try:
        with bounded(path) as file:
            yield from _traces(path, file)
    except (ET.ParseError, gzip.BadGzipFile, zlib.error, EOFError, LookupError, ValueError) as error:
        if isinstance(error, BadLog):
            raise
        raise BadLog(gettext("'{path}' is not XES: {error}").format(path=path, error=error)) from error


def _traces(path: Path, file: IO[bytes]) -> Iterator[ET.Element]:
    found, root = False, None
    # a log of the world is read as data: no entity is looked up elsewhere, and expat bounds their growth
    for step, element in ET.iterparse(file, ("start", "end")):  # noqa: S314
        tag = local_name(element)
        if root is None:
            root = element
            if tag != "log":
                raise BadLog(
                    gettext("'{path}' is not XES: it begins with <{tag}>, not <log>").format(
                        path=path, tag=tag
                    )
                )
        if step == "end" and tag == "trace":
            found = True
            yield element
            root.clear()  # what has been read is forgotten, so that memory does not follow the file
    if not found:
        raise BadLog(gettext("'{path}' has no traces").format(path=path))


def local_name(element: ET.Element) -> str:
    """The tag of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _value(element: ET.Element) -> Any:
    text = element.get("value", "")
    try:
        return _READ.get(local_name(element), str)(text)
    except ValueError:
        raise BadLog(
            gettext("'{text}' is no {local_name}, in attribute {element}").format(
                text=text, local_name=local_name(element), element=element.get("key")
            )
        ) from None
