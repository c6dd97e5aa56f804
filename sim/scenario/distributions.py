"""The distributions of delays, amounts and service times; `sim.sampling.inverse_cdf` has their quantiles.

They give hours or money, as their place in the scenario says.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Hours, Positive, Share

NEVER = 1e9
"""Hours: later than any horizon; stands for what does not happen."""


class Lognormal(
    Model,
    units={"sigma": "log units"},
):
    """Lognormal by its median and the standard deviation of its logarithm."""

    law: Literal["lognormal"]
    """Which law: `lognormal`, most values near the median and a long tail above."""
    median: Hours
    """Half of the values are below this."""
    sigma: Annotated[float, Field(strict=True, ge=0, le=5)]
    """Spread: standard deviation of the logarithm; 0 = always the median."""

    def mean(self) -> float:
        """The expected value."""
        return float(self.median * np.exp(self.sigma**2 / 2))


class Weibull(
    Model,
    units={"shape": "shape"},
):
    """Weibull by shape (above 1: deadline pressure; below 1: heavy tail) and scale."""

    law: Literal["weibull"]
    """Which law: `weibull`, for waiting that grows more or less urgent."""
    shape: Annotated[float, Field(strict=True, ge=0.2, le=20)]
    """Above 1: more and more urgent, as before a deadline; below 1: a heavy tail; 1 = exponential."""
    scale: Hours
    """About 63 % of the values are below this."""

    def mean(self) -> float:
        """The expected value."""
        from math import gamma

        return self.scale * gamma(1 + 1 / self.shape)


class Exponential(Model):
    """Exponential by its mean."""

    law: Literal["exponential"]
    """Which law: `exponential`, the same chance to end at every moment."""
    mean_: Hours = Field(alias="mean")
    """Mean of the values."""

    def mean(self) -> float:
        """The expected value."""
        return self.mean_


class Gamma(
    Model,
    units={"shape": "shape"},
):
    """Gamma by its shape and its mean."""

    law: Literal["gamma"]
    """Which law: `gamma`, a sum of several exponential steps."""
    shape: Annotated[float, Field(strict=True, ge=0.05, le=1000)]
    """Number of steps; more steps, less spread."""
    mean_: Hours = Field(alias="mean")
    """Mean of the values."""

    def mean(self) -> float:
        """The expected value."""
        return self.mean_


class Constant(Model):
    """Always the same value."""

    law: Literal["constant"]
    """Which law: `constant`, always the same value."""
    value: Hours
    """The value."""

    def mean(self) -> float:
        """The expected value."""
        return self.value


class Empirical(Model):
    """Straight lines between given quantiles, e.g. of a real log; `shares` run from 0 to 1."""

    law: Literal["empirical"]
    """Which law: `empirical`, straight lines between given quantiles."""
    shares: Annotated[tuple[Annotated[float, Field(strict=True, ge=0, le=1)], ...], Field(min_length=2)]
    """Shares of the values that are at most the entry of `values` at the same position; from 0 to 1,
    rising."""
    values: Annotated[tuple[Hours, ...], Field(min_length=2)]
    """The value below which each share lies, rising."""

    @model_validator(mode="after")
    def _whole(self) -> Empirical:
        if len(self.shares) != len(self.values):
            raise ValueError(
                gettext("as many values as shares: found {values} and {shares}").format(
                    values=len(self.values), shares=len(self.shares)
                )
            )
        if self.shares[0] != 0 or self.shares[-1] != 1 or any(np.diff(self.shares) <= 0):
            raise ValueError(gettext("shares must rise from 0 to 1"))
        if any(np.diff(self.values) < 0):
            raise ValueError(gettext("values must not fall"))
        return self

    def mean(self) -> float:
        """The expected value."""
        middle = (np.asarray(self.values[1:]) + np.asarray(self.values[:-1])) / 2
        return float(np.diff(self.shares) @ middle)


class Harm(Model, units={"a": "shape", "b": "shape"}):
    """Share of the value that is lost: beta, with a mass at the whole."""

    a: Positive
    """First shape of the beta distribution."""
    b: Positive
    """Second shape: the mean is a / (a + b)."""
    total: Share = 0.0
    """Share that lose all of it."""

    def mean(self) -> float:
        """The expected value."""
        return self.total + (1 - self.total) * self.a / (self.a + self.b)


Law = Annotated[Lognormal | Weibull | Exponential | Gamma | Constant | Empirical, Field(discriminator="law")]


class Amount(
    Model,
    units={"median": "money", "sigma": "log units"},
):
    """Lognormal amounts of money."""

    median: Positive
    """Half of the amounts are below this."""
    sigma: Annotated[float, Field(strict=True, ge=0, le=5)]
    """Spread: standard deviation of the amount's logarithm; 0 = always the median."""

    def mean(self) -> float:
        """The expected value."""
        return float(self.median * np.exp(self.sigma**2 / 2))
