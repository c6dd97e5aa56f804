"""Signs 9 and 11: what losers make of reasons, and filings that are sent back to be cured."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import BUYER, MERCHANT
from evenhand.sim.runs.records import Run
from tests.support import patch, waiting
from tests.support.runs import compiled
from tests.support.signs.effect import Effect, Floats

REASONS = ("none", "short", "full")


def by_world(run: Run, which: NDArray[np.bool_]) -> Floats:
    """How many of these disputes each world has."""
    return np.bincount(run.disputes["replication"][which], minlength=run.replications).astype(float)


@cache
def doors(kind: str, replications: int = 8, **changes: Any) -> Run:
    """What comes of filings that need two kinds of proof, under a policy of this kind."""
    rules = patch.lay_over(waiting.CURE, {"screening": {"not_admitted": kind}, **changes})
    return compiled(
        waiting.only("waiting", False),
        waiting.rules(rules),
        seed=5,
        replications=replications,
        open_loop=True,
    )


def not_admitted(run: Run) -> NDArray[np.bool_]:
    """Disputes that end at the door."""
    return np.asarray(run.disputes["ending"] == codes.INADMISSIBLE)


def lost(run: Run) -> Floats:
    """Valid claims lost at the door, for each valid filing, by world."""
    filed = ~np.isnan(run.disputes["filed_at"]) & run.disputes["valid"]
    return by_world(run, not_admitted(run) & filed) / by_world(run, filed)


def cure() -> list[Effect]:
    """How many fewer valid claims are lost at the door where filings can be cured."""
    fewer = lost(doors("cure")) - lost(doors("final"))
    return [Effect.over("valid claims lost at the door: cure less final", fewer, "points", below=-0.05)]


@cache
def reviewed(reasons: str, replications: int = 12) -> Run:
    """The same first rulings, with these reasons, reviewed by who finds it worth it."""
    rules = patch.lay_over(
        waiting.ANYHOW, {"decision": {"reasons": reasons}, "screening": {"minimum_evidence": 0}}
    )
    return compiled(
        waiting.scenario({"behaviour": {"after_filing": {"waiting": {"enabled": False}}}}),
        waiting.rules(rules),
        seed=8,
        days=120,
        replications=replications,
        open_loop=True,
    )


def asked(run: Run, wronged: bool) -> Floats:
    """Share of losers of everything who asked for a review, among the wronged or the others, by world."""
    d = run.disputes
    won = d["first_share"] > 0
    whole = (d["first_share"] == 0) | (d["first_share"] >= 1)
    losers = whole & ((won != d["valid"]) == wronged)
    asks = d["review_by"] == np.where(won, MERCHANT, BUYER)
    return by_world(run, losers & asks) / by_world(run, losers)


def reasons() -> list[Effect]:
    """How many fewer losers ask for a review with full reasons than with none; short ones lie between."""
    found = []
    for who, wronged in (("wronged", True), ("rightly refused", False)):
        none, short, full = (asked(reviewed(kind), wronged) for kind in REASONS)
        between = np.minimum(none.mean() - short.mean(), short.mean() - full.mean())
        assert between > 0, f"{who}: short reasons are not between none and full"
        found.append(
            Effect.over(f"reviews by the {who}: full reasons less none", full - none, "points", below=0.0)
        )
    return found


def _asked_still() -> tuple[Floats, ...]:
    return tuple(asked(reviewed(kind), wronged) for wronged in (True, False) for kind in ("full", "none"))


def still_asked() -> list[Effect]:
    """Of those who ask without reasons, the part that still asks with them: the wronged less the others."""
    full, none, full_others, none_others = _asked_still()
    kept = full / none - full_others / none_others
    return [
        Effect.over(
            "part of reviews that stays: wronged less rightly refused", kept, "ratio", above=0.0, touches=True
        )
    ]


def still_asked_in_points() -> list[Effect]:
    """The same counted in points of all losers: as the wronged ask more often, more of them fall silent."""
    full, none, full_others, none_others = _asked_still()
    fall = (full - none) - (full_others - none_others)
    return [
        Effect.over(
            "change of reviews in points: wronged less rightly refused",
            fall,
            "points",
            above=0.0,
            touches=True,
        )
    ]
