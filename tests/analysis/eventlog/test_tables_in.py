"""Tables as people have them: a row counts, is left out and counted, or is refused with its place."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from evenhand.analysis.eventlog import BadLog, Case, Checker, Event, Mapping, Rules, open_log
from evenhand.analysis.eventlog.amounts import floats_of
from evenhand.analysis.eventlog.business_days import BusinessDays
from evenhand.analysis.eventlog.log import EPOCH, hours_since, moment
from evenhand.analysis.eventlog.source import open_source

HEAD = "case,activity,time\n"


def cases(folder: Path, text: str, mapping: Mapping | None = None, name: str = "log.csv") -> list[Case]:
    path = folder / name
    path.write_bytes(text.encode())
    return list(open_log(path, mapping).cases())


def times(folder: Path, *written: str, mapping: Mapping | None = None) -> list[str]:
    rows = "".join(f'{at},a,"{one}"\n' for at, one in enumerate(written, 10))
    return [moment(EPOCH, case.events[0].time).isoformat() for case in cases(folder, HEAD + rows, mapping)]


def test_a_hash_begins_no_comment(tmp_path):
    """Numbers of orders begin with '#' in some shops: their rows are rows."""
    text = HEAD + "1001,opened,1\n#1001,decided,2\n1002,opened,3\n#1003,opened,4\n"
    assert {case.name for case in cases(tmp_path, text)} == {"1001", "#1001", "1002", "#1003"}


@pytest.mark.parametrize("row", ["case,activity,time,who\n3,a,2,z", "3,a"])
def test_a_row_of_another_width_is_refused_with_its_line(tmp_path, row):
    """Two exports that were joined: no row may vanish without a word."""
    with pytest.raises(BadLog, match=r"log\.csv:4: has \d columns where the header has 3"):
        cases(tmp_path, HEAD + f"1,a,1\n2,a,2\n{row}\n")


def test_a_clock_of_twelve_hours_is_read_as_such(tmp_path):
    """03:03 PM is in the afternoon, and midnight is 12 AM."""
    found = times(
        tmp_path, "2023-01-19 03:03 PM", "2023/1/19 12:00 AM", "2023-01-19 12:30pm", "2023年1月9日 下午3:05"
    )
    assert found == [
        "2023-01-19T15:03:00",
        "2023-01-19T00:00:00",
        "2023-01-19T12:30:00",
        "2023-01-09T15:05:00",
    ]


@pytest.mark.parametrize(
    "written", ["2023-01-19 03:03 CET", "2023-02-30", "2023-01-19 25:00", "2023-01-19 13:00 PM"]
)
def test_what_is_no_certain_time_is_refused_with_its_row(tmp_path, written):
    """A name of a zone is not passed over, and no day is made up."""
    said = rf"log\.csv:3:6: column 'time' has no time that can be read: '{written}' is no time"
    with pytest.raises(BadLog, match=said):
        times(tmp_path, "2023-01-19 03:03", written)


@pytest.mark.parametrize(
    ("written", "unit", "found"),
    [
        ("20240131", None, "2024-01-31T00:00:00"),
        ("1706702400", None, "2024-01-31T12:00:00"),
        ("1706702400000", None, "2024-01-31T12:00:00"),
        ("1706702400000000", None, "2024-01-31T12:00:00"),
        ("1706702400000000000", None, "2024-01-31T12:00:00"),
        ("45322.5", "days", "2024-01-31T12:00:00"),
        ("2025年3月1日", None, "2025-03-01T00:00:00"),
        ("2025年3月1日14时30分", None, "2025-03-01T14:30:00"),
        ("2024-01-31T12:00:00.5+02:00", None, "2024-01-31T10:00:00.500000"),
    ],
)
def test_a_number_is_the_time_that_it_can_only_be_or_the_unit_says(tmp_path, written, unit, found):
    """Dates as eight digits and epochs show their unit in their size."""
    assert times(tmp_path, written, mapping=Mapping(unit=unit)) == [found]


@pytest.mark.parametrize(
    ("written", "dates", "found"),
    [
        (["31.01.2024", "01.02.2024 14:30"], None, ["2024-01-31T00:00:00", "2024-02-01T14:30:00"]),
        (["01/31/2024 02:30 PM", "02/01/2024"], None, ["2024-01-31T14:30:00", "2024-02-01T00:00:00"]),
        (["3-4-2024"], "dmy", ["2024-04-03T00:00:00"]),
        (["3-4-2024"], "mdy", ["2024-03-04T00:00:00"]),
    ],
)
def test_dates_that_end_with_their_year_are_read_as_their_column_shows(tmp_path, written, dates, found):
    """One day after the twelfth says for all which number is the month; else `dates` says it."""
    assert times(tmp_path, *written, mapping=Mapping(dates=dates)) == found


@pytest.mark.parametrize(
    "written", [["03.01.2024", "04.01.2024"], ["03/04/2024", "31/01/2024", "01/31/2024"]]
)
def test_dates_that_may_be_read_two_ways_are_refused_with_their_place_and_what_to_say(tmp_path, written):
    """The third of January may be the first of March, and one column may hold both."""
    said = r"log\.csv:2:6: .*'03.0[14].2024' is a date that may begin with its day or .*: say it with 'dates'"
    with pytest.raises(BadLog, match=said):
        times(tmp_path, *written)
    with pytest.raises(BadLog, match=r"log\.csv:2:6: .*'31.01.2024' is no time"):
        times(tmp_path, "31.01.2024", mapping=Mapping(dates="mdy"))


def test_a_cell_is_told_by_its_line_and_column(tmp_path):
    """Titles, empty lines, quotation marks and texts of two lines move rows away from their lines."""
    text = 'Complaints of March,,\n\ncase,activity,time\n\n"1\n2","op,en",2024-01-01\n3,"b\nc,d",soon\n'
    with pytest.raises(BadLog, match=r"log\.csv:8:6: column 'time' has no time that can be read"):
        cases(tmp_path, text)
    (tmp_path / "log.csv").write_bytes("案,活动,时间\n甲甲,开,2024-01-01\n乙,关,快\n".encode("gb18030"))
    with pytest.raises(BadLog, match=r"log\.csv:3:5: "):
        list(open_log(tmp_path / "log.csv").cases())
    gzip.open(tmp_path / "log.csv.gz", "wt").write(HEAD + "1,a,soon\n")  # noqa: SIM115
    with pytest.raises(BadLog, match=r"log\.csv\.gz:2:5: "):
        list(open_log(tmp_path / "log.csv.gz").cases())


@pytest.mark.parametrize("written", ["45322.5", "999999999999999999999999"])
def test_a_number_of_no_certain_unit_is_asked_for_with_its_row(tmp_path, written):
    """A serial day could be hours: nothing is guessed, and nothing overflows."""
    with pytest.raises(
        BadLog, match=r"log\.csv:2:6: .*is a number whose unit is not certain: say it with 'unit'"
    ):
        times(tmp_path, written)
    with pytest.raises(BadLog, match=r"log\.csv:2:6: "):
        times(tmp_path, "1e300", mapping=Mapping(unit="days"))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
def test_chinese_text_is_read_in_the_encodings_of_spreadsheets(tmp_path, encoding):
    """Spreadsheets save CSV as GBK or UTF-16 on Chinese machines; which it was is told."""
    path = tmp_path / "log.csv"
    path.write_bytes("案件编号,活动,时间\n甲一,申请,2025年3月1日\n".encode(encoding))
    log = open_log(path)
    assert [(case.name, case.events[0].activity) for case in log.cases()] == [("甲一", "申请")]
    named = {"gb18030": "GB18030", "utf-16": "UTF-16", "utf-16-le": "UTF-16"}.get(encoding)
    assert log.notes == ([f"is not UTF-8; read as {named}"] if named else [])


def test_latin_letters_are_not_taken_for_chinese_ones(tmp_path):
    """`Käse` in Latin-1 is valid GB18030 too; letters that stand alone among ASCII are Latin."""
    path = tmp_path / "log.csv"
    path.write_bytes((HEAD + "Käse,größer,2025-03-01\n").encode("latin-1"))
    log = open_log(path)
    assert [(case.name, case.events[0].activity) for case in log.cases()] == [("Käse", "größer")]
    assert log.notes == ["is not UTF-8; read as Latin-1"]


def test_bytes_in_no_encoding_are_refused_with_the_line_and_what_to_do(tmp_path):
    """A database's words about a state machine help nobody."""
    path = tmp_path / "log.csv"
    path.write_bytes(HEAD.encode() + b"1,\x81\x20a\xff\xff,2025-03-01\n")
    with pytest.raises(BadLog, match=r"log\.csv:2: is not UTF-8; save it as CSV UTF-8"):
        open_log(path)


def test_capitals_in_a_suffix_make_no_difference(tmp_path):
    """Some systems write names of files in capitals."""
    name, when = "<string key='concept:name' value='a'/>", "<date key='time:timestamp' value='2024-01-01'/>"
    event = f"<event>{name}{when}</event>"
    (tmp_path / "A.XES.GZ").write_bytes(gzip.compress(f"<log><trace>{event}</trace></log>".encode()))
    (tmp_path / "A.CSV.GZ").write_bytes(gzip.compress(f"{HEAD}1,a,2024-01-01\n".encode()))
    row = "select 1 as \"case\", 'a' as activity, '2024-01-01' as time"
    duckdb.sql(f"copy ({row}) to '{tmp_path}/a' (format parquet)")
    (tmp_path / "a").rename(tmp_path / "A.PARQUET")
    cases(tmp_path, HEAD + "1,a,2024-01-01\n", name="A.CSV")
    for name in ("A.XES.GZ", "A.CSV.GZ", "A.PARQUET", "A.CSV"):
        (case,) = open_log(tmp_path / name).cases()
        assert case.events[0].time == hours_since(EPOCH, datetime.fromisoformat("2024-01-01")), name


def test_a_title_over_the_header_is_left_out_and_told(tmp_path):
    """Merged cells above a table are no columns of it."""
    path = tmp_path / "log.csv"
    path.write_text("Complaints of March,,\n\ncase,activity,time\n1,a,2025-03-01\n", encoding="utf-8")
    log = open_log(path)
    assert [case.name for case in log.cases()] == ["1"]
    assert log.notes == ["the line 'Complaints of March' above the header is left out"]


def test_only_what_was_completed_counts_unless_another_transition_is_asked_for(tmp_path):
    """A start and its completion are one activity."""
    text = "case,activity,time,lifecycle:transition\n1,a,1,start\n1,a,2,COMPLETE\n1,b,3,\n"
    for transition, expected in (("complete", [2, 3]), ("start", [1, 3]), ("all", [1, 2, 3])):
        (case,) = cases(tmp_path, text, Mapping(transition=transition))
        assert [event.time for event in case.events] == expected
    with pytest.raises(BadLog, match="no rows whose lifecycle:transition is 'resume'; use --lifecycle all"):
        cases(tmp_path, text.replace("1,b,3,\n", ""), Mapping(transition="resume"))
    with pytest.raises(BadLog, match="has no rows"):
        cases(tmp_path, HEAD)


def test_xes_counts_lifecycles_as_tables_do_and_orders_events_by_time(tmp_path):
    """One log has one answer, in whatever form and order it is written."""
    events = "".join(
        f"<event><string key='concept:name' value='{name}'/>"
        f"<string key='lifecycle:transition' value='{what}'/>"
        f"<date key='time:timestamp' value='2024-01-0{day}T00:00:00'/></event>"
        for name, what, day in (("close", "complete", 3), ("open", "start", 1), ("open", "complete", 2))
    )
    (case,) = cases(tmp_path, f"<log><trace>{events}</trace></log>", name="log.xes")
    assert [event.activity for event in case.events] == ["open", "close"]
    (every,) = cases(tmp_path, f"<log><trace>{events}</trace></log>", Mapping(transition="all"), "log.xes")
    assert [event.activity for event in every.events] == ["open", "open", "close"]


def rule(**settings: object) -> Checker:
    text = {"template": "response", "activation": "open", "target": "close", **settings}
    return Checker(
        Rules.model_validate({"title": "t", "rules": {"r": text}}), None, BusinessDays(EPOCH.date())
    )


@pytest.mark.parametrize("resource", ["same", "different"])
def test_who_is_not_known_is_neither_the_same_nor_another(resource):
    """A rule about persons is not applied where an event names none, and such cases are counted."""
    checker = rule(resource=resource)
    named = Case("a", (Event("open", 0.0, "Ann"), Event("close", 1.0, "Ann")), {})
    unnamed = Case("b", (Event("open", 0.0, ""), Event("close", 1.0, "")), {})
    found = list(checker.violations([named, unnamed]))
    assert [one.case for one in found] == ([] if resource == "same" else ["a"])
    assert (checker.tallies[0].judged, checker.tallies[0].unnamed) == (1, 1)
    alone = rule(resource=resource)
    assert not list(alone.violations([unnamed]))
    assert not alone.tallies[0].applied
    assert alone.tallies[0].skipped == "the log does not say who acted, in 1 cases"


def test_a_time_that_runs_backwards_is_within_no_limit():
    """An end before its beginning was not in time: it is a mistake in the log."""
    checker = rule(within="48 h")
    back = Case("a", (Event("open", 5.0, "x"), Event("close", 1.0, "x")), {})
    assert len(list(checker.violations([back]))) == 1


@pytest.mark.parametrize(
    ("written", "decimal", "found"),
    [
        (["35,50", "1.234,56", "7"], None, [35.5, 1234.56, 7]),
        (["35.50", "1,234.56", "1,234"], None, [35.5, 1234.56, 1234]),
        (["1,2,3", "4.5"], None, [None, 4.5]),
        (["1,234", "5"], None, [None, 5]),
        (["1,234", "5"], ",", [1.234, 5]),
        (["1,234", "5"], ".", [1234, 5]),
        (["12.5", "12,5", "3"], None, [None, None, 3]),
        (["￥165.8", "46.34元", "¥1,000.00", "３０"], None, [165.8, 46.34, 1000, 30]),
        (["0.125", "1e3", "", "-2.5", "nan", "much"], None, [0.125, 1000, None, -2.5, None, None]),
    ],
)
def test_the_sign_before_decimals_is_what_the_whole_column_shows(written, decimal, found):
    """One cell may be in doubt where its column is not; what stays in doubt is no number."""
    wanted = [np.nan if one is None else one for one in found]
    np.testing.assert_array_equal(floats_of(np.array(written, object), decimal), wanted)


def test_a_workbook_is_read_as_the_table_on_its_first_sheet(tmp_path):
    """Most people keep their cases in a spreadsheet."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["case", "activity", "time"], [1, "open", datetime(2024, 1, 1, 8, 30)], [1.0, "close", datetime(2024, 1, 2)]):  # fmt: skip  # noqa: DTZ001, E501
        book.active.append(row)
    book.save(tmp_path / "log.XLSX")
    (case,) = open_log(tmp_path / "log.XLSX").cases()
    assert [(event.activity, moment(EPOCH, event.time).isoformat()) for event in case.events] == [
        ("open", "2024-01-01T08:30:00"),
        ("close", "2024-01-02T00:00:00"),
    ]


def test_a_cell_of_a_workbook_is_told_by_its_name_on_the_sheet(tmp_path):
    """Spreadsheets have no lines, and rows without anything count there."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = (
        ["Complaints of March"],
        [],
        ["case", "activity", "time"],
        [],
        [1, "a", "2024-01-01"],
        [1, "b", "soon"],
    )
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "log.xlsx")
    with pytest.raises(BadLog, match=r"log\.xlsx:C6: column 'time' has no time that can be read"):
        list(open_log(tmp_path / "log.xlsx").cases())


def test_a_workbook_without_the_library_says_how_to_install_it(tmp_path, monkeypatch):
    """The extra is optional, and the message works from a checkout."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "log.xlsx").write_bytes(b"x")
    with pytest.raises(BadLog, match=r"pip install openpyxl \(the extra 'excel'\), or save as CSV UTF-8"):
        open_log(tmp_path / "log.xlsx")


def test_a_copy_of_a_table_goes_away_with_its_source(tmp_path):
    """Copies in UTF-8 are temporary files of people's disputes."""
    path = tmp_path / "log.csv"
    path.write_bytes("案,活动\n甲,乙\n".encode("gb18030"))
    source = open_source(path)
    copy = source.file
    assert copy.exists()
    assert copy != path
    del source
    assert not copy.parent.exists()
