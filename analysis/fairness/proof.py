"""The standard of proof and both kinds of error, exactly, for a file of evidence that may be incomplete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import log, prod, sqrt
from typing import NamedTuple

from scipy.special import ndtr

from evenhand.sim.sampling.evidence import weight_of

MOST_PIECES = 12
"""Pieces of a file: all of its subsets are gone through."""


class Piece(NamedTuple):
    """A piece of evidence: how much it tells, and how likely it is in the file."""

    strength: float
    held: float


class Errors(NamedTuple):
    """Both kinds of error, as shares of those whom they can meet."""

    refused: float
    """Of the claims that are valid, those that are refused."""
    granted: float
    """Of the claims that are groundless, those that are granted."""


def errors_at(standard: float, pieces: Sequence[Piece], prior: float = 0.5) -> Errors:
    """Both errors where a claim is granted whose probability is above the standard of proof.

    Formula: with the pieces of a file in hand of strength d = sqrt(sum d_i^2) the belief is
    logit(prior) + N(+-d^2/2, d^2), so that P(refused | valid) = Phi((c - d^2/2) / d) and
    P(granted | groundless) = 1 - Phi((c + d^2/2) / d), c = logit(standard) - logit(prior); then the mean
    over all files that may be there, pieces being held independently. A belief exactly on the standard is
    refused. Source: Green and Swets (1966); weights as in `sim.sampling.evidence`.

    `standard` and `prior` lie between 0 and 1, both ends excluded; strengths are 0 or more, `held` is a
    probability. Raises ValueError for others, and for more than 12 pieces.
    """
    if not (0 < standard < 1 and 0 < prior < 1):
        raise ValueError(f"standard and prior lie between 0 and 1, found {standard} and {prior}")
    if len(pieces) > MOST_PIECES or any(one.strength < 0 or not 0 <= one.held <= 1 for one in pieces):
        raise ValueError(f"at most {MOST_PIECES} pieces, of strength 0 or more, held with a probability")
    gap = log(standard / (1 - standard)) - log(prior / (1 - prior))
    refused = granted = 0.0
    for chance, strength in _files(pieces):
        refused += chance * _below(gap, strength, valid=True)
        granted += chance * (1 - _below(gap, strength, valid=False))
    return Errors(refused, granted)


def _files(pieces: Sequence[Piece]) -> Iterator[tuple[float, float]]:
    """Every file that may be there: its probability and its strength; strengths add in squares."""
    for there in product((False, True), repeat=len(pieces)):
        chance = prod(
            one.held if is_there else 1 - one.held for one, is_there in zip(pieces, there, strict=True)
        )
        if chance > 0:
            squares = sum(one.strength**2 for one, is_there in zip(pieces, there, strict=True) if is_there)
            yield chance, sqrt(squares)


def _below(gap: float, strength: float, *, valid: bool) -> float:
    """The probability that the evidence weighs no more than the gap."""
    if strength == 0:
        return float(gap >= 0)
    return float(ndtr((gap - weight_of(valid, strength, 0.0)) / strength))
