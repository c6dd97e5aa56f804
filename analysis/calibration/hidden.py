"""Settings that no column of a log shows; a search varies them until simulated logs look like the real one.

Each is one number that moves a setting, of all groups alike: the log does not say who belongs to which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.calibration.field import rounded
from evenhand.analysis.calibration.granting import granting_knob, likeness_of
from evenhand.analysis.calibration.knob import Change, Knob
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.patch import Patch
from evenhand.analysis.calibration.rates import Rates
from evenhand.locale.current import gettext_noop
from evenhand.sim.policy.policy import Policy
from evenhand.sim.sampling.inverse_cdf import median_of
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import ENDINGS, VALID_CAUSES

_BARGAINING = ("behaviour", "bargaining")
_TIMES = ("median", "scale", "mean", "value")


def scaled_law(law: Any, factor: float) -> dict[str, Any]:
    """A law with all its times multiplied."""
    told: dict[str, Any] = dict(law.model_dump(by_alias=True))
    for name in _TIMES:
        if name in told and not isinstance(told[name], (list, tuple)):
            told[name] = f"{rounded(min(told[name] * factor, 9e5), 4):g} h"
    if "values" in told:
        told["values"] = [f"{rounded(min(x * factor, 9e5), 4):g} h" for x in told["values"]]
        told["shares"] = list(told["shares"])
    return told


def _every(kind: str, field: str, value: Callable[[Any, float], Any]) -> Change:
    """Change a trait of every group of buyers or merchants."""

    def change(scenario: Scenario, x: float) -> Patch:
        people: Any = getattr(scenario, kind)
        return {(kind, "groups", name, field): value(group, x) for name, group in people.groups.items()}

    return change


def _reply_shape(scenario: Scenario, x: float) -> Patch:
    """Another shape of the reply delay with the same median."""
    changed: Patch = {}
    for name, group in scenario.merchants.groups.items():
        median = median_of(group.reply)
        scale = rounded(median / np.log(2.0) ** (1 / x), 4)
        changed["merchants", "groups", name, "reply"] = {
            "law": "weibull",
            "shape": rounded(x, 4),
            "scale": f"{scale:g} h",
        }
    return changed


def _evidence(scenario: Scenario, x: float) -> Patch:
    return {
        ("causes", cause, "evidence"): {
            kind: rounded(d * x, 4) for kind, d in scenario.causes.grievance(cause).evidence.items()
        }
        for cause in VALID_CAUSES
    }


def _held(scenario: Scenario, x: float) -> Patch:
    held = scenario.evidence.held_by_buyer
    return {("evidence", "held_by_buyer"): {kind: rounded(min(p * x, 1.0), 4) for kind, p in held.items()}}


def _desks(scenario: Scenario, x: float) -> Patch:
    desks = {name: getattr(scenario.desks, name) for name in ("screening", "decision", "review", "mediation")}
    return {("desks", name, "service"): scaled_law(desk.service, x) for name, desk in desks.items() if desk}


def _one(*path: str) -> Change:
    return lambda _, x: {path: rounded(x, 4)}


def _mean_of(scenario: Scenario, field: str) -> float:
    groups = list(scenario.merchants.groups.values())
    return float(sum(g.share * getattr(g, field) for g in groups) / sum(g.share for g in groups))


class Hints(NamedTuple):
    """What a log says roughly about its hidden settings: where to begin."""

    duration: float | None
    """Median hours from opening to closing, or to the ruling."""
    shape: float | None
    """Weibull shape of the durations."""
    silent: float | None
    """Share of disputes that ended by a merchant's silence."""
    withdrawn: float | None
    """Share that the buyer withdrew."""
    won: float | None = None
    """Share that the buyer won."""
    likeness: float | None = None
    """Correlation of two outcomes of one merchant; None where the log has too few merchants for it."""
    reachable: float = 1.0
    """Share that lasts until a merchant answers."""


def hints_of(log: Log) -> Hints:
    """The hints of a log, None where it has nothing to say."""
    known = log.ending[log.ending >= 0]

    def share(ending: str) -> float | None:
        return float((known == ENDINGS.index(ending)).mean()) if len(known) else None

    if not log.has_endings:
        ruled = log.moments.get("ruled", np.full(len(log), np.nan)) - log.moments.get("filed", log.opened)
        middle = float(np.nanmedian(ruled)) if (~np.isnan(ruled)).any() else None
        return Hints(middle, None, share("defaulted"), share("withdrawn"))
    won, likeness = likeness_of(log)
    lost = [share(ending) or 0.0 for ending in ("withdrawn", "defaulted", "inadmissible")]
    days = np.log(np.maximum(log.durations[~np.isnan(log.durations)], 12.0))
    shape = min(max(1.28 / max(float(days.std()), 0.1), 0.5), 2.5)  # of a Weibull's logarithm: sd 1.28 / k
    duration = float(np.nanmedian(log.durations))
    return Hints(
        duration, shape, share("defaulted"), share("withdrawn"), won, likeness, max(1.0 - sum(lost), 0.0)
    )


def _around(guess: float, times: float) -> tuple[float, float]:
    return guess / times, guess * times


def knobs(
    scenario: Scenario, policy: Policy, known: set[str], rates: Rates, hints: Hints
) -> tuple[Knob, ...]:
    """The hidden settings that can matter under a policy, less those that the log has shown."""
    b = scenario.behaviour
    amount = scenario.market.amount.median
    never = _mean_of(scenario, "never_replies")
    silent = never if hints.silent is None else hints.silent
    replies = list(scenario.merchants.groups.values())
    weibull = [g.reply.shape for g in replies if g.reply.law == "weibull"]
    median = float(np.mean([median_of(g.reply) for g in replies]))
    reply = 1.0 if hints.duration is None else max(0.6 * hints.duration, 1.0) / max(median, 0.1)
    leave = float(np.mean([median_of(g.platform_patience) for g in scenario.buyers.groups.values()]))
    patience = 1.0
    if hints.duration is not None and hints.withdrawn:
        # patience with a shape of about 1.6 runs out before a typical wait in this share of cases
        wait = 0.6 * hints.duration
        patience = (
            wait * (-np.log(0.5) / -np.log1p(-min(hints.withdrawn, 0.9))) ** (1 / 1.6) / max(leave, 1.0)
        )
    every = (
        Knob(
            "reply",
            gettext_noop("Merchants' reply delay, times the base's"),
            *_around(reply, 8.0),
            True,
            1.0,
            _every("merchants", "reply", lambda g, x: scaled_law(g.reply, x)),
            reply,
        ),
        Knob(
            "reply_shape",
            gettext_noop("Weibull shape of merchants' reply delay"),
            0.4,
            3.0,
            True,
            float(np.mean(weibull or [1.0])),
            _reply_shape,
            hints.shape,
        ),
        Knob(
            "reply_spread",
            gettext_noop("Spread of reply delays between merchants"),
            0.0,
            1.5,
            False,
            min(scenario.merchants.reply_spread, 1.5),
            _one("merchants", "reply_spread"),
            0.4,
        ),
        Knob(
            "never_replies",
            gettext_noop("Share of merchants' silence"),
            0.0,
            min(3 * silent + 0.05, 1.0),
            False,
            never,
            _every(
                "merchants",
                "never_replies",
                lambda g, x: rounded(min(g.never_replies * x / never if never else x, 1.0), 4),
            ),
            silent,
        ),
        Knob(
            "settling",
            gettext_noop("Readiness to settle, more than the base's"),
            -0.5,
            0.6,
            False,
            0.0,
            _every("merchants", "service", lambda g, x: rounded(min(max(g.service + x, 0.0), 1.0), 4)),
        ),
        Knob(
            "settling_spread",
            gettext_noop("Spread of readiness to settle between merchants"),
            0.0,
            1.5,
            False,
            min(scenario.merchants.service_spread, 1.5),
            _one("merchants", "service_spread"),
            0.4,
        ),
        *granting_knob(hints.won, hints.likeness, hints.reachable, b.grants.share),
        Knob(
            "conceding",
            gettext_noop("Hopeless cases that merchants give up"),
            0.0,
            1.0,
            False,
            b.concede_share,
            _one("behaviour", "concede_share"),
        ),
        Knob(
            "opinions",
            gettext_noop("Spread of the sides' opinions, nats"),
            0.0,
            3.0,
            False,
            min(b.bargaining.opinion_sd, 3.0),
            _one("behaviour", "bargaining", "opinion_sd"),
        ),
        Knob(
            "optimism",
            gettext_noop("How far each side overrates itself, nats"),
            0.0,
            2.5,
            False,
            min(b.bargaining.optimism, 2.5),
            _one("behaviour", "bargaining", "optimism"),
        ),
        Knob(
            "merchant_cost",
            gettext_noop("Cost of a case to a merchant, median amounts"),
            0.0,
            0.5,
            False,
            b.bargaining.merchant_cost / amount,
            lambda s, x: {(*_BARGAINING, "merchant_cost"): rounded(x * s.market.amount.median, 4)},
        ),
        Knob(
            "patience",
            gettext_noop("Buyers' patience with the platform, times the base's"),
            *_around(patience, 8.0),
            True,
            1.0,
            _every("buyers", "platform_patience", lambda g, x: scaled_law(g.platform_patience, x)),
            patience,
        ),
        Knob(
            "effort",
            gettext_noop("Effort of a filing, times the base's"),
            0.01,
            10.0,
            True,
            1.0,
            _every(
                "buyers",
                "effort",
                lambda g, x: {"median": rounded(g.effort.median * x, 4), "sigma": g.effort.sigma},
            ),
            0.1,
        ),
        Knob(
            "evidence", gettext_noop("Strength of evidence, times the base's"), 0.3, 3.0, True, 1.0, _evidence
        ),
        Knob(
            "evidence_held",
            gettext_noop("How often buyers hold evidence, times the base's"),
            0.2,
            1.3,
            False,
            1.0,
            _held,
        ),
        Knob(
            "groundless",
            gettext_noop("Share of claims without a grievance"),
            0.0,
            0.7,
            False,
            min(rates.groundless, 0.7),
            lambda _, x: rates.patch(x),
        ),
        Knob(
            "service", gettext_noop("Working time on a case, times the base's"), 0.1, 20.0, True, 1.0, _desks
        ),
    )
    useless = set(known)
    if (
        policy.answer.silence == "buyer_wins"
        and policy.negotiation.rounds == 0
        and policy.mediation.rounds == 0
    ):
        useless.add("opinions")
    return tuple(one for one in every if one.name not in useless)


def patch_of(knobs: tuple[Knob, ...], values: dict[str, float], scenario: Scenario) -> Patch:
    """What values change, one knob after the other: two may move the same law."""
    from evenhand.analysis.calibration.patch import laid, tree_of

    changed: Patch = {}
    model = scenario
    for knob in knobs:
        if knob.name in values:
            step = knob.change(model, values[knob.name])
            changed |= step
            if knob.name == "reply":  # its shape builds on it
                model = Scenario.model_validate(laid(tree_of(model), step))
    return changed
