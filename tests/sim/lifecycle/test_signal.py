"""Evidence is signal detection: with feedback off, error rates follow a closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Columns
from tests.support import court, patch
from tests.support.runs import compiled

SIZES = [200, pytest.param(4000, marks=pytest.mark.slow)]
"""Days of 24 cases each, half of them valid."""


def rule_on(
    days: int, evidence: dict[str, Any], decision: dict[str, Any] | None = None, **changes: Any
) -> Columns:
    """Rulings of the court on evidence of known strength."""
    scenario = court.scenario(patch.lay_over(evidence, changes.pop("scenario", {})))
    policy = court.policy({"decision": decision or {}, **changes})
    d = compiled(scenario, policy, seed=17, days=days, events=False).disputes
    assert not np.isnan(d["belief"]).any(), "every case of this court is ruled on"
    return d


def upheld(strength: float, valid: bool, gap: float, noise: float) -> float:
    """Chance that the buyer wins: Phi((+-d^2/2 + prior - threshold) / sqrt(d^2 + sigma^2))."""
    drift = strength**2 / 2 if valid else -(strength**2) / 2
    return float(norm.cdf((drift + gap) / np.hypot(strength, noise)))


def assert_rate(found: NDArray[np.bool_], expected: float) -> None:
    """Within 3 binomial standard errors."""
    error = np.sqrt(expected * (1 - expected) / len(found))
    assert abs(found.mean() - expected) < 3 * error, (found.mean(), expected, len(found))


@pytest.mark.parametrize("days", SIZES)
@pytest.mark.parametrize("strength", [0.3, 1.0, 2.5])
@pytest.mark.parametrize(
    ("prior", "burden", "standard"), [(0.5, 0.0, 0.5), (0.6, 0.7, 0.5), (0.5, -0.4, 0.7)]
)
@pytest.mark.parametrize("noise", [0.0, 0.8])
def test_error_rates_match_signal_detection(
    days: int, strength: float, prior: float, burden: float, standard: float, noise: float
) -> None:
    """Green and Swets (1966): wrongful denial and wrongful grant, within 3 binomial standard errors.

    Evidence of strength d weighs N(+-d^2/2, d^2); the arbiter adds N(0, sigma^2).
    """
    d = rule_on(
        days,
        court.strength(strength),
        {"standard": standard},
        burden={"prior": prior, "weight": burden, "default": "buyer"},
        scenario={"arbiters": {"occasion_sd": noise}},
    )
    gap = float(logit(prior) - burden - logit(standard))
    for valid in (True, False):
        assert_rate(d["upheld"][d["valid"] == valid], upheld(strength, valid, gap, noise))


@pytest.mark.parametrize("days", SIZES)
def test_strengths_add_in_squares(days: int) -> None:
    """Independent pieces, from one side or both, count together as one of strength sqrt(sum of d^2)."""
    evidence = {
        "causes": {"quality_defect": {"evidence": {"photo": 0.8, "video": 0.6, "dispatch_record": 1.0}}},
        "evidence": {"held_by_buyer": {"photo": 1, "video": 1}, "held_by_merchant": {"dispatch_record": 1}},
    }
    d = rule_on(days, evidence)
    assert np.allclose(d["buyer_strength"], 1.0)
    for valid in (True, False):
        assert_rate(d["upheld"][d["valid"] == valid], upheld(np.sqrt(2.0), valid, 0.0, 0.0))


@pytest.mark.parametrize("days", SIZES)
@pytest.mark.parametrize("kind", ["level_sd", "pattern_sd"])
def test_noise_between_arbiters_counts_like_noise_between_occasions(kind: str, days: int) -> None:
    """To the parties it makes no difference why an arbiter errs (Kahneman et al. 2021).

    20,000 arbiters, so that few meet twice and cases are as good as independent.
    """
    d = rule_on(days, court.strength(1.0), scenario={"arbiters": {kind: 1.5, "count": 20_000}})
    for valid in (True, False):
        assert_rate(d["upheld"][d["valid"] == valid], upheld(1.0, valid, 0.0, 1.5))


@pytest.mark.parametrize("days", [800, pytest.param(8000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("share_valid", [0.5, 0.7])
def test_beliefs_are_calibrated(days: int, share_valid: float) -> None:
    """Of cases believed valid with chance p, a share p is: weights are log-likelihood ratios (Good 1950).

    With the true base rate as prior; ten bins, each within 3.5 standard errors (ten comparisons).
    """
    shares = {
        "quality_defect": {"per_thousand_orders": 1000 * share_valid},
        "opportunistic": {"per_thousand_orders": 1000 * (1 - share_valid)},
    }
    d = rule_on(
        days,
        court.strength(1.2, 0.9),
        burden={"prior": share_valid, "weight": 0},
        scenario={"causes": shares},
    )
    believed = expit(d["belief"])
    bins = np.digitize(believed, np.quantile(believed, np.linspace(0.1, 0.9, 9)))
    for k in range(10):
        mine = bins == k
        error = np.sqrt((believed[mine] * (1 - believed[mine])).mean() / mine.sum())
        assert abs(believed[mine].mean() - d["valid"][mine].mean()) < 3.5 * error
    assert np.ptp([d["valid"][bins == k].mean() for k in range(10)]) > 0.6, "evidence tells something"


def test_the_terms_of_a_belief_add_up_to_it() -> None:
    """What `explain` prints is what decided."""
    d = rule_on(50, court.strength(1.0, 1.0), scenario={"arbiters": {"occasion_sd": 0.5}})
    terms = ("term_prior", "term_history", "term_buyer", "term_merchant", "term_silence", "term_noise")
    assert np.allclose(sum(d[name] for name in terms), d["belief"], rtol=0, atol=1e-12)
    assert np.array_equal(d["upheld"], d["belief"] > d["standard"])


@pytest.mark.parametrize("days", SIZES)
def test_withheld_evidence_wins_cases_that_should_be_lost(days: int) -> None:
    """Strategic disclosure (Milgrom 1981): hiding what hurts pays until showing nothing counts against it.

    A buyer who withholds shows max(weight, 0), so without inference every belief is 0 or above, and
    with an inference of i nats for showing nothing, a hidden case stands at exactly -i.
    """
    strategic = {"buyers": {"groups": {"all": {"strategic": 1}}}}
    evidence = court.strength(1.0, 1e-9)  # the merchant shows something too, but it says nothing
    naive = rule_on(days, evidence, {"standard": 0.4}, scenario=strategic)
    assert naive["upheld"].all()
    wary = rule_on(days, evidence, {"standard": 0.4, "thin_inference": 1.0}, scenario=strategic)
    for valid in (True, False):
        shown = upheld(1.0, valid, 0.0, 0.0)  # only a positive weight is shown
        assert_rate(wary["upheld"][wary["valid"] == valid], shown)
    assert np.allclose(wary["belief"][~wary["buyer_showed"]], -1.0)


@pytest.mark.parametrize("days", SIZES)
@pytest.mark.parametrize(("share", "detection"), [(1.0, 0.0), (1.0, 0.6), (0.5, 0.6)])
def test_forgeries_are_found_as_often_as_checks_find_them(days: int, share: float, detection: float) -> None:
    """A forgery adds its shift unless checked and found; then it is held against the forger."""
    d = rule_on(
        days,
        court.strength(1.0),
        {"checks": {"share": share, "detection": detection, "inference": 3}},
        scenario={"causes": {"opportunistic": {"forges": 1}}, "evidence": {"forgery_shift": 2}},
    )
    forged = d["buyer_forges"]
    assert np.array_equal(forged, ~d["valid"])
    if detection:
        assert_rate(d["buyer_found_out"][forged], share * detection)
    else:
        assert not d["buyer_found_out"].any()
    assert not d["buyer_found_out"][~forged].any()
    assert (d["term_buyer"][d["buyer_found_out"]] == -3.0).all()
    unfound = forged & ~d["buyer_found_out"]
    assert np.allclose(d["term_buyer"][unfound], d["buyer_weight"][unfound] + 2)
    assert_rate(d["upheld"][unfound], upheld(1.0, False, 2.0, 0.0))


@pytest.mark.parametrize("band", [0.3, 1.0])
def test_a_band_around_the_standard_gives_part_of_it(band: float) -> None:
    """Inside the band, edges included, the refund is partial; outside all or nothing."""
    d = rule_on(100, court.strength(1.0), {"band": band, "partial_share": 0.4})
    gap = d["belief"] - d["standard"]
    expected = np.select([gap > band, gap >= -band], [1.0, 0.4], 0.0)
    assert np.array_equal(d["share"], expected)
    assert {0.0, 0.4, 1.0} == set(d["share"].tolist())


def test_nothing_on_file_is_decided_against_who_bears_the_burden() -> None:
    """Exactly on the standard is not above it; the burden of proof breaks the tie."""
    for burden, wins in (("buyer", False), ("nobody", False), ("merchant", True)):
        d = rule_on(40, {}, burden={"weight": 0.5, "default": burden})
        assert (d["upheld"] == wins).all()
        assert (d["belief"] == {"buyer": -0.5, "nobody": 0.0, "merchant": 0.5}[burden]).all()


def test_what_silence_means_is_what_the_policy_says() -> None:
    """A silent merchant loses at once, is judged on the file with or without an inference, or is let off."""
    silent = {"merchants": {"groups": {"all": {"never_replies": 1}}}}
    scenario = court.scenario(patch.lay_over(court.strength(1.0, 1.0), silent))
    rulings = {}
    for meaning in ("buyer_wins", "close", "adverse_inference", "decide_on_file"):
        policy = court.policy({"answer": {"silence": meaning, "inference": 0.7}})
        rulings[meaning] = compiled(scenario, policy, seed=17, days=60).disputes
    for meaning, refund in (("buyer_wins", 1.0), ("close", 0.0)):
        assert (rulings[meaning]["ending"] == codes.DEFAULTED).all()
        assert (rulings[meaning]["upheld"] == bool(refund)).all()
        assert np.array_equal(rulings[meaning]["refund"], refund * rulings[meaning]["amount"])
    inferred, on_file = rulings["adverse_inference"], rulings["decide_on_file"]
    assert (inferred["ending"] == codes.RULED).all()
    assert (inferred["term_silence"] == 0.7).all()
    assert (on_file["term_silence"] == 0.0).all()
    assert (on_file["term_merchant"] == 0.0).all(), "evidence that was never sent weighs nothing"
    assert np.allclose(inferred["belief"], on_file["belief"] + 0.7)
