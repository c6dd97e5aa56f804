"""A cluster: other processes, another way, the same records; and nothing listens beyond this host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand import analysis, sim
from evenhand import jobs as jobs_of
from evenhand.analysis.advise import Whose
from evenhand.analysis.advise.checklist import advice_to
from evenhand.analysis.runs.folder import TABLES
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.jobs.comparison import read_worlds
from evenhand.jobs.event import Event, Watch
from evenhand.jobs.simulation import simulate_into
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked, Executor, perform
from evenhand.parallel.protocol import Tick
from evenhand.storage import jobs, plan_file
from evenhand.storage.plan import Plan
from tests.support import small
from tests.support.app_files import PATIENCE, ROOT, until

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'evenhand[cluster]'")
psutil = pytest.importorskip("psutil", reason="comes with Dask")
pytestmark = [pytest.mark.process, pytest.mark.skipif(os.name == "nt", reason="POSIX signals")]

Node = subprocess.Popen[bytes]


class Nodes:
    """A scheduler and two workers."""

    def __init__(self, folder: Path) -> None:
        self.folder, said = folder, folder / "scheduler.json"
        port = ("--port", "0", "--scheduler-file", str(said), "--dashboard-address=127.0.0.1:0")
        self.all = [self.start("scheduler", *port)]
        until(lambda: said.is_file() and said.read_text(encoding="utf-8").rstrip().endswith("}"))
        self.address = json.loads(said.read_text(encoding="utf-8"))["address"]
        self.workers = [self.worker(), self.worker()]
        until(lambda: self.seen() == 2)

    def start(self, *arguments: str) -> Node:
        return subprocess.Popen(
            [sys.executable, "-m", "evenhand", "cluster", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def seen(self) -> int:
        """How many workers the scheduler knows; a busy machine may take a minute to start them."""
        from distributed import Client

        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            return len(client.nthreads())

    def worker(self) -> Node:
        self.all.append(self.start("worker", self.address, "--nthreads", "1", "--no-nanny"))
        return self.all[-1]

    def end(self) -> None:
        for node in self.all:
            node.kill()
            node.wait()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory) -> Iterator[Nodes]:
    made = Nodes(Path(tmp_path_factory.mktemp("nodes")))
    yield made
    made.end()


@pytest.fixture
def plan() -> Plan:
    """Twelve replications in as many jobs."""
    return Plan(small.scenario(), small.policy(), 12, 20, 4, "simpy", None, jobs=12)


def run_into(folder: Path, plan: Plan, asked: Asked, on_event: Any = None) -> dict[str, bytes]:
    """The bytes of all records of a plan."""
    folder.mkdir()
    (folder / "plan.json").write_text(plan_file.text(plan), encoding="utf-8")
    simulate_into(folder, plan, asked, Watch(on_event))
    found = folder / "parts"
    return {str(path.relative_to(found)): path.read_bytes() for path in found.rglob("*") if path.is_file()}


def test_a_cluster_that_loses_a_worker_leaves_the_same_records(nodes, plan, tmp_path):
    """Hosts fail in long studies; nobody must see it in the numbers."""
    alone = run_into(tmp_path / "alone", plan, Asked(workers=1))
    assert len(alone) == 12 * (len(TABLES) + 1), "the tables and the seal of each part"
    told: list[int] = []

    def tell(event: Event) -> None:
        told.append(event.done)
        if event.done == 3:
            nodes.workers.pop().kill()

    found = run_into(tmp_path / "cluster", plan, Asked(cluster=nodes.address), tell)
    assert found == alone
    assert max(told) == 12
    assert len(nodes.workers) == 1
    nodes.workers.append(nodes.worker())


def test_workers_that_do_not_see_the_folder_send_the_same_files(nodes, plan, tmp_path, monkeypatch):
    """Many clusters share no disk; the hash of a plan tells whether they do."""
    alone = run_into(tmp_path / "alone", plan._replace(replications=4, jobs=2), Asked(workers=1))
    monkeypatch.setattr(jobs, "hash_of", lambda _: "another folder")
    sent: list[Any] = []
    receive = jobs.receive
    monkeypatch.setattr(jobs, "receive", lambda *all_: (sent.append(all_[3]), receive(*all_)))
    found = run_into(
        tmp_path / "cluster", plan._replace(replications=4, jobs=2), Asked(cluster=nodes.address)
    )
    assert found == alone
    assert [sorted(files) for files in sent] == [sorted(f"{table}-000.parquet" for table in TABLES)] * 2


def test_a_comparison_on_a_cluster_is_the_same(nodes):
    """The jobs of a comparison are worlds; they travel as those of a run do."""
    rules = [small.policy(), small.policy({"name": "strict", "decision": {"standard": 0.6}})]
    how: dict[str, Any] = {"days": 20, "seed": 2, "engine": "simpy", "replications": 6}
    alone = analysis.compare(small.scenario(), rules, **how)
    reader = partial(read_worlds, Asked(cluster=nodes.address))
    assert analysis.compare(small.scenario(), rules, reader=reader, **how).to_json() == alone.to_json()


KEPT = next(one.key for one in advice_to("buyer") if not one.unsimulated)


def test_advice_from_a_cluster_is_the_same(nodes):
    """Worlds with and without a piece travel as those of a comparison do."""
    how = {"days": 15, "seed": 2, "engine": "simpy", "replications": 3, "events": False, "open_loop": True}
    experiment = sim.Experiment.of(small.scenario(), small.policy(), **how, lives=30)
    alone, there = (
        jobs_of.advise(experiment, Whose("buyer"), pieces=(KEPT,), workers=asked)
        for asked in (Asked(workers=1), Asked(cluster=nodes.address))
    )
    assert repr(there.pieces) == repr(alone.pieces)
    assert len(alone.pieces) == 1


def test_nothing_listens_beyond_this_host(nodes):
    """A dashboard shows what is computed, and a worker does what it is told; both are for whom we let in."""
    listening: list[tuple[int, str]] = []
    ends = time.monotonic() + PATIENCE
    while len({pid for pid, _ in listening}) < 3 and time.monotonic() < ends:
        running = [psutil.Process(node.pid) for node in nodes.all if node.poll() is None]
        listening = [
            (process.pid, one.laddr.ip)
            for process in [*running, *(child for one in running for child in one.children(recursive=True))]
            for one in process.net_connections(kind="inet")
            if one.status == psutil.CONN_LISTEN
        ]
        time.sleep(0.5)
    assert len({pid for pid, _ in listening}) >= 3
    assert {place for _, place in listening} == {"127.0.0.1"}


def fail(item: int, tick: Tick) -> int:
    raise OSError(28, "No space left on device", "x.parquet")


def test_an_error_on_a_cluster_is_the_same_as_here(nodes):
    """A full disk elsewhere is a full disk."""
    with pytest.raises(OSError, match=r"No space left on device: .x.parquet."):
        list(perform(fail, [1, 2], Executor(1, "cluster", nodes.address), lambda: None))


def test_workers_with_another_evenhand_are_refused(nodes, monkeypatch):
    """Their numbers would stand beside ours in one run."""
    monkeypatch.setattr("evenhand.parallel.dask.source_hash", lambda: "of another version")
    with pytest.raises(UsageError, match=r"the worker at tcp://.* has another version of evenhand"):
        list(perform(fail, [1], Executor(1, "cluster", nodes.address), lambda: None))


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, monkeypatch):
    """A wrong address is the first mistake that everybody makes, and it leaves nothing behind."""
    monkeypatch.setattr("evenhand.parallel.dask.PATIENCE", 1.0)
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["run", "tmall", "--days", "30", "--cluster", "tcp://127.0.0.1:1"])
    assert told.exit_code == 2
    assert "--cluster: no scheduler answers at 'tcp://127.0.0.1:1'" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_workers_beside_a_cluster_are_refused():
    """A cluster has the workers that it has."""
    with pytest.raises(UsageError, match="--workers: has no meaning beside --cluster"):
        Asked(workers=2, cluster="tcp://127.0.0.1:1").check()
    assert pool.executor(Asked(cluster="tcp://x"), "simpy", 1, 1) == Executor(1, "cluster", "tcp://x")
