"""Both errors at a standard of proof, against files drawn as every run draws them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from evenhand.analysis.fairness.proof import Piece, errors_at
from evenhand.sim.sampling.evidence import weight_of

FILE = (Piece(1.1, 0.6), Piece(1.4, 0.25), Piece(0.4, 0.9))


@pytest.mark.parametrize(("standard", "prior"), [(0.3, 0.5), (0.5, 0.5), (0.6, 0.4)])
def test_errors_are_those_of_files_that_are_drawn(standard, prior):
    """Pieces by chance, weights from the sampler of the simulation, a claim granted above the standard."""
    rng, n = np.random.default_rng(1), 200_000
    shares = []
    for valid in (True, False):
        belief = np.full(n, logit(prior))
        for one in FILE:
            there = rng.random(n) < one.held
            belief += there * weight_of(valid, one.strength, rng.standard_normal(n))
        shares.append(np.mean(belief > logit(standard)))
    found = errors_at(standard, FILE, prior)
    assert found.refused == pytest.approx(1 - shares[0], abs=0.005)
    assert found.granted == pytest.approx(shares[1], abs=0.005)


def test_without_evidence_the_line_decides():
    """Exactly on the standard is not above it."""
    assert errors_at(0.5, ()) == (1.0, 0.0)
    assert errors_at(0.49, ()) == (0.0, 1.0)


def test_a_mirrored_file_is_fair_to_both_at_even_odds():
    """With every piece there, a standard of one half refuses and grants wrongly equally often."""
    refused, granted = errors_at(0.5, (Piece(1.0, 1.0),))
    assert refused == pytest.approx(granted)
    assert refused == pytest.approx(0.308537539)  # Phi(-1/2)


@pytest.mark.parametrize("ends", [(0.0, 0.5), (1.0, 0.5), (0.5, 0.0)])
def test_certainty_is_no_standard_and_no_prior(ends):
    with pytest.raises(ValueError, match="lie between 0 and 1"):
        errors_at(ends[0], (), ends[1])


@pytest.mark.parametrize("piece", [Piece(-1, 0.5), Piece(1, 1.1)])
def test_a_piece_has_a_strength_and_a_probability(piece):
    with pytest.raises(ValueError, match="held with a probability"):
        errors_at(0.5, (piece,))
