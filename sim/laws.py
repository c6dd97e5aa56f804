"""The laws that delays, amounts and service times follow, each by its inverse distribution function.

One uniform gives one value, so a changed parameter moves every value a little and reshuffles none
(design: luck comes first). All laws return hours or money, as their place in the scenario says.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.special import gammaincinv, ndtri

from sim.model import Model
from sim.units import Hours, Positive

Floats = NDArray[np.float64]
NEVER = 1e9
"""Hours: later than any horizon; stands for what does not happen."""


class Lognormal(Model):
    """Lognormal by its median and the standard deviation of its logarithm."""

    law: Literal["lognormal"]
    median: Hours
    sigma: Annotated[float, Field(strict=True, ge=0, le=5)]

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(self.median * np.exp(self.sigma * ndtri(u)))

    def mean(self) -> float:
        """The expected value."""
        return float(self.median * np.exp(self.sigma**2 / 2))


class Weibull(Model):
    """Weibull by shape (above 1: deadline pressure; below 1: heavy tail) and scale."""

    law: Literal["weibull"]
    shape: Annotated[float, Field(strict=True, ge=0.2, le=20)]
    scale: Hours

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(self.scale * (-np.log1p(-u)) ** (1 / self.shape))

    def mean(self) -> float:
        """The expected value."""
        from math import gamma

        return self.scale * gamma(1 + 1 / self.shape)


class Exponential(Model):
    """Exponential by its mean."""

    law: Literal["exponential"]
    mean_: Hours = Field(alias="mean")

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(self.mean_ * -np.log1p(-u))

    def mean(self) -> float:
        """The expected value."""
        return self.mean_


class Gamma(Model):
    """Gamma by its shape and its mean."""

    law: Literal["gamma"]
    shape: Annotated[float, Field(strict=True, ge=0.05, le=1000)]
    mean_: Hours = Field(alias="mean")

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(gammaincinv(self.shape, u) * (self.mean_ / self.shape))

    def mean(self) -> float:
        """The expected value."""
        return self.mean_


class Constant(Model):
    """Always the same value."""

    law: Literal["constant"]
    value: Hours

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.full(np.shape(u), self.value)

    def mean(self) -> float:
        """The expected value."""
        return self.value


class Empirical(Model):
    """Straight lines between given quantiles, e.g. of a real log; `shares` run from 0 to 1."""

    law: Literal["empirical"]
    shares: Annotated[tuple[Annotated[float, Field(strict=True, ge=0, le=1)], ...], Field(min_length=2)]
    values: Annotated[tuple[Hours, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _whole(self) -> Empirical:
        if len(self.shares) != len(self.values):
            raise ValueError(f"as many values as shares: found {len(self.values)} and {len(self.shares)}")
        if self.shares[0] != 0 or self.shares[-1] != 1 or any(np.diff(self.shares) <= 0):
            raise ValueError("shares must rise from 0 to 1")
        if any(np.diff(self.values) < 0):
            raise ValueError("values must not fall")
        return self

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(np.interp(u, self.shares, self.values))

    def mean(self) -> float:
        """The expected value."""
        middle = (np.asarray(self.values[1:]) + np.asarray(self.values[:-1])) / 2
        return float(np.diff(self.shares) @ middle)


Law = Annotated[Lognormal | Weibull | Exponential | Gamma | Constant | Empirical, Field(discriminator="law")]


class Amount(Model):
    """Lognormal amounts of money."""

    median: Positive
    sigma: Annotated[float, Field(strict=True, ge=0, le=5)]

    def quantile(self, u: Floats) -> Floats:
        """Values that uniforms strictly between 0 and 1 stand for."""
        return np.asarray(self.median * np.exp(self.sigma * ndtri(u)))
