"""Workers: whoever does the work, the results are the same, and so are the mistakes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis.runs.folder import TABLES, files
from evenhand.jobs.comparison import read_worlds
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked, Executor, executor, in_order, perform
from evenhand.parallel.processes import LIVES, Lost
from evenhand.parallel.protocol import Tick
from evenhand.storage import jobs, parts, run_dir
from evenhand.storage.plan import Plan
from evenhand.storage.plan_file import records_of_plan
from tests.support import small

ALONE, THREADS, PROCESSES = Executor(1, "alone"), Executor(3, "threads"), Executor(2, "processes")
IN_PROCESSES = pytest.param(PROCESSES, marks=pytest.mark.process)
CREWS = [ALONE, Executor(2, "threads"), pytest.param(THREADS, marks=pytest.mark.process), IN_PROCESSES]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


def names(who: Executor) -> str:
    return f"{who.size} {who.kind}"


def nothing() -> None:
    """Nobody counts."""


def square(item: int, tick: Tick) -> int:
    tick()
    return item * item


def fail(error: BaseException, item: int, tick: Tick) -> int:
    if item == 3:
        raise error
    return item


class Awkward(Exception):
    """An error that cannot be made again from its arguments."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def awkward(item: int, tick: Tick) -> int:
    raise Awkward(item, 2)


def die(places: Path, times: int, item: int, tick: Tick) -> int:
    """Kill its own process the first few times, as the system does where memory is short."""
    died = len(list(places.glob(f"{item}-*")))
    if item == 1 and died < times:
        (places / f"{item}-{died}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


@pytest.fixture
def plan() -> Plan:
    """Five replications in three jobs."""
    return Plan(small.scenario(), small.policy(), 5, 20, 4, "simpy", None, jobs=3)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.mark.process
@pytest.mark.parametrize("who", CREWS[1:], ids=names)
def test_the_records_do_not_depend_on_who_does_the_work(who: Executor, plan, tmp_path):
    """A result that depended on the machine could not be checked on another."""
    for place, crew_of_it in (("one", ALONE), ("other", who)):
        (tmp_path / place).mkdir()
        for _ in perform(
            partial(jobs.carry_out, tmp_path / place, records_of_plan(plan)),
            jobs.jobs_of(plan),
            crew_of_it,
            nothing,
        ):
            pass
    one = bytes_of(tmp_path / "one")
    assert len(one) == 3 * len(TABLES)
    assert bytes_of(tmp_path / "other") == one


@pytest.mark.process
@pytest.mark.parametrize("who", [ALONE, THREADS, IN_PROCESSES], ids=names)
def test_a_comparison_does_not_depend_on_who_does_the_work(who: Executor, monkeypatch):
    """With targets, workers read worlds that nobody needs in the end; those must not count."""
    monkeypatch.setattr(pool, "executor", lambda *_, **__: who)
    rules = [small.policy(), small.policy({"name": "strict", "decision": {"standard": 0.6}})]
    how: dict[str, Any] = {
        "days": 30,
        "seed": 2,
        "engine": "simpy",
        "until": {"settled_share": 0.02},
        "budget": 30,
    }
    alone = analysis.compare(small.scenario(), rules, **how)
    found = analysis.compare(small.scenario(), rules, reader=partial(read_worlds, Asked()), **how)
    assert alone.stops[0].replications < 30
    assert found.to_json() == alone.to_json()
    for name, column in alone.values.items():
        np.testing.assert_array_equal(found.values[name], column)


@pytest.mark.process
@pytest.mark.parametrize("who", [ALONE, THREADS], ids=names)
def test_a_selection_does_not_depend_on_who_does_the_work(who: Executor, monkeypatch):
    """Who has left is not read any more; whoever reads ahead must not bring them back."""
    monkeypatch.setattr(pool, "executor", lambda *_, **__: who)
    rules = [small.policy(), small.policy({"name": "strict", "decision": {"standard": 0.6}})]
    how: dict[str, Any] = {"days": 20, "seed": 2, "engine": "simpy", "n0": 4, "budget": 8, "maximise": True}
    alone = analysis.select(small.scenario(), rules, "settled_share", 0.01, **how)
    found = analysis.select(
        small.scenario(), rules, "settled_share", 0.01, reader=partial(read_worlds, Asked()), **how
    )
    assert found.to_json() == alone.to_json()


@pytest.mark.parametrize("who", CREWS, ids=names)
def test_every_item_is_done_once_and_every_step_is_counted(who: Executor):
    """The bar of a long study must come to its end."""
    steps: list[None] = []
    found = sorted(perform(square, range(20), who, lambda: steps.append(None)))
    assert found == [(item, item * item) for item in range(20)]
    assert len(steps) == 20
    assert list(in_order(square, range(20), who)) == [item * item for item in range(20)]


def test_threads_do_not_run_away_from_whoever_uses_their_results():
    """A gate that has seen enough must not have simulated its whole budget; unused results fill memory."""
    begun: list[int] = []

    def do(item: int, _: Tick) -> int:
        begun.append(item)
        return item

    results = in_order(do, range(1000), THREADS)
    assert next(results) == 0
    time.sleep(0.2)  # time to run away in; without it the test asks less, and fails no more
    assert len(begun) <= 1 + 2 * THREADS.size
    results.close()
    assert len(begun) <= 1 + 2 * THREADS.size


@pytest.mark.parametrize("who", CREWS, ids=names)
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x.parquet"), MemoryError(), ZeroDivisionError("d")]
)
def test_an_error_is_the_same_wherever_it_happens(error: Exception, who: Executor):
    """What a user reads about a full disk must not depend on who met it."""
    with pytest.raises(type(error)) as raised:
        list(perform(partial(fail, error), range(9), who, nothing))
    assert str(raised.value) == str(error)


@pytest.mark.process
def test_an_error_of_a_process_says_where_it_happened():
    """A traceback of the parent alone would hide the mistake."""
    with pytest.raises(ZeroDivisionError) as raised:
        list(perform(partial(fail, ZeroDivisionError("d")), range(9), PROCESSES, nothing))
    assert "in fail" in "".join(raised.value.__notes__)


@pytest.mark.process
def test_an_error_that_cannot_travel_is_told_in_words():
    """Not every exception can be made again on the other side."""
    with pytest.raises(RuntimeError, match="Awkward: 0 and 2"):
        list(perform(awkward, [0], PROCESSES, nothing))


def held_back(item: int, tick: Tick) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.process
@posix
def test_ctrl_c_is_never_heard_by_a_worker():
    """It reaches all processes of a terminal; one that still loads its modules would print a traceback."""
    assert [told for _, told in perform(held_back, [0, 1], PROCESSES, nothing)] == [True, True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.process
@posix
def test_the_item_of_a_process_that_died_is_done_again(tmp_path):
    """Work must go on without its worker, the others' too."""
    found = perform(partial(die, tmp_path, LIVES - 1), range(6), PROCESSES, nothing)
    assert sorted(item for item, _ in found) == list(range(6))
    assert len(list(tmp_path.iterdir())) == LIVES - 1


@pytest.mark.process
@posix
def test_an_item_that_always_kills_its_process_stops_the_work(tmp_path):
    """Otherwise a job that is too large for the memory would be begun for ever."""
    with pytest.raises(Lost, match=r"died 3 times .*killed by signal 9"):
        list(perform(partial(die, tmp_path, 99), range(6), PROCESSES, nothing))
    assert len(list(tmp_path.iterdir())) == LIVES


def slow(item: int, tick: Tick) -> int:
    while item:
        time.sleep(0.01)
        tick()
    return item


@pytest.mark.process
@pytest.mark.parametrize("who", [THREADS, IN_PROCESSES], ids=names)
def test_workers_stop_when_nobody_waits_any_more(who: Executor):
    """Ctrl-C must not wait for work that never ends."""
    before = threading.active_count()
    with closing(perform(slow, range(9), who, nothing)) as found:
        assert next(found) == (0, 0)
    assert multiprocessing.active_children() == []
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("asked", "engine", "disputes", "items", "who"),
    [
        (1, "numba", 1e9, 99, ALONE),
        (4, "numba", 1e9, 99, Executor(4, "threads")),
        (4, "numba", 1e9, 3, Executor(3, "threads")),
        (4, "numba", 1e9, 1, ALONE),
        (4, "simpy", 1e9, 99, Executor(4, "processes")),
        (4, "simpy", 5_000, 99, ALONE),
    ],
)
def test_work_is_shared_where_that_is_quicker(asked, engine, disputes, items, who):
    """Small runs should not pay for workers, and plain Python gains nothing from threads."""
    assert executor(asked, engine, disputes, items) == who


def test_as_many_work_as_there_are_cores_unless_told_otherwise(monkeypatch):
    """A shared machine says by its affinity how much of it is ours."""
    monkeypatch.setattr(pool, "cores", lambda: 7)
    assert executor(None, "numba", 1e9, 99) == Executor(7, "threads")
    assert pool.cores() == 7


@pytest.mark.parametrize(("replications", "count"), [(1, 1), (10, 3), (1000, 400), (7, 7)])
def test_jobs_have_every_replication_once_and_are_even(replications, count, plan):
    """A replication in two parts would count twice."""
    cut = jobs.jobs_of(plan._replace(replications=replications, jobs=count))
    assert [n for job in cut for n in range(job.first, job.last + 1)] == list(range(replications))
    assert len(cut) == count
    assert {job.replications for job in cut} <= {replications // count, replications // count + 1}


def test_a_long_replication_is_written_as_it_comes_and_read_by_arrival(plan, tmp_path, monkeypatch):
    """Ten million disputes must not wait in memory for the last of them."""
    monkeypatch.setattr(parts, "ROWS_A_FILE", 50)
    monkeypatch.setattr(jobs, "LONG", 0)
    part = sim.replicate(plan.scenario, plan.policy, 0, seed=plan.seed, days=plan.days, engine="simpy")
    cuts = [slice(0, 40), slice(40, 80), slice(80, None)]

    def in_pieces(*_: object, **__: object) -> Any:
        backwards = {name: column[::-1] for name, column in part.disputes.items()}
        for cut in cuts:
            yield sim.Part({name: column[cut] for name, column in backwards.items()}, {}, {}, {}, {})
        yield part._replace(disputes={})

    monkeypatch.setattr(sim.Trial, "stream", in_pieces)
    (job,) = jobs.jobs_of(plan._replace(replications=1, jobs=1))
    (tmp_path / "parts").mkdir()
    jobs.carry_out(tmp_path / "parts", records_of_plan(plan), job, nothing)
    assert [path.name for path in files(tmp_path, "disputes")] == [
        "disputes-000.parquet",
        "disputes-001.parquet",
    ]
    assert len(files(tmp_path, "merchants")) == 1
    run = run_dir.stored(tmp_path, plan._replace(replications=1))
    run_dir.write_manifest(run, {}, tmp_path)
    back = run_dir.open_run(tmp_path)
    for name, column in part.disputes.items():
        np.testing.assert_array_equal(back.disputes[name], column, err_msg=name)
    for name, column in part.events.items():
        np.testing.assert_array_equal(back.events[name], column, err_msg=name)


def test_a_part_that_another_has_written_meanwhile_is_left_alone(plan, tmp_path):
    """Two workers may do one job where one of them was thought dead; their rows are the same."""
    job = jobs.jobs_of(plan)[0]
    jobs.carry_out(tmp_path, "records", job, nothing)
    before = (tmp_path / job.name / "disputes-000.parquet").stat().st_mtime_ns
    jobs.carry_out(tmp_path, "records", job, nothing)
    assert (tmp_path / job.name / "disputes-000.parquet").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [job.name]
