"""Where the difference between two policies comes from: dispute by dispute, and setting by setting."""

from evenhand.analysis.counterfactual.attribution_align import Alignment, align
from evenhand.analysis.counterfactual.attribution_divergence import Divergences
from evenhand.analysis.counterfactual.attribution_flips import Event, Flip, changes, dearest, partings
from evenhand.analysis.counterfactual.attribution_responsible import responsible
from evenhand.analysis.counterfactual.attribution_settings import Setting, mixed, settings
from evenhand.analysis.counterfactual.attribution_shapley import Player, players, shapley, shapley_values

__all__ = [
    "Alignment",
    "Divergences",
    "Event",
    "Flip",
    "Player",
    "Setting",
    "align",
    "changes",
    "dearest",
    "mixed",
    "partings",
    "players",
    "responsible",
    "settings",
    "shapley",
    "shapley_values",
]
