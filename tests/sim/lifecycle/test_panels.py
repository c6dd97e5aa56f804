"""Panels of jurors: Condorcet's theorem, what does not average out, and early stops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, norm

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Columns, Run
from tests.support import court, patch, small
from tests.support.runs import compiled, differing_columns

DAYS = [150, pytest.param(3000, marks=pytest.mark.slow)]


def judge(panel: dict[str, Any], days: int, seed: int = 5, **changes: Any) -> Run:
    """Rulings of panels in the court; `prior` moves every case by the same number of nats."""
    prior = changes.pop("prior", 0.5)
    scenario = court.scenario(patch.lay_over({"jurors": {"bias": 0}}, changes))
    policy = court.policy(
        {
            "decision": {"decider": "panel", "panel": panel},
            "burden": {"prior": prior, "weight": 0},
        }
    )
    return compiled(scenario, policy, seed=seed, days=days)


def ruled(run: Run) -> NDArray[np.bool_]:
    """Which disputes have a ruling."""
    return ~np.isnan(run.disputes["ruled_at"])


def assert_rate(found: NDArray[np.bool_], expected: float) -> None:
    """Within 3 binomial standard errors."""
    error = np.sqrt(expected * (1 - expected) / len(found))
    assert abs(found.mean() - expected) < 3 * error, (found.mean(), expected, len(found))


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("size", [1, 3, 11, 31])
@pytest.mark.parametrize("prior", [0.55, 0.4])
def test_independent_jurors_match_condorcet(size: int, prior: float, days: int) -> None:
    """A majority of n voters who are each right with chance p is right with P(Binomial(n, p) > n/2)."""
    run = judge({"size": size}, days, prior=prior, jurors={"noise_sd": 1.5})
    p = norm.cdf(np.log(prior / (1 - prior)) / 1.5)
    assert_rate(run.disputes["upheld"][ruled(run)], float(binom.sf(size // 2, size, p)))


@pytest.mark.parametrize("days", DAYS)
def test_a_shared_impression_does_not_average_out(days: int) -> None:
    """However many jurors, what they all see wrongly stays wrong: the limit is Phi(gap / shared sd)."""
    gap, shared, noise, size = 0.4, 0.8, 1.0, 101
    run = judge(
        {"size": size, "early_stop": False},
        days,
        prior=1 / (1 + np.exp(-gap)),
        jurors={"noise_sd": noise, "shared_sd": shared},
    )
    points, weights = np.polynomial.hermite_e.hermegauss(80)
    chance = binom.sf(size // 2, size, norm.cdf((gap + shared * points) / noise))
    expected = float(weights @ chance / weights.sum())
    assert expected == pytest.approx(norm.cdf(gap / shared), abs=0.02)
    assert_rate(run.disputes["upheld"][ruled(run)], expected)


def test_a_bigger_panel_is_better() -> None:
    """Jurors who are right more often than not are right more often together (Condorcet 1785)."""
    rates = []
    for size in (1, 5, 25, 101):
        d = judge({"size": size}, 150, **court.strength(1.5), jurors={"noise_sd": 3}).disputes
        decided = ~np.isnan(d["ruled_at"])
        rates.append((d["upheld"] == d["valid"])[decided].mean())
    assert rates == sorted(rates)
    assert rates[-1] - rates[0] > 0.05
    # The panel cannot know more than the file: Phi(d / 2) is the best that anybody can do on it.
    assert rates[-1] < norm.cdf(1.5 / 2) + 0.03


@pytest.mark.parametrize(
    "panel",
    [
        {"size": 9},
        {"size": 9, "quorum": 6},
        {"size": 9, "quorum": 9},
        {"size": 10, "majority": 0.66},
        {"size": 12, "majority": 0.75, "quorum": 8},
    ],
)
@pytest.mark.parametrize("delays", ["spread", "tied"])
def test_early_stop_never_changes_a_verdict(panel: dict[str, Any], delays: str) -> None:
    """Voting may end when one side can no longer be beaten, and the quorum is there; never before."""
    law = {
        "spread": {"law": "exponential", "mean": "15 h"},
        "tied": {"law": "empirical", "shares": [0, 0.3, 0.31, 0.8, 1], "values": [5, 5, 20, 20, 60]},
    }[delays]
    jurors = {"turnout": 0.8, "vote_delay": law, "buyer_share": 0.6, "shared_sd": 0.5}
    known = court.strength(1.0)
    early, late = (
        judge({"fallback": "merchant", **panel, "early_stop": stop}, 150, jurors=jurors, **known).disputes
        for stop in (True, False)
    )
    both = ~np.isnan(early["ruled_at"]) & ~np.isnan(late["ruled_at"])
    assert both.sum() > 3000
    assert np.array_equal(early["upheld"][both], late["upheld"][both])
    assert (early["ruled_at"] <= late["ruled_at"])[both].all()
    assert (early["votes"] <= late["votes"])[both].all()
    verdict = late["votes"][both] >= panel.get("quorum", 1)
    assert (early["votes"][both][verdict] >= panel.get("quorum", 1)).all()
    if panel.get("quorum", 1) < 9:
        assert (early["ruled_at"] < late["ruled_at"])[both].any()


def test_a_verdict_needs_more_than_the_majority_and_the_quorum() -> None:
    """Recounting the votes on record gives every ruling, fallbacks included."""
    panel = {"size": 8, "quorum": 5, "majority": 0.6, "early_stop": False}
    jurors = {"turnout": 0.7, "buyer_share": 0.5}
    for fallback in ("buyer", "merchant", "desk"):
        d = judge({**panel, "fallback": fallback}, 100, jurors=jurors, **court.strength(1.0)).disputes
        buyer, merchant = d["votes_buyer"], d["votes_merchant"]
        needed = 0.6 * (buyer + merchant)
        enough = buyer + merchant >= 5
        for_buyer, for_merchant = enough & (buyer > needed), enough & (merchant > needed)
        by_panel = d["decider"] == codes.BY_PANEL
        assert (d["upheld"][by_panel & for_buyer]).all()
        assert not (d["upheld"][by_panel & for_merchant]).any()
        torn = ~np.isnan(d["ruled_at"]) & ~for_buyer & ~for_merchant
        assert torn.sum() > 50
        if fallback == "desk":
            assert (d["decider"][torn] == codes.BY_DESK).all()
        else:
            assert (d["decider"][torn] == codes.BY_PANEL).all()
            assert (d["upheld"][torn] == (fallback == "buyer")).all()


@pytest.mark.parametrize("days", DAYS)
def test_jurors_lean_to_their_own_side_and_less_so_with_experience(days: int) -> None:
    """A juror of experience e leans lean x half / (half + e) (Kwan, Yang and Zhang 2024)."""
    for share, experience, lean in ((1.0, 0, 0.8), (0.0, 0, -0.8), (1.0, 30, 0.8 * 10 / 40)):
        jurors = {
            "buyer_share": share,
            "bias": 0.8,
            "lean_half": 10,
            "pool": 100_000_000,
            "experience": {"law": "constant", "value": experience},
        }
        run = judge({"size": 1}, days, jurors=jurors)
        assert_rate(run.disputes["upheld"][ruled(run)], float(norm.cdf(lean)))


def test_a_small_pool_learns_and_leans_less_with_time() -> None:
    """Cases judged are shared out over the pool; experience gained in the run counts like any other."""
    jurors = {"buyer_share": 1.0, "bias": 1.5, "lean_half": 10, "pool": 50}
    d: Columns = judge({"size": 5}, 300, jurors=jurors).disputes
    decided = np.flatnonzero(~np.isnan(d["ruled_at"]))
    first, last = d["upheld"][decided[:1000]].mean(), d["upheld"][decided[-1000:]].mean()
    assert first > last + 0.1
    assert 0.45 < last < 0.65


def test_votes_are_counted_and_paid_for_every_panel_of_a_dispute() -> None:
    """`votes` is what the platform pays for: first panel and reviews together."""
    policy = small.policy(
        {
            "decision": {"decider": "panel", "panel": {"size": 3}},
            "review": {"decider": "panel", "size_plus": 2, "new_evidence": False},
        }
    )
    d = compiled(small.scenario(), policy, seed=3).disputes
    last = d["votes_buyer"] + d["votes_merchant"]
    once = (d["reviews"] == 0) & ~np.isnan(d["ruled_at"])
    again = (d["reviews"] == 1) & (d["last_ruled_at"] > d["ruled_at"])
    assert again.sum() > 20
    assert np.array_equal(d["votes"][once], last[once])
    assert (d["votes"][again] >= last[again]).all()
    assert (d["votes"][again] > last[again]).mean() > 0.9
    assert (d["votes"][again] <= 8).all()
    assert last[again].max() > 3


def test_a_panel_does_not_touch_the_desk() -> None:
    """Without reviews and fallback, no hour of staff is spent on a panel's case."""
    run = judge({"size": 3, "fallback": "buyer"}, 60)
    assert run.disputes["decision_hours"].sum() == 0
    assert not (run.events["activity"] == codes.HANDED_TO_DESK).any()
    again = judge({"size": 3, "fallback": "buyer"}, 60, desks={"decision": {"staff": 9}})
    assert differing_columns(run.disputes, again.disputes) == []
