"""Categories of goods and shares of groups: what is declared is what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from evenhand.sim.sampling.population import draw_people, merchant_group
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.vocabulary import GOODS, REMORSE
from tests.support import respond, small
from tests.support.runs import compiled


def test_categories_differ_in_causes_and_leave_overall_rates_alone() -> None:
    """Three in four are clothes, six in seven of what is regretted; and no candidate comes or goes."""
    plain, sorted_ = (
        compiled(scenario, small.policy(), seed=8, days=60, open_loop=True, replications=4)
        for scenario in (small.scenario(), respond.scenario(respond.CATEGORIES))
    )
    assert plain.disputes["position"].tobytes() == sorted_.disputes["position"].tobytes()
    regret = sorted_.disputes["cause"] == REMORSE
    for mask, share in ((regret, 6 / 7), (~regret, 3 / 4)):
        found, n = (sorted_.disputes["category"][mask] == 0).mean(), mask.sum()
        assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / n)


def test_a_category_has_its_own_amounts_and_kind() -> None:
    """Cameras are durable and dear; clothes are as the market is."""
    disputes = compiled(respond.scenario(respond.CATEGORIES), small.policy(), seed=8, days=60).disputes
    cameras = disputes["category"] == 1
    assert (disputes["goods"][cameras] == GOODS.index("durable")).all()
    assert np.median(disputes["amount"][cameras]) > 2 * np.median(disputes["amount"][~cameras])


def test_salvage_is_of_what_came_back_and_falls_with_the_harm() -> None:
    """Worth .6 undamaged, half of that when all is lost; nothing where nothing was sent back."""
    disputes = compiled(respond.scenario(respond.CATEGORIES), small.policy(), seed=8, days=60).disputes
    clothes = disputes["category"] == 0
    expected = 0.6 * (1.0 - 0.5 * disputes["severity"])
    np.testing.assert_allclose(disputes["salvage"][clothes], expected[clothes])
    returned = disputes["merchant_salvage"] > 0.0
    assert returned.any()
    freight = disputes["buyer_freight"] + disputes["merchant_freight"]
    assert (freight[returned] > 0.0).all()
    worth = disputes["salvage"] * disputes["merchant_paid"]  # whole refunds: the amount, as far as it paid
    whole = returned & (disputes["share"] == 1.0)
    np.testing.assert_allclose(disputes["merchant_salvage"][whole], worth[whole])


def _sales(**shares: float | None) -> Any:
    return small.scenario({"merchants": {"groups": {k: {"sales_share": v} for k, v in shares.items()}}})


def test_a_group_sells_its_share_however_few_it_has() -> None:
    """A fifth of the merchants may sell a twentieth: no hidden order by size."""
    scenario = _sales(flagship=0.05, small=0.95)
    share = draw_people(scenario, Luck(1, 0)).merchant_share
    sold = np.bincount(merchant_group(scenario), share)
    np.testing.assert_allclose(sold, [0.05, 0.95])
    assert share[0] / share[1] == pytest.approx(2**0.8), "inside a group sizes fall by rank"


@pytest.mark.parametrize("shares", [{"flagship": 0.5, "small": None}, {"flagship": 0.5, "small": 0.6}])
def test_shares_of_sales_are_for_all_groups_and_sum_to_one(shares: dict[str, float | None]) -> None:
    """Half a statement would be filled in by a rule that nobody reads."""
    with pytest.raises(ValidationError, match="sales"):
        _sales(**shares)


def test_a_group_may_have_more_of_one_cause() -> None:
    """Counterfeits as a business: six times as many, and all else as it was."""
    usual = draw_people(small.scenario(), Luck(1, 0)).cause_rate
    more = small.scenario({"merchants": {"groups": {"small": {"causes": {"counterfeit": 6.0}}}}})
    changed = draw_people(more, Luck(1, 0)).cause_rate / usual
    assert np.isclose(changed[-1, 6], 6.0)
    assert np.allclose(np.delete(changed, 6, axis=1), 1.0)
