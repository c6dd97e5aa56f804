"""Shops close and others open in their place; those in bad faith take another name."""

from __future__ import annotations

import numpy as np

from evenhand.sim.runs.records import Run
from tests.support import respond, small
from tests.support.runs import compiled

YEAR = {"replications": 4, "days": 360, "seed": 6, "events": False}


def turned(**changes: object) -> Run:
    """A year of the small market with shops that come and go."""
    rules = small.policy({"sanctions": {"points_limit": 4, "suspension": "5 d"}})
    groups = {"merchants": {"groups": {"small": changes}}}
    return compiled(respond.scenario(respond.STANDING, respond.TURNOVER, groups), rules, **YEAR)


def test_shops_leave_at_the_hazard_of_their_group() -> None:
    """A twentieth a month leave in the long run, less what is vacant; within three standard errors."""
    run = turned(exit_per_month=0.05)
    small_ones = run.merchants["merchant_group"] == 1
    exits, places = run.merchants["exits"][small_ones].sum(), small_ones.sum()
    expected = places * 0.05 * 360 / (365 / 12)
    assert abs(exits - expected) < 0.05 * expected + 3 * np.sqrt(expected), (exits, expected)


def test_as_many_enter_as_leave() -> None:
    """The market starts with as many empty places as it has at rest, so its size has no trend."""
    run = turned(exit_per_month=0.2)
    exits, entries = run.merchants["exits"].sum(), run.merchants["life"].sum()
    assert exits > 200
    assert abs(exits - entries) < 4 * np.sqrt(len(run.merchants["exits"]))


def test_only_bad_faith_comes_back_under_another_name() -> None:
    """A suspended shop in good faith stays what it is."""
    assert turned().merchants["comebacks"].sum() == 0
    bad = turned(bad_faith=True).merchants
    assert bad["comebacks"].sum() > 0
    assert (bad["comebacks"] <= bad["exits"]).all()


def test_shops_in_bad_faith_do_not_care() -> None:
    """Their problem rate is a business, and follows no cost."""
    bad = {"merchants": {"groups": {"small": {"bad_faith": True}}}}
    run = compiled(respond.scenario(respond.CARE, bad), small.policy(), seed=6, days=120)
    moved = run.merchants["problem"] != 1.0
    assert moved[run.merchants["merchant_group"] == 0].any()
    assert not moved[run.merchants["merchant_group"] == 1].any()


def test_turnover_off_leaves_every_shop_in_its_place() -> None:
    """The switch is whole: rates of leaving are read by nobody while it is off."""
    run = compiled(respond.scenario(respond.STANDING), small.policy(), seed=6, days=120)
    assert run.merchants["life"].sum() == run.merchants["exits"].sum() == 0
