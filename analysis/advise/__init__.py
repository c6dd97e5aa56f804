"""Advice: what would have helped a buyer or a merchant, under the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.advise.checklist import Piece, Side, advice_to
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
    "advice_to",
    "advise",
    "advise_dispute",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "checklist": ("Piece", "Side", "advice_to"),
        "dispute": ("Turned", "advise_dispute"),
        "study": ("Advice", "Advised", "Effect", "Whose", "advise"),
    },
)
