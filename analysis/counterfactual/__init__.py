"""What only a simulator can do: the same luck again, with one thing changed.

Audits (`flip`, `loops`, `noise`, `arms`) and the attribution of what
differs between two policies, dispute by dispute and setting by setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.analysis.counterfactual import notebook as _notebook  # noqa: F401  # attaches `plot` and tables
from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.counterfactual.attribution_align import Alignment, align
    from evenhand.analysis.counterfactual.attribution_divergence import Divergences
    from evenhand.analysis.counterfactual.attribution_flips import Event, Flip, changes, dearest, partings
    from evenhand.analysis.counterfactual.attribution_responsible import responsible
    from evenhand.analysis.counterfactual.attribution_settings import Setting, mixed, settings
    from evenhand.analysis.counterfactual.attribution_shapley import Player, players, shapley, shapley_values
    from evenhand.analysis.counterfactual.causal_paths import MOVED, PATHS
    from evenhand.analysis.counterfactual.core_set import for_panel
    from evenhand.analysis.counterfactual.decision_noise import noise
    from evenhand.analysis.counterfactual.evidence_effect import arms
    from evenhand.analysis.counterfactual.feedback_effect import loops
    from evenhand.analysis.counterfactual.findings import Finding, Findings, Measure
    from evenhand.analysis.counterfactual.group_flip import flip

__all__ = [
    "MOVED",
    "PATHS",
    "Alignment",
    "Divergences",
    "Event",
    "Finding",
    "Findings",
    "Flip",
    "Measure",
    "Player",
    "Setting",
    "align",
    "arms",
    "changes",
    "dearest",
    "flip",
    "for_panel",
    "loops",
    "mixed",
    "noise",
    "partings",
    "players",
    "responsible",
    "settings",
    "shapley",
    "shapley_values",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "attribution_align": ("Alignment", "align"),
        "attribution_divergence": ("Divergences",),
        "attribution_flips": ("Event", "Flip", "changes", "dearest", "partings"),
        "findings": ("Finding", "Findings", "Measure"),
        "causal_paths": ("MOVED", "PATHS"),
        "attribution_shapley": ("Player", "players", "shapley", "shapley_values"),
        "attribution_settings": ("Setting", "mixed", "settings"),
        "evidence_effect": ("arms",),
        "group_flip": ("flip",),
        "core_set": ("for_panel",),
        "feedback_effect": ("loops",),
        "decision_noise": ("noise",),
        "attribution_responsible": ("responsible",),
    },
)
