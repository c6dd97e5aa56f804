"""Jobs for programs: silent, in any thread, told as data, stopped at any stage, and gone on with."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand import jobs, sim
from evenhand.analysis.calibration import read_log
from evenhand.analysis.calibration.journal import KIND
from evenhand.analysis.experiments import Axis
from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.steps import WORDS
from evenhand.cli.calibrate_mapping import mapping_of
from evenhand.errors import UsageError
from evenhand.jobs.event import Event
from evenhand.storage import parts
from evenhand.storage.in_progress import beginning
from evenhand.storage.output_dir import Site
from evenhand.storage.plan import Plan
from tests.support import app_files, small
from tests.support.often import often

Job = Callable[..., Any]
REPLICATIONS, DAYS = 3, 25
AXIS = Axis(name="decision.standard", low=0.4, high=0.6, base=0.5)
GATE = """\
days: 25
replications: 10
budget: 10
gates:
  - {scenario: world.yaml, policy: rules.yaml, metrics: {settled_share: {margin: 50 pt}}}
"""
MAP = """
source: a made-up office
columns: {opened: received, closed: closed, outcome: result, amount: claim}
outcomes: {agreed: settled, refused: ruled merchant}
"""
OTHERS = json.dumps(sealed({"kind": KIND, "seed": 99})) + "\n"
"""The journal of somebody else's calibration."""


def experiment(**changes: Any) -> sim.Experiment:
    """A small one, with changed arguments."""
    how = {"seed": 3, "replications": REPLICATIONS, "days": DAYS, "engine": "simpy"} | changes
    return sim.Experiment.of(small.scenario(), small.policy(), **how)


def harsh() -> sim.Policy:
    return small.policy({"decision": {"standard": 0.8}})


def run(folder: Path, **how: Any) -> Any:
    return jobs.run(experiment(), folder / "run", workers=1, **how)


def compare(folder: Path, **how: Any) -> Any:
    return jobs.compare(experiment(), [harsh()], metrics=["settled_share"], out=folder / "both", **how)


def select(folder: Path, **how: Any) -> Any:
    rules = [small.policy(), harsh()]
    return jobs.select(experiment(), rules, "wrongful_denial_rate", 0.2, budget=4, **how)


def sweep(folder: Path, **how: Any) -> Any:
    return jobs.sweep(
        experiment(),
        [AXIS],
        points=2,
        days=DAYS,
        metrics=["settled_share"],
        out=folder / "points",
        workers=1,
        **how,
    )


def audit(folder: Path, **how: Any) -> Any:
    return jobs.audit("loops", experiment(), **how)


def attribute(folder: Path, **how: Any) -> Any:
    return jobs.attribute(experiment(), harsh(), metrics=["settled_share"], **how)


def fairness(folder: Path, **how: Any) -> Any:
    return jobs.fairness(experiment(), **how)


def gate(folder: Path, **how: Any) -> Any:
    path = expectations(folder)
    jobs.accept(path, "to have something to hold it to")
    return jobs.gate(path, **how)


def accept(folder: Path, **how: Any) -> Any:
    return jobs.accept(expectations(folder), "a first look", **how)


def calibrate(folder: Path, **how: Any) -> Any:
    mapping = mapping_of(MAP, "map.yaml")
    log = read_log(disputes(folder), mapping)
    return jobs.calibrate(experiment(replications=1), log, mapping, folder / "made.yaml", trials=0, **how)


JOBS: list[Job] = [run, compare, select, sweep, audit, attribute, fairness, gate, accept, calibrate]
by_name = pytest.mark.parametrize("job", often(JOBS, {run}), ids=lambda job: job.__name__)


def expectations(folder: Path) -> Path:
    """A file of a gate with what it names; accepted values are left as they are."""
    path = folder / "expect.yaml"
    if not path.exists():
        app_files.write_files(folder)
        path.write_text(GATE, encoding="utf-8")
    return path


def disputes(folder: Path) -> Path:
    """A log of 60 days."""
    path, rng = folder / "log.csv", np.random.default_rng(7)
    rows = ["received,closed,result,claim"]
    for day in range(60):
        begun = np.datetime64("2025-09-01") + day
        for _ in range(rng.poisson(4)):
            result = "agreed" if rng.random() < 0.6 else "refused"
            rows.append(f"{begun},{begun + int(9 * rng.weibull(1.5))},{result},{rng.uniform(20, 90):.2f}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def in_thread(job: Job, folder: Path, **how: Any) -> Any:
    """What a job gives, or raises, in a thread other than the main one."""
    found: list[Any] = []

    def work() -> None:
        try:
            found.append(job(folder, **how))
        except BaseException as error:  # noqa: BLE001 (raised again where it was asked for)
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def stopped_at(stage: str) -> tuple[list[Event], dict[str, Any]]:
    """A list of events, and arguments that stop a job when it comes to a stage."""
    events: list[Event] = []
    return events, {
        "on_event": events.append,
        "cancelled": lambda: any(event.stage == stage for event in events),
    }


@by_name
def test_a_job_in_a_thread_is_silent_and_tells_of_its_steps_in_order(job, tmp_path, capfd, monkeypatch):
    """A server runs jobs in threads, draws a bar from their events, and has its own use for its streams."""
    monkeypatch.chdir(tmp_path)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    events: list[Event] = []
    assert in_thread(job, tmp_path, on_event=events.append, cancelled=lambda: False) is not None
    assert capfd.readouterr() == ("", "")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert events
    stages = [stage for stage, _ in groupby(events, lambda event: event.stage)]
    assert len(stages) == len(set(stages)), stages
    for _, some in groupby(events, lambda event: event.stage):
        done = [event.done for event in some]
        assert done == sorted(done)
    for event in events:
        assert 0 <= event.done <= event.total
        assert str(event) == WORDS[event.message].format(**event.parameters)
        json.dumps([event.stage, event.message, dict(event.parameters)])


@pytest.mark.process
@pytest.mark.parametrize("stage", often(["simulate", "count", "draw"], {"simulate"}))
def test_a_run_stopped_at_any_stage_keeps_whole_parts_and_goes_on_to_the_same_bytes(stage, tmp_path, capfd):
    """Stop is no loss: what was simulated stays, and nobody sees in the numbers that there was a pause."""
    whole = jobs.run(experiment(), tmp_path / "whole", workers=1)
    plan = Plan.of(experiment())._replace(jobs=REPLICATIONS)  # parts of a replication each
    with beginning(Site(tmp_path / "split", exact=True), plan):
        pass
    with pytest.raises(UsageError, match="is an unfinished run"):
        jobs.run(experiment(), tmp_path / "split")
    events, how = stopped_at(stage)
    if stage == "simulate":  # after the first replication, not before it
        how["cancelled"] = lambda: any(event.done >= 1 for event in events)
    with pytest.raises(jobs.Stopped):
        in_thread(lambda folder, **how: jobs.resume(folder, workers=1, **how), tmp_path / "split", **how)
    kept = parts.whole(tmp_path / "split" / "parts")
    assert 1 <= len(kept) <= REPLICATIONS
    assert (events[-1].stage, events[-1].done, events[-1].total) == ("keep", len(kept), REPLICATIONS)
    assert not (tmp_path / "split" / "manifest.json").exists()
    again = jobs.resume(tmp_path / "split", workers=1)
    assert again.metrics == whole.metrics
    report = [(folder / "report.html").read_bytes() for folder in (again.folder, whole.folder)]
    assert report[0] == report[1]
    for name in ("disputes", "events"):
        left, right = (one.run.table(name) for one in (again, whole))
        assert all(np.array_equal(left[column], right[column], equal_nan=True) for column in left)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("stage", often(["simulate", "draw"], {"simulate"}))
def test_a_comparison_that_is_stopped_leaves_nothing(stage, tmp_path):
    """Its folder is whole or not there."""
    events, how = stopped_at(stage)
    with pytest.raises(jobs.Stopped):
        in_thread(compare, tmp_path, **how)
    assert events[-1].stage == stage
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_a_sweep_that_is_stopped_keeps_its_points_and_goes_on_to_the_same_file(tmp_path):
    """Points are whole or absent, and those that are there are not done again."""
    events: list[Event] = []
    after_one = {
        "on_event": events.append,
        "cancelled": lambda: any(event.parameters.get("done") for event in events),
    }
    with pytest.raises(jobs.Stopped):
        in_thread(sweep, tmp_path, **after_one)
    assert events[-1].message == "kept_points"
    assert 1 <= events[-1].done < events[-1].total
    (tmp_path / "other").mkdir()
    whole = sweep(tmp_path / "other")
    worlds = (whole.sweep.value.shape[0] - events[-1].done) * REPLICATIONS
    events.clear()
    again = sweep(tmp_path, on_event=events.append)
    assert events[0].total == worlds
    files = [(one.folder / "sweep.parquet").read_bytes() for one in (again, whole)]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("job", "stage"),
    [
        (audit, "audit"),
        pytest.param(attribute, "mix", marks=pytest.mark.process),
        (fairness, "simulate"),
        pytest.param(select, "simulate", marks=pytest.mark.process),
        pytest.param(gate, "simulate", marks=pytest.mark.process),
    ],
)
def test_what_leaves_no_file_stops_at_its_stage(job, stage, tmp_path):
    """Between two worlds at the latest."""
    events, how = stopped_at(stage)
    with pytest.raises(jobs.Stopped):
        in_thread(job, tmp_path, **how)
    assert events[-1].stage == stage


def test_a_gate_that_is_stopped_while_it_accepts_leaves_the_file_as_it_was(tmp_path):
    """Half of what was measured must not become what is expected."""
    before = expectations(tmp_path).read_bytes()
    _, how = stopped_at("simulate")
    with pytest.raises(jobs.Stopped):
        in_thread(accept, tmp_path, **how)
    assert expectations(tmp_path).read_bytes() == before


@pytest.mark.process
@pytest.mark.parametrize("stage", ["score", "draw"])
def test_a_calibration_that_is_stopped_writes_no_file(stage, tmp_path):
    """The scenario and its page come together or not at all."""
    _, how = stopped_at(stage)
    with pytest.raises(jobs.Stopped):
        in_thread(calibrate, tmp_path, **how)
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv"}


def test_a_journal_of_another_search_is_refused_before_anything_is_compiled(tmp_path, monkeypatch):
    """Who names the wrong file must not wait a minute to be told, and it stays as it was."""

    def compiled(*_: object) -> None:
        raise AssertionError("it compiles before it looks")

    monkeypatch.setattr("evenhand.jobs.calibration.ready", compiled)
    journal = tmp_path / "trials"
    for content, said in (("a diary", "is not the journal of a calibration"), (OTHERS, "of another search")):
        journal.write_text(content, encoding="utf-8")
        with pytest.raises(UsageError, match=f"--resume: .*{said}"):
            calibrate(tmp_path, journal=journal)
        assert journal.read_text(encoding="utf-8") == content
    with pytest.raises(AssertionError, match="compiles"):
        calibrate(tmp_path, journal=tmp_path / "new")
    assert not (tmp_path / "new").exists(), "a journal begins with the search"


def test_the_same_numbers_have_the_same_key_whatever_they_are_called():
    """An earlier run can be opened instead: titles and engines move no number, settings do."""
    renamed = sim.Experiment.of(
        small.scenario({"title": "Another title"}),
        small.policy({"title": "Other rules"}),
        seed=3,
        replications=REPLICATIONS,
        days=DAYS,
        engine="simpy",
    )
    assert jobs.key(renamed) == jobs.key(experiment())
    assert jobs.key(experiment(seed=4)) != jobs.key(experiment())
    assert jobs.key(experiment().under(harsh())) != jobs.key(experiment())


@pytest.mark.process
def test_a_rule_in_python_is_refused_where_a_file_would_have_to_hold_it(tmp_path):
    """A run in a folder goes on in another process, which has no such function."""
    ruled = experiment(decide=lambda file: 1.0)
    with pytest.raises(UsageError, match="cannot be kept there"):
        jobs.run(ruled, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
    assert jobs.simulate(ruled).replications == REPLICATIONS


@pytest.mark.process
def test_the_experiments_own_policy_and_rule_are_the_baseline(tmp_path):
    """`compare` takes an experiment as it is: its policy joins the others unless it is among them."""
    found = jobs.compare(experiment(), {"harsh": harsh()}, metrics=["settled_share"]).comparison
    assert (found.baseline, [one.policy for one in found.differences]) == ("policy", ["harsh"])
    same = jobs.compare(experiment(), {"a": small.policy(), "b": harsh()}, metrics=["settled_share"])
    assert same.comparison.baseline == "a"
