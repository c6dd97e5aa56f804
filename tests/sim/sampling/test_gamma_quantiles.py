"""Quantiles from the surface are those of the gamma distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaincinv

from evenhand.sim.sampling.gamma_quantiles import gamma_quantiles


@pytest.mark.parametrize("mean", [0.002, 0.02, 0.5, 3.0, 300.0, 5000.0])
def test_quantiles_are_those_of_a_search(mean: float) -> None:
    """Within 6e-4, for shapes from thousandths to thousands and for uniforms in both tails."""
    rng = np.random.default_rng(1)
    shape = mean * np.exp(rng.standard_normal(20_000))
    u = np.concatenate([rng.random(19_998), [2.0**-53, 1.0 - 2.0**-53]])
    exact = gammaincinv(shape, u)
    assert (np.abs(gamma_quantiles(shape, u) - exact) / np.maximum(exact, 0.1)).max() < 6e-4
