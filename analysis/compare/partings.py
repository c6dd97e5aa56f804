"""Partings: the first step at which one dispute goes otherwise under two policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.counterfactual.attribution_responsible import responsible
from evenhand.analysis.counterfactual.attribution_settings import Setting
from evenhand.analysis.metrics.accumulators import Ints
from evenhand.sim.lifecycle.codes import ACTIVITIES
from evenhand.sim.runs.records import Run

Rows = NDArray[np.intp]


class Step(NamedTuple):
    """A step of the procedure: the columns that tell how and when it went, and what can happen there."""

    how: tuple[str, ...]
    when: tuple[str, ...]
    activities: tuple[str, ...]


STEPS = (
    Step(
        ("rounds",),
        ("opened_at", "talks_over_at"),
        ("complained", "replied", "reply window closed", "lost patience", "talks closed"),
    ),
    Step((), ("filed_at",), ("settled", "filed", "abandoned", "lapsed", "platform stepped in")),
    Step(
        ("sent_back_for", "cured"),
        ("screened_at",),
        ("admitted", "not admitted", "sent back", "cured", "consent given", "consent lapsed"),
    ),
    Step(("answered", "silence"), ("answered_at",), ("answered", "stayed silent", "conceded", "withdrew")),
    Step(
        ("supplemented", "rebutted", "meetings"),
        ("ready_at",),
        (
            *(
                "answered",
                "stayed silent",
                "conceded",
                "withdrew",
                "supplemented",
                "rebutted",
                "mediation met",
                "mediation closed",
            ),
            *("offers laid open", "officer offered", "offer taken", "performed"),
        ),
    ),
    Step((), ("handed_at",), ("handed to desk", "panel invited", "model asked", "performed", "withdrew")),
    Step(
        ("decider", "first_share"),
        ("ruled_at", "left_at"),
        (
            *("ruled", "ruled by rule", "panel ruled", "model ruled", "no verdict", "left queue"),
            *("decision overdue", "hearing held", "model audited", "model unsure"),
        ),
    ),
    Step(
        ("reviews", "review_by"),
        ("last_ruled_at", "final_at"),
        ("review requested", "ruling final", "fee matched", "fee not matched", "panel ruled", "ruled"),
    ),
    Step(
        ("ending", "reason", "share", "refund"),
        ("closed_at",),
        (
            *("settled", "goods sent", "goods not sent", "return confirmed", "confirmation lapsed"),
            *("refunded", "closed", "not complied"),
        ),
    ),
)
"""The steps in the order in which they are taken."""
NOWHERE = len(STEPS)
"""The number of a pair that parts at no step."""


class Partings(NamedTuple):
    """The step at which each pair parts."""

    step: Ints
    """The number of the step, one entry a pair; `NOWHERE` where nothing of the record differs."""
    only_time: NDArray[np.bool_]
    """No step goes otherwise; this one comes at another time."""


def part(base: Run, policy: Run, here: Rows, there: Rows) -> Partings:
    """Where the pairs of disputes at these rows of two runs of one world part.

    That is the first step that goes otherwise. For those of which none does, it is the one at which most time
    is gained or lost: where people react to each other, hardly a dispute keeps all of its times. Records tell
    of a step how it went and when, not what was offered on the way, so lives that part by an offer part here
    by what came of it.
    """
    one, other = base.disputes, policy.disputes
    otherwise, longest = np.full((2, len(here)), NOWHERE)
    moved, most = np.zeros((2, len(here)))
    for number, known in enumerate(STEPS):
        how = np.zeros(len(here), np.bool_)
        for name in known.how:
            a, b = one[name][here], other[name][there]
            how |= (a != b) & ~((a != a) & (b != b))  # noqa: PLR0124  (NaN beside NaN is no difference)
        for name in known.when:
            later = other[name][there] - one[name][here]
            happened = ~np.isnan(later)
            how |= ~happened & (np.isnan(one[name][here]) != np.isnan(other[name][there]))
            more = happened & (np.abs(later - moved) > most)
            longest[more] = number
            most = np.where(more, np.abs(later - moved), most)
            moved = np.where(happened, later, moved)
        otherwise[how & (otherwise == NOWHERE)] = number
    only_time = otherwise == NOWHERE
    return Partings(np.where(only_time, longest, otherwise), only_time)


def acting(step: int, differing: Sequence[Setting], *, only_time: bool) -> tuple[Setting, ...]:
    """The settings that differ and act at a step, or move its time; none where other disputes did it."""
    if step == NOWHERE:
        return ()
    found = [
        one
        for name in STEPS[step].activities
        for one in responsible(ACTIVITIES.index(name), -1, differing, only_time=only_time)
    ]
    return tuple(one for one in differing if one in found)
