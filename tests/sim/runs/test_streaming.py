"""A run that nobody keeps says the same as one that is kept, and lets go of what has been read."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any
from weakref import ref

import pytest

from evenhand import analysis
from evenhand.analysis import report
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.runs.records import Run, stack
from evenhand.sim.runs.runner import keep, simulate
from evenhand.sim.runs.streaming import Streamed, streamed
from tests.support import small
from tests.support.runs import PARTS, differing

ASKED: dict[str, Any] = {"seed": 3, "replications": 7, "days": 40, "engine": "numba"}


@pytest.fixture(scope="module")
def kept() -> Run:
    return simulate(small.scenario(), small.policy(), **ASKED)


def in_pieces(rows: int, **more: Any) -> Streamed:
    return replace(streamed(small.scenario(), small.policy(), **{**ASKED, **more}), rows=rows)


def together(run: Streamed) -> Run:
    """All pieces as one run."""
    found = list(run.pieces())
    tables = {name: stack([getattr(piece, name) for piece in found]) for name in PARTS}
    return replace(found[0], **tables)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("rows", [1, 1_500, 10**9])
def test_pieces_have_every_record_whatever_their_size(kept: Run, rows: int, workers: int) -> None:
    """One replication each, a few, or all but the first, which tells how large they are."""
    run = in_pieces(rows, workers=workers)
    assert differing(together(run), kept) == []
    sizes = [len(set(piece.merchants["replication"].tolist())) for piece in run.pieces()]
    assert sizes[0] == 1
    assert sum(sizes) == 7
    assert (max(sizes) == 1) == (rows == 1)
    assert (len(sizes) == 2) == (rows == 10**9)
    assert len(run) == len(kept)


def test_the_simpy_engine_and_rules_in_python_can_be_read_in_pieces_too() -> None:
    """Whoever tries a rule of his own wants its metrics as well."""

    def half(_: CaseFile) -> float:
        return 0.5

    asked = {"replications": 2, "days": 20, "decide": half}
    run = streamed(small.scenario(), small.policy(), **asked)
    assert run.engine == "simpy"
    assert differing(together(run), simulate(small.scenario(), small.policy(), **asked)) == []


@pytest.mark.process
def test_whatever_is_computed_from_it_is_the_same(kept: Run) -> None:
    """Metrics, groups, curves, series and the whole report, drawings included, to the last letter."""
    run = in_pieces(1_500)
    assert repr(analysis.outcomes(run)) == repr(analysis.outcomes(kept))
    assert repr(analysis.outcomes_by(run, "cause")) == repr(analysis.outcomes_by(kept, "cause"))
    assert repr(analysis.utilisation_by_desk(run)) == repr(analysis.utilisation_by_desk(kept))
    assert report.render(run) == report.render(kept)


def test_a_piece_is_gone_before_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two of them would be in memory, and each in memory that nobody has touched yet."""
    seen: list[Any] = []

    def watched(*arguments: Any) -> Run:
        assert not any(piece() for piece in seen)
        made = keep(*arguments)
        seen.append(ref(made))
        return made

    monkeypatch.setattr("evenhand.sim.runs.streaming.keep", watched)
    gc.disable()  # it is gone because nobody holds it
    try:
        analysis.outcomes(in_pieces(1))
    finally:
        gc.enable()
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"replications": 0}, "replications must be 1 or more, found 0"),
        ({"workers": 0}, "workers must be 1 or more, found 0"),
        ({"decide": lambda _: 0.5}, "a decision rule in Python runs under the SimPy engine"),
    ],
)
def test_what_cannot_be_run_is_refused_when_it_is_asked_for(wrong: dict[str, Any], said: str) -> None:
    """Not when somebody reads it, far from the mistake."""
    with pytest.raises(ValueError, match=said):
        streamed(small.scenario(), small.policy(), **{**ASKED, **wrong})
