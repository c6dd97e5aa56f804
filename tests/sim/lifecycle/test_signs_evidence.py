"""The signs of evidence: what a careful party gains by care, over paired worlds with an interval."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from evenhand.sim.lifecycle.codes import OPEN
from evenhand.sim.runs.records import Columns
from evenhand.sim.runs.runner import simulate
from tests.support import patch, small, talking
from tests.support.evidence import POLICY, SCENARIO

WORLDS, DAYS = 12, 90
STILL: dict[str, Any] = {"behaviour": {"open_loop": True}}


class Difference(NamedTuple):
    """A mean difference over paired worlds, and half of its 95 % interval."""

    mean: float
    half: float

    def __str__(self) -> str:
        return f"{100 * self.mean:+.2f} +- {100 * self.half:.2f} points"


def run(
    changes: dict[str, Any], policy: dict[str, Any] | None = None, market: dict[str, Any] | None = None
) -> Columns:
    """All disputes of some worlds in which people do not change, of another market if one is given."""
    scenario = patch.scenario(
        patch.lay_over(patch.lay_over(patch.lay_over(market or {}, SCENARIO), STILL), changes)
    )
    rules = small.policy(patch.lay_over(POLICY, policy or {}))
    return simulate(scenario, rules, seed=31, replications=WORLDS, days=DAYS, events=False).disputes


def by_world(values: NDArray[Any], among: NDArray[np.bool_], d: Columns) -> list[float]:
    """Means of values over some disputes, world by world."""
    return [float(values[among & (d["replication"] == k)].mean()) for k in range(WORLDS)]


def remedy(d: Columns) -> list[float]:
    """What an honest buyer gets of what he deserves, on average, by world."""
    got = np.divide(d["share"], d["deserved"], out=np.zeros(len(d["share"])), where=d["valid"])
    return by_world(got, d["valid"], d)


def loss(d: Columns) -> list[float]:
    """What a merchant in the right gives up of the amount, on average, by world."""
    return by_world(d["share"], ~d["valid"], d)


def difference(more: list[float], less: list[float]) -> Difference:
    """Paired: world by world under the same luck."""
    gaps = np.array(more) - np.array(less)
    return Difference(
        float(gaps.mean()), float(stats.t.ppf(0.975, WORLDS - 1) * gaps.std(ddof=1) / np.sqrt(WORLDS))
    )


def everybody(side: str, **traits: Any) -> dict[str, Any]:
    """Changes that give all groups of a side the same traits."""
    return {side: {"groups": dict.fromkeys(small.SCENARIO[side]["groups"], traits)}}


PROMPT, SLOW = ({"law": "exponential", "mean": hours} for hours in ("6 h", "200 h"))
CARE = {
    "knowledge of the rules": ({"knowledge": 0.95}, {"knowledge": 0.05}),
    "prompt inspection": ({"promptness": PROMPT}, {"promptness": SLOW}),
    "kept packaging": ({"keeps_packaging": 1.0}, {"keeps_packaging": 0.0}),
    "calm": ({"composure": 1.0}, {"composure": 0.2}),
    "clarity": ({"clarity": 1.0}, {"clarity": 0.0}),
}


def worth(d: Columns) -> list[float]:
    """What an honest buyer has from a dispute about remedies, as a share of the price, by world."""
    return by_world(d["buyer_value"] / d["amount"], d["valid"] & (d["ending"] != OPEN), d)


def cost(d: Columns) -> list[float]:
    """What a dispute about remedies costs a merchant in the right, as a share of the price, by world."""
    return by_world(d["merchant_cost"] / d["amount"], ~d["valid"] & (d["ending"] != OPEN), d)


@pytest.mark.parametrize("care", CARE)
def test_talks_about_remedies_give_a_careful_buyer_more(care: str) -> None:
    """Sign 7 where talks are about remedies: what such care proves is worth something before any ruling."""
    more, less = (worth(run(everybody("buyers", **traits), market=talking.CHANGES)) for traits in CARE[care])
    found = difference(more, less)
    assert found.mean - found.half > 0, f"{care}: {found}"


def test_talks_about_remedies_cost_a_merchant_with_records_less() -> None:
    """Sign 8 where talks are about remedies: records that speak for the merchant are known in the talks."""
    more, less = (
        cost(run(everybody("merchants", record_keeping=factor), market=talking.CHANGES))
        for factor in (1.6, 0.3)
    )
    found = difference(more, less)
    assert found.mean + found.half < 0, f"records: {found}"


@pytest.mark.parametrize("care", CARE)
def test_a_careful_buyer_who_is_right_gets_more_of_what_he_deserves(care: str) -> None:
    """Sign 7: better knowledge, prompt inspection, kept packaging, calm and clarity each raise the remedy."""
    more, less = (remedy(run(everybody("buyers", **traits))) for traits in CARE[care])
    found = difference(more, less)
    assert found.mean - found.half > 0, f"{care}: {found}"


def test_better_records_lower_the_loss_of_a_merchant_in_the_right() -> None:
    """Sign 8, the part of evidence: what is on record need not be believed."""
    more, less = (loss(run(everybody("merchants", record_keeping=factor))) for factor in (1.6, 0.3))
    found = difference(more, less)
    assert found.mean + found.half < 0, f"records: {found}"


def test_a_platform_that_looks_at_its_own_records_errs_less() -> None:
    """What it sees joins the file whoever hides it: fewer wrong rulings on both kinds of claims."""
    errors = []
    for sees in (1.0, 0.0):
        looks = {"evidence": {"platform_sees": dict.fromkeys(("chat_log", "product_page"), sees)}}
        d = run({}, looks)
        errors.append(by_world(d["upheld"] != d["valid"], ~np.isnan(d["belief"]), d))
    found = difference(*errors)
    assert found.mean + found.half < 0, f"wrong rulings: {found}"


def test_false_alarms_cost_honest_buyers_and_only_them() -> None:
    """A detector that cries wolf takes remedies from buyers who are right."""
    always = {"decision": {"checks": {"share": 1.0, "on_request": False}}}
    shares = []
    for alarms in (0.3, 0.0):
        detector = {"detection": 0.7, "machine_made": 0.3, "false_alarms": alarms}
        checks = {"decision": {"checks": {"detectors": {"photo": detector, "video": detector}}}}
        shares.append(remedy(run({}, patch.lay_over(always, checks))))
    found = difference(*shares)
    assert found.mean + found.half < 0, f"false alarms: {found}"
