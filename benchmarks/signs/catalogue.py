"""What each sign says, the tests that hold the model to it, and the paired worlds that are run for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tests.support.signs import artefacts, care, claims, evidence, filings, machine, market, talks
from tests.support.signs.effect import Effect


class Trial(NamedTuple):
    """Paired worlds for one part of a sign, and the test that asserts what comes out."""

    test: str
    """File and name under `tests/sim/lifecycle`; empty for what is only told."""
    effects: Callable[[], list[Effect]]


class Sign(NamedTuple):
    """A sign by which the model is judged."""

    number: int
    rule: str
    trials: tuple[Trial, ...]
    caveat: str = ""
    """What does not hold, or not wholly."""


def _buyers(of: Callable[[str], Effect]) -> list[Effect]:
    return [of(one) for one in evidence.CARE]


def _merchants() -> list[Effect]:
    return [evidence.merchant_of(one) for one in evidence.MERITS]


def _records_in_talks() -> list[Effect]:
    return [evidence.records_in_talks()]


_CLAIMS, _CARE, _AFTER = "test_claiming.py::test_sign_", "test_care.py::test_", "test_after_filing.py::test_"
_EVIDENCE, _TALKS = "test_signs_evidence.py::test_", "test_talks.py::test_"

SIGNS = (
    Sign(
        1,
        "Rules generous to groundless claims breed more of them, more in the second year than in the first.",
        (
            Trial(f"{_CLAIMS}1_generous_rules_breed_groundless_claims", claims.generous_rules),
            Trial(f"{_CLAIMS}1_what_generous_rules_breed_grows_as_word_spreads", claims.word_spreads),
        ),
    ),
    Sign(
        2,
        "Goods that are kept are claimed for more often than goods returned, and merchants pay the salvage.",
        (Trial(f"{_CLAIMS}2_goods_that_are_kept_are_claimed_for_more_often", claims.kept_goods),),
    ),
    Sign(
        3,
        "Merchants take less care where the platform pays.",
        (Trial(f"{_CARE}merchants_slacken_when_the_platform_pays", care.who_pays),),
    ),
    Sign(
        4,
        "Points bring care, down to a floor of problems.",
        (Trial(f"{_CARE}points_bring_care_down_to_a_floor", care.points),),
        "Thresholds on the rate of disputes have tests without an interval (`test_monitoring.py`).",
    ),
    Sign(
        5,
        "A flat fee keeps out small claims, valid ones too; where losers pay the groundless fall more.",
        (Trial(f"{_CLAIMS}5_fees_keep_out_small_claims_and_loser_pays_the_groundless", claims.fees),),
    ),
    Sign(
        6,
        "A gate against abuse works where abuse is concentrated, and does nothing where it is not.",
        (Trial(f"{_CLAIMS}6_a_gate_works_where_abuse_is_concentrated", claims.gate),),
        "Where all are alike it does little rather than nothing, as chance gives some of them three strikes.",
    ),
    Sign(
        7,
        "Knowledge, calm, clarity, prompt inspection, kept packaging: each raises an honest buyer's remedy.",
        (
            Trial(
                f"{_EVIDENCE}a_careful_buyer_who_is_right_gets_more_of_what_he_deserves",
                partial(_buyers, evidence.careful_buyer),
            ),
            Trial(
                f"{_EVIDENCE}talks_about_remedies_give_a_careful_buyer_more",
                partial(_buyers, evidence.careful_buyer_in_talks),
            ),
            Trial(f"{_TALKS}calm_buyers_get_more", talks.calm),
        ),
    ),
    Sign(
        8,
        "Records, prompt answers and courtesy each lower the loss of a merchant in the right.",
        (
            Trial(
                f"{_EVIDENCE}records_and_prompt_answers_lower_the_loss_of_a_merchant_in_the_right", _merchants
            ),
            Trial(f"{_EVIDENCE}talks_about_remedies_cost_a_merchant_with_records_less", _records_in_talks),
            Trial(f"{_TALKS}courteous_merchants_lose_less", talks.courtesy),
            Trial("", evidence.answers_in_talks),
        ),
        "Holds only partly: prompt answers help where silence loses the case, or where the platform is the "
        "first to ask. Where talks come first and silence only counts against a merchant nothing is sure: "
        "who answers shows what speaks for him, and settles more, groundless claims too.",
    ),
    Sign(
        9,
        "Reasons make fewer losers ask for a review, the wronged no sooner than the rightly refused.",
        (
            Trial(f"{_AFTER}reasons_make_fewer_losers_ask_again", filings.reasons),
            Trial(f"{_AFTER}reasons_do_not_silence_the_wronged_before_the_others", filings.still_asked),
            Trial("", filings.still_asked_in_points),
        ),
        "Holds only partly: as the part of each group that still asks, and not counted in points of all "
        "losers, because the wronged ask more often and so have more reviews to give up.",
    ),
    Sign(
        10,
        "A machine with shared errors errs as often as one with its own, and spreads worlds further apart.",
        (
            Trial(
                "test_machine.py::test_shared_errors_leave_the_mean_and_spread_worlds_apart",
                machine.shared_errors,
            ),
        ),
    ),
    Sign(
        11,
        "Where filings are sent back to be cured, fewer valid claims are lost.",
        (Trial(f"{_AFTER}a_cure_loses_fewer_valid_claims", filings.cure),),
    ),
    Sign(
        12,
        "The worst shops stand worst, size held fixed.",
        (Trial("test_standing.py::test_the_worst_shops_stand_worst_size_held_fixed", care.standing),),
    ),
    Sign(
        13,
        "Under constant rules the market is at rest.",
        (
            Trial(f"{_CLAIMS}13_under_constant_rules_claims_come_to_rest", claims.rest),
            Trial(
                "test_rest.py::test_two_years_under_constant_rules_have_no_trend_in_the_last_half",
                market.rest_of_a_market,
            ),
        ),
    ),
    Sign(
        14,
        "One artefact has one weight: the readings of two sides agree.",
        (
            Trial(
                "test_shared_evidence.py::test_both_sides_weigh_the_same_thing_alike", artefacts.weights_apart
            ),
            Trial(
                "test_shared_evidence_talks.py::test_talks_weigh_one_thing_once_whoever_shows_it",
                artefacts.talks_apart,
            ),
        ),
    ),
    Sign(
        15,
        "Who deserves all, half or nothing gets remedies in this order.",
        (Trial(f"{_TALKS}remedies_follow_what_is_deserved", talks.remedies),),
        "A small harm is in this order among settlers only: rulings give the whole price for it, or nothing.",
    ),
)
