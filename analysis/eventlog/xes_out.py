"""An event log as XES (IEEE 1849-2016), written as it comes: a trace a case.

Extensions: concept (names), time (timestamps), org (resource and role), lifecycle (every event of the
simulator is the completion of something).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TextIO
from xml.sax.saxutils import quoteattr

from evenhand.analysis.eventlog.actors import role_of
from evenhand.analysis.eventlog.log import Case, Event, moment

EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
{extensions}
 <global scope="trace">
  <string key="concept:name" value=""/>
 </global>
 <global scope="event">
  <string key="concept:name" value=""/>
  <date key="time:timestamp" value="1970-01-01T00:00:00.000000+00:00"/>
  <string key="org:resource" value=""/>
  <string key="org:role" value=""/>
  <string key="lifecycle:transition" value="complete"/>
 </global>
 <classifier name="Activity" keys="concept:name"/>
 <classifier name="Activity and resource" keys="concept:name org:resource"/>
 <string key="concept:name" value={name}/>
 <string key="lifecycle:model" value="standard"/>
"""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, escaped or not."""


def write_xes(cases: Iterable[Case], start: datetime, out: TextIO, *, name: str = "") -> None:
    """Write cases as traces; `name` is that of the log. Values that are missing are left out."""
    extensions = "\n".join(
        f' <extension name="{title}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>'
        for title, prefix in EXTENSIONS
    )
    out.write(HEAD.format(extensions=extensions, name=_quoted(name)))
    out.writelines("".join(_trace(case, start)) for case in cases)
    out.write("</log>\n")


def _trace(case: Case, start: datetime) -> Iterator[str]:
    yield f' <trace>\n  <string key="concept:name" value={_quoted(case.name)}/>\n'
    for key, value in case.attributes.items():
        yield _attribute(key, value)
    for event in case.events:
        yield _event(event, start)
    yield " </trace>\n"


def _event(event: Event, start: datetime) -> str:
    when = moment(start, event.time).isoformat(timespec="microseconds")
    return (
        f'  <event>\n   <string key="concept:name" value={_quoted(event.activity)}/>\n'
        f'   <date key="time:timestamp" value="{when}+00:00"/>\n'
        f'   <string key="org:resource" value={_quoted(event.resource)}/>\n'
        f'   <string key="org:role" value="{role_of(event)}"/>\n'
        f'   <string key="lifecycle:transition" value="complete"/>\n  </event>\n'
    )


def _attribute(key: str, value: Any) -> str:
    """An attribute of a trace, in the type that its value has."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        kind, text = "boolean", "true" if value else "false"
    elif isinstance(value, int):
        kind, text = "int", str(value)
    elif isinstance(value, float):
        kind, text = "float", repr(value)
    else:
        kind, text = "string", str(value)
    return f"  <{kind} key={_quoted(key)} value={_quoted(text)}/>\n"


def _quoted(text: str) -> str:
    return quoteattr(
        _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
    )
