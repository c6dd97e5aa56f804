"""Advice: what would have helped a buyer or a merchant, under the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.advise.checklist import Piece, Side, checklist
    from evenhand.analysis.advise.dispute import Turned, advise_dispute
    from evenhand.analysis.advise.study import Advice, Advised, Effect, Whose, advise

__all__ = [
    "Advice",
    "Advised",
    "Effect",
    "Piece",
    "Side",
    "Turned",
    "Whose",
    "advise",
    "advise_dispute",
    "checklist",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "checklist": ("Piece", "Side", "checklist"),
        "dispute": ("Turned", "advise_dispute"),
        "study": ("Advice", "Advised", "Effect", "Whose", "advise"),
    },
)
