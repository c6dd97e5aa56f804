"""The signs of evidence: what a careful party gains by care, over paired worlds with an interval."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import patch
from tests.support.signs.effect import Effect, hold
from tests.support.signs.evidence import (
    CARE,
    MERITS,
    by_world,
    careful_buyer,
    careful_buyer_in_talks,
    merchant_of,
    records_in_talks,
    remedy,
    run,
)


@pytest.mark.parametrize("care", CARE)
def test_talks_about_remedies_give_a_careful_buyer_more(care: str) -> None:
    """Sign 7 where talks are about remedies: what such care proves is worth something before any ruling."""
    hold([careful_buyer_in_talks(care)])


def test_talks_about_remedies_cost_a_merchant_with_records_less() -> None:
    """Sign 8 where talks are about remedies: records that speak for the merchant are known in the talks."""
    hold([records_in_talks()])


@pytest.mark.parametrize("care", CARE)
def test_a_careful_buyer_who_is_right_gets_more_of_what_he_deserves(care: str) -> None:
    """Sign 7: better knowledge, prompt inspection, kept packaging, calm and clarity each raise the remedy."""
    hold([careful_buyer(care)])


@pytest.mark.parametrize("merit", MERITS)
def test_records_and_prompt_answers_lower_the_loss_of_a_merchant_in_the_right(merit: str) -> None:
    """Sign 8: what is on record need not be believed, and who answers in time is heard."""
    hold([merchant_of(merit)])


def test_a_platform_that_looks_at_its_own_records_errs_less() -> None:
    """What it sees joins the file whoever hides it: fewer wrong rulings on both kinds of claims."""
    errors = []
    for sees in (1.0, 0.0):
        looks = {"evidence": {"platform_sees": dict.fromkeys(("chat_log", "product_page"), sees)}}
        d = run({}, looks)
        errors.append(by_world(d["upheld"] != d["valid"], ~np.isnan(d["belief"]), d))
    effect = Effect.over("wrong rulings, looks less does not", errors[0] - errors[1], "points", below=0.0)
    assert effect.holds, effect


def test_false_alarms_cost_honest_buyers_and_only_them() -> None:
    """A detector that cries wolf takes remedies from buyers who are right."""
    always = {"decision": {"checks": {"share": 1.0, "on_request": False}}}
    shares = []
    for alarms in (0.3, 0.0):
        detector = {"detection": 0.7, "machine_made": 0.3, "false_alarms": alarms}
        checks = {"decision": {"checks": {"detectors": {"photo": detector, "video": detector}}}}
        shares.append(remedy(run({}, patch.lay_over(always, checks))))
    effect = Effect.over("remedy, alarms less none", shares[0] - shares[1], "points", below=0.0)
    assert effect.holds, effect
