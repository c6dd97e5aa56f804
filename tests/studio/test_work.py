"""Work: jobs in lanes, how they are stopped, and what a page is told of them; no test waits for a clock."""

from __future__ import annotations

from threading import Event as Flag

import pytest

from evenhand.errors import UsageError
from evenhand.jobs.event import Event, Stopped
from evenhand.storage.plan import Order as Asked
from evenhand.studio.work import lane as lanes
from evenhand.studio.work.board import WAITING, Board
from evenhand.studio.work.child import Child, lines_of
from evenhand.studio.work.job import Job
from evenhand.studio.work.lane import Full, Lane
from evenhand.studio.work.orders import CompareOrder, RunOrder
from tests.studio.conftest import Inside, Still

LONG = 60.0
"""Seconds after which something is wrong; nothing here takes as long."""


class Steps:
    """An order that tells of a step, and ends when it is let go, or stopped."""

    def __init__(self) -> None:
        self.began, self.go = Flag(), Flag()

    def carry_out(self, on_event, cancelled):
        on_event(Event("simulate", 1, 4, "replication", {"number": 2, "total": 4}))
        self.began.set()
        while not self.go.wait(0.01):
            if cancelled():
                raise Stopped
        return {"folder": "x"}


def until(job: Job, *states: str) -> str:
    """Wait until a job is in one of these states; gives it."""
    flag = Flag()
    for _ in range(int(LONG / 0.01)):
        if job.state in states:
            return job.state
        flag.wait(0.01)
    return job.state


@pytest.fixture
def lane(tmp_path):
    made = Lane(tmp_path, 2, child=Inside)
    yield made
    made.close()


def test_a_job_tells_its_steps_and_what_it_found(lane):
    """Waiting, running with its last step, done with its result."""
    order = Steps()
    job = Job("a", "a", order)
    lane.submit(job)
    assert order.began.wait(LONG)
    order.go.set()
    assert until(job, "done") == "done"
    assert job.found == {"folder": "x"}
    assert (job.event.done, job.event.total) == (1, 4)


def test_stop_is_heard_by_the_job(lane):
    """A job that asks whether it is wanted ends as stopped, and its process lives on."""
    order = Steps()
    job = Job("a", "a", order)
    lane.submit(job)
    assert order.began.wait(LONG)
    child = lane._child
    lane.stop(job)
    assert until(job, "stopped") == "stopped"
    after = Steps()
    after.go.set()
    later = Job("b", "b", after)
    lane.submit(later)
    assert until(later, "done") == "done"
    assert lane._child is child


def test_a_process_that_does_not_hear_is_terminated_and_replaced(tmp_path, monkeypatch):
    """SIGTERM comes after the patience is over, and the next job has another process."""
    monkeypatch.setattr(lanes, "TERMINATE", 0.0)
    lane = Lane(tmp_path, 2, child=Still)
    job = Job("a", "a", object())
    lane.submit(job)
    assert until(job, "running") == "running"
    child = lane._child
    lane.stop(job)
    assert until(job, "stopped") == "stopped"
    assert not child.process.lives
    lane.close()


def test_a_process_that_survives_sigterm_is_killed(tmp_path, monkeypatch):
    """After that it is ended whatever it does."""

    class Deaf(Still):
        def terminate(self) -> None:
            return

    monkeypatch.setattr(lanes, "TERMINATE", 0.0)
    monkeypatch.setattr(lanes, "KILL", 0.0)
    lane = Lane(tmp_path, 2, child=Deaf)
    job = Job("a", "a", object())
    lane.submit(job)
    until(job, "running")
    child = lane._child
    lane.stop(job)
    assert until(job, "stopped") == "stopped"
    assert not child.process.lives
    lane.close()


def test_a_process_that_dies_fails_its_job_and_is_replaced(lane):
    """A crash is no end of the studio."""
    order = Steps()
    job = Job("a", "a", order)
    lane.submit(job)
    assert order.began.wait(LONG)
    lane._child.terminate()
    assert until(job, "failed") == "failed"
    assert "has died" in job.lines[0]
    after = Steps()
    after.go.set()
    later = Job("b", "b", after)
    lane.submit(later)
    assert until(later, "done") == "done"


def test_an_order_that_cannot_be_given_fails_alone(tmp_path):
    """The lane goes on: nobody would hear of anything any more if its thread ended."""

    class Choosy(Inside):
        def give(self, order) -> None:
            if order is None:
                raise TypeError("cannot pickle it")
            super().give(order)

    lane = Lane(tmp_path, 2, child=Choosy)
    job = Job("a", "a", None)
    lane.submit(job)
    assert until(job, "failed") == "failed"
    assert "cannot pickle it" in job.lines[0]
    order = Steps()
    order.go.set()
    after = Job("b", "b", order)
    lane.submit(after)
    assert until(after, "done") == "done"
    lane.close()


def test_a_newer_preview_takes_the_place_of_the_older(tmp_path):
    """Whoever types on does not wait for what he typed before."""
    lane = Lane(tmp_path, 1, newest=True, child=Inside)
    first, second, third = (Steps() for _ in range(3))
    jobs = [Job(str(place), "", order) for place, order in enumerate((first, second, third))]
    lane.submit(jobs[0])
    assert first.began.wait(LONG)
    lane.submit(jobs[1])
    lane.submit(jobs[2])
    third.go.set()
    assert until(jobs[2], "done") == "done"
    assert [until(job, "stopped") for job in jobs[:2]] == ["stopped", "stopped"]
    assert not second.began.is_set() or jobs[1].found is None
    lane.close()


def test_more_worlds_wait_until_nobody_wants_anything_else(tmp_path):
    """What is done while idle never takes the place of what somebody waits for."""
    board = Board(tmp_path, Inside)
    order, later = Steps(), Steps()
    wanted = board.preview("a", order)
    board.refine("b", later)
    assert board.job("b") is None
    order.go.set()
    assert until(wanted, "done") == "done"
    while board.job("b") is None:
        board.refine("b", later)
    assert later.began.wait(LONG)
    board.preview("c", order)
    assert until(board.job("b"), "stopped") == "stopped"
    board.close()


def test_as_many_wait_as_may_and_a_waiting_job_can_be_stopped(tmp_path):
    """The queue has an end, and leaving it makes room."""
    board = Board(tmp_path, Still)
    running = board.order("first", object())
    assert until(running, "running") == "running"
    waiting = [board.order(str(number), object()) for number in range(WAITING)]
    with pytest.raises(Full):
        board.order("too many", object())
    assert board.place_of(waiting[2]) == 3
    board.stop(waiting[0].key)
    assert waiting[0].state == "stopped"
    assert board.place_of(waiting[2]) == 2
    assert board.order("fits", object()).state == "waiting"
    board.close()


def test_the_end_of_the_studio_ends_all_jobs(tmp_path):
    """Ctrl-C asks the running job to stop, so that whole parts are kept, and forgets those that wait."""
    board = Board(tmp_path, Inside)
    order = Steps()
    running = board.order("a", order)
    assert order.began.wait(LONG)
    waiting = board.order("b", Steps())
    board.close()
    assert (running.state, waiting.state) == ("stopped", "stopped")


def test_the_same_preview_is_done_once(tmp_path):
    """A reload or a second tab looks at the job that there is."""
    board = Board(tmp_path, Still)
    assert board.preview("k", object()) is board.preview("k", object())
    board.close()


def test_a_failure_is_told_in_the_words_of_the_command():
    """Mistakes line by line, and what is not foreseen with its place."""
    assert lines_of(UsageError("--days: must be more")) == ["--days: must be more"]
    assert lines_of(FileNotFoundError(2, "No such file", "x.yaml")) == ["x.yaml: No such file"]
    with pytest.raises(ZeroDivisionError) as caught:
        1 // 0  # noqa: B018
    assert "ZeroDivisionError" in lines_of(caught.value)[0]
    assert "at test_work.py" in lines_of(caught.value)[0]


@pytest.mark.process
def test_a_real_process_runs_and_stops(tmp_path):
    """The spawned process does what the command does, and Stop keeps its whole parts."""
    lane = Lane(tmp_path, 2, child=Child)
    asked = Asked("tmall", "tmall_unresponsive", 2, None, 1, "simpy", open_loop=False)
    done = Job("a", "a", RunOrder(asked._replace(replications=1, days=20), tmp_path / "runs" / "a", "en"))
    lane.submit(done)
    assert until(done, "done", "failed") == "done", done.lines
    assert (tmp_path / "runs" / "a" / "report.html").is_file()
    long = Job("b", "b", RunOrder(asked._replace(replications=5000), tmp_path / "runs" / "b", "zh"))
    lane.submit(long)
    while not long.stages:
        assert until(long, "failed", "running") == "running", long.lines
    lane.stop(long)
    assert until(long, "stopped") == "stopped"
    assert not (tmp_path / "runs" / "b" / "manifest.json").exists()
    lane.close()


def test_a_comparison_is_refused_with_all_its_mistakes(tmp_path):
    """Every file is read before anything is ordered."""
    order = CompareOrder(("tmall",), "tmall", 5, None, 1, (), tmp_path, "en")
    with pytest.raises(UsageError, match="two policies"):
        order.read()
    with pytest.raises(UsageError, match="--replications"):
        order._replace(policies=("tmall", "mediation"), replications=1).read()
