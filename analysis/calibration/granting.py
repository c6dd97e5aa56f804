"""Claims that merchants grant as a rule: the likeness of one merchant's cases says how unequal they are."""

from __future__ import annotations

from evenhand.analysis.calibration.field import rounded
from evenhand.analysis.calibration.knob import Knob
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.merchants import beta_binomial, tally
from evenhand.analysis.calibration.patch import Patch
from evenhand.locale.current import gettext_noop
from evenhand.sim.scenario.scenario import Scenario


def granted_alike(share: float, won: float, likeness: float, reachable: float) -> float:
    """Correlation of two grants of one merchant that makes two outcomes as alike as they are, by moments.

    `share` is the mean chance p to grant, `won` the share w of cases won, `likeness` the correlation r of
    two outcomes, `reachable` the share a of cases that last until a merchant's answer. A case is won with
    chance a where its merchant grants, else with b = (w - p a) / (1 - p); so the covariance r w (1 - w) of
    two outcomes is (a - b)^2 p (1 - p) times the correlation of two grants. From 0 to 1: more than 1 would
    be needed where too few claims are granted.
    """
    if not 0.0 < share < 1.0 or reachable <= won:
        return 0.0
    apart = (reachable - won) / (1.0 - share)
    return min(max(likeness * won * (1.0 - won) / (apart**2 * share * (1.0 - share)), 0.0), 1.0)


def likeness_of(log: Log) -> tuple[float | None, float | None]:
    """Share of cases won, and the correlation of two of one merchant."""
    try:
        found = beta_binomial(*tally(log.merchant, log.won))
    except ValueError:
        return None, None
    return float(log.won.mean()), found.rho.value


def granting_knob(
    won: float | None, likeness: float | None, reachable: float, base: float
) -> tuple[Knob, ...]:
    """The share of claims that merchants grant as a rule, where the log shows how alike their cases are.

    The correlation of grants follows from that of outcomes at every share, so it is not searched. No more
    are granted than are won.
    """
    if won is None or likeness is None or not 0.0 < won < reachable:
        return ()
    spread = likeness * won * (1.0 - won)
    least = spread / ((reachable - won) ** 2 + spread)  # here all or none of a merchant's claims are granted
    most = won / reachable

    def change(_: Scenario, x: float) -> Patch:
        alike = granted_alike(x, won, likeness, reachable)
        path = ("behaviour", "grants")
        return {(*path, "share"): rounded(x, 4), (*path, "alike"): rounded(alike, 4)}

    title = gettext_noop("Claims that merchants grant as a rule")
    start = (min(least, most) + most) / 2
    return (Knob("granting", title, 0.0, most, False, min(base, most), change, start),)
