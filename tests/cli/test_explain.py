"""`evenhand explain`: the story of a dispute agrees with its record, and keeps the truth for the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import sim
from evenhand.cli.explain import UNSEEN, consequences, print_dispute
from evenhand.cli.main import app
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute, chance, find, kinds
from evenhand.explain.evidence import brought, shown_by_buyer, shown_by_merchant
from evenhand.explain.narrative import _DETAILS, timeline
from evenhand.explain.truth import hidden
from evenhand.sim.lifecycle.activities import ACTIVITIES, TABLE
from evenhand.storage.run_dir import open_run
from tests.support.app_files import finished

RULES: dict[str, dict[str, Any]] = {
    "desk": {},
    "panel": {
        "decision": {"decider": "panel", "panel": {"size": 7, "quorum": 5}},
        "review": {"decider": "panel", "limit": 2, "size_factor": 2, "size_plus": 1},
    },
    "mediation": {
        "mediation": {"rounds": 3, "push": 0.3},
        "screening": {"filing_fee": 3},
        "review": {"fee_share": 0.05, "loser_pays": True, "new_evidence": False, "limit": 3},
    },
    "reformed": {
        "decision": {"automatic": {"enabled": True, "max_amount": 60}},
        "answer": {"silence": "buyer_wins"},
        "reforms": [{"starts": 20, "retroactive": True, "changes": {"review": {"deference": 0.5}}}],
    },
}


@pytest.fixture(scope="module", params=list(RULES))
def run(request, tmp_path_factory) -> sim.Run:
    """A finished run under each of the rules, read from its folder."""
    folder = Path(tmp_path_factory.mktemp("runs")) / request.param
    finished(folder, RULES[request.param], days=50)
    return open_run(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The folder of a run with two replications."""
    made = Path(tmp_path_factory.mktemp("runs")) / "desk"
    finished(made, days=50, replications=2)
    return made


def disputes(run: sim.Run) -> Iterator[StoryOfDispute]:
    for number, replication in zip(run.disputes["dispute"], run.disputes["replication"], strict=True):
        yield find(run, int(number), int(replication))


def explain(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["explain", *arguments], catch_exceptions=False)


def test_there_is_a_sentence_for_every_activity():
    """A new activity in the log must not surprise a reader of an old story."""
    assert set(_DETAILS) <= set(ACTIVITIES)
    assert all(one.phrase and one.told_of for one in TABLE)


@pytest.mark.process
def test_every_dispute_has_a_story_in_the_order_of_time(run):
    """Whatever happened to a dispute, it can be told, from the order on."""
    for d in disputes(run):
        times = [moment.at for moment in timeline(d)]
        assert times == sorted(times)
        assert times[0] == d["order_at"]
        assert len(times) >= len(d.events) + 2
        assert brought(d)
        assert hidden(d)
        assert verdict(d)


def test_the_terms_add_up_to_the_belief_and_the_verdict_follows(run):
    """Explain must not tell another sum than the one that decided."""
    told = 0
    for d in disputes(run):
        added = terms(d)
        if not added:
            assert d.rulings == 0
            continue
        *parts, belief, standard = (term.nats for term in added)
        assert sum(parts) == pytest.approx(d["belief"])
        assert (belief, standard) == (d["belief"], d["standard"])
        if d["decider"] in ("desk", "rule"):
            assert (": for the merchant" in verdict(d)) == (not d["upheld"])
        if d["decider"] == "rule":
            assert parts[-1] == pytest.approx(0)
        told += 1
    assert told > 20


def test_what_was_sent_weighs_what_the_decider_added(run):
    """The weights of the evidence section and the terms of the belief are two views of one file."""
    compared = 0
    for d in disputes(run):
        if not d.happened("belief") or d["reviews"] >= d.rulings:
            continue
        thin = d.policy.decision.thin_inference
        if not d["buyer_found_out"]:
            own = shown_by_buyer(d) if d["buyer_showed"] else -thin
            rebuttal = d["supplement_weight"] if d["supplemented"] else 0.0
            assert d["term_buyer"] == pytest.approx(own + rebuttal + d["new_evidence"])
        if not d["merchant_found_out"]:
            nothing = 0.0 if d.silent else thin
            assert d["term_merchant"] == pytest.approx(
                shown_by_merchant(d) if d["merchant_showed"] else nothing
            )
        compared += 1
    assert compared > 20


def test_rating_before_and_after_differ_by_the_step_of_the_policy(run):
    """The rating before a dispute is on no row of its own; it is found in the log of the others."""
    moved = 0
    for d in disputes(run):
        if d["ending"] not in ("ruled", "defaulted"):
            continue
        before, after = d.standing("merchant", "rating_after")
        step, target = d.policy.sanctions.rating_step, 0.0 if d["upheld"] else 1.0
        assert after == pytest.approx(before + step * (target - before))
        moved += 1
    assert moved > 20


def test_the_story_without_its_end_does_not_depend_on_the_truth(run, capsys):
    """What stands above the last heading is what could be known; the truth stands below it."""
    columns = dict(run.disputes)
    columns["valid"] = ~columns["valid"]
    columns["deserved"] = 1 - columns["deserved"]
    columns["fault"] = (columns["fault"] + 1) % 4
    columns["cause"] = (columns["cause"] + 1) % 11
    other = replace(run, disputes=columns)
    for number in run.disputes["dispute"][::40]:
        stories = []
        for world in (run, other):
            print_dispute(find(world, int(number), 0))
            stories.append(capsys.readouterr().out.partition(UNSEEN))
        assert stories[0][0] == stories[1][0]
        assert stories[0][2] != stories[1][2]


@pytest.mark.process
def test_a_story_has_dates_people_evidence_terms_and_truth(folder):
    """One example in full, as a user sees it."""
    run = open_run(folder)
    d = next(d for d in disputes(run) if d["merchant_forged"] and d.rulings == 2 and d["replication"] == 1)
    text = explain(str(folder), str(d["dispute"]), "--replication", "1").stdout
    filed = f"{datetime(2025, 9, 1) + np.timedelta64(int(d['filed_at'] * 60), 'm').item():%Y-%m-%d %H:%M}"  # noqa: DTZ001
    assert re.search(rf"{filed} +buyer +applies for intervention", text)
    assert f"CNY {d['amount']:,.2f}" in text
    assert f"= belief {d['belief']:+.2f}" in re.sub(" +", " ", text)
    seen, _, unseen = text.partition(UNSEEN)
    assert "asks for a review" in seen
    assert kinds(d["buyer_kinds"]) in seen
    assert "valid: " in unseen
    assert "forged evidence here" in unseen
    assert "The buyer's trust in the platform" in seen


def test_money_and_work_are_told_as_recorded(run):
    """Amounts in words must be the amounts on record."""
    for d in disputes(run):
        said = " ".join(consequences(d))
        assert (f"paid by the {'platform' if d['platform_paid'] > 0 else 'merchant'}" in said) == (
            d["refund"] > 0
        )
        assert (f"{d['mediation_hours']:.2f} h mediation" in said) == (d["mediation_hours"] > 0)
        assert ("days from first complaint" in said) == (d["ending"] != "open")


@pytest.mark.process
def test_an_unknown_number_is_answered_with_the_numbers_that_there_are(folder):
    """Not every candidate became a dispute, so numbers have gaps."""
    numbers = open_run(folder).disputes["dispute"]
    told = explain(str(folder), "999999")
    assert told.exit_code == 2
    assert re.search(r"no dispute 999999 in replication 0: numbers run from \d+ to \d+", told.stderr)
    near = [int(text) for text in re.findall(r"nearest are (\d+) and (\d+)", told.stderr)[0]]
    assert set(near) <= set(numbers.tolist())
    assert explain(str(folder), str(near[0])).exit_code == 0
    told = explain(str(folder), str(near[0]), "--replication", "2")
    assert told.stderr == "evenhand: --replication: must be 0 to 1 in this run, found 2\n"


def test_a_story_that_is_piped_has_no_colours(folder, monkeypatch):
    """A log file is not a terminal."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    number = open_run(folder).disputes["dispute"][0]
    assert "\x1b" not in explain(str(folder), str(number)).stdout


def test_log_odds_become_chances():
    """The only formula here, at points that everybody knows."""
    assert chance(0.0) == 0.5
    assert chance(np.log(3)) == pytest.approx(0.75)
    assert chance(-1000.0) == 0.0
    assert kinds(0b100101) == "photo, chat log, inspection report"
    assert kinds(0) == "nothing"
