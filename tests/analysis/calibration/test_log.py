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
