"""Logs of the world are read as they are meant, and what cannot be read is said in one line."""

from __future__ import annotations

import gzip
import sqlite3
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from evenhand.analysis.eventlog import (
    BadLog,
    Case,
    Event,
    Mapping,
    open_log,
    open_run_log,
    write_csv,
    write_ocel,
    write_xes,
)
from evenhand.analysis.eventlog.columns import chosen
from evenhand.analysis.eventlog.log import EPOCH, hours_since
from evenhand.analysis.eventlog.ocel_in import OcelLog
from evenhand.analysis.eventlog.ocel_out import NEEDS
from tests.support.app_files import finished

SECOND = 1 / 3600


def alike(read: list[Case], written: list[Case], offset: float) -> None:
    """The same cases and events, times to the microsecond."""
    assert {case.name: [(e.activity, e.resource) for e in case.events] for case in read} == {
        case.name: [(e.activity, e.resource) for e in case.events] for case in written
    }
    times = {case.name: [e.time for e in case.events] for case in written}
    for case in read:
        told = [e.time - offset for e in case.events]
        assert told == pytest.approx(times[case.name], abs=1e-6 * SECOND + 1e-9)


@pytest.mark.process
def test_what_is_exported_is_read_back_in_all_three_formats(tmp_path):
    """A log that cannot be read back has lost something, whatever a validator says."""
    finished(tmp_path / "run", seed=5, replications=2, days=30)
    log = open_run_log(tmp_path / "run")
    cases = list(log.cases())
    names = tuple(dict.fromkeys([*chosen(truth=True), *NEEDS]))
    with (tmp_path / "log.xes").open("w", encoding="utf-8") as file:
        write_xes(log.cases(chosen(truth=True)), log.start, file)
    with (tmp_path / "log.csv").open("w", encoding="utf-8") as file:
        write_csv(log.cases(), log.start, file)
    write_ocel(log.cases(names), log.start, tmp_path / "log.sqlite", truth=True)
    offset = hours_since(EPOCH, log.start)
    wanted = ("amount", "ending", "valid", "reviews")
    known = {case.name: case.attributes for case in log.cases(wanted)}
    for name in ("log.xes", "log.csv", "log.sqlite"):
        found = list(open_log(tmp_path / name).cases(wanted))
        if name == "log.sqlite":
            found = [case._replace(name=case.name.removeprefix("dispute ")) for case in found]
        alike(found, cases, offset)
        if name == "log.xes":
            assert {case.name: case.attributes for case in found} == known
    ended = {
        case.name.removeprefix("dispute "): case.attributes["ending"]
        for case in open_log(tmp_path / "log.sqlite").cases(("ending", "amount"))
    }
    assert ended == {n: k["ending"] if k["ending"] != "open" else None for n, k in known.items()}


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_may_be_in_any_order_and_its_columns_are_guessed(tmp_path):
    """Exports of help desks are sorted by anything but case and time."""
    path = table(
        tmp_path / "events.csv",
        "Case_ID,Timestamp,Activity,colour\n"
        "b,2024-01-02 12:00:00,close,\n"
        "a,2024-01-01T00:00:00+02:00,open,red\n"
        "b,2024-01-02,open,blue\n"
        "b,2024-01-02 12:00:00,archive,\n",
    )
    a, b = open_log(path).cases(("colour", "no such"))
    assert (a.name, a.attributes, b.attributes) == ("a", {"colour": "red"}, {"colour": "blue"})
    assert [e.activity for e in b.events] == ["open", "close", "archive"], "ties stay in the order of rows"
    assert b.events[1].time - b.events[0].time == 12
    assert b.events[0].time - a.events[0].time == 26, "a zone is turned into UTC"
    assert a.events[0].resource == ""


def test_hours_and_named_columns_are_read_too(tmp_path):
    """Simulated logs have hours; columns may be called anything, also with a quotation mark in them."""
    path = table(tmp_path / "events.csv", 'k"ey,what,at,by\n1,open,0.5,Ann\n1,close,73.5,Bob\n')
    log = open_log(path, Mapping(case='k"ey', activity="what", time="at", resource="by"))
    (case,) = log.cases()
    assert case.events == (Event("open", 0.5, "Ann"), Event("close", 73.5, "Bob"))
    duckdb.sql(f"copy (select * from read_csv('{path}', quote='')) to '{tmp_path / 'events.parquet'}'")
    (same,) = open_log(tmp_path / "events.parquet", Mapping('k"ey', "what", "at", "by")).cases()
    assert same.events == case.events


@pytest.mark.parametrize(
    ("text", "mapping", "said"),
    [
        ("a,b,c\n1,x,2\n", Mapping(), "which column is the case? Name it with --case; there are a, b, c"),
        ("case,activity,time\n1,x,2\n", Mapping(time="when"), "has no column 'when' for the time"),
        (
            "case,activity,time\n1,x,soon\n",
            Mapping(),
            r"events\.csv:2:5: column 'time' has no time that can be read",
        ),
        ("case,activity,time\n1,x,2\n,y,3\n", Mapping(), r"events\.csv:3:1: column 'case' has no case"),
        ("", Mapping(), "events.csv' is empty: the first line must name the columns"),
        ("\ufeff\n \n", Mapping(case="k"), "is empty: the first line must name the columns"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_is_missing(tmp_path, text, mapping, said):
    """A mistake in a mapping is the commonest one; the message must name the columns that there are."""
    with pytest.raises(BadLog, match=said.replace("?", r"\?")):
        list(open_log(table(tmp_path / "events.csv", text), mapping).cases())


def test_xes_of_others_is_read_with_and_without_namespace_gzipped_or_not(tmp_path):
    """Files in the wild differ in all of this."""
    event = (
        '<event><string key="concept:name" value="open"/>'
        '<date key="time:timestamp" value="2024-01-01T02:00:00.000+02:00"/></event>'
    )
    body = f'<trace><int key="amount" value="7"/>{event}</trace>'
    plain = table(tmp_path / "a.xes", f"<log>{body}</log>")
    packed = tmp_path / "b.xes.gz"
    packed.write_bytes(gzip.compress(f'<log xmlns="http://www.xes-standard.org/">{body}</log>'.encode()))
    for path in (plain, packed):
        (case,) = open_log(path).cases(("amount",))
        assert case.name == "trace 1"
        assert case.attributes == {"amount": 7}
        assert case.events == (Event("open", (1704067200 / 3600), ""),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<log", "is not XES"),
        ("<html></html>", "begins with <html>, not <log>"),
        ("<log></log>", "has no traces"),
        ("<log><trace><event/></trace></log>", "an event without concept:name or time:timestamp"),
        (
            "<log><trace><event><string key='concept:name' value='a'/>"  # noqa: ISC004
            "<date key='time:timestamp' value='soon'/></event></trace></log>",
            "'soon' is no time",
        ),
    ],
)
def test_what_is_no_xes_is_refused_in_a_line(tmp_path, text, said):
    """Never a parser's traceback."""
    with pytest.raises(BadLog, match=said):
        list(open_log(table(tmp_path / "bad.xes", text)).cases())


def test_entities_that_grow_without_end_are_stopped(tmp_path):
    """A log from a stranger must not eat the machine: expat bounds what entities may grow to."""
    laughs = "".join(f'<!ENTITY l{k + 1} "{f"&l{k};" * 10}">' for k in range(12))
    text = (
        f'<!DOCTYPE log [<!ENTITY l0 "ha">{laughs}]><log><trace><string key="a" value="&l12;"/></trace></log>'
    )
    with pytest.raises(BadLog, match="is not XES"):
        list(open_log(table(tmp_path / "laughs.xes", text)).cases())


def test_what_is_no_ocel_or_has_no_such_objects_is_refused_in_a_line(tmp_path):
    """The types that there are help to find the right one."""
    with pytest.raises(BadLog, match="is not OCEL"):
        list(open_log(table(tmp_path / "bad.sqlite", "no database" * 100)).cases())
    path = tmp_path / "log.sqlite"
    write_ocel([], EPOCH, path, truth=False)
    with pytest.raises(BadLog, match="no objects of type 'case'; there are arbiter, buyer, dispute"):
        list(OcelLog(path, "case").cases())
    before = path.read_bytes()
    with pytest.raises(BadLog, match="no types of events"):
        list(OcelLog(path).cases())
    assert path.read_bytes() == before, "a log is only read"


def test_ocel_of_others_without_keys_or_resources_is_read(tmp_path):
    """The specification's own minimal example, which has neither."""
    path = tmp_path / "min.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript("""
            create table event (ocel_id text, ocel_type text);
            insert into event values ('e1', 'Create Order'), ('e2', 'Create Order');
            create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text);
            insert into event_object values
                ('e1', 'o1', 'order'), ('e2', 'o1', 'order'), ('e2', 'o1', 'again');
            create table object (ocel_id text, ocel_type text);
            insert into object values ('o1', 'Order');
            create table event_CreateOrder (ocel_id text, ocel_time text, "total items" integer);
            insert into event_CreateOrder values
                ('e1', '1970-01-02 00:00:00', 1), ('e2', '1970-01-01 00:00:00', 1);
            create table event_map_type (ocel_type text, ocel_type_map text);
            insert into event_map_type values ('Create Order', 'CreateOrder');
            create table object_map_type (ocel_type text, ocel_type_map text);
            insert into object_map_type values ('Order', 'Order');
            create table object_Order (ocel_id text, ocel_time text, ocel_changed_field text, "item" integer);
            insert into object_Order values
                ('o1', '1970-01-01 00:00:00', null, 1), ('o1', '1970-01-05 00:00:00', 'item', 3);
        """)
    (case,) = OcelLog(path, "Order").cases(("item",))
    assert case == Case("o1", (Event("Create Order", 0.0, ""), Event("Create Order", 24.0, "")), {"item": 3})


def test_a_log_of_unknown_kind_names_the_kinds(tmp_path):
    """Also for a path with a typing mistake in it."""
    with pytest.raises(BadLog, match="neither a file nor a folder"):
        open_log(tmp_path / "nowhere.csv")
    with pytest.raises(BadLog, match=r"ends in \.xes, \.xes\.gz, \.sqlite"):
        open_log(table(tmp_path / "log.pdf", ""))


@pytest.mark.process
def test_memory_does_not_follow_the_file(tmp_path):
    """Traces that were read are forgotten: XES files of gigabytes are common."""
    import tracemalloc

    def peak(traces: int) -> int:
        path = tmp_path / f"{traces}.xes"
        with path.open("w", encoding="utf-8") as file:
            cases = (Case(str(k), (Event("a", 1.0, "x"),) * 5, {}) for k in range(traces))
            write_xes(cases, EPOCH, file)
        tracemalloc.start()
        assert sum(1 for _ in open_log(path).cases()) == traces
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(4000) - peak(1000) < 1_000_000, "kept, the traces would take thirty times that"


def test_writing_streams_too():
    """The writer holds one case at a time, whatever the length of the run."""
    taken = 0

    def cases():
        nonlocal taken
        for k in range(50):
            taken += 1
            yield Case(str(k), (Event("a", 1.0, "x"),), {})

    class Watched(StringIO):
        def write(self, text: str) -> int:
            written.append((taken, text.count("<trace>")))
            return super().write(text)

    written: list[tuple[int, int]] = []
    write_xes(cases(), EPOCH, Watched())
    assert [traces for _, traces in written if traces] == [1] * 50
