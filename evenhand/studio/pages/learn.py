"""`/learn`: the standard of proof, both kinds of error, and two groups; one page to explore, with text."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand import scenarios, sim
from evenhand.analysis.fairness.proof import Errors, Piece, errors_at
from evenhand.locale.current import gettext
from evenhand.sim.policy.compile import flatten
from evenhand.sim.scenario.vocabulary import CAUSES, VALID_CAUSES
from evenhand.studio.forms.choices import plain_word
from evenhand.studio.pages.drawn import drawn, width_of
from evenhand.studio.pages.page import got, page

MARKET, RULES = "tmall", "tmall"
LOW, HIGH = 5, 95
CAUSE = "quality_defect"
WORSE, BETTER = "new", "power"
"""Groups of buyers that hold the least and the most evidence."""


class Asked(NamedTuple):
    """What is explored: a standard of proof in percent, and what the claims are about."""

    standard: int
    cause: str


class Group(NamedTuple):
    """A group of buyers at a standard of proof."""

    title: str
    held: str
    refused: str
    granted: str
    errors: Errors


@got
def show(request: Request) -> Response:
    """The page at a standard of proof; the text and the numbers are the picture's."""
    asked = _asked(request)
    groups = [_group(asked, name) for name in (WORSE, BETTER)]
    lower = max(asked.standard - 10, LOW)
    before = errors_at(lower / 100, tuple(kept(asked.cause, WORSE).values()), _prior(asked.cause))
    worse, better = groups
    return page(
        request,
        "learn.html",
        asked=asked,
        groups=groups,
        causes=[(name, plain_word(name)) for name in VALID_CAUSES],
        lower=lower,
        before=_errors(before),
        here_worse=_errors(worse.errors),
        apart=_points(worse.errors.refused - better.errors.refused),
        is_worse=worse.errors.refused > better.errors.refused,
        rules=_rules(),
        presumed=round(100 * _prior(asked.cause)),
        low=LOW,
        high=HIGH,
    )


@got
def picture(request: Request) -> Response:
    """Both errors over all standards, for both groups."""
    asked = _asked(request)
    return _drawn(asked, width_of(request))


def _drawn(asked: Asked, width: float) -> Response:
    from evenhand.analysis.charts.standards import Course, standards

    grid = np.arange(LOW, HIGH + 1.0)
    courses = []
    for name in (WORSE, BETTER):
        found = [
            errors_at(one / 100, tuple(kept(asked.cause, name).values()), _prior(asked.cause)) for one in grid
        ]
        for form, shares in (
            (gettext("refused: {group}"), [one.refused for one in found]),
            (gettext("granted: {group}"), [one.granted for one in found]),
        ):
            courses.append(Course(form.format(group=_title(name)), np.array(shares)))
    title = gettext("Both errors over the standard of proof")
    figure = standards(
        grid,
        courses,
        asked.standard,
        y_axis=gettext("Share that is decided wrongly"),
        width=width,
        x_axis=gettext("Standard of proof (%)"),
    )
    told = gettext("At {standard} %: {parts}.").format(
        standard=asked.standard,
        parts="; ".join(f"{one.name} {100 * one.shares[asked.standard - LOW]:.0f} %" for one in courses),
    )
    return drawn(figure, "learn", title, told)


def kept(cause: str, group: str) -> dict[str, Piece]:
    """What buyers of a group may hold about claims of a cause, by kind, as the market's file says."""
    market = _market()
    skill = market.buyers.groups[group].evidence_skill
    held = market.evidence.held_by_buyer
    strengths = getattr(market.causes, cause).evidence
    return {
        kind: Piece(strength, min(held[kind] * skill, 1.0))
        for kind, strength in strengths.items()
        if held.get(kind, 0) > 0
    }


def _group(asked: Asked, name: str) -> Group:
    held = kept(asked.cause, name)
    errors = errors_at(asked.standard / 100, tuple(held.values()), _prior(asked.cause))
    told = ", ".join(
        gettext("{what} {share} %").format(what=plain_word(kind), share=round(100 * one.held))
        for kind, one in held.items()
    )
    return Group(_title(name), told, *_errors(errors), errors)


def _title(name: str) -> str:
    return gettext(_market().buyers.groups[name].title)


def _errors(errors: Errors) -> tuple[str, str]:
    return f"{100 * errors.refused:.0f} %", f"{100 * errors.granted:.0f} %"


def _points(value: float) -> str:
    return f"{100 * abs(value):.0f}"


def _asked(request: Request) -> Asked:
    """What the address asks for; what is none is as the rules have it."""
    text, cause = request.query_params.get("standard", ""), request.query_params.get("cause", CAUSE)
    usual = round(100 * _rules())
    standard = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else usual
    return Asked(min(max(standard, LOW), HIGH), cause if cause in VALID_CAUSES else CAUSE)


@lru_cache(maxsize=1)
def _market() -> sim.Scenario:
    return scenarios.load(MARKET)


def _rules() -> float:
    """The standard of proof of the rules."""
    return scenarios.policy(RULES).decision.standard


@cache
def _prior(cause: str) -> float:
    """What they presume of a claim before any evidence, the burden of proof included, as in every run."""
    log_odds = flatten(scenarios.policy(RULES), _market()).prior[CAUSES.index(cause)]
    return float(expit(log_odds))


routes = [Route("/learn", show, methods=["GET"]), Route("/learn/errors.svg", picture, methods=["GET"])]
