"""In what share of the plausible futures a conclusion holds, where it flips, what is lost by error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.robust.answer import Answer, BeliefAxis, Question, Values
    from evenhand.analysis.robust.break_even import AloneCurve, curves
    from evenhand.analysis.robust.counts import Share, Verdicts, share, verdicts
    from evenhand.analysis.robust.designs import alone, futures, screen
    from evenhand.analysis.robust.found import Robust
    from evenhand.analysis.robust.luck import Luck, luck_of, without_luck
    from evenhand.analysis.robust.prim import FlipRule, Restriction, flip_rules
    from evenhand.analysis.robust.regret import Limit, Regret, regrets, satisficing
    from evenhand.analysis.robust.running import How, Plan, Size, study
    from evenhand.analysis.robust.screening import Effects, effects

__all__ = [
    "AloneCurve",
    "Answer",
    "BeliefAxis",
    "Effects",
    "FlipRule",
    "How",
    "Limit",
    "Luck",
    "Plan",
    "Question",
    "Regret",
    "Restriction",
    "Robust",
    "Share",
    "Size",
    "Values",
    "Verdicts",
    "alone",
    "curves",
    "effects",
    "flip_rules",
    "futures",
    "luck_of",
    "regrets",
    "satisficing",
    "screen",
    "share",
    "study",
    "verdicts",
    "without_luck",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "answer": ("Answer", "BeliefAxis", "Question", "Values"),
        "break_even": ("AloneCurve", "curves"),
        "designs": ("alone", "futures", "screen"),
        "prim": ("FlipRule", "Restriction", "flip_rules"),
        "found": ("Robust",),
        "luck": ("Luck", "luck_of", "without_luck"),
        "regret": ("Limit", "Regret", "regrets", "satisficing"),
        "screening": ("Effects", "effects"),
        "running": ("How", "Plan", "Size", "study"),
        "counts": ("Share", "Verdicts", "share", "verdicts"),
    },
)
