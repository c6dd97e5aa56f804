"""The accounts are the losses of the ledger, item by item, and payroll instead of working hours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.metrics.accounts import ITEMS, accounts
from evenhand.analysis.metrics.chunks import all_cells
from evenhand.analysis.metrics.costs import staff_hours
from evenhand.analysis.metrics.ledger import BUYERS, ledger
from evenhand.analysis.report.money import EVERYBODY, amounts, changes, judged
from tests.support import small

FEES: dict[str, Any] = {"screening": {"filing_fee": 3.0}, "funding": {"payer": "platform"}}
FIRMS: dict[str, Any] = {
    "behaviour": {"claims": {"enabled": True}, "representatives": {"enabled": True, "reach": 0.5}}
}


def run(world: dict[str, Any], rules: dict[str, Any]) -> sim.Run:
    """A few worlds of the small market."""
    return sim.simulate(
        small.scenario(world), small.policy(rules), seed=5, days=60, replications=4, engine="simpy"
    )


@pytest.mark.parametrize("world", [{}, FIRMS], ids=["nobody files for others", "claims firms"])
@pytest.mark.parametrize("rules", [{}, FEES], ids=["no fees", "fees and a platform that pays"])
def test_every_side_bears_what_the_ledger_says(world: dict[str, Any], rules: dict[str, Any]) -> None:
    """To a rounding; of the platform's payroll only the hours at work."""
    lived = run(world, rules)
    one, book = accounts(lived), ledger(lived)
    losses = dict(zip(book.parties, book.losses, strict=True))
    groups = [loss for (side, _), loss in losses.items() if side == "merchant"]
    buyers = [losses["buyer", kind] for kind in BUYERS]
    worked = sum(staff_hours(cells) for cells in all_cells(lived)) * lived.scenario.desks.hourly_cost
    payroll = one.money[0]
    assert one.side("merchants") == pytest.approx(np.sum(groups, axis=0))
    assert one.side("buyers") == pytest.approx(np.sum(buyers, axis=0))
    assert one.side("platform") - payroll + worked == pytest.approx(losses["platform", "platform"])
    assert one.everybody - payroll + worked == pytest.approx(losses["everybody", "everybody"])
    assert (payroll > worked).all(), "staff wait, too"


def test_items_are_those_of_the_sides_that_there_are() -> None:
    """Claims firms have a side of their own where there are any."""
    assert accounts(run(FIRMS, FEES)).items == ITEMS
    assert {item.side for item in accounts(run({}, {})).items} == {"platform", "merchants", "buyers"}


def test_a_month_is_thirty_days_and_a_half() -> None:
    """Sixty counted days are two months less a day; a dispute's share is that of all disputes."""
    lived = run({}, {})
    rows = {(row.side, row.item): row for row in amounts(lived)}
    one = accounts(lived)
    assert one.months == pytest.approx(60 / 30.4375)
    whole = rows[EVERYBODY, ""]
    assert whole.month == pytest.approx(one.everybody.mean() / one.months)
    assert whole.each == pytest.approx(one.everybody.sum() / len(lived.disputes["dispute"]))


def test_a_policy_that_shifts_money_changes_sides_and_not_the_sum_of_them() -> None:
    """Where the platform pays the refunds it pays more and merchants less, by about as much."""
    one, base = run({}, {"funding": {"payer": "platform"}}), run({}, {})
    rows = {(row.side, row.item): row for row in changes(one, base)}
    assert judged(rows["platform", "refunds"]) == "worse"
    assert judged(rows["merchants", "remedies"]) == "better"
    assert rows[EVERYBODY, ""].month == pytest.approx(
        sum(rows[side, ""].month for side in ("platform", "merchants", "buyers"))
    )
    assert {judged(row) for row in changes(base, base)} == {"unsure"}


def test_pieces_of_a_run_add_up_to_its_accounts() -> None:
    """A run that is read and dropped piece by piece has the payroll of all its replications."""
    asked: dict[str, Any] = {"seed": 5, "days": 60, "replications": 4}
    whole = sim.simulate(small.scenario(), small.policy(), engine="numba", **asked)
    pieces = sim.streamed(small.scenario(), small.policy(), **asked)
    assert accounts(pieces).money == pytest.approx(accounts(whole).money)
