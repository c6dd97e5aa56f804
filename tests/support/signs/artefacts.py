"""Sign 14: one artefact, one weight, whoever shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.runs.records import Columns
from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS
from tests.support import court, patch, small, talking
from tests.support.runs import compiled
from tests.support.signs.effect import Effect, Floats

DAYS, WORLDS = 200, 8
STRENGTHS = {"chat_log": 0.5, "photo": 0.3}
STILL: dict[str, Any] = {"behaviour": {"open_loop": True}}
IN_TALKS = ("offer_need", "offer_limit", "offer_ask", "offer_worth", "remedy", "refund")


def rule_on(
    scenario: dict[str, Any], policy: dict[str, Any] | None = None, days: int = DAYS, replications: int = 1
) -> Columns:
    """Rulings of the court on shared evidence."""
    world = court.scenario(patch.lay_over({"evidence": {"model": "shared"}}, scenario))
    rules = court.policy(policy or {})
    return compiled(world, rules, seed=17, days=days, replications=replications, events=False).disputes


def kinds(buyer: dict[str, float], merchant: dict[str, float], **strengths: float) -> dict[str, Any]:
    """Changes that give each side these kinds with these chances, of these strengths."""
    return {
        "causes": {"quality_defect": {"evidence": strengths}},
        "evidence": {"held_by_buyer": buyer, "held_by_merchant": merchant},
    }


def both_hold(model: str, replications: int = 1) -> Columns:
    """Disputes in which both sides hold the same chat log and the same photo."""
    held = dict.fromkeys(STRENGTHS, 1.0)
    things = patch.lay_over(kinds(held, held, **STRENGTHS), {"evidence": {"model": model}})
    return rule_on(things, replications=replications)


def _share(differs: NDArray[np.bool_], d: Columns, worlds: int) -> Floats:
    return np.array([differs[d["replication"] == k].mean() for k in range(worlds)])


def weights_apart() -> list[Effect]:
    """Disputes in which the weights of the two sides differ, of one thing and of two readings of it."""
    one, two = (both_hold(model, WORLDS) for model in ("shared", "separate"))
    other = _share(one["buyer_weight"] != one["merchant_weight"], one, WORLDS)
    signs = _share((two["buyer_weight"] > 0) != (two["merchant_weight"] > 0), two, WORLDS)
    tiny = 1e-12
    return [
        Effect.over("weights that differ, evidence shared", other, "points", above=-tiny, below=tiny),
        Effect.over("signs that differ, each side its own reading", signs, "points", above=0.2),
    ]


def talks_apart() -> list[Effect]:
    """Disputes in talks whose offers, limits, hopes and remedies differ by who has the chat log."""
    one, two, three = (talks_with(*holders) for holders in ((1, 0), (0, 1), (1, 1)))
    before = np.isnan(one["filed_at"]) & np.isnan(two["filed_at"]) & np.isnan(three["filed_at"])
    differs = np.zeros(before.sum(), np.bool_)
    for other in (two, three):
        for name in IN_TALKS:
            a, b = one[name][before], other[name][before]
            differs |= (a != b) & ~(np.isnan(a) & np.isnan(b))
    share = float(differs.mean())
    what = "talks that differ by who has the chat log"
    return [Effect(what, share, share, share, 1, "points", above=-1e-12, below=1e-12)]


def talks_with(buyers: float, merchants: float) -> Columns:
    """Disputes about whose only evidence, a chat log, so many of each side have; nobody hides or forges."""
    nothing, frank = dict.fromkeys(EVIDENCE_KINDS, 0.0), {"strategic": 0.0}
    clean: dict[str, Any] = {
        "causes": {cause: {"forges": 0.0} for cause in ("opportunistic", "malicious")},
        "buyers": {"groups": dict.fromkeys(small.SCENARIO["buyers"]["groups"], frank)},
        "merchants": {"groups": dict.fromkeys(small.SCENARIO["merchants"]["groups"], frank)},
        "evidence": {
            "model": "shared",
            "brings": 1.0,
            "held_by_buyer": nothing | {"chat_log": buyers},
            "held_by_merchant": nothing | {"chat_log": merchants},
        },
    }
    scenario = patch.scenario(patch.lay_over(talking.CHANGES, patch.lay_over(clean, STILL)))
    return compiled(scenario, small.policy(), seed=9, days=40, events=False).disputes
