"""What a comparison has measured is not simulated again, and no number depends on that."""

from __future__ import annotations

import pytest

from evenhand import jobs, scenarios, sim
from evenhand.jobs import comparison
from evenhand.jobs.remembered import Remembered

METRICS = ("wrongful_denial_rate", "median_hours_to_close")


@pytest.fixture
def lives(monkeypatch):
    """Which policies are sent into worlds, reading by reading."""
    sent = []
    read = comparison.read_worlds

    def noted(asked, worlds, numbers, names=None, /, watch=None):
        sent.append(tuple(worlds.policies if names is None else names))
        return read(asked, worlds, numbers, names, watch)

    monkeypatch.setattr(comparison, "read_worlds", noted)
    return sent


def compared(rules, remembered=None, replications=3):
    market, base = scenarios.load("tmall_unresponsive"), scenarios.policy("tmall")
    experiment = sim.Experiment.of(
        market, base, replications=replications, days=90, engine="numba", events=False
    )
    found = jobs.compare(
        experiment, {"base": base, "rules": rules}, baseline="base", metrics=METRICS, remembered=remembered
    )
    return [repr(one) for one in found.comparison.differences]


def test_the_base_lives_once_and_the_numbers_are_the_same(lives):
    """The second edit sends only itself into the worlds; its differences are those of a comparison alone."""
    first, second = scenarios.policy("mediation"), scenarios.policy("wechat_shop_2024")
    alone = compared(second)
    remembered = Remembered()
    compared(first, remembered)
    assert compared(second, remembered) == alone
    assert lives == [("base", "rules"), ("base", "rules"), ("rules",)]
    assert compared(second, remembered) == alone
    assert len(lives) == 3


def test_other_worlds_and_more_of_them_are_lived(lives):
    """A policy that has not been in every world that is asked for goes into all of them."""
    rules, remembered = scenarios.policy("mediation"), Remembered()
    compared(rules, remembered, 2)
    assert compared(rules, remembered, 3) == compared(rules, None, 3)
    assert lives[1] == ("base", "rules")
