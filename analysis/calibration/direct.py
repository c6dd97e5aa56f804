"""What columns of a log show directly: arrivals, causes, amounts, merchants; delays are in `shown_delays`."""

from __future__ import annotations

from datetime import timedelta
from math import nan

import numpy as np

from evenhand.analysis.calibration.amounts import fit_amounts
from evenhand.analysis.calibration.arrivals import fit_arrivals
from evenhand.analysis.calibration.field import Field, Fit, figure, rounded
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.mapping import Mapping
from evenhand.analysis.calibration.merchants import beta_binomial, fit_sizes, tally
from evenhand.analysis.calibration.patch import Patch, laid, tree_of
from evenhand.analysis.calibration.rates import rates_of
from evenhand.analysis.calibration.samples import money
from evenhand.analysis.calibration.shares import mix
from evenhand.analysis.calibration.shown import ASSUMED, DERIVED, Direct, Maker
from evenhand.analysis.calibration.shown_delays import fit_delays, fit_reviews
from evenhand.analysis.calibration.simulated import longest_window, warm_up
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.market import WEEKDAYS
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import N_VALID, VALID_CAUSES

EASY = 0.01
"""Effort of a filing, times the base's, in logs that hold only those who filed."""
AT_ONCE = {"law": "constant", "value": "0 h"}


def fit_direct(log: Log, mapping: Mapping, base: Scenario, policy: Policy) -> Direct:
    """Fit all that the log shows; the run is to be as long as the policy's windows, too.

    Raises ValueError where it has too few disputes or days for arrivals.
    """
    make = Maker(log, mapping, base)
    _calendar(make, policy)
    _arrivals(make)
    _merchants(make)
    _amounts(make)
    fit_delays(make)
    fit_reviews(make)
    _rates(make)
    return make.made


def _calendar(make: Maker, policy: Policy) -> None:
    log = make.log
    before = warm_up(log)
    first = log.start - timedelta(days=before)
    days = max(before + log.days, longest_window(policy))
    make.put(("days",), days, note=f"{log.days} days of the log and {before} before them to fill the queues")
    if make.base.start_up:
        make.put(("start_up",), "0 d", note="the base's is not this log's")
    make.put(("calendar", "start"), first)
    make.put(("market", "festivals"), [], note="those of the base are not this log's", confidence=ASSUMED)
    make.put(
        ("behaviour", "open_loop"),
        True,
        confidence=ASSUMED,
        note="a log does not show what outcomes do to people; false lets them react",
    )
    whose = ("delivery", "promptness", "skips_negotiation")
    note = f"the log begins with the {make.mapping.begins_with}: what went before takes no time here"
    make.put(("market", whose[0]), AT_ONCE, note=note, confidence=ASSUMED)
    for name in make.base.buyers.groups:
        make.put(("buyers", "groups", name, "promptness"), AT_ONCE, note=note, confidence=ASSUMED)
        if make.mapping.begins_with == "filing":
            make.put(("buyers", "groups", name, "filing_delay"), AT_ONCE, note=note, confidence=ASSUMED)


def _arrivals(make: Maker) -> None:
    found = make.made.arrivals = fit_arrivals(make.log)
    for name, fit in zip(WEEKDAYS, found.weekdays, strict=True):
        make.put(("market", "weekdays", name), rounded(fit.value, 4), {"weight": fit})
    if found.hours is not None:
        make.put(
            ("market", "hours"),
            list(found.hours),
            {"hours": Fit(nan, nan, nan, "percent by hour", found.per_day.n)},
        )
    else:
        make.silent("market.hours", "the log has whole days only; the base's hours stay")
    if found.burst is None:
        make.put(("market", "burst_shape"), None, note="counts no more bunched than Poisson's")
    else:
        make.put(("market", "burst_shape"), rounded(found.burst.value, 3), {"shape": found.burst})
    closed = [make.log.start + timedelta(days=day) for day in found.silent]
    make.put(
        ("calendar", "holidays"), closed, note="days without a dispute where 5 or more were to be expected"
    )


def _merchants(make: Maker) -> None:
    log = make.log
    if not (log.merchant >= 0).any():
        make.silent("merchants", "the log does not say whom a dispute is against")
        return
    cases, wins = tally(log.merchant, log.won)
    try:
        sizes = fit_sizes(cases)
        make.put(
            ("merchants", "count"),
            sizes.merchants,
            note=f"{sizes.seen:,} seen in the log, the others had no dispute",
        )
        make.put(("merchants", "zipf"), rounded(sizes.zipf.value, 3), {"exponent": sizes.zipf})
        make.put(
            ("merchants", "problem_spread"),
            0.0,
            confidence=ASSUMED,
            note="the exponent stands for sizes and problems both",
        )
        for name in make.base.merchants.groups:
            for trait in ("amount_factor", "problem_rate", "description_errors"):
                path = ("merchants", "groups", name, trait)
                make.put(path, 1.0, note="the log does not say who is in which group", confidence=ASSUMED)
    except ValueError as error:
        make.silent("merchants.count and merchants.zipf", error)
    try:
        make.made.wins = beta_binomial(cases, wins)
    except ValueError as error:
        make.silent("differences between merchants in who wins", error)


def _amounts(make: Maker) -> None:
    log, base = make.log, make.base
    factor, note = 1.0, ""
    try:
        found = fit_amounts(money(log))
    except ValueError as error:
        make.silent("market.amount", error)
    else:
        said = f"greatest distance from lognormal {figure(found.ks)}"
        if not (~np.isnan(log.amount)).any():
            said += "; what was paid, set so that simulated payments are as large"
        law = {"median": rounded(found.median.value, 4), "sigma": rounded(found.sigma.value, 4)}
        make.put(("market", "amount"), law, {"median": found.median, "sigma": found.sigma}, said)
        factor = found.median.value / base.market.amount.median
        note = f"the base's, times {figure(factor)}: as large against the amounts here as against the base's"
    if make.mapping.currency:
        make.put(("currency",), make.mapping.currency)
    if make.mapping.begins_with == "filing":
        _filing_is_easy(make, factor)
    for name in ("merchant_cost", "point_value") if note else ():
        value = rounded(getattr(base.behaviour.bargaining, name) * factor)
        make.put(("behaviour", "bargaining", name), value, note=note, confidence=ASSUMED)


def _filing_is_easy(make: Maker, factor: float) -> None:
    """In logs of filings nobody finds filing not worth it."""
    note = "next to nothing: whoever found filing not worth it is not in the log"
    for name, group in make.base.buyers.groups.items():
        effort = {"median": rounded(group.effort.median * factor * EASY), "sigma": group.effort.sigma}
        make.put(("buyers", "groups", name, "effort"), effort, note=note, confidence=ASSUMED)
    make.made.known.add("effort")


def _rates(make: Maker) -> None:
    """Rates of causes; a second time after the search, when it is known who gives up before the log."""
    found = make.made.arrivals
    assert found is not None
    causes = make.log.cause
    if (causes >= 0).any():
        make.made.mixed = mix(causes, N_VALID)
        shares = np.array([fit.value for fit in make.made.mixed])
    else:
        shares = None
        make.silent("causes", "the log does not say what buyers complain of; the base's mix stays")
    model = Scenario.model_validate(laid(tree_of(make.base), make.made.patch))
    make.made.rates = rates_of(model, found.per_day.value, shares)


def rate_fields(direct: Direct, patch: Patch, source: str) -> list[Field]:
    """The rates of causes as fields, with the intervals that the counts of the log give them."""
    assert direct.arrivals is not None
    fields = []
    for path, value in patch.items():
        if path[-1] == "claimed_as":
            value = {name: rounded(x, 3) for name, x in value.items()}  # noqa: PLW2901  # as it is written
            fields.append(
                Field(path, value, {}, source, ASSUMED, "groundless claims pretend what others complain of")
            )
        elif path[1] in VALID_CAUSES and direct.mixed:
            fit = direct.mixed[VALID_CAUSES.index(path[1])]
            scale = value / fit.value if fit.value else 0.0
            note = "its share of the log, at the log's disputes a day; whether a claim is valid is not in it"
            fields.append(Field(path, rounded(value), {"rate": fit.scaled(scale)}, source, DERIVED, note))
        else:
            note = "set so that as many disputes a day reach the log; the share of such claims is not in it"
            fields.append(Field(path, rounded(value), {}, source, ASSUMED, note))
    return fields
