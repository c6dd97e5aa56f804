"""Alignment: two policies on the same worlds, dispute by dispute, down to the first event that differs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from evenhand.analysis.counterfactual import (
    Alignment,
    align,
    changes,
    dearest,
    partings,
    responsible,
    settings,
)
from evenhand.scenarios import policy
from evenhand.sim.lifecycle.activities import ACTIVITIES, TABLE
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.runner import simulate
from tests.support import handmade, small

Event = tuple[int, int, float, str, int]
LENIENT: dict[str, Any] = {"decision": {"standard": 0.35}}
HARSH: dict[str, Any] = {"decision": {"standard": 0.65}}


def lived(changes: dict[str, Any] | None = None, **arguments: Any) -> Run:
    """A small run of the small policy, changed."""
    usual = {"seed": 4, "replications": 2, "days": 40, "engine": "simpy"}
    return simulate(small.scenario(), small.policy(changes), **{**usual, **arguments})


def by_hand(
    one: Sequence[Event], other: Sequence[Event], a: Policy | None = None, b: Policy | None = None, **row: Any
) -> Alignment:
    """Two runs of a single dispute with these events."""
    rows = [handmade.row("ruled", **row)]
    return align(*(handmade.run(rows, events=log, policy=p) for log, p in ((one, a), (other, b))))


def test_a_run_aligned_with_itself_finds_nothing() -> None:
    """No pair parts, nothing flips, no money moves: exactly."""
    run = lived()
    found = align(run, lived())
    assert len(found) == len(run) > 500
    assert not found.divergences.diverged.any()
    assert not found.flipped.any()
    assert (found.money == 0).all()
    assert (found.injustice == 0).all()
    assert len(found.only_a) == len(found.only_b) == 0
    assert found.differing == ()
    assert dearest(found) == ()
    assert partings(found) == []
    assert changes(found).of("refund").value == 0.0


@pytest.mark.process
def test_pairs_are_the_same_dispute_and_the_rest_stands_apart() -> None:
    """By replication and number; with feedback, some disputes arise under one policy only."""
    a, b = lived(LENIENT), lived(HARSH)
    found = align(a, b)
    for column in ("replication", "dispute", "buyer", "amount", "order_at", "valid"):
        assert (found.of_a(column) == found.of_b(column)).all()
    assert len(found) + len(found.only_a) == len(a)
    assert len(found) + len(found.only_b) == len(b)
    assert len(found.only_a) + len(found.only_b) > 0


def test_a_pair_parts_at_its_first_event_that_differs() -> None:
    """In kind, in time, or because nothing more happened."""
    start: Event = (0, 0, 1.0, "complained", -1)
    replied: Event = (0, 0, 5.0, "replied", -1)
    late: Event = (0, 0, 9.0, "replied", -1)
    closed: Event = (0, 0, 5.0, "reply window closed", -1)
    for one, other, words in (
        ([start, replied], [start, closed], "'replied' became 'reply window closed'"),
        ([start, replied], [start, late], "'replied' came 4.0 h later"),
        ([start, late], [start, replied], "'replied' came 4.0 h sooner"),
        ([start], [start, replied], "nothing more became 'replied'"),
        ([start, replied], [start], "'replied' became nothing more"),
        ([start, replied], [start, replied], "nowhere"),
    ):
        assert by_hand(one, other).divergences.words(0) == words
    found = by_hand([start, replied], [start, late]).divergences
    assert (found.position[0], found.time_a[0], found.time_b[0]) == (1, 5.0, 9.0)


def test_a_ruling_with_another_result_is_where_a_pair_parts() -> None:
    """The log does not say who won, so the record is asked: the ruling, not what followed from it."""
    log: list[Event] = [(0, 0, 3.0, "ruled", 2), (0, 0, 9.0, "closed", -1)]
    times = {"ruled_at": 3.0, "last_ruled_at": 3.0}
    won = handmade.run([handmade.row("ruled", first_share=1.0, share=1.0, upheld=True, **times)], events=log)
    lost = handmade.run([handmade.row("ruled", first_share=0.0, share=0.0, **times)], events=log)
    found = align(won, lost)
    assert found.divergences.words(0) == "'ruled' had another result"
    assert found.divergences.position[0] == 0


def test_flips_are_right_or_wrong_by_the_truth() -> None:
    """By hand: a valid claim won and lost, a groundless one lost and won, and one settled under B."""
    log: list[Event] = [(0, d, 3.0, "closed", -1) for d in range(4)]
    a = handmade.run(
        [
            handmade.row("ruled", upheld=True, refund=100.0),
            handmade.row("ruled", upheld=False),
            handmade.row("ruled", upheld=False, valid=False, deserved=0.0),
            handmade.row("ruled", upheld=False),
        ],
        events=log,
    )
    b = handmade.run(
        [
            handmade.row("ruled", upheld=False),
            handmade.row("defaulted", upheld=True, refund=60.0),
            handmade.row("ruled", upheld=True, refund=100.0, valid=False, deserved=0.0),
            handmade.row("settled", share=0.5, refund=50.0),
        ],
        events=log,
    )
    found = align(a, b)
    assert found.decided.tolist() == [True, True, True, False]
    assert found.to_right.tolist() == [False, True, False, False]
    assert found.to_wrong.tolist() == [True, False, True, False]
    assert found.money.tolist() == [-100.0, 60.0, 100.0, 50.0]
    assert found.injustice.tolist() == [100.0, -60.0, 100.0, -50.0]
    counted = changes(found)
    assert (counted.of("to_right").value, counted.of("to_right").n) == (pytest.approx(1 / 3), 3)
    assert counted.of("net").value == pytest.approx(-1 / 3)
    assert counted.of("refund").value == pytest.approx(110 / 4)
    assert [(flip.dispute, flip.money) for flip in dearest(found)] == [(0, -100.0), (2, 100.0), (1, 60.0)]
    assert len(dearest(found, 1)) == 1


@pytest.mark.process
def test_dearest_flips_come_with_both_lives() -> None:
    """Records and events under each policy, the dearest first, and a setting that acts where they part."""
    a, b = lived(LENIENT), lived(HARSH)
    flips = dearest(align(a, b))
    assert len(flips) == 20
    assert all(abs(x.money) >= abs(y.money) for x, y in pairwise(flips))
    for flip in flips:
        for run, record, events in ((a, flip.a, flip.events_a), (b, flip.b, flip.events_b)):
            row = (run.disputes["replication"] == flip.replication) & (
                run.disputes["dispute"] == flip.dispute
            )
            assert record["refund"] == run.disputes["refund"][row][0]
            assert [e.time for e in events] == sorted(e.time for e in events)
            assert events[-1].activity in {"closed", "merchant suspended", "buyer left", "merchant left"}
        assert flip.a["upheld"] != flip.b["upheld"]
    assert any("decision.standard" in {s.path for s in flip.responsible} for flip in flips)


def test_groups_and_causes_add_up_to_all_pairs() -> None:
    """Every pair is in one buyer group, one merchant group and one cause."""
    found = changes(align(lived(LENIENT), lived(HARSH)))
    for column in ("buyer: ", "merchant: ", "cause: "):
        parts = [
            one.estimate
            for one in found.findings
            if one.measure.name == "refund" and one.part.startswith(column)
        ]
        assert sum(part.n for part in parts) == found.of("refund").n


@pytest.mark.process
def test_partings_count_every_pair_that_parts() -> None:
    """The most frequent first, and no pair twice."""
    found = align(lived(LENIENT), lived(HARSH))
    rows = partings(found)
    assert sum(row[1] for row in rows) == found.divergences.diverged.sum()
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
    assert sum(row[2] for row in rows) == found.flipped.sum()


def test_a_rule_is_responsible_only_where_it_acts() -> None:
    """A window for evidence cannot have changed a talk; a reform may have changed anything."""
    window = {"windows": {"merchant_evidence": "12 h"}}
    differing = settings(small.policy(), small.policy(window))
    of = {name: number for number, name in enumerate(ACTIVITIES)}
    assert responsible(of["answered"], of["stayed silent"], differing) == differing
    assert responsible(of["replied"], -1, differing) == ()
    assert responsible(of["answered"], of["answered"], differing, only_time=True) == ()
    assert responsible(of["stayed silent"], of["stayed silent"], differing, only_time=True) == differing
    reform = settings(small.policy(), small.policy({"reforms": [{"starts": 3, "changes": window}]}))
    assert responsible(of["replied"], -1, reform) == reform


@pytest.mark.process
def test_one_changed_window_is_found_responsible() -> None:
    """Where nothing else differs, frozen people part only where the window acts, or through others."""
    a, b = lived(open_loop=True), lived({"windows": {"merchant_evidence": "12 h"}}, open_loop=True)
    rows = partings(align(a, b))
    words = {row[0]: row for row in rows}
    silent = words["'answered' became 'stayed silent'"]
    assert [setting.path for setting in silent[4]] == ["windows.merchant_evidence"]
    assert silent[1] > 10


def test_every_activity_names_the_settings_that_act_there() -> None:
    """A new activity without its rules would leave differences unexplained without a word."""
    assert [one.name for one in TABLE] == ACTIVITIES
    paths = {one.path for one in _all_settings()}
    for one in TABLE:
        assert one.acts
        for start in (*one.acts, *one.moved_by):
            assert any(path == start or path.startswith(f"{start}.") for path in paths), start


def _all_settings() -> list[Any]:
    """Every setting of a policy, from the parts of the model itself."""
    from evenhand.analysis.counterfactual.attribution_settings import _pairs

    return list(_pairs(small.policy(), small.policy()))


@pytest.mark.process
def test_runs_of_different_worlds_cannot_be_aligned() -> None:
    """Pairs of strangers would look like an effect of the policy."""
    run = lived(replications=1)
    for arguments, said in (
        ({"seed": 5, "replications": 1}, "same seed: 4 and 5"),
        ({"replications": 2}, "same replications: 1 and 2"),
        ({"days": 30, "replications": 1}, "same days: 40 and 30"),
        ({"events": False, "replications": 1}, "event logs"),
    ):
        with pytest.raises(ValueError, match=said):
            align(run, lived(**arguments))
    with pytest.raises(ValueError, match="same scenario"):
        align(
            run, simulate(small.scenario({"title": "Other"}), small.policy(), seed=4, days=40, engine="simpy")
        )


@pytest.mark.process
def test_intervals_are_over_replications() -> None:
    """One value a replication, each over its own pairs."""
    found = align(lived(LENIENT), lived(HARSH))
    refund = changes(found).of("refund")
    each = [found.money[found.of_a("replication") == r].mean() for r in (0, 1)]
    assert np.allclose(refund.per_replication, each)
    assert refund.ci is not None


def test_a_group_that_one_policy_has_not_is_one_setting() -> None:
    """Mediation has no detectors where Tmall has five; the two can be told apart all the same."""
    differing = {one.path for one in settings(policy("tmall"), policy("mediation"))}
    assert "decision.checks.detectors.photo" in differing
    assert "windows.merchant_evidence" in differing
    assert settings(policy("mediation"), policy("mediation")) == ()
