"""Desks: queues from events and from records, time used, and both over the days of a run."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis.metrics import time_series as series
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.queueing import Queue, Stays, open_hours, stays, work
from evenhand.sim.lifecycle.codes import DECISION, MEDIATION, REVIEW_DESK
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import DESKS
from tests.support import handmade, small
from tests.support.handmade import row

MEDIATED = {"mediation": {"rounds": 3, "push": 0.3}}
PANEL = {"decision": {"decider": "panel", "panel": {"size": 5, "quorum": 5}}}


def simulate(changes: dict | None = None, **more) -> Run:
    """A run of the small scenario under its policy with changed fields."""
    arguments = {"seed": 5, "replications": 2, "days": 40, "engine": "simpy"} | more
    return sim.simulate(small.scenario(), small.policy(changes), **arguments)


@pytest.fixture(scope="module")
def plain() -> Run:
    return simulate()


@pytest.fixture(scope="module", params=["plain", "mediated", "panel"])
def any_run(request) -> Run:
    return simulate({"plain": {}, "mediated": MEDIATED, "panel": PANEL}[request.param])


def without_events(run: Run) -> Run:
    """The same run as if its event log had not been kept."""
    return replace(run, events={name: column[:0] for name, column in run.events.items()})


def test_who_leaves_makes_room_for_who_comes():
    """Back to back is one at the desk, not two; an open end is never over."""
    inf = math.inf

    def most_at_once(since: list[float], until: list[float]) -> float:
        crowd = Queue(1)
        crowd.add(Stays(np.zeros(len(since), np.int64), np.array(since), np.array(until)))
        return float(crowd.measured().value[0])

    assert most_at_once([0.0, 1.0], [1.0, inf]) == 1
    assert most_at_once([0.0, 1.0, 2.0], [3.0, 1.5, inf]) == 2
    assert most_at_once([], []) == 0


def test_a_queue_is_read_from_the_records_and_that_of_reviews_from_the_event_log():
    """Case 0 is handed over, ruled on and reviewed; case 1 comes meanwhile and is never ruled on."""
    log = [
        (0, 0, 1.0, "filed", -1),
        (0, 0, 2.0, "handed to desk", DECISION),
        (0, 0, 5.0, "ruled", 3),
        (0, 1, 4.0, "handed to desk", DECISION),
        (0, 0, 8.0, "handed to desk", REVIEW_DESK),
        (0, 0, 9.0, "ruled", 1),
        (1, 1, 4.5, "handed to desk", DECISION),
    ]
    rows = [row("ruled"), row("open"), row("open", replication=1), row("open", replication=1)]
    handed = [(2.0, 5.0), (4.0, math.nan), (math.nan, math.nan), (4.5, math.nan)]
    rows = [
        r | {"dispute": i % 2, "handed_at": at, "ruled_at": ruled}
        for i, (r, (at, ruled)) in enumerate(zip(rows, handed, strict=True))
    ]
    run = handmade.run(rows, replications=2, events=log)
    cells = Cells(run)
    decision, review = stays(cells, DECISION), stays(cells, REVIEW_DESK)
    assert decision is not None
    assert review is not None
    assert list(zip(*decision, strict=True)) == [(0, 2.0, 5.0), (0, 4.0, math.inf), (1, 4.5, math.inf)]
    assert list(zip(*review, strict=True)) == [(0, 8.0, 9.0)]
    found = analysis.outcomes(run)["backlog_peak"]
    assert (found.value, found.n) == (1.5, 3)


@pytest.mark.process
@pytest.mark.parametrize("changes", [{}, MEDIATED, PANEL])
def test_no_metric_needs_the_event_log(changes):
    """Large runs keep no event log; their numbers must not be others."""
    run = simulate(changes)
    kept, bare = analysis.outcomes(run), analysis.outcomes(without_events(run))
    for name, one in kept.items():
        np.testing.assert_array_equal(bare[name].per_replication, one.per_replication, name)
        assert bare[name].n == one.n


def test_those_at_the_desks_at_the_end_are_those_the_engine_left_there(any_run):
    """The engine counts who waits and who is served; the records must tell the same."""
    cells = Cells(any_run)
    desks = any_run.desks
    for desk in range(3):
        there = stays(cells, desk)
        assert there is not None
        left = np.bincount(there.replication[np.isinf(there.until)], minlength=2)
        mine = desks["desk"] == desk
        np.testing.assert_array_equal(left, (desks["busy"] + desks["waiting"])[mine])


def test_the_backlog_at_the_end_of_a_day_is_who_came_and_has_not_left(any_run):
    """Against a plain count, day by day."""
    found, cells = series.backlog(any_run), Cells(any_run)
    assert found.days.tolist() == list(range(1, 41))
    for name, mean, n in zip(found.names, found.mean, found.n, strict=True):
        there = stays(cells, DESKS.index(name))
        assert there is not None
        assert n == len(there.since)
        for day in (1, 7, 23, 40):
            at = 24 * day
            assert mean[day - 1] == ((there.since <= at) & (there.until > at)).sum() / 2
    assert (found.low >= 0).all()
    assert (found.mean <= found.high).all()


def test_open_hours_are_counted_from_the_desks_own_calendar(plain):
    """The decision desk works nine to six from Monday to Friday, screening nine to nine every day."""
    times = np.array([0.0, 10.0, 24.0, 5 * 24.0, 7 * 24.0, 7 * 24 + 12.5])
    assert open_hours(plain, DECISION, times).tolist() == [0, 1, 9, 45, 45, 48.5]
    assert open_hours(plain, 0, times).tolist() == [0, 1, 12, 60, 84, 87.5]


def test_weekly_use_adds_up_to_the_use_of_the_whole_run(any_run):
    """Each working hour lies in one week, and nobody works more than there is."""
    found = series.utilisation(any_run)
    assert found.days.tolist() == [7, 14, 21, 28, 35, 40]
    whole = analysis.utilisation_by_desk(any_run)
    edges = 24 * np.append(0, found.days)
    for name, weeks in zip(found.names, found.mean, strict=True):
        hours = np.diff(open_hours(any_run, DESKS.index(name), edges))
        assert weeks @ hours / hours.sum() == pytest.approx(whole[name].value)
        assert (weeks >= -1e-12).all()
        assert (weeks <= 1 + 1e-12).all()
    assert whole["decision"].value == analysis.outcomes(any_run)["desk_utilisation"].value


@pytest.mark.process
def test_mediation_is_seen_through_its_events():
    """Its meetings have times in the event log alone."""
    run = simulate(MEDIATED)
    done = work(Cells(run), MEDIATION)
    assert done is not None
    assert done.hours.sum() == pytest.approx(run.disputes["mediation_hours"].sum())
    assert (done.hours == 1.0).all(), "every meeting of the small scenario takes an hour"
    assert "mediation" in series.backlog(run).names
    bare = without_events(run)
    assert work(Cells(bare), MEDIATION) is None
    assert "mediation" not in series.utilisation(bare).names
    assert analysis.utilisation_by_desk(bare)["mediation"].value > 0.1


def test_ratings_end_where_the_merchants_do(any_run):
    """The series is rebuilt from disputes; the merchants' table says where each one ended."""
    found = series.rating(any_run)
    merchants = any_run.merchants
    ends = [
        [
            merchants["rating"][(merchants["replication"] == r) & (merchants["merchant_group"] == g)].mean()
            for g in range(2)
        ]
        for r in range(2)
    ]
    np.testing.assert_allclose(found.mean[:, -1], np.mean(ends, axis=0), atol=1e-12)
    assert found.names == ("flagship", "small")
    assert found.n.tolist() == [24, 96]
    assert abs(found.mean[0, -1] - 0.8) > 0.02


def test_trust_moves_when_a_dispute_closes_and_weighs_every_buyer_the_same():
    """Buyer 1 goes from 0.8 to 0.6 as day 2 ends and to 0.9 on day 4; the others never move."""
    run = handmade.run([row("open")])
    start = series.trust(run)
    np.testing.assert_allclose(start.mean, 0.8)
    assert start.n.sum() == 2000
    buyers = sim.sampling.population.draw_buyers(run.scenario, sim.sampling.streams.Luck(run.seed, 0))[0]
    group = int(buyers["group"][1])
    rows = [
        row("ruled", buyer=1, buyer_group=group, closed_at=80.0, trust_after=0.9),
        row("ruled", buyer=1, buyer_group=group, closed_at=48.0, trust_after=0.6),
        row("open", buyer=1, buyer_group=group),
    ]
    found = series.trust(handmade.run(rows))
    moved = (found.mean[group] - 0.8) * found.n[group]
    np.testing.assert_allclose(moved, [0, -0.2, -0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], atol=1e-9)
    assert np.isnan(found.low).all(), "one replication has no interval"


def test_in_an_open_loop_trust_stays_where_it_was():
    """Behaviour is frozen, so a line that moves would be an artefact."""
    run = simulate(open_loop=True, days=30)
    np.testing.assert_allclose(series.trust(run).mean, 0.8, atol=1e-12)
