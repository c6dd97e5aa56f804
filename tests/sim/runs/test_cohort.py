"""Start-up and cohorts: everything is simulated and on record, and the days asked for are counted."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.analysis import outcomes
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.queueing import peak
from evenhand.sim.lifecycle.codes import DECISION
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.runner import simulate
from tests.support import small
from tests.support.runs import differing

DAYS, BEGINS = 30, 10


def lived(start_up: str = "0 d", **how: object) -> Run:
    """A month of the small market under SimPy, with or without start-up."""
    some = {"start_up": start_up, "market": {"orders_per_day": 120}}
    chosen: dict[str, object] = {"days": DAYS, "seed": 4, "engine": "simpy", **how}
    return simulate(small.scenario(some), small.policy(), **chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> Run:
    """All of it counted."""
    return lived()


@pytest.fixture(scope="module")
def begun() -> Run:
    """The same world with a start-up."""
    return lived(f"{BEGINS} d")


def test_start_up_changes_nothing_but_what_is_counted_of_merchants(whole: Run, begun: Run) -> None:
    """What is simulated is the same to the bit; orders are counted later."""
    assert set(differing(whole, begun)) <= {"merchants.orders", "merchants.silent", "merchants.suspensions"}
    ratio = begun.merchants["orders"].sum() / whole.merchants["orders"].sum()
    assert ratio == pytest.approx(1 - BEGINS / DAYS, abs=0.12)


def test_metrics_count_what_was_ordered_after_start_up(whole: Run, begun: Run) -> None:
    """Disputes about earlier orders are simulated, and are in the records, and in no metric."""
    later = whole.disputes["order_at"] >= 24 * BEGINS
    found = outcomes(begun, ["disputes", "disputes_per_thousand_orders"])
    assert 0 < found["disputes"].value == later.sum() < len(whole)
    rate = 1000 * later.sum() / begun.merchants["orders"].sum()
    assert found["disputes_per_thousand_orders"].value == pytest.approx(rate)


def test_a_desk_deals_with_the_disputes_of_start_up_too(whole: Run, begun: Run) -> None:
    """The queue after start-up has those in it who came before, as the desk does."""
    counted = Cells(begun)
    everybody, late = (peak(cells, DECISION).measured().value[0] for cells in (Cells(whole), counted))
    assert 0 < late <= everybody
    alone = peak(Cells(begun).all, DECISION).measured().value[0]
    assert alone >= late
    assert len(counted.all.index) == len(whole) > len(counted.index)


@pytest.mark.parametrize(("cohort", "column"), [("12..20", "order_at"), ("12..20:filing", "filed_at")])
def test_a_cohort_is_those_ordered_or_filed_in_its_days_followed_to_the_end(
    whole: Run, cohort: str, column: str
) -> None:
    """Its disputes may end after its last day; those still open count as open, as everywhere."""
    run, at = lived(cohort=cohort), whole.disputes[column]
    mine = (at >= 24 * 12) & (at < 24 * 20)
    found = outcomes(run, ["disputes", "open_share", "disputes_per_thousand_orders"])
    assert found["disputes"].value == mine.sum() > 0
    assert found["open_share"].value == pytest.approx((whole.disputes["ending"][mine] == 0).mean())
    assert found["open_share"].n == mine.sum()
    assert np.nanmax(whole.disputes["closed_at"][mine]) > 24 * 20
    assert run.merchants["orders"].sum() < 0.4 * whole.merchants["orders"].sum()


@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        ("20..20", "must end after it begins, found 20..20"),
        ("5..20", "must not begin before day 10, the end of start-up, found 5..20"),
        ("20..31:filing", "must end by day 30, the end of the run, found 20..31:filing"),
        ("20-25", "must be days such as '30..120' or '30..120:filing', found '20-25'"),
        ("20..25:reply", "must be days such as '30..120' or '30..120:filing', found '20..25:reply'"),
    ],
)
def test_a_cohort_that_is_not_in_the_run_is_refused(cohort: str, said: str) -> None:
    """Days that nobody simulated would count as days on which nothing happened."""
    with pytest.raises(ValueError, match=r"^cohort: ") as refused:
        lived(f"{BEGINS} d", cohort=cohort)
    assert str(refused.value) == f"cohort: {said}"


def test_a_run_that_is_all_start_up_is_refused() -> None:
    """It would count nothing at all."""
    with pytest.raises(ValueError, match="days must be more than the 10 of start-up, found 10"):
        lived(f"{BEGINS} d", days=BEGINS)


def test_a_cohort_says_itself_as_it_is_read() -> None:
    """It stands in plans and manifests as text."""
    for cohort in (Cohort(3, 9), Cohort(3, 9, "filing")):
        assert Cohort.read(str(cohort)) == cohort
