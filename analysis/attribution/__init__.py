"""Where the difference between two policies comes from: dispute by dispute, and setting by setting."""

from analysis.attribution.align import Alignment, align
from analysis.attribution.divergence import Divergences
from analysis.attribution.flips import Event, Flip, changes, dearest, partings
from analysis.attribution.responsible import responsible
from analysis.attribution.settings import Setting, mixed, settings
from analysis.attribution.shapley import Player, players, shapley, shapley_values

__all__ = [
    "Alignment", "Divergences", "Event", "Flip", "Player", "Setting",
    "align", "changes", "dearest", "mixed", "partings", "players", "responsible", "settings", "shapley",
    "shapley_values",
]  # fmt: skip
