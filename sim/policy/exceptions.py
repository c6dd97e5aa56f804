"""Exceptions: cases for which some fields of a policy are different, by what the case is like.

One mechanism for what real systems do by cause, by amount, by the merchant's score, by the buyer's
record, by goods, and from one review to the next.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.policy.adjudication import MAX_REVIEWS, MAX_SEATS
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.settings import Read
from evenhand.sim.scenario.units import Count, Hours, NotNegative, Positive, Share
from evenhand.sim.scenario.vocabulary import Goods, ValidCause

MAX_EXCEPTIONS = 8
"""Exceptions of one policy at most: each doubles the number of its rows of rules."""


class When(
    Model,
    units={
        "amount_from": "money",
        "amount_below": "money",
        "rating_from": "rating",
        "rating_below": "rating",
        "filings_from": "filings",
        "strikes_from": "strikes",
        "review": "number of the review",
        "seats": "seats",
    },
    labels={
        "within": "Soon after delivery",
        "review": "From this review on",
        "seats": "From this many seats on",
    },
):
    """Which cases: all of these must hold. What is left out does not matter.

    A case is looked at when the buyer complains and again at the filing; which review it is, and how
    large its panel, also after each ruling.
    """

    causes: Annotated[tuple[ValidCause, ...], Read.EMPTY_IS_ALL] = ()
    """Only these claims; empty = all."""
    goods: Annotated[tuple[Goods, ...], Read.EMPTY_IS_ALL] = ()
    """Only these goods; empty = all."""
    goods_in_hand: bool | None = None
    """Only where the buyer has goods that could be returned, or only where not."""
    amount_from: NotNegative = 0.0
    """Only amounts of at least this."""
    amount_below: Annotated[Positive | None, Read.NO_LIMIT] = None
    """Only amounts below this; none = no limit."""
    within: Annotated[Hours | None, Read.NO_LIMIT] = None
    """Only complaints so soon after delivery; none = whenever."""
    rating_from: Share = 0.0
    """Only merchants with a rating of at least this."""
    rating_below: Annotated[Positive | None, Read.NO_LIMIT] = None
    """Only merchants with a rating below this; none = no limit."""
    filings_from: Count = 0
    """Only buyers with at least so many filings on record (screening.record_window)."""
    refunds_from: Share = 0.0
    """Only buyers to whom at least this share of the filings on record brought a refund."""
    strikes_from: Count = 0
    """Only buyers with at least so many strikes on record."""
    review: Annotated[int, Field(strict=True, ge=0, le=MAX_REVIEWS)] = 0
    """From this review on; its window, its fee and who may ask for it included. 0 = from the start."""
    seats: Annotated[int, Field(strict=True, ge=0, le=MAX_SEATS)] = 0
    """From the review on whose panel would grow to so many seats; 0 = from the start."""

    @model_validator(mode="after")
    def _something(self) -> When:
        if self == When.model_construct():
            raise ValueError(gettext("must name at least one condition"))
        return self

    def by_case(self) -> bool:
        """Whether it depends on the case, and not on the review alone."""
        return self != When.model_construct(review=self.review, seats=self.seats)


class ExceptionRule(Model):
    """Fields that are different for some cases."""

    when: When
    """Which cases."""
    changes: dict[str, Any]
    """Fields that change, as they stand in a policy file."""

    @model_validator(mode="after")
    def _flat(self) -> ExceptionRule:
        for inner in ("exceptions", "reforms"):
            if inner in self.changes:
                raise ValueError(gettext("changes: an exception cannot hold {inner}").format(inner=inner))
        return self
