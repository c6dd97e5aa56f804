"""Tables leave as spreadsheets too: dates are dates, numbers numbers, and text is never a formula."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli import spreadsheet
from evenhand.cli.main import app
from evenhand.cli.spreadsheet import write_xlsx
from evenhand.errors import UsageError
from evenhand.storage.run_dir import open_run
from tests.support.app_files import finished

openpyxl = pytest.importorskip("openpyxl")
LOG = "case,activity,time,resource\n1,opened,2024-01-03,Ann\n1,decided,2024-02-01 14:30,Bob\n"
RULES = """kind: rules
title: In time
ends: closed
rules:
  soon: {template: response, activation: opened, target: decided, within: 48 h}
"""


def rows(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


def told(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


def test_a_cell_holds_what_its_value_is(tmp_path: Path) -> None:
    """A date that is text cannot be sorted, and a text that begins with '=' must not be carried out."""
    east = timezone(timedelta(hours=8))
    values = [
        (date(2024, 1, 31), datetime(2024, 1, 31)),  # noqa: DTZ001  (a clock without a zone)
        (datetime(2024, 1, 31, 8, tzinfo=east), datetime(2024, 1, 31, 0, tzinfo=UTC).replace(tzinfo=None)),
        (Decimal("2.50"), 2.5),
        (2**63, str(2**63)),
        (float("nan"), None),
        (float("-inf"), None),
        (True, True),
        ("=1+1", "=1+1"),
        ("a\x07b", "a\N{REPLACEMENT CHARACTER}b"),
        ("审", "审"),
    ]
    write_xlsx(["value"], [(given,) for given, _ in values], tmp_path / "a.xlsx")
    head, *found = rows(tmp_path / "a.xlsx")
    assert head == ("value",)
    assert [row[0] for row in found] == [wanted for _, wanted in values]
    kinds = [row[0].data_type for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active]
    assert kinds[8] == "s", "'f' is a formula"


def test_what_a_sheet_cannot_hold_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spreadsheets cut what is too long without a word."""
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    write_xlsx(["n"], [(1,), (2,)], tmp_path / "two.xlsx")
    with pytest.raises(UsageError, match="a sheet holds 2 rows, and there are more"):
        write_xlsx(["n"], [(1,), (2,), (3,)], tmp_path / "three.xlsx")
    with pytest.raises(UsageError, match="a cell holds 32,767 characters, and one has 32,768"):
        write_xlsx(["n"], [("x" * 32768,)], tmp_path / "long.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["two.xlsx"]


def test_without_the_library_it_is_said_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is computed, and in words that work from a checkout."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"--out: .*pip install openpyxl \(the extra 'excel'\)"):
        write_xlsx(["n"], [], tmp_path / "a.xlsx")


def test_violations_go_to_a_sheet_with_their_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who puts a desk's log right works through the list in a spreadsheet."""
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(LOG, encoding="utf-8")
    Path("rules.yaml").write_text(RULES, encoding="utf-8")
    assert told("conform", "log.csv", "rules.yaml", "--out", "v.xlsx").exit_code == 1
    assert rows(tmp_path / "v.xlsx") == [
        ("case", "rule", "position", "activity", "time", "resource"),
        ("1", "soon", 1, "opened", datetime(2024, 1, 3), "Ann"),  # noqa: DTZ001
    ]


@pytest.mark.process
def test_answers_and_events_of_a_run_are_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run has in tables can be had as a spreadsheet: every row, and times as times."""
    finished(tmp_path / "mine", replications=1, days=20)
    monkeypatch.chdir(tmp_path)
    asked = "select dispute, amount, date '2024-01-31' as day from disputes order by all"
    assert told("query", "mine", asked, "--out", "d.xlsx").exit_code == 0
    head, *found = rows(tmp_path / "d.xlsx")
    assert head == ("dispute", "amount", "day")
    assert len(found) == len(open_run(tmp_path / "mine"))
    assert {row[2] for row in found} == {datetime(2024, 1, 31)}  # noqa: DTZ001
    assert told("query", "mine", "--format", "xlsx").exit_code == 2
    assert told("export", "mine", "--to", "xlsx").exit_code == 0
    head, *events = rows(tmp_path / "mine.xlsx")
    assert head == ("case", "activity", "time", "resource", "role")
    assert all(isinstance(row[2], datetime) for row in events)
    refused = told("export", "mine", "--to", "xlsx", "--out", "-")
    assert (refused.exit_code, "a workbook is packed and needs a file" in refused.output) == (2, True)
