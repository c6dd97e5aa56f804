"""What columns of times show directly: laws of delays, and how often a review is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from evenhand.analysis.calibration.delays import Delay, fit_delay, times_of
from evenhand.analysis.calibration.field import figure, rounded
from evenhand.analysis.calibration.merchants import log_delay_spread
from evenhand.analysis.calibration.samples import between_moments
from evenhand.analysis.calibration.shares import share
from evenhand.analysis.calibration.shown import Maker


def fit_delays(make: Maker) -> None:
    """Laws of delays that a column ends; what had not come when the dispute closed is censored there."""
    log = make.log
    until = np.where(np.isnan(log.closed), log.horizon, log.closed)
    if log.has_endings:
        followed = np.where(np.isnan(log.closed), until - log.opened, log.durations)
        _fit(make, "duration", log.durations, followed, ~np.isnan(log.closed), never=False)
    else:
        make.silent("durations", "the log does not say when disputes end")
    for name in ("answered", "filed"):
        if name in log.moments:
            moment = log.moments[name]
            delay = between_moments(log, log.opened, moment)
            _fit(
                make,
                name,
                delay,
                np.where(np.isnan(moment), until - log.opened, delay),
                ~np.isnan(moment),
                never=True,
            )
    if "ruled" in log.moments and "filed" in log.moments:
        heard = log.where(~np.isnan(log.moments["filed"]))
        ruled, since = heard.moments["ruled"], heard.moments["filed"]
        gap = np.where(np.isnan(ruled), np.fmin(heard.horizon, np.fmax(heard.closed, since)), ruled) - since
        _fit(make, "decision", gap, gap, ~np.isnan(ruled), never=True)
    if "review" in log.moments and "ruled" in log.moments:
        asked = log.where(~np.isnan(log.moments["ruled"]))
        later = asked.moments["review"]
        gap = np.where(np.isnan(later), asked.horizon, later) - asked.moments["ruled"]
        _fit(make, "review", gap, gap, ~np.isnan(later), never=True)
    _answers(make)
    if "filed" in make.made.delays:
        found = make.made.delays["filed"]
        for name in make.base.buyers.groups:
            make.put(("buyers", "groups", name, "filing_delay"), found.law(), found.parts, _rivals(found))
        make.made.known.add("filing_delay")
    if "review" in make.made.delays:
        found = make.made.delays["review"]
        make.put(("review_request",), found.law(), found.parts, _rivals(found))


def _fit(make: Maker, name: str, ends: Any, followed: Any, ended: Any, *, never: bool) -> None:
    try:
        times = times_of(np.where(ended, ends, np.maximum(followed, 0.0)), ended, make.log.grain)
        make.made.delays[name] = fit_delay(times, never=never and not ended.all())
        make.made.times[name] = times
    except ValueError as error:
        make.silent({"duration": "durations"}.get(name, f"time until {name}"), error)


def _rivals(found: Delay) -> str:
    best = min(found.rivals.values())
    others = ", ".join(f"{name} +{value - best:.0f}" for name, value in found.rivals.items() if value > best)
    return f"best by AIC ({others}); {found.censored:,} of {found.n:,} censored"


def _answers(make: Maker) -> None:
    found = make.made.delays.get("answered")
    if found is None:
        return
    for name in make.base.merchants.groups:
        path = ("merchants", "groups", name)
        make.put((*path, "reply"), found.law(), found.parts, _rivals(found))
        if found.never is not None:
            make.put((*path, "never_replies"), rounded(found.never.value, 4), {"share": found.never})
    make.made.known |= {"reply", "reply_shape", "never_replies"}
    log = make.log
    try:
        spread = log_delay_spread(
            log.merchant,
            between_moments(log, log.opened, log.moments["answered"]),
            max(log.grain / 2, 1 / 60),
        )
        make.put(
            ("merchants", "reply_spread"),
            rounded(spread.between.value, 3),
            {"spread": spread.between},
            f"intra-class correlation {figure(spread.icc)}",
        )
        make.made.known.add("reply_spread")
    except ValueError as error:
        make.silent("merchants.reply_spread", error)


def fit_reviews(make: Maker) -> None:
    """The share of those who got nothing that asks for a review."""
    log = make.log
    lost = ~log.won & ~np.isnan(log.review_asked)
    if not lost.any():
        return
    found = share(int(log.review_asked[lost].sum()), int(lost.sum()))
    note = "of those who got nothing; a floor, because some for whom it does not pay would ask if it did"
    make.put(("behaviour", "review_propensity"), rounded(found.value, 4), {"share": found}, note)
    make.made.known.add("review")
