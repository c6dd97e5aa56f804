"""Paths: the way that a dispute took through the procedure, as its record tells it."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Ints
from evenhand.locale.words import Named, Words
from evenhand.sim.lifecycle.codes import (
    ABANDONED,
    BY_MODEL,
    BY_PANEL,
    BY_RULE,
    DEFAULTED,
    INADMISSIBLE,
    LAPSED,
    MERCHANT_CONCEDED,
    OPEN,
    RULED,
    SETTLED,
)
from evenhand.sim.policy.compile import MERCHANT
from evenhand.sim.runs.records import Run


class PathWords(Words):
    """What each path is called."""

    NAMES = Named(
        absent="no dispute",
        settled="settled in talks",
        given_up="given up before filing",
        late="not filed in time",
        silent_in_talks="refunded, merchant silent in talks",
        not_admitted="not admitted",
        conceded="merchant concedes",
        agreed="agreed after filing",
        withdrawn="withdrawn or given up after filing",
        defaulted="decided by silence",
        ruled="ruled on",
        unanswered="ruled on without an answer",
        by_rule="ruled by an automatic rule",
        by_panel="ruled by a panel",
        by_model="ruled by a model",
        reviewed="ruled on and reviewed",
        open="still open",
    )


words = PathWords()
PATHS = tuple(words.NAMES)
"""All paths; the position is the number. A dispute that arises under one policy only is `absent` from the
other."""
ABSENT = PATHS.index("absent")


def paths(run: Run) -> Ints:
    """The path of every dispute of a run, as numbers of `PATHS`.

    The first that fits counts: a ruling that was reviewed is `reviewed`, one that a rule, a panel or a model
    gave is told by these, and of an arbiter's those are `unanswered` whose merchant let its window close.
    """
    d = run.disputes
    ending, reason, decider = d["ending"], d["reason"], d["decider"]
    filed, ruled = ~np.isnan(d["filed_at"]), ending == RULED
    rules = {
        "open": ending == OPEN,
        "not_admitted": ending == INADMISSIBLE,
        "defaulted": (ending == DEFAULTED) & filed,
        "silent_in_talks": ending == DEFAULTED,
        "reviewed": ruled & (d["reviews"] > 0),
        "by_rule": ruled & (decider == BY_RULE),
        "by_panel": ruled & (decider == BY_PANEL),
        "by_model": ruled & (decider == BY_MODEL),
        "unanswered": ruled & (d["silence"] == MERCHANT),
        "ruled": ruled,
        "conceded": (ending == SETTLED) & (reason == MERCHANT_CONCEDED),
        "agreed": (ending == SETTLED) & filed,
        "settled": ending == SETTLED,
        "late": ending == LAPSED,
        "given_up": (ending == ABANDONED) & ~filed,
    }
    numbers = [PATHS.index(name) for name in rules]
    return np.select(list(rules.values()), numbers, PATHS.index("withdrawn")).astype(np.int64)
