"""Quantiles of gamma distributions of many shapes at once, from one surface instead of a search for each.

Where the quantile x is small, a log x is the log of the uniform plus a constant, and elsewhere it bends
little in log a and in the logit of the uniform; so a cubic spline over these two is enough.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter
from scipy.special import expit, gammainccinv, gammaincinv, gammaln, logit

Floats = NDArray[np.float64]
SHAPES, UNIFORMS = (-11.0, 8.0), (-40.0, 40.0)
"""Logs of the shapes and logits of the uniforms that the surface covers; near its edges it is not used."""
USED = -9.0, 6.0
"""Logs of the shapes for which it is used."""
POINTS = 58, 241
"""How many of each: three for a unit of either."""


@lru_cache(maxsize=1)
def _surface() -> Floats:
    """Coefficients of the spline of a log x, over log a and the logit of the uniform."""
    logs, logits = np.linspace(*SHAPES, POINTS[0]), np.linspace(*UNIFORMS, POINTS[1])
    shape = np.exp(logs)[:, None]
    lower, upper = gammaincinv(shape, expit(logits)), gammainccinv(shape, expit(-logits))
    found = np.where(logits < 0.0, lower, upper)
    near_zero = np.log(expit(logits)) + gammaln(shape + 1.0)
    with np.errstate(divide="ignore"):
        heights = np.where(found > 1e-290, shape * np.log(found), near_zero)
    return np.asarray(spline_filter(heights, mode="nearest"))


def _places(value: Floats, covered: tuple[float, float], points: int) -> Floats:
    return (value - covered[0]) * ((points - 1) / (covered[1] - covered[0]))


def gamma_quantiles(shape: Floats, u: Floats) -> Floats:
    """Quantiles of gamma distributions of scale 1 and these shapes, at these uniforms; same length.

    Within 6e-4 of each, or of .1 where it is less. Shapes below 1.2e-4 are taken for that; those above
    400 are searched for one by one.
    """
    logs = np.log(np.maximum(shape, np.exp(USED[0])))
    within = np.minimum(logs, USED[1])
    at = [_places(within, SHAPES, POINTS[0]), _places(logit(u), UNIFORMS, POINTS[1])]
    heights = map_coordinates(_surface(), at, mode="nearest", prefilter=False)
    found = np.exp(heights / np.exp(within))
    large = logs > USED[1]
    found[large] = gammaincinv(shape[large], u[large])
    return np.asarray(found)
