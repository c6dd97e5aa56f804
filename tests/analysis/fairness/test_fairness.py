"""Errors, gaps and spreads against tables worked out on paper, and what becomes of empty cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.fairness import FAIRNESS, Study, grid, implied_fpr, impossibility, measure, panel
from evenhand.sim.runs.records import Run
from tests.support import handmade, small
from tests.support.handmade import Row, row

NAN = float("nan")


def court(
    rows: Sequence[Row],
    *,
    merchants: Sequence[int] = (0, 1, 1),
    replications: int = 1,
    policy: Any = None,
    days: int = 10,
    seed: int = 1,
    **of_merchants: Sequence[Any],
) -> Run:
    """A run of these disputes; `merchants` are the groups of the merchants, the rest their columns.

    Filing is a trouble of 5 to everybody.
    """
    known = [{name: value for name, value in one.items() if name in handmade.DEFAULTS} for one in rows]
    run = handmade.run(
        known, orders=[100] * len(merchants), replications=replications, policy=policy, days=days
    )
    disputes, groups = dict(run.disputes), np.array(merchants)
    if rows:
        disputes["merchant_group"] = groups[disputes["merchant"]]
    disputes["effort"] = np.full(len(rows), 5.0)
    disputes["rounds"] = np.array([one.get("rounds", 0) for one in rows], int)
    columns = {"active": [True] * len(groups), "problem": [1.0] * len(groups), **of_merchants}
    people = {
        **run.merchants,
        "merchant_group": np.tile(groups, replications),
        **{name: np.tile(np.array(values), replications) for name, values in columns.items()},
    }
    return replace(run, disputes=disputes, merchants=people, seed=seed)


def decided(merchant: int, valid: str, groundless: str = "", **changes: Any) -> list[Row]:
    """Rulings at one merchant, one letter each: + granted, - refused."""
    both = ((valid, True), (groundless, False))
    return [
        row(
            "ruled",
            merchant=merchant,
            valid=truth,
            deserved=float(truth),
            upheld=letter == "+",
            first_upheld=letter == "+",
            share=float(letter == "+"),
            refund=100.0 * (letter == "+"),
            filed_at=1.0,
            ruled_at=9.0,
            **changes,
        )
        for letters, truth in both
        for letter in letters
    ]


TABLE = decided(0, "+++-", "+-") + decided(1, "+-", "++") + decided(2, "-+", "--")
"""Refused of the valid: 1 of 4 at the flagship, 2 of 4 at small shops. Granted of the groundless: 1 of
2, and 2 of 4."""

ON_PAPER: dict[str, dict[str, tuple[float, int, int]]] = {
    "wrongful_denial": {"fnr": (3 / 8, 8, 3)},
    "wrongful_denial_gap": {"fnr_gap_small_minus_flagship": (1 / 2 - 1 / 4, 8, 1)},
    "wrongful_grant": {"fpr": (3 / 6, 6, 3)},
    "wrongful_grant_gap": {"fpr_gap_small_minus_flagship": (0.0, 6, 1)},
    "side_balance": {
        "side_balance_log_ratio": (math.log(3 / 4), 14, 3),
        "side_balance_cost": (0.0, 14, 3),
    },
    "equalized_odds": {
        "tpr_gap_small_minus_flagship": (-1 / 4, 8, 1),
        "fpr_gap_small_minus_flagship": (0.0, 6, 1),
        "equalized_odds_spread": (NAN, 8, 2),
    },
    "demographic_parity": {
        "win_gap_small_minus_flagship": (4 / 8 - 4 / 6, 14, 1),
        "base_rate_gap_small_minus_flagship": (4 / 8 - 4 / 6, 14, 1),
    },
    "predictive_parity": {"ppv_gap_small_minus_flagship": (2 / 4 - 3 / 4, 8, 1)},
}
"""Value, n, clusters. The flagship is one merchant, so the spread lacks a standard error."""


@pytest.fixture(scope="module")
def simulated() -> Run:
    return sim.simulate(small.scenario(), small.policy(), seed=3, replications=3, days=50, engine="simpy")


@pytest.mark.parametrize("name", ON_PAPER)
def test_a_measure_is_what_paper_says(name):
    """Values, cases and clusters, with the direction of every contrast in its name."""
    found = measure(court(TABLE), name)
    assert {key: (one.value, one.n, one.clusters) for key, one in found.items()} == {
        key: (pytest.approx(value, abs=1e-12, nan_ok=True), n, clusters)
        for key, (value, n, clusters) in ON_PAPER[name].items()
    }


def test_costs_weigh_the_errors_of_the_sides():
    """Three errors on either side; at double the cost for buyers the balance tips by 3 in 14."""
    found = measure(court(TABLE), "side_balance", cost_buyer=2.0)
    assert found["side_balance_cost"].value == pytest.approx(3 / 14)
    assert math.isinf(measure(court(decided(0, "+", "+-")), "side_balance")["side_balance_log_ratio"].value)


def test_each_side_has_its_own_right():
    """Equal opportunity: grants to buyers by their groups, refusals for merchants by theirs."""
    rows = decided(0, "++", "-+", buyer_group=1) + decided(1, "+-", "--", buyer_group=0)
    found = measure(court(rows), "equal_opportunity")
    assert found["tpr_gap_regular_minus_new"].value == pytest.approx(1 - 1 / 2)
    assert found["tnr_gap_small_minus_flagship"].value == pytest.approx(1 - 1 / 2)
    assert math.isnan(found["tpr_gap_power_minus_new"].value)


def test_swapping_the_reference_turns_the_sign_and_the_name():
    """A signed contrast without its direction would be read either way."""
    one = measure(court(TABLE), "wrongful_denial_gap", reference="small")
    assert list(one) == ["fnr_gap_flagship_minus_small"]
    assert one["fnr_gap_flagship_minus_small"].value == pytest.approx(-1 / 4)


def test_like_cases_are_compared_within_bands_of_evidence():
    """Weak cases are all lost and strong ones all won: no gap, though one group wins three times as often."""
    weak = {"term_buyer": -1.0, "term_merchant": 0.0, "term_silence": 0.0}
    strong = {**weak, "term_buyer": 1.0}
    rows = decided(0, "---", **weak) + decided(0, "+", **strong)
    rows += decided(1, "-", **weak) + decided(1, "+++", **strong)
    run = court(rows, merchants=(0, 1))
    assert measure(run, "demographic_parity")["win_gap_small_minus_flagship"].value == pytest.approx(1 / 2)
    found = measure(run, "conditional_parity")["conditional_win_gap_small_minus_flagship"]
    assert (found.value, found.n) == (0.0, 8)


def test_strata_weigh_as_many_cases_as_they_hold_and_lonely_cases_stay_out():
    """On paper: gap 1/2 in a band of 6 cases, 0 in one of 2; two cases have nobody to compare with."""
    bands = [{"term_buyer": x, "term_merchant": 0.0, "term_silence": 0.0} for x in (-2.0, 0.0, 2.0)]
    rows = decided(0, "+-", **bands[0]) + decided(1, "++++", **bands[0])
    rows += decided(0, "+", **bands[1]) + decided(1, "+", **bands[1]) + decided(1, "++", **bands[2])
    found = measure(court(rows, merchants=(0, 1)), "conditional_parity")
    one = found["conditional_win_gap_small_minus_flagship"]
    assert one.value == pytest.approx((6 * 0.5 + 2 * 0.0) / 8)
    assert one.n == 8


def test_the_interaction_is_what_rows_and_columns_leave_over():
    """Rates 1, 0 / 0, 0 with unlike counts: means of rows 1/2, 0, of columns 1/2, 0, of all 1/4."""
    rows = decided(0, "", "+++", buyer_group=0) + decided(1, "", "-", buyer_group=0)
    rows += decided(0, "", "--", buyer_group=1) + decided(1, "", "-----", buyer_group=1)
    rows += decided(0, "", "+", buyer_group=2) + decided(1, "", "-", buyer_group=2)
    found = measure(court(rows), "dyadic_interaction")
    rate = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    expected = rate - rate.mean(1, keepdims=True) - rate.mean(0) + rate.mean()
    assert [one.value for one in found.values()] == pytest.approx(list(expected.ravel()))
    assert next(iter(found)) == "fpr_interaction_new_x_flagship"
    assert [one.n for one in found.values()] == [3, 1, 2, 5, 1, 1]


def test_the_grid_has_the_rates_and_the_interaction_with_their_counts():
    """Rows are buyer groups, columns merchant groups; an empty cell is NaN with n = 0, not 0."""
    run = court(decided(0, "+-", buyer_group=0) + decided(1, "-", buyer_group=1))
    found = grid(run, "wrongful_denial")
    assert found.value.shape == (3, 2)
    assert (found.buyer_groups, found.merchant_groups) == (("new", "regular", "power"), ("flagship", "small"))
    assert np.array_equal(found.value, [[0.5, NAN], [NAN, 1.0], [NAN, NAN]], equal_nan=True)
    assert np.array_equal(found.n, [[2, 0], [0, 1], [0, 0]])
    assert np.array_equal(found.clusters, [[1, 0], [0, 1], [0, 0]])
    assert np.isnan(found.half_width).all()
    assert np.isnan(found.interaction).all(), "an empty cell leaves no interaction"


@pytest.mark.process
def test_the_grid_of_a_real_run_agrees_with_the_measures(simulated):
    """The picture and the numbers must not be computed in two ways."""
    found = grid(simulated, "wrongful_grant")
    rates = measure(simulated, "wrongful_grant", by="pair")
    assert np.array_equal(found.value.ravel(), [one.value for one in rates.values()], equal_nan=True)
    assert found.n.sum() == measure(simulated, "wrongful_grant")["fpr"].n
    extra = measure(simulated, "dyadic_interaction")
    assert found.interaction.ravel() == pytest.approx([one.value for one in extra.values()])
    known = ~np.isnan(found.interaction)
    assert np.abs(np.where(known, found.interaction, 0.0).sum(axis=0)).max() < 1e-12
    assert (found.half_width[~np.isnan(found.half_width)] > 0).all()


def test_the_corrected_spread_follows_its_formula():
    """Variance between groups less mean squared error plus mean covariance, worked out in plain loops."""
    rng = np.random.default_rng(5)
    rows = []
    for merchant in range(8):
        for group in range(3):
            letters = "".join(rng.choice(["+", "-"], 5, p=[0.2 + 0.2 * group, 0.8 - 0.2 * group]))
            rows += decided(merchant, letters, buyer_group=group)
    run = court(rows, merchants=(0,) * 4 + (1,) * 4)
    found = measure(run, "spread", by="buyer_group")["fnr_spread"]
    y, n = np.zeros((8, 3)), np.zeros((8, 3))
    for one in rows:
        y[one["merchant"], one["buyer_group"]] += not one["upheld"]
        n[one["merchant"], one["buyer_group"]] += 1
    p = y.sum(0) / n.sum(0)
    e = (y - p * n) / n.sum(0)
    v = 8 / 7 * e.T @ e
    shared = (v.sum() - np.trace(v)) / 6
    assert found.value == pytest.approx(math.sqrt(p.var(ddof=1) - np.trace(v) / 3 + shared))
    assert (found.n, found.clusters) == (120, 8)


def test_the_worst_group_is_named_and_its_bounds_allow_for_the_choice():
    """Bonferroni over three groups: wider than the interval of that group alone."""
    rows = []
    for merchant in range(6):
        odd = merchant % 2 == 1
        rows += decided(merchant, "++-+" if odd else "++++", buyer_group=0)
        rows += decided(merchant, "+-" if odd else "++--+", buyer_group=1)
        rows += decided(merchant, "--+" if odd else "---", buyer_group=2)
    run = court(rows, merchants=(0,) * 3 + (1,) * 3)
    worst = measure(run, "worst_group")["fnr_worst_power"]
    alone = measure(run, "wrongful_denial", by="buyer_group")["fnr_power"]
    assert worst.value == alone.value == pytest.approx(15 / 18)
    assert worst.ci is not None
    assert alone.ci is not None
    assert worst.ci[1] >= alone.ci[1]
    assert worst.ci[0] < alone.ci[0]


def test_the_hidden_worst_cell_is_found_smoothed_and_named():
    """On paper with one case added to either side: 1 of 4 against 4 of 5, and 3 of 4 against 1 of 5."""
    rows = decided(0, "++", buyer_group=0) + decided(1, "---", buyer_group=2)
    found = measure(court(rows), "intersectional")
    assert found["fnr_epsilon"].value == pytest.approx(math.log((3 / 4) / (1 / 5)))
    assert (found["fnr_worst_power_x_small"].value, found["fnr_worst_power_x_small"].n) == (1.0, 3)


def test_renaming_groups_moves_numbers_and_changes_none(simulated):
    """Labels carry no meaning: with groups in another order every number is found under its new label."""
    turned = {**simulated.disputes, "merchant_group": 1 - simulated.disputes["merchant_group"]}
    people = {**simulated.merchants, "merchant_group": 1 - simulated.merchants["merchant_group"]}
    other = replace(simulated, disputes=turned, merchants=people)
    for name in ("wrongful_denial", "wrongful_grant", "calibration_error", "timeliness"):
        one, two = (measure(run, name, by="merchant_group") for run in (simulated, other))
        for key, found in one.items():
            swapped = key.replace("small", "x").replace("flagship", "small").replace("x", "flagship")
            assert np.array_equal(two[swapped].value, found.value, equal_nan=True), key
            # groups are added up in another order, and the last bit is the processor's
            ends = pytest.approx(found.ci, rel=1e-9, nan_ok=True) if found.ci else None
            assert two[swapped].ci == ends, key


def test_the_order_of_rows_means_nothing(simulated):
    """Records may be sorted in any way."""
    order = np.random.default_rng(1).permutation(len(simulated))
    shuffled = replace(simulated, disputes={k: v[order] for k, v in simulated.disputes.items()})
    for name in FAIRNESS:
        one, two = measure(simulated, name, draws=20), measure(shuffled, name, draws=20)
        for key, found in one.items():
            assert two[key].value == pytest.approx(found.value, rel=1e-9, abs=1e-12, nan_ok=True), key


def test_the_identity_holds_in_every_group_and_sees_a_change():
    """Chouldechova: base rate, predictive value and FNR leave the FPR no choice."""
    found = impossibility(court(TABLE))
    assert found["flagship"][:5] == pytest.approx((6, 4 / 6, 3 / 4, 1 / 4, 1 / 2))
    assert found["small"][:5] == pytest.approx((8, 4 / 8, 2 / 4, 2 / 4, 2 / 4))
    assert [one.residual for one in found.values()] == pytest.approx([0.0, 0.0], abs=1e-12)
    unlike = implied_fpr(np.array([0.5, 0.8]), np.array([0.7, 0.7]), np.array([0.1, 0.1]))
    assert unlike[0] != pytest.approx(unlike[1]), "equal PPV and FNR cannot keep the FPR equal"
    assert math.isnan(impossibility(court(decided(0, "++")))["flagship"].residual)


def test_the_identity_holds_on_a_real_run(simulated):
    """The residual is rounding only, in every group of every column."""
    for column in ("buyer_group", "merchant_group", "claim_band", None):
        for one in impossibility(simulated, column).values():
            assert abs(one.residual) < 1e-12


@pytest.mark.parametrize("name", FAIRNESS)
def test_a_run_without_disputes_has_no_rates(name):
    """Undefined is NaN with n = 0 and no interval; merchants and their problems are still counted."""
    for replications in (1, 3):
        for key, one in measure(court([], replications=replications), name, draws=50).items():
            if key.startswith(("merchants_gone", "problems_left")):
                assert one.n > 0
                continue
            assert one.n == 0 or key.startswith("wrongful_loss"), key
            if not key.startswith("wrongful_loss"):
                assert math.isnan(one.value), key
            assert one.ci is None, key


@pytest.mark.parametrize("name", FAIRNESS)
def test_every_measure_of_a_real_run_is_a_number_with_its_counts(name, simulated):
    """Values inside intervals, counts and clusters beside them, replications seen one by one."""
    for intervals in ("merchants", "replications"):
        found = measure(simulated, name, draws=60, intervals=intervals)
        assert found
        for key, one in found.items():
            assert math.isfinite(one.value), key
            assert one.n > 0, key
            assert 0 < one.clusters <= min(one.n, 180), key
            assert len(one.per_replication) == 3, key
            assert one.intervals == intervals
            if one.ci is not None:
                assert one.ci[0] <= one.value <= one.ci[1], key
                assert one.half_width == pytest.approx((one.ci[1] - one.ci[0]) / 2)


@pytest.mark.parametrize("name", [name for name, one in FAIRNESS.items() if "by" in one.options])
def test_a_grouping_is_never_ignored(name, simulated):
    """Asked for by group, a measure names each group (or the worst), and counts by group."""
    found, other = (measure(simulated, name, draws=20, by=by) for by in ("buyer_group", "merchant_group"))
    if name not in {"spread", "worst_group", "intersectional"}:
        for label in simulated.labels("buyer_group"):
            assert any(label in key for key in found), label
    one, two = ([(key, e.value, e.clusters) for key, e in some.items()] for some in (found, other))
    assert one != two


def test_outcomes_and_fairness_agree_where_they_count_the_same(simulated):
    """One word, one number: with one replication both pool the same cases."""
    from evenhand import analysis

    one = sim.simulate(small.scenario(), small.policy(), seed=3, replications=1, days=50, engine="simpy")
    pairs = {
        "wrongful_denial_rate": ("wrongful_denial", "fnr"),
        "wrongful_grant_rate": ("wrongful_grant", "fpr"),
        "effective_denial_rate": ("effective_denial", "efn"),
    }
    for metric, (name, key) in pairs.items():
        theirs, ours = analysis.outcomes(one, [metric])[metric], measure(one, name)[key]
        assert (ours.value, ours.n) == (theirs.value, theirs.n)


def test_the_panel_is_complete_and_takes_audits(simulated):
    """Thirteen places; those of audits stand empty until an audit fills them."""
    found = panel(simulated, reference={"merchant_group": "small"}, draws=50)
    assert [one.id for one in found.values()] == [
        "G1",
        "G2",
        "G4",
        "G14",
        "I3",
        "I4",
        "I9",
        "P3",
        "P4",
        "P6",
        "D4",
        "A2",
        "Y4",
    ]
    assert set(found["equalized_odds"].estimates) == {
        "tpr_gap_flagship_minus_small",
        "fpr_gap_flagship_minus_small",
    }
    assert not found["noise"].estimates
    audit = measure(simulated, "wrongful_denial", draws=50)
    assert panel(simulated, audits={"noise": audit}, draws=50)["noise"].estimates == audit
    with pytest.raises(ValueError, match=r"audits: must be among flip_rate, .* found 'nose'"):
        panel(simulated, audits={"nose": audit})
    with pytest.raises(ValueError, match="reference: must be among buyer_group, merchant_group"):
        panel(simulated, reference={"cause": "remorse"})


def test_what_is_not_there_is_refused_with_a_hint(simulated):
    """An option that is accepted and ignored would be a wrong number."""
    with pytest.raises(ValueError, match="no measure 'wrongful_denail'; did you mean 'wrongful_denial'"):
        measure(simulated, "wrongful_denail")
    with pytest.raises(ValueError, match=r"has no option 'referense'; did you mean 'reference'"):
        measure(simulated, "wrongful_denial_gap", referense="small")
    with pytest.raises(ValueError, match="reference must be one of flagship, small, found 'huge'"):
        measure(simulated, "wrongful_denial_gap", reference="huge")
    with pytest.raises(ValueError, match=r"by must be one of buyer_group, .* found 'colour'"):
        measure(simulated, "wrongful_denial", by="colour")
    with pytest.raises(ValueError, match="no rate 'wrongful_charg'; did you mean 'wrongful_grant'"):
        measure(simulated, "spread", rate="wrongful_charg")
    for name in ("loss_gini", "maximin", "survivor_bias"):
        with pytest.raises(ValueError, match="side must be 'buyer' or 'merchant', found 'court'"):
            measure(simulated, name, side="court")
    for name, option in (
        ("timeliness", "limit"),
        ("intersectional", "smoothing"),
        ("consistency", "neighbours"),
    ):
        with pytest.raises(ValueError, match=option):
            measure(simulated, name, **{option: 0})
    with pytest.raises(ValueError, match="draws must be 2 or more"):
        measure(simulated, "wrongful_denial", draws=1)


def test_bands_are_quarters_and_ties_share_one():
    """Amounts 1 to 8 make four bands of two; equal amounts are never torn apart."""
    rows = [row("ruled", amount=float(a)) for a in range(1, 9)]
    assert list(Study(court(rows)).groups("claim_band").code) == [0, 0, 1, 1, 2, 2, 3, 3]
    rows = [row("ruled", amount=7.0) for _ in range(5)]
    assert len(set(Study(court(rows)).groups("claim_band").code)) == 1
