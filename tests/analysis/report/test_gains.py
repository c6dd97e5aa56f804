"""Who bears what, who gains by a policy, what was asked and offered: counted on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.metrics import time_series as series
from evenhand.analysis.metrics.ledger import ledger
from evenhand.analysis.metrics.talks import talked_about
from evenhand.analysis.report.comparison_behaviour import behaviour_over_time, whole_steps
from evenhand.analysis.report.comparison_gains import gains, who_gains
from evenhand.analysis.report.exhibits.remedies import talks_by_harm
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import FITS_FULL, FITS_SMALL
from tests.support import handmade, respond
from tests.support.handmade import Row, row

HARM = {"severity": 0.8, "loss": 0.8, "adequate": FITS_FULL}
SPITE = {"cause": "malicious", "valid": False, "severity": 0.0, "loss": 0.3, "adequate": FITS_SMALL}
"""What he would like less about the goods is no harm."""


def ended(got: float, **more: object) -> Row:
    """A ruling that gave so much of a price of 100, all of it from the merchant."""
    return row("ruled", **{"buyer_value": got, "merchant_cost": got, "refund": got, **more})


def world(got: float, spent: float, replication: int = 0) -> list[Row]:
    """A real grievance and a malicious claim in one world, against two groups; the desk works hours too."""
    return [
        ended(got, **HARM, replication=replication, decision_hours=spent),
        ended(got / 2, **SPITE, replication=replication, merchant_group=1, merchant=1),
    ]


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    """Six worlds under a strict and a kind policy: refunds of 20 and 60, no more work for the desk."""
    made = {}
    for name, refund in (("strict", 20.0), ("kind", 60.0)):
        rows = [one for k in range(6) for one in world(refund + 4.0 * (k % 2), 1.0, k)]
        made[name] = handmade.run(rows, replications=6, scenario=respond.scenario())
    return made


def test_the_ledger_has_every_loss_once_and_everybody_is_the_sum(runs: dict[str, Run]) -> None:
    """Harm 80 less 20; 10 gained by spite; merchants 20 and 10; one hour of the desk; 50 of silent harm."""
    found = ledger(runs["strict"])
    of = dict(zip(found.parties, found.losses[:, 0], strict=True))
    hour = runs["strict"].scenario.desks.hourly_cost
    assert of["buyer", "valid"] == pytest.approx(80 - 20 + 50)
    assert of["buyer", "malicious"] == pytest.approx(-10)
    assert [of["merchant", name] for name in runs["strict"].labels("merchant_group")] == pytest.approx(
        [20, 10]
    )
    assert of["platform", "platform"] == pytest.approx(hour)
    np.testing.assert_allclose(found.losses[:-1].sum(axis=0), found.losses[-1])
    assert of["everybody", "everybody"] == pytest.approx(80 + 50 + hour)
    pooled = found.losses[-1].sum() / found.orders.sum()
    cost = analysis.outcomes(runs["strict"], ["social_cost_per_order"])["social_cost_per_order"]
    assert cost.value == pytest.approx(pooled)


def test_claims_firms_are_a_party_where_there_are_any() -> None:
    """A fee of 6 and work of 8 on one filing, less 30 of a refund of 100; everybody is still the sum."""
    market = respond.everything({"behaviour": {"representatives": {"enabled": True}}})
    firm = {"represented": True, "firm_fees": 6.0, "firm_work": 8.0, "commission": 30.0}
    won = ended(100.0, **HARM, filed_at=1.0, **firm)
    run = handmade.run([won, ended(20.0, **HARM)], scenario=market)
    found = ledger(run)
    of = {
        name: (loss[0], n[0])
        for (_, name), loss, n in zip(found.parties, found.losses, found.disputes, strict=True)
    }
    assert of["firms"] == pytest.approx((8 + 6 - 30, 1))
    assert of["platform"][0] == pytest.approx(-6)
    np.testing.assert_allclose(found.losses[:-1].sum(axis=0), found.losses[-1])
    assert ("firms", "claims firms") in [(one.side, one.name) for one in gains(run, run)]


def test_what_a_kinder_policy_gives_some_it_takes_from_others(runs: dict[str, Run]) -> None:
    """40 more of 500 orders is 80 for 1000; who was spiteful gains half of that; nothing is made or lost."""
    found = {(one.side, one.name): one for one in gains(runs["kind"], runs["strict"])}
    value = {key: one.value for key, one in found.items()}
    assert value["buyer", "with a real grievance"] == pytest.approx(80)
    assert value["buyer", "with a malicious claim"] == pytest.approx(40)
    assert sum(v for (side, _), v in value.items() if side == "merchant") == pytest.approx(-120)
    assert value["everybody", "everybody together"] == pytest.approx(0)
    assert found["buyer", "with a real grievance"].judgement == "better"
    assert found["everybody", "everybody together"].judgement == "unsure"


def test_the_exhibit_names_who_surely_gains_and_loses(runs: dict[str, Run]) -> None:
    """One scale for all parties, so that they can be compared; a row each in the table."""
    shown = who_gains(runs)
    assert "buyers with a real grievance (80 CNY)" in shown.sentence
    assert "lose" in shown.sentence
    assert len(shown.table.rows) == len(ledger(runs["kind"]).parties)
    assert len(shown.panels) == 1
    assert len(shown.panels[0].draw(960).axes) == 2, "the sheet, and one scale"
    alone = {name: replace(one, replications=1) for name, one in runs.items()}
    assert all(one.judgement == "unsure" for one in gains(alone["kind"], alone["kind"]))


def test_behaviour_has_a_line_for_each_policy_and_care_may_rise_above_one() -> None:
    """Merchants who take less care have bands above 1; a last step that is cut short is not drawn."""
    rows = [
        row("settled", closed_at=30.0, care_after=care, trust_after=0.5, replication=number, **SPITE)
        for number, care in enumerate((1.8, 1.4))
    ]
    run = handmade.run(rows, replications=2, scenario=respond.scenario())
    care = series.care(run, whole=True)
    assert care.names == ("",)
    assert care.mean[0, -1] == pytest.approx((1.4 + 1.2) / 2), "the second of two merchants has no dispute"
    assert care.low[0, -1] < care.mean[0, -1] < care.high[0, -1]
    made = series.claims(run, groundless=True)
    assert made.n.tolist() == [2]
    assert made.days.tolist() == [7.0, 10.0]
    assert whole_steps(made, 7.0).days.tolist() == [7.0]
    shown = behaviour_over_time({"one": run, "other": run})
    assert [panel.key for panel in shown.panels] == [
        "behaviour-groundless",
        "behaviour-care",
        "behaviour-trust",
    ]
    assert {row_[1] for row_ in shown.table.rows} == {"one", "other"}


def test_long_runs_are_shown_by_months() -> None:
    """Half a year of weeks would show luck; each claim still counts once."""
    run = handmade.run([row("open", opened_at=24 * 100.0)], days=200)
    found = series.claims(run)
    assert found.days.tolist() == [30, 60, 90, 120, 150, 180, 200]
    assert found.mean[0].tolist() == [0, 0, 0, 1, 0, 0, 0]


TALKED = [
    row("settled", **HARM, offer_ask=90.0, offer_worth=70.0, buyer_value=70.0),
    row("ruled", **HARM, offer_ask=70.0, offer_worth=30.0, buyer_value=80.0),
    row("settled", **HARM, buyer_value=10.0),
    row("open", **SPITE, offer_ask=50.0, offer_worth=0.0),
]


def test_what_was_asked_offered_and_agreed_by_what_was_deserved() -> None:
    """Two with great harm talked and one of them settled; where nothing was offered nothing counts."""
    found = talked_about(handmade.run(TALKED))
    full, none = found["full"], found["none"]
    assert [one.value for one in full] == pytest.approx([0.8, 0.8, 0.5, 0.7])
    assert [one.n for one in full] == [2, 2, 2, 1]
    assert [one.n for one in none] == [1, 1, 1, 0]
    assert np.isnan(none.agreed.value)
    assert found["half"].asked.n == 0


def test_the_exhibit_of_talks_says_so_where_there_were_none() -> None:
    """Talks about shares leave no sums: the page says that there is nothing to show."""
    shown = talks_by_harm(handmade.run(TALKED))
    assert "asked 80" in shown.sentence
    assert len(shown.table.rows) == 4
    none = talks_by_harm(handmade.run([row("settled", **HARM, buyer_value=10.0)]))
    assert none.sentence.startswith("No remedy was offered")
    assert none.panels[0].draw(464) is not None
