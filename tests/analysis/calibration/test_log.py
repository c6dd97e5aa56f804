"""Reading logs: tables and event logs, what is wrong in them, and guesses at what they mean."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evenhand.analysis.calibration.eventlog import read_any, read_xes
from evenhand.analysis.calibration.guess import guess, kind_of, to_yaml
from evenhand.analysis.calibration.log import Log, read_log
from evenhand.analysis.calibration.mapping import Mapping
from evenhand.analysis.calibration.table import BadLog
from evenhand.cli.calibrate_mapping import mapping_of
from evenhand.scenarios import BadFile
from evenhand.sim.scenario.vocabulary import ENDINGS

TABLE = """case,begun,ended,how,why,whom,money
1,2020-01-06,2020-01-09,paid,broken,A,10
2,2020-01-07,,,late,B,20.5
3,2020-01-08,2020-01-07,paid,broken,A,30
4,never,2020-01-09,paid,broken,A,30
5,2020-01-08,2020-01-20,refused,odd,A,much
6,2020-01-09,2020-01-12,strange,late,B,5
"""
MAPPING = """
kind: mapping
columns: {opened: begun, closed: ended, outcome: how, cause: why, merchant: whom, amount: money}
outcomes: {paid: settled, refused: ruled merchant}
causes: {broken: quality_defect, late: late_dispatch}
"""
EVENTS = """case,activity,time,resource
a,received,2020-01-06T08:00:00+01:00,ann
a,answered,2020-01-07T08:00:00+01:00,bob
a,closed,2020-01-08T08:00:00+01:00,ann
b,received,2020-01-07T10:00:00+01:00,ann
b,note,2020-01-07T11:00:00+01:00,ann
"""
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
 <trace><string key="concept:name" value="a"/><string key="amount" value="12"/>
  <event><string key="concept:name" value="received"/>
   <date key="time:timestamp" value="2020-01-06T08:00:00.000+01:00"/>
   <string key="org:resource" value="ann"/></event>
  <event><string key="concept:name" value="closed"/>
   <date key="time:timestamp" value="2020-01-08T09:30:00.000+01:00"/></event>
 </trace>
</log>
"""


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str = TABLE, mapping: str = MAPPING) -> Log:
    return read_log(written(folder, text), mapping_of(mapping, "map.yaml"))


def test_a_table_becomes_disputes_in_hours_from_its_first_day(tmp_path: Path) -> None:
    """Everything later counts hours from the midnight that begins the log."""
    log = read(tmp_path)
    assert log.start == date(2020, 1, 6)
    assert log.opened.tolist() == [0.0, 24.0, 48.0]
    assert log.durations[0] == 72.0
    assert log.grain == 24.0
    assert [ENDINGS[e] for e in log.ending] == ["settled", "open", "ruled"]
    assert log.won.tolist() == [True, False, False]


def test_rows_that_cannot_be_read_are_counted_and_shown_not_dropped_in_silence(tmp_path: Path) -> None:
    """A log with holes must say where they are, or the fit is of something else."""
    log = read(tmp_path)
    told = "\n".join(map(str, log.troubles))
    assert len(log) == 3
    assert "'begun' is no time" in told
    assert "row 4: 'never'" in told
    assert "'ended' closed before it was opened (row 3: '2020-01-07'): the row is left out" in told
    assert "'how' is not among 'outcomes' of the mapping (row 6: 'strange')" in told
    assert "'why' is not among 'causes' of the mapping (row 5: 'odd'): taken as not known" in told
    assert "'money' is no number (row 5: 'much')" in told


MONEY = """kind: mapping
columns: {id: no, opened: at, closed: done, outcome: how, amount: sum}
outcomes: {ok: settled}
"""


def test_numbers_in_money_and_words_for_nothing_are_read_as_people_write_them(tmp_path: Path) -> None:
    """Signs of currencies are no mistakes, and NULL in an outcome is an open dispute."""
    text = "no,at,done,how,sum\n1,2025年3月1日,2025年3月2日,ok,￥165.8\n2,2025年3月1日,NULL,NULL,46.34元\n"
    log = read(tmp_path, text, MONEY)
    assert log.amount.tolist() == [165.8, 46.34]
    assert [ENDINGS[one] for one in log.ending] == ["settled", "open"]
    assert not log.troubles


@pytest.mark.parametrize(("day", "wanted"), [("31.03.2025", 28), ("03.04.2025", None)])
def test_dates_that_end_with_their_year_are_read_or_asked_for(
    tmp_path: Path, day: str, wanted: int | None
) -> None:
    """A day after the twelfth shows the order of its column; without one the mapping must say it."""
    text = f"no,at,done,how,sum\n1,03.03.2025,{day},ok,5\n"
    if wanted is None:
        with pytest.raises(
            BadLog, match=r"'at' is a date that may begin with its day or .*row 1: '03.03.2025'"
        ):
            read(tmp_path, text, MONEY)
    else:
        with pytest.raises(BadLog, match="'at' is a date that may begin"):
            read(tmp_path, text, MONEY)
    log = read(tmp_path, text, MONEY + "dates: dmy\n")
    assert log.durations.tolist() == [24.0 * (wanted or 31)]
    (doubt,) = guess(read_any(written(tmp_path, "no,opened,sum\n1,03.04.2025,5\n"))).doubts
    assert (
        doubt
        == "the dates in 'opened' may begin with their day or their month: add 'dates: dmy' or 'dates: mdy'"
    )


def test_words_for_nothing_are_guessed_to_be_open_disputes(tmp_path: Path) -> None:
    """NULL is no ruling for the merchant, and no cause either."""
    rows = "1,2025-03-01,NULL,NULL\n2,2025-03-01,refund,late\n"
    found = guess(read_any(written(tmp_path, "no,opened,status,reason\n" + rows)))
    assert found.outcomes["NULL"] == ("open", "1 rows; a word for an empty cell")
    assert found.outcomes["refund"][0] == "settled"
    assert list(found.causes) == ["late"]


def test_dates_that_stand_for_nothing_are_named_by_column_and_row(tmp_path: Path) -> None:
    """One 1900-01-01 would make a log of 45,000 days, and 9999-12-31 one that never ends."""
    first, other = "1,2025-03-01,9999-12-31,,5\n", "2,1900-01-01,2025-03-02,ok,5\n"
    text = f"no,at,done,how,sum\n{first}{other}3,2025-03-02,2025-03-03,ok,5\n"
    log = read(tmp_path, text, MONEY)
    assert (log.start, log.days, len(log)) == (date(2025, 3, 1), 3, 2)
    assert np.isnan(log.closed[0])
    said = "\n".join(map(str, log.troubles))
    assert "'done' is after 2199 and stands for nothing (row 1: '9999-12-31')" in said
    assert "'at' is before 1902 and stands for nothing (row 2: '1900-01-01')" in said


def test_a_dispute_that_is_there_twice_counts_once_and_the_rows_used_are_told(tmp_path: Path) -> None:
    """Joined exports overlap."""
    text = (
        "no,at,done,how,sum\n1,2025-03-01,2025-03-02,ok,5\n1,2025-03-01,2025-03-02,ok,5\n2,2025-03-01,,,5\n"
    )
    log = read(tmp_path, text, MONEY)
    assert len(log) == 2
    assert "1 rows: 'no' has a name that is there before (row 2: '1')" in str(log.troubles[0])
    assert log.notes == ("log.csv: 2 of 3 rows can be used",)


def test_the_comma_of_decimals_is_asked_for_where_the_column_does_not_show_it(tmp_path: Path) -> None:
    """`1,234` may be a thousand or one: it is counted as unreadable until the mapping says."""
    text = 'no,at,done,how,sum\n1,2025-03-01,,,"1,234"\n'
    (trouble,) = read(tmp_path, text, MONEY).troubles
    assert "'decimal' of the mapping" in trouble.what
    assert read(tmp_path, text, MONEY + "decimal: ','\n").amount.tolist() == [1.234]
    assert read(tmp_path, text, MONEY + "decimal: '.'\n").amount.tolist() == [1234.0]


def test_numbers_as_times_are_read_in_the_unit_that_the_mapping_says(tmp_path: Path) -> None:
    """A spreadsheet's serial day may be no other number, so it is asked for."""
    text = "no,at,done,how,sum\n1,45322.5,45323,ok,5\n"
    with pytest.raises(BadLog, match="is a number whose unit is not certain: say it with 'unit'"):
        read(tmp_path, text, MONEY)
    log = read(tmp_path, text, MONEY + "unit: days\n")
    assert log.start == date(2024, 1, 31)
    assert log.opened.tolist() == [12.0]


def test_events_that_only_start_do_not_count(tmp_path: Path) -> None:
    """A start and its completion are one activity, in calibration as in conformance."""
    head, *rows = EVENTS.strip().split("\n")
    text = "\n".join([head + ",lifecycle:transition", *(row + ",complete" for row in rows)])
    text += "\nc,received,2020-01-07T10:00:00+01:00,ann,start\n"
    mapping = "kind: mapping\nformat: events\nactivities: {opened: [received], closed: [closed]}\n"
    log = read(tmp_path, text, mapping)
    assert len(log) == 2
    assert log.notes == ("log.csv: 1 of 6 events are not 'complete' and do not count",)


def test_chinese_headers_are_guessed(tmp_path: Path) -> None:
    """Columns called in Chinese say as much as English ones."""
    rows = "".join(f"{at},2025-03-0{at},2025-03-1{at},商家{at},￥1{at}.5\n" for at in range(1, 9))
    found = guess(read_any(written(tmp_path, "编号,申请时间,结案时间,商家,金额\n" + rows)))
    named = {one.role: one.column for one in found.columns}
    assert {role: named.get(role) for role in ("opened", "closed", "merchant", "amount")} == {
        "opened": "申请时间",
        "closed": "结案时间",
        "merchant": "商家",
        "amount": "金额",
    }


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """The commonest mistake is a misspelt column."""
    with pytest.raises(
        BadLog, match=r"log\.csv has no column 'begon'; did you mean 'begun'\? \(it has case, begun"
    ):
        read(tmp_path, mapping=MAPPING.replace("begun", "begon"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (MAPPING.replace("opened: begun, ", ""), "map.yaml:3:10: columns: 'opened' must be given"),
        (MAPPING.replace("paid: settled", "paid: setled"), "map.yaml:4:18: outcomes.paid: must be 'settled'"),
        (MAPPING.replace("late_dispatch", "late"), "map.yaml:5:40: causes.late: must be 'quality_defect'"),
        (
            MAPPING.replace("closed:", "closd:"),
            "map.yaml:3:26: columns.closd: unknown setting; did you mean 'closed'?",
        ),
    ],
)
def test_a_mistake_in_a_mapping_says_its_line_and_what_is_allowed(wrong: str, said: str) -> None:
    """Mappings are written by hand."""
    with pytest.raises(BadFile) as caught:
        mapping_of(wrong, "map.yaml")
    assert said in str(caught.value)


def test_a_file_that_is_no_log_is_refused_with_the_endings_that_are_read(tmp_path: Path) -> None:
    """The message names what can be read."""
    with pytest.raises(BadLog, match=r"must end in \.csv"):
        read_any(written(tmp_path, "x", "log.ods"))
    with pytest.raises(BadLog, match="there is no such file"):
        read_any(tmp_path / "none.csv")


def test_an_event_log_becomes_one_row_a_case(tmp_path: Path) -> None:
    """Moments come from activities, none where a case lacks it; times keep the log's own engine."""
    mapping = mapping_of(
        "format: events\nactivities: {opened: [received], answered: [answered], closed: [closed]}\n"
        "outcomes: {closed: settled}\n",
        "m",
    )
    log = read_log(written(tmp_path, EVENTS), mapping)
    assert log.opened.tolist() == [8.0, 34.0]
    assert log.moments["answered"][0] == 32.0
    assert np.isnan(log.moments["answered"][1])
    assert [ENDINGS[e] for e in log.ending] == ["settled", "open"]


def test_an_activity_that_no_event_has_is_refused(tmp_path: Path) -> None:
    """A misspelt activity would otherwise leave a column of nothing."""
    mapping = mapping_of("format: events\nactivities: {opened: [recieved]}\n", "m")
    with pytest.raises(
        BadLog, match=r"no event is called 'recieved' \(activities\.opened\); there are answered"
    ):
        read_log(written(tmp_path, EVENTS), mapping)


def test_xes_is_read_with_the_attributes_of_its_traces(tmp_path: Path) -> None:
    """XES is what process-mining tools exchange."""
    path = written(tmp_path, XES, "log.xes")
    assert list(read_xes(path).columns) == ["case", "case:amount", "activity", "time", "resource"]
    mapping = mapping_of(
        "format: events\nactivities: {opened: [received], closed: [closed]}\n"
        "columns: {amount: 'case:amount'}\n",
        "m",
    )
    log = read_log(path, mapping)
    assert log.durations.tolist() == [49.5]
    assert log.amount.tolist() == [12.0]


def test_a_log_cut_at_a_day_knows_nothing_of_what_came_after(tmp_path: Path) -> None:
    """Holding months out must not leak the endings of disputes that were open at the cut."""
    cut = read(tmp_path).between(None, date(2020, 1, 8))
    assert len(cut) == 3
    assert np.isnan(cut.closed).all()
    assert [ENDINGS[e] for e in cut.ending] == ["open"] * 3
    assert not cut.won.any()


def test_guesses_come_from_names_kinds_and_values_and_say_why(tmp_path: Path) -> None:
    """A guess without a reason cannot be checked."""
    text = "ref,received,closed on,result,complaint type,seller,refund\n" + "\n".join(
        f"{i},2020-01-{1 + i % 28:02},2020-02-{1 + i % 28:02},{'Refund given' if i % 2 else 'Claim denied'},"
        f"{'Damaged goods' if i % 3 else 'Late delivery'},shop {i % 70},{i}.5"
        for i in range(200)
    )
    found = guess(read_any(written(tmp_path, text)))
    assert {one.role: one.column for one in found.columns} == {
        "opened": "received",
        "closed": "closed on",
        "outcome": "result",
        "cause": "complaint type",
        "merchant": "seller",
        "paid": "refund",
    }
    assert {value: meaning for value, (meaning, _) in found.outcomes.items()} == {
        "Refund given": "settled",
        "Claim denied": "ruled merchant",
    }
    assert found.causes["Late delivery"][0] == "late_dispatch"
    written_out = to_yaml(found, "log.csv")
    assert "says 'refund'" in written_out
    assert mapping_of(written_out, "guesses") == Mapping.model_validate(
        {
            "columns": {one.role: one.column for one in found.columns},
            "outcomes": {value: meaning for value, (meaning, _) in found.outcomes.items()},
            "causes": {value: meaning for value, (meaning, _) in found.causes.items()},
        }
    )


def test_guesses_at_an_event_log_name_what_cases_begin_and_end_with(tmp_path: Path) -> None:
    """The mapping that is offered can be read as it stands."""
    found = guess(read_any(written(tmp_path, EVENTS)))
    assert found.events
    assert found.activities["opened"][0] == ("received",)
    mapping = mapping_of(to_yaml(found, "log.csv"), "guesses")
    assert mapping.activities["closed"] == ("closed", "note")


def test_columns_are_told_apart_by_what_is_in_them() -> None:
    """Numbers are no times, although 20200101 could be either."""
    kinds = {
        "time": ["2020-01-01", None, "2020-01-02"],
        "number": ["1", "2.5", "$1,000"],
        "yes or no": ["Yes", "no"],
        "words": ["a", "b", "a"],
        "empty": [None, None],
    }
    for kind, values in kinds.items():
        assert kind_of(np.array(values, object)) == kind
