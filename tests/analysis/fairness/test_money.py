"""Losses, their inequality and their order against closed forms, and sums that must add up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.fairness import lorenz, measure
from evenhand.sim.runs.records import Run
from tests.analysis.fairness.test_fairness import court
from tests.support import small
from tests.support.handmade import Row, row

NAN = float("nan")


def lost(*by_buyer: float, groups: tuple[int, ...] = (), merchants: tuple[int, ...] = ()) -> list[Row]:
    """One refused valid claim a buyer, of which he loses so much."""
    return [
        row(
            "ruled",
            buyer=i,
            amount=max(loss, 1.0),
            deserved=float(loss > 0),
            valid=loss > 0,
            upheld=loss == 0,
            buyer_group=groups[i] if groups else 0,
            merchant=merchants[i] if merchants else 0,
            filed_at=1.0,
        )
        for i, loss in enumerate(by_buyer)
    ]


@pytest.fixture(scope="module")
def simulated() -> Run:
    return sim.simulate(small.scenario(), small.policy(), seed=5, replications=2, days=50, engine="simpy")


def test_errors_of_refunds_are_what_paper_says():
    """Deserved 100, 50 and 0 of 100, 100 and 200; paid 60, 90 and 0: errors -40, +40, 0."""
    rows = [
        row("ruled", amount=100.0, deserved=1.0, refund=60.0, share=0.6, filed_at=1.0),
        row("ruled", amount=100.0, deserved=0.5, refund=90.0, share=0.9, filed_at=1.0),
        row("ruled", amount=200.0, deserved=0.0, valid=False, filed_at=1.0),
        row("open", amount=900.0, filed_at=1.0),
    ]
    found = {key: one.value for key, one in measure(court(rows), "refund_error").items()}
    assert found == pytest.approx(
        {
            "refund_bias": 0.0,
            "refund_absolute_error": 80 / 3,
            "refund_root_mean_square_error": math.sqrt(3200 / 3),
            "refund_bias_of_claim": 0.0,
            "refund_absolute_error_of_claim": 80 / 400,
            "mean_loss_buyer": 40 / 3,
            "mean_loss_merchant": 40 / 3,
        }
    )


def test_wrongful_losses_count_settlements_too_and_open_disputes_not():
    """Two replications, 300 orders each: 30 lost in a cheap settlement and 50 by a wrong charge of two."""
    rows = [
        row("settled", replication=0, buyer=7, amount=100.0, deserved=1.0, refund=70.0, share=0.7),
        row(
            "ruled", replication=1, buyer=7, amount=50.0, deserved=0.0, valid=False, refund=50.0, upheld=True
        ),
        row("ruled", replication=1, buyer=7, amount=50.0, deserved=1.0, refund=50.0, upheld=True),
        row("open", replication=1, buyer=8, amount=900.0, deserved=1.0),
    ]
    found = measure(court(rows, replications=2), "wrongful_loss")
    assert {key: one.value for key, one in found.items()} == pytest.approx(
        {
            "wrongful_loss_buyer": 15.0,
            "wrongful_loss_buyer_per_party": 30 / 2,
            "wrongful_loss_buyer_per_1000_orders": 1000 * 30 / 600,
            "wrongful_loss_merchant": 25.0,
            "wrongful_loss_merchant_per_party": 50 / 2,
            "wrongful_loss_merchant_per_1000_orders": 1000 * 50 / 600,
        }
    )
    assert {one.n for one in found.values()} == {3}


def test_equal_losses_have_no_inequality_and_a_single_loser_has_all():
    """Closed forms at both ends for n = 5: Gini 0 and 1 - 1/n, Theil 0 and ln n, Atkinson 0 and 1 - 1/n."""
    equal, one = court(lost(30, 30, 30, 30, 30)), court(lost(0, 0, 0, 0, 150))
    assert measure(equal, "loss_gini")["loss_gini_buyer"].value == pytest.approx(0.0, abs=1e-12)
    assert measure(one, "loss_gini")["loss_gini_buyer"].value == pytest.approx(1 - 1 / 5)
    assert measure(equal, "loss_theil")["loss_theil_buyer"].value == pytest.approx(0.0, abs=1e-12)
    assert measure(one, "loss_theil")["loss_theil_buyer"].value == pytest.approx(math.log(5))
    flat, sharp = (measure(run, "loss_concentration", part=0.2) for run in (equal, one))
    assert flat["loss_top_share_buyer"].value == pytest.approx(0.2)
    assert sharp["loss_top_share_buyer"].value == pytest.approx(1.0)
    assert flat["loss_atkinson_buyer"].value == pytest.approx(0.0, abs=1e-12)
    assert sharp["loss_atkinson_buyer"].value == pytest.approx(1 - 1 / 5)


def test_the_gini_index_is_the_mean_difference():
    """sum |x_i - x_j| / (2 n^2 mean), over the parties' sums and not over single disputes."""
    loss = np.array([10.0, 0.0, 40.0, 25.0, 25.0])
    rows = [*lost(*loss), row("ruled", buyer=2, amount=5.0, filed_at=1.0)]  # buyer 2 loses 45 in all
    loss[2] += 5
    expected = np.abs(loss[:, None] - loss).sum() / (2 * 25 * loss.mean())
    found = measure(court(rows), "loss_gini")["loss_gini_buyer"]
    assert (found.value, found.n) == (pytest.approx(expected), 5)


def test_theil_is_the_sum_of_between_and_within():
    """Worked out by its definition on two groups; a between share of 1 where groups explain all."""
    loss, group = np.array([10.0, 30.0, 20.0, 60.0]), np.array([0, 0, 1, 1])
    ratio = loss / loss.mean()
    total = (ratio * np.log(ratio)).mean()
    share = np.array([40, 80]) / 120
    between = (share * np.log(share / 0.5)).sum()
    found = measure(court(lost(*loss, groups=tuple(group))), "loss_theil")
    assert found["loss_theil_buyer"].value == pytest.approx(total)
    assert found["loss_between_buyer"].value == pytest.approx(between)
    within = 0.0
    for s, g in zip(share, (0, 1), strict=True):
        own = loss[group == g] / loss[group == g].mean()
        within += s * (own * np.log(own)).mean()
    assert found["loss_within_buyer"].value == pytest.approx(within)
    assert found["loss_between_share_buyer"].value == pytest.approx(between / total)
    pure = measure(court(lost(10, 10, 50, 50, groups=(0, 0, 2, 2))), "loss_theil")
    assert pure["loss_between_share_buyer"].value == pytest.approx(1.0)


def test_between_and_within_add_up_on_a_real_run(simulated):
    """Shorrocks: nothing of the inequality is lost in the decomposition, on either side."""
    for side in ("buyer", "merchant"):
        found = {key: one.value for key, one in measure(simulated, "loss_theil", side=side, draws=50).items()}
        assert found[f"loss_between_{side}"] + found[f"loss_within_{side}"] == pytest.approx(
            found[f"loss_theil_{side}"]
        )
        assert 0 <= found[f"loss_between_share_{side}"] <= 1


def test_no_loss_at_all_has_no_inequality_to_speak_of():
    """0 / 0 is undefined, not 0, and the parties are still counted."""
    run = court(lost(0, 0, 0))
    for name in ("loss_gini", "loss_theil", "loss_concentration"):
        for one in measure(run, name).values():
            assert math.isnan(one.value)
            assert one.n == 3
    assert np.isnan(lorenz(run)[1]).all()


def test_atkinson_is_its_formula_between_the_ends():
    """e = 1/2: 1 - (mean sqrt(x))^2 / mean x."""
    found = measure(court(lost(4, 16, 36)), "loss_concentration")["loss_atkinson_buyer"]
    assert found.value == pytest.approx(1 - 4.0**2 / (56 / 3))
    with pytest.raises(ValueError, match=r"must lie between 0 and 1, found 0.1 and 1.0"):
        measure(court(lost(4)), "loss_concentration", aversion=1.0)


@pytest.mark.parametrize("alpha", [0.0, 1.0, 2.0, -1.0, 0.5])
def test_the_entropy_of_benefit_follows_speicher(alpha):
    """Two right decisions and a wrong grant: b = 1, 1, 2; a wrong refusal adds a 0."""
    rows = [
        row("ruled", upheld=True, filed_at=1.0),
        row("ruled", valid=False, filed_at=1.0),
        row("ruled", valid=False, upheld=True, filed_at=1.0),
    ]
    r = np.array([1, 1, 2]) / (4 / 3)
    if alpha == 0:
        expected = -np.log(r).mean()
    elif alpha == 1:
        expected = (r * np.log(r)).mean()
    else:
        expected = (r**alpha - 1).mean() / (alpha * (alpha - 1))
    found = next(iter(measure(court(rows), "benefit_entropy", alpha=alpha).values()))
    assert (found.value, found.n) == (pytest.approx(expected), 3)
    refused = measure(court([*rows, row("ruled", filed_at=1.0)]), "benefit_entropy", alpha=alpha)
    value = next(iter(refused.values())).value
    assert math.isinf(value) if alpha <= 0 else math.isfinite(value), "a benefit of 0 has no logarithm"


def test_regressive_recovery_shows_its_direction():
    """Claims of 100, 200, 300: the largest recovers all and the smallest nothing, then the other way."""

    def run(*recovered: float) -> Run:
        return court(
            [
                row(
                    "ruled",
                    amount=100.0 * (i + 1),
                    deserved=1.0,
                    refund=100.0 * (i + 1) * part,
                    upheld=part > 0,
                )
                for i, part in enumerate(recovered)
            ]
        )

    rank = np.array([1, 3, 5]) / 6
    expected = 2 * np.mean([0.0, 0.5, 1.0] * rank) / 0.5 - 1
    assert measure(run(0.0, 0.5, 1.0), "regressivity")["recovery_concentration"].value == pytest.approx(
        expected
    )
    assert measure(run(1.0, 0.5, 0.0), "regressivity")["recovery_concentration"].value == pytest.approx(
        -expected
    )
    assert measure(run(0.7, 0.7, 0.7), "regressivity")["recovery_concentration"].value == pytest.approx(0.0)
    assert math.isnan(measure(run(0.0, 0.0, 0.0), "regressivity")["recovery_concentration"].value)


def test_burden_counts_against_recovery():
    """A filing costs an effort of 5: of a claim of 10 half is left, of one of 100 nineteen twentieths."""
    rows = [row("ruled", amount=a, refund=a, upheld=True, filed_at=1.0) for a in (10.0, 100.0)]
    rank, y = np.array([1, 3]) / 4, np.array([0.5, 0.95])
    expected = 2 * (y * rank).mean() / y.mean() - 1
    assert measure(court(rows), "regressivity")["recovery_concentration"].value == pytest.approx(expected)


def test_groups_stand_in_order_of_their_losses():
    """Leximin reads the list from its worst end."""
    found = measure(court(lost(10, 50, 20, groups=(0, 1, 2))), "maximin")
    assert list(found) == [
        "mean_loss_buyer_worst_regular",
        "mean_loss_buyer_regular",
        "mean_loss_buyer_power",
        "mean_loss_buyer_new",
    ]
    assert [one.value for one in found.values()] == [50, 50, 20, 10]


def test_a_buyer_counts_with_the_merchants_he_met():
    """Resampled merchants carry their buyers: with one merchant in all there is no interval to be had."""
    assert measure(court(lost(1, 5, 9)), "loss_gini")["loss_gini_buyer"].ci is None
    found = measure(court(lost(1, 5, 9, 20, 30, merchants=(0, 0, 1, 1, 2))), "loss_gini")["loss_gini_buyer"]
    assert found.clusters == 3
    assert found.ci is not None
