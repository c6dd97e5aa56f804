"""Periods in questions: dates of the scenario's calendar, and whether a dispute counts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import analysis
from evenhand.analysis.runs.period import Period
from evenhand.cli.main import app
from evenhand.storage.run_dir import open_run
from tests.support.app_files import finished


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A run of two months from 2025-09-01."""
    made = Path(tmp_path_factory.mktemp("runs")) / "a"
    finished(made, days=50)
    return made


def day_of(run, hours: float) -> date:
    return (datetime.combine(run.scenario.start, time()) + timedelta(hours=float(hours))).date()


def test_dates_are_those_of_the_scenarios_calendar(folder):
    """Hours from the start become dates as a person would count them, and NULL where nothing happened."""
    run = open_run(folder)
    asked = "select dispute, ordered_on, opened_on, filed_on, closed_on from disputes order by dispute"
    rows = list(analysis.open_runs(folder).sql(asked).rows())
    assert len(rows) == len(run)
    order = np.argsort(run.disputes["dispute"])
    for place, (_, *dates) in zip(order, rows, strict=True):
        hours = [run.disputes[name][place] for name in ("order_at", "opened_at", "filed_at", "closed_at")]
        assert dates == [None if np.isnan(one) else day_of(run, one) for one in hours]


def test_a_period_leaves_what_was_opened_in_it_and_metrics_as_they_are(folder):
    """Its last day is left out; a month stands for its first day; events go by their own day."""
    run = open_run(folder)
    opened = [day_of(run, one) for one in run.disputes["opened_at"]]
    happened = [day_of(run, one) for one in run.events["time"]]
    october = analysis.open_runs(folder, first="2025-10", until="2025-10-15")
    ends = date(2025, 10, 1), date(2025, 10, 15)
    for table, days in (("disputes", opened), ("events", happened)):
        ((n,),) = october.sql(f"select count(*) from {table}").rows()
        assert n == sum(ends[0] <= one < ends[1] for one in days) > 0
    whole = analysis.open_runs(folder)
    asked = "select metric, value from metrics order by metric"
    assert list(october.sql(asked).rows()) == list(whole.sql(asked).rows())


@pytest.mark.parametrize("cohort", ["10..30", "10..30:filing"])
def test_who_counts_is_who_metrics_count(tmp_path, cohort):
    """Cohorts are told row by row, by order or by filing, so that SQL gives the numbers of the page."""
    finished(tmp_path / "late", days=50, cohort=cohort)
    run = open_run(tmp_path / "late")
    asked = "select count(*) filter (counted), count(*) from disputes"
    ((n, of),) = analysis.open_runs(tmp_path / "late").sql(asked).rows()
    assert n == analysis.outcomes(run)["settled_share"].n < of


@pytest.mark.parametrize(
    ("first", "until", "said"),
    [
        ("2025-13", None, "--from: must be a date such as 2025-11-01, or a month, found '2025-13'"),
        ("soon", None, "--from: must be a date"),
        (None, "1.11.2025", "--until: must be a date"),
        ("2025-11", "2025-10-31", "--until: must be after --from, which is 2025-11-01, found 2025-10-31"),
    ],
)
def test_what_is_no_date_is_refused_in_one_line(first, until, said):
    """A period that nobody can be in is a mistake, not an empty answer."""
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        Period.read(first, until)


def test_the_command_takes_dates(folder):
    """How many in October, without a line of arithmetic."""
    asked = [
        "query",
        str(folder),
        "--from",
        "2025-10",
        "--until",
        "2025-11",
        "select count(*) as n from disputes",
    ]
    told = CliRunner().invoke(app, asked, catch_exceptions=False)
    run = open_run(folder)
    n = sum(day_of(run, one).month == 10 for one in run.disputes["opened_at"])
    assert told.stdout == f"n\n{n}\n"
    wrong = CliRunner().invoke(app, ["query", str(folder), "--from", "soon", "select 1 as x"])
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
