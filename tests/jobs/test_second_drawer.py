"""A report is the same, whoever has drawn its exhibits."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.analysis import report
from evenhand.analysis.report.exhibits import exhibits
from evenhand.jobs import second_drawer
from evenhand.jobs.simulation import run
from tests.jobs.test_jobs import experiment


@pytest.mark.process
def test_two_processes_draw_what_one_draws(tmp_path: Path) -> None:
    """Every other exhibit comes from the second process, and the page has the same bytes."""
    done = run(experiment(engine="numba", replications=2), tmp_path / "run", workers=1)
    with second_drawer.second_drawer(wanted=True) as other:
        assert other is not None
        later = other.begin(done.run)
        assert list(later) == list(range(1, len(exhibits()), 2))
        report.write(done.run, tmp_path / "two.html", later=later)
        assert other._drawn is not None, "it has been asked"
        assert set(other._drawn) == set(later), "and has drawn all of its own"
    report.write(done.run, tmp_path / "one.html")
    assert (tmp_path / "two.html").read_bytes() == (tmp_path / "one.html").read_bytes()


@pytest.mark.process
def test_what_a_dead_process_owes_is_drawn_here(tmp_path: Path) -> None:
    """A process that was killed costs time, and no exhibit."""
    done = run(experiment(engine="numba", replications=2), tmp_path / "run", workers=1)
    with second_drawer.second_drawer(wanted=True) as other:
        assert other is not None
        other._child.kill()
        report.write(done.run, tmp_path / "two.html", later=other.begin(done.run))
    report.write(done.run, tmp_path / "one.html")
    assert (tmp_path / "two.html").read_bytes() == (tmp_path / "one.html").read_bytes()


def test_nobody_is_started_where_nobody_is_wanted() -> None:
    with second_drawer.second_drawer(wanted=False) as other:
        assert other is None
