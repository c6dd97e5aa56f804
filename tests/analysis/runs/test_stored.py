"""A run on disk, read piece by piece, has the numbers that it has in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis import report
from evenhand.analysis.metrics import time_series as series
from evenhand.analysis.metrics.metric import EVERY_GROUP
from evenhand.analysis.metrics.survival import kaplan_meier
from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.folder import PARTS as FOLDER
from evenhand.analysis.runs.folder import part_name
from evenhand.analysis.runs.seals import sums_of
from evenhand.analysis.runs.stored import open_stored
from evenhand.sim.runs.records import Columns, Run
from evenhand.storage import parts
from evenhand.storage.run_dir import open_run
from tests.support import handmade, small
from tests.support.app_files import ROOT, finished
from tests.support.handmade import row
from tests.support.runs import PARTS, where
from tests.support.stored import store

pytestmark = pytest.mark.process

RULES = {
    "plain": {},
    "mediated": {"mediation": {"rounds": 3, "push": 0.3}},
    "panel": {"decision": {"decider": "panel", "panel": {"size": 5, "quorum": 5}}},
}
CUTS = {
    "whole": {"a_part": 1},
    "parts together": {"a_part": 1, "a_file": 250},
    "files": {"a_part": 1, "a_file": 250, "rows": 250},
    "rows of files": {"a_part": 3, "a_file": 122_880, "rows": 170},
}
SERIES = (series.backlog, series.utilisation, series.trust, series.rating)


@pytest.fixture(scope="module", params=RULES)
def run(request) -> Run:
    return sim.simulate(
        small.scenario(), small.policy(RULES[request.param]), seed=5, replications=2, days=30, engine="simpy"
    )


@pytest.fixture(params=CUTS)
def cut(request) -> str:
    return str(request.param)


def near(one: np.ndarray, other: np.ndarray, cut: str) -> None:
    """The same bits where replications are whole; sums in another order agree to 1e-12."""
    if cut in {"whole", "parts together"}:
        np.testing.assert_array_equal(one, other)
    else:
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_pieces_have_every_row_once_with_its_events(run, cut, tmp_path):
    """A dispute in two pieces would count twice; an event apart from its dispute would be lost."""
    stored = store(run, tmp_path, **CUTS[cut])
    found = list(stored.pieces())
    assert (len(found) > 2) == (cut not in {"whole", "parts together"})
    assert len(stored) == len(run) == sum(map(len, found))
    for table in PARTS:
        for name, column in getattr(run, table).items():
            together = np.concatenate([getattr(piece, table)[name] for piece in found])
            if table == "events":
                assert len(together) == len(column)
            else:
                np.testing.assert_array_equal(together, column, err_msg=name)
    for piece in found:
        own = set(zip(piece.disputes["replication"], piece.disputes["dispute"], strict=True))
        assert set(zip(piece.events["replication"], piece.events["case"], strict=True)) <= own
    for piece in found:  # in the order in which they happened, dispute by dispute
        case = piece.events["replication"].astype(np.int64) * 10**6 + piece.events["case"]
        order = np.argsort(case, kind="stable")
        same = case[order][1:] == case[order][:-1]
        assert (np.diff(piece.events["time"][order])[same] >= 0).all()


def test_every_metric_is_that_of_the_run_in_memory(run, cut, tmp_path):
    """There is one definition of each metric; how a run is stored must not show in any."""
    stored = store(run, tmp_path, **CUTS[cut])
    found = {"": (analysis.outcomes(run), analysis.outcomes(stored))}
    for column in EVERY_GROUP:
        ours, theirs = (analysis.outcomes_by(each, column) for each in (run, stored))
        found |= {f"{column}:{label}": (ours[label], theirs[label]) for label in ours}
    for group, (ours, theirs) in found.items():
        assert list(ours) == list(theirs)
        for name, one in ours.items():
            assert theirs[name].n == one.n, (group, name)
            near(theirs[name].per_replication, one.per_replication, cut)
    for name, one in analysis.utilisation_by_desk(run).items():
        near(analysis.utilisation_by_desk(stored)[name].per_replication, one.per_replication, cut)


def test_quantiles_and_peaks_are_exact_however_a_run_is_cut(run, cut, tmp_path):
    """They pick one of the times there are; no histogram and no sample comes between."""
    stored = store(run, tmp_path, **CUTS[cut])
    names = ["median_hours_to_close", "p90_hours_to_close", "median_hours_after_filing", "backlog_peak"]
    ours, theirs = analysis.outcomes(run, names), analysis.outcomes(stored, names)
    for name in names:
        np.testing.assert_array_equal(theirs[name].per_replication, ours[name].per_replication)


def test_curves_and_series_are_those_of_the_run_in_memory(run, cut, tmp_path):
    """What the report draws: every step of the curves, every day of the lines."""
    stored = store(run, tmp_path, **CUTS[cut])
    for group in ("buyer_group", "merchant_group"):
        for label, curve in analysis.survival(run, group).items():
            other = analysis.survival(stored, group)[label]
            assert (other.n, other.closed) == (curve.n, curve.closed)
            for part in ("times", "share", "at_risk"):
                np.testing.assert_array_equal(getattr(other, part), getattr(curve, part))
    for make in SERIES:
        ours, theirs = make(run), make(stored)
        assert (ours.names, ours.n.tolist()) == (theirs.names, theirs.n.tolist())
        np.testing.assert_allclose(theirs.mean, ours.mean, rtol=1e-11, atol=1e-11)


def test_the_report_of_a_stored_run_has_the_same_bytes(run, tmp_path):
    """Counting piece by piece shows nowhere on the page, not even in a rounded digit."""
    stored = store(run, tmp_path, a_file=200, rows=200)
    assert report.render(stored) == report.render(run)


def test_a_folder_opens_as_the_run_that_it_is(tmp_path):
    """From the manifest alone: scenario, policy, seed and horizon travel with the records."""
    run = finished(tmp_path / "run", replications=2, days=30)
    stored = open_stored(tmp_path / "run")
    for name in ("scenario", "policy", "seed", "replications", "days", "engine", "open_loop", "horizon"):
        assert getattr(stored, name) == getattr(run, name), name
    assert stored.labels("ending") == run.labels("ending")
    ruled = int((~np.isnan(run.disputes["ruled_at"])).argmax())
    assert stored.first_ruled() == (run.disputes["dispute"][ruled], run.disputes["replication"][ruled])
    table, loaded = stored.table("merchants", ["orders"]), open_run(tmp_path / "run")
    np.testing.assert_array_equal(table["orders"], loaded.merchants["orders"])


def test_replications_without_a_dispute_count_too(tmp_path):
    """The middle one is empty; its merchants and its zero belong to the means."""
    rows = [row("settled", replication=0), row("open", replication=2), row("ruled", replication=2)]
    run = handmade.run(rows, replications=3)
    stored = store(run, tmp_path, rows=1)
    assert analysis.outcomes(stored)["disputes"].per_replication.tolist() == [1, 0, 2]
    for make in SERIES:
        np.testing.assert_array_equal(make(stored).mean, make(run).mean)


def test_only_the_columns_that_are_used_are_read(run, tmp_path):
    """Ten of ninety columns are a ninth of the memory, and the next piece reads them in one go."""
    stored = store(run, tmp_path, rows=100)
    asked: list[list[str]] = []
    for piece in stored.pieces():
        lazy = piece.disputes
        read = lazy._read  # type: ignore[attr-defined]
        lazy._read = lambda names, read=read: (asked.append(list(names)), read(names))[1]  # type: ignore[attr-defined]
        assert len(lazy["share"]) == len(lazy["amount"]) == len(piece.disputes["dispute"])
    assert asked[:3] == [["share"], ["amount"], ["dispute"]]
    assert asked[3:] == [["share", "amount", "dispute"]] * (len(asked) - 3)
    with pytest.raises(KeyError, match="nothing"):
        _ = next(stored.pieces()).disputes["nothing"]


def test_a_thinned_curve_is_exact_where_it_is_read(monkeypatch):
    """Whole hours, thousandths and the longest follow-up are kept; between them a thousandth is lost."""
    rng = np.random.default_rng(1)
    hours, ended = rng.exponential(50.0, 20_000), rng.random(20_000) < 0.8
    whole = kaplan_meier(hours, ended)
    monkeypatch.setattr(sys.modules[kaplan_meier.__module__], "EVERY_STEP", 1000)
    thin = kaplan_meier(hours, ended)
    assert len(thin.times) < len(whole.times) / 5
    at = np.arange(0.0, np.floor(whole.times[-1]) + 1)
    np.testing.assert_array_equal(thin.at(at), whole.at(at))
    for q in np.arange(1, 1000) / 1000:
        np.testing.assert_equal(thin.quantile(q), whole.quantile(q))
    between = np.linspace(0, whole.times[-1], 5000)
    assert np.nanmax(np.abs(thin.at(between) - whole.at(between))) <= 1e-3
    assert (thin.times[-1], thin.n, thin.closed) == (whole.times[-1], whole.n, whole.closed)


MEASURE = """
import sys, resource
from pathlib import Path
from evenhand import analysis
from evenhand.analysis import report
from evenhand.analysis.runs.folder import PARTS as FOLDER
from evenhand.analysis.runs.stored import open_stored
from evenhand.analysis.metrics.survival import kaplan_meier
run = open_stored(Path(sys.argv[1]))
analysis.outcomes(run)
report.write(run, Path(sys.argv[1]) / "report.html")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_disputes(tmp_path):
    """Metrics and report of a run five times as long need at most a fifth more memory."""
    run = finished(tmp_path / "base", replications=2, days=40)
    peaks = []
    for name, times in (("two", 2_000_000), ("ten", 10_000_000)):
        folder = long_run(tmp_path / "base", tmp_path / name, run, times)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout) * (1 if sys.platform == "darwin" else 1024))
    assert peaks[1] <= 1.2 * peaks[0]
    assert peaks[1] < 2e9


def long_run(base: Path, folder: Path, run: Run, disputes: int) -> Path:
    """The first replication over and over, hour for hour later, as one replication of so many disputes."""
    (folder / FOLDER).mkdir(parents=True)
    days, at_once = 3650, 200
    one = [where(getattr(run, name), getattr(run, name)["replication"] == 0) for name in PARTS]
    copies = disputes // len(one[0]["dispute"])
    manifest = json.loads((base / "manifest.json").read_text(encoding="utf-8"))
    with (
        parts.building_part(folder / FOLDER, part_name(0, 0), "long") as hidden,
        parts.Writer(hidden, run.scenario) as writer,
    ):
        for first in range(0, copies, at_once):
            number = np.arange(first, min(first + at_once, copies))
            d, e = (_copied(table, number, 24.0 * (days - 40) / copies) for table in one[:2])
            some = slice(None) if first + at_once >= copies else slice(0, 0)
            people = ({name: values[some] for name, values in table.items()} for table in one[2:])
            writer.add(sim.Part(d, e, *people))
    one_part = {"replications": [0, 0], "files": sums_of(folder / FOLDER / part_name(0, 0))}
    manifest |= {"replications": 1, "days": days, "parts": [one_part]}
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    return folder


def _copied(columns: Columns, number: np.ndarray, hours: float) -> Columns:
    """Copies of some rows, each so many hours after the one before, with numbers of their own."""
    rows = len(columns["replication"])
    copies = {name: np.tile(values, len(number)) for name, values in columns.items()}
    for name in copies:
        if name == "time" or name.endswith("_at"):
            copies[name] += np.repeat(number * hours, rows)
        elif name in {"dispute", "case"}:
            copies[name] += np.repeat(number * 10_000, rows).astype(np.int32)
    return copies
