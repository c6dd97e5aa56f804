"""Claims that a merchant grants as a rule of its house: a lasting chance of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.analysis.calibration.granting import granted_alike
from evenhand.analysis.calibration.merchants import beta_binomial, tally
from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from evenhand.sim.sampling.population import granting
from evenhand.sim.sampling.streams import Luck
from tests.support import small, talking
from tests.support.runs import compiled, differing, simpy

LUCK = Luck(17, 0)


def market(share: float, alike: float = 0.0, **changes: Any) -> Any:
    """The small market where merchants grant this share of claims."""
    return small.scenario({"behaviour": {"grants": {"share": share, "alike": alike}}, **changes})


def run(share: float, alike: float = 0.0) -> Run:
    """The same, run without feedback, which would change who claims."""
    behaviour = {"grants": {"share": share, "alike": alike}, "open_loop": True}
    return compiled(small.scenario({"behaviour": behaviour}), small.policy(), seed=5, days=60)


@pytest.mark.parametrize(("share", "alike"), [(0.4, 0.3), (0.15, 0.7), (0.5, 1.0), (0.6, 0.0), (0.0, 0.5)])
def test_chances_have_the_mean_and_the_correlation_that_are_declared(share: float, alike: float) -> None:
    """The variance of the chances over that of one claim is the correlation of two claims."""
    chances = granting(market(share, alike), 40_000, LUCK)
    assert chances.mean() == pytest.approx(share, abs=0.01)
    assert chances.var() == pytest.approx(alike * share * (1 - share), abs=0.005)


def test_without_a_share_every_record_is_the_same_to_the_bit() -> None:
    """The switch: what merchants would be like does not matter when none of them grants."""
    assert differing(run(0.0), run(0.0, 0.8)) == []


def test_grants_move_endings_and_nobodys_luck() -> None:
    """The same disputes of the same people over the same things, but more of them are settled."""
    on, off = run(0.5, 0.4).disputes, run(0.0).disputes
    drawn = (
        "position",
        "buyer",
        "merchant",
        "cause",
        "amount",
        "deserved",
        "severity",
        "effort",
        "opened_at",
    )
    assert [name for name in drawn if on[name].tobytes() != off[name].tobytes()] == []
    settled = [(one["ending"] == codes.SETTLED).mean() for one in (on, off)]
    assert settled[0] > settled[1] + 0.1


def test_a_merchant_that_grants_all_gives_all_with_its_first_answer() -> None:
    """Whoever hears its answer has the whole amount, and nothing is left to be ruled upon."""
    disputes = run(1.0).disputes
    granted = np.isin(disputes["reason"], [codes.AGREED_IN_TALKS, codes.MERCHANT_CONCEDED])
    assert granted.sum() > 50
    assert (disputes["share"][granted] == 1.0).all()
    assert not disputes["answered"].any()


def test_alike_merchants_have_alike_outcomes() -> None:
    """A correlation of grants shows in who settles."""

    def likeness(alike: float) -> float:
        disputes = run(0.5, alike).disputes
        settled = disputes["ending"] == codes.SETTLED
        cases, hits = tally(disputes["merchant"].astype(np.int64), settled)
        return beta_binomial(cases, hits).rho.value

    assert likeness(0.8) > likeness(0.0) + 0.04


@pytest.mark.process
def test_engines_are_equal_to_the_bit() -> None:
    """With grants on, in talks over shares and over remedies."""
    for scenario, policy in (
        (market(0.4, 0.5), small.policy()),
        (talking.scenario({"behaviour": {"grants": {"share": 0.4, "alike": 0.5}}}), talking.rules()),
    ):
        runs = [engine(scenario, policy, seed=3, days=30) for engine in (compiled, simpy)]
        assert differing(*runs) == []


def test_a_grant_in_talks_about_remedies_is_what_the_buyer_asked_for() -> None:
    """It is not weighed, so it may cost more than the merchant would bear."""
    grants = {"behaviour": {"grants": {"share": 1.0}}}
    disputes = compiled(talking.scenario(grants), talking.rules(), seed=13, days=60).disputes
    agreed = disputes["reason"] == codes.AGREED_IN_TALKS
    before = compiled(talking.scenario(), talking.rules(), seed=13, days=60).disputes
    assert agreed.mean() > (before["reason"] == codes.AGREED_IN_TALKS).mean() + 0.05


def test_correlation_of_grants_follows_from_that_of_outcomes() -> None:
    """Outcomes simulated by the mixture that the closed form is of have the likeness it starts from."""
    share, won, likeness, reachable = 0.5, 0.55, 0.3, 0.9
    alike = granted_alike(share, won, likeness, reachable)
    assert 0.0 < alike < 1.0
    rest = (won - share * reachable) / (1 - share)
    rng = np.random.default_rng(1)
    total = 1 / alike - 1
    chances = rng.beta(share * total, (1 - share) * total, 60_000)
    wins = [
        rng.random(len(chances)) < np.where(rng.random(len(chances)) < chances, reachable, rest)
        for _ in range(2)
    ]
    assert np.mean(wins) == pytest.approx(won, abs=0.005)
    assert np.corrcoef(*wins)[0, 1] == pytest.approx(likeness, abs=0.015)


def test_correlation_of_grants_stays_a_correlation() -> None:
    """Few grants cannot make outcomes very alike, and none make nothing alike."""
    assert granted_alike(0.05, 0.55, 0.3, 0.9) == 1.0
    assert granted_alike(0.0, 0.55, 0.3, 0.9) == 0.0
    assert granted_alike(0.5, 0.95, 0.3, 0.9) == 0.0


def test_more_merchants_leave_the_first_ones_as_they_were() -> None:
    """Luck belongs to a merchant's place."""
    few, many = (granting(market(0.4, 0.3), n, LUCK) for n in (10, 50))
    assert few.tobytes() == many[:10].tobytes()
