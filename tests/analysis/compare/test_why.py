"""Why a difference was found: from counts over the same disputes under both policies, and nothing else."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.compare.moves import KNOWN, LATER, UNMOVED, Moves, moves
from evenhand.analysis.compare.partings import NOWHERE, STEPS, acting, part
from evenhand.analysis.compare.paths import PATHS, paths
from evenhand.analysis.compare.ways import LEAST, Ways
from evenhand.analysis.compare.why import words
from evenhand.analysis.counterfactual.attribution_settings import settings
from evenhand.analysis.metrics.registry import METRICS
from evenhand.locale.current import language
from evenhand.sim.lifecycle.activities import ACTIVITIES
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.runner import simulate
from tests.support import small

MARKET = {"market": {"orders_per_day": 120}}
SHORT = {"windows": {"merchant_evidence": "6 h"}}
HOW = {"days": 60, "engine": "simpy"}


@pytest.fixture(scope="module")
def both() -> tuple[Run, Run]:
    """One world under a policy and under one with a shorter window, in which nobody learns."""
    made = [
        simulate(small.scenario(MARKET), small.policy(changes), open_loop=True, **HOW)
        for changes in (None, SHORT)
    ]
    return made[0], made[1]


@pytest.fixture(scope="module")
def counts(both) -> Moves:
    return moves(*both, tuple(METRICS.values()))


@pytest.fixture(scope="module")
def way(both, counts) -> Ways:
    base, policy = both
    return Ways(
        "world",
        "short",
        "rules",
        tuple(METRICS),
        counts,
        settings(base.policy, policy.policy),
        ("Flagships", "Small shops"),
        policy.policy.answer.silence,
    )


def of(run: Run) -> dict[int, str]:
    """The path of each dispute by its number, one by one."""
    return {
        int(number): PATHS[path] for number, path in zip(run.disputes["dispute"], paths(run), strict=True)
    }


def test_moves_are_the_disputes_that_change_their_path_one_by_one(both, counts):
    """Matched by number, counted in Python: the same from path to path, and nobody counted twice."""
    before, after = map(of, both)
    naive = Counter(
        (before.get(number, "absent"), after.get(number, "absent")) for number in before.keys() | after.keys()
    )
    for move in KNOWN:
        if not move.stays:
            here = int(counts.disputes[list(move.there)].sum())
            back = int(counts.disputes[list(move.back)].sum())
            assert here == naive[move.before, move.after]
            assert back == naive[move.after, move.before]
    assert counts.disputes.sum() == len(before.keys() | after.keys())
    a, b = counts.of_paths()
    assert dict(zip(PATHS, a.tolist(), strict=True)) == {name: naive_total(before, name) for name in PATHS}
    assert b[1:].tolist() == [naive_total(after, name) for name in PATHS[1:]]


def naive_total(found: dict[int, str], name: str) -> int:
    return sum(one == name for one in found.values())


def test_every_dispute_has_a_path_that_its_ending_and_decider_say(both):
    """Silence, reviews and who decided are told apart; nothing falls through."""
    for run in both:
        endings, found = run.labels("ending"), of(run)
        for row, number in enumerate(run.disputes["dispute"]):
            ending = endings[run.disputes["ending"][row]]
            filed = not np.isnan(run.disputes["filed_at"][row])
            expected = {
                "settled": {"conceded", "agreed"} if filed else {"settled"},
                "ruled": {"ruled", "unanswered", "by_rule", "by_panel", "by_model", "reviewed"},
                "defaulted": {"defaulted"} if filed else {"silent_in_talks"},
                "open": {"open"},
                "inadmissible": {"not_admitted"},
                "lapsed": {"late"},
                "abandoned": {"withdrawn"} if filed else {"given_up"},
                "withdrawn": {"withdrawn"},
            }[ending]
            assert found[int(number)] in expected


def test_what_moves_add_makes_the_whole_difference(both, way):
    """The parts are exact: all together they are the pooled value under the policy less the baseline's."""
    base, policy = (analysis.outcomes(run) for run in both)
    checked = 0
    for row, name in enumerate(METRICS):
        top_a, bottom_a, _, bottom_b = way.counts.sums[row]
        if not bottom_a or not bottom_b or name.endswith(("_to_close", "_after_filing")):
            continue
        difference = policy[name].value - base[name].value
        adds = (way.counts.top[row] - top_a / bottom_a * way.counts.bottom[row]) / bottom_b
        assert np.isclose(adds.sum(), difference, rtol=1e-9, atol=1e-9), name
        checked += 1
    assert checked > 30


def test_a_dispute_parts_at_the_first_step_that_goes_otherwise(both, counts):
    """Who answers in three days and not in six hours parts at the answer, where the window acts."""
    base, policy = both
    differing = settings(base.policy, policy.policy)
    assert [one.path for one in differing] == ["windows.merchant_evidence"]
    silent = next(one for one in KNOWN if (one.before, one.after) == ("ruled", "unanswered"))
    steps = counts.steps[list(silent.there)].sum(axis=0)
    assert steps.sum() > 0
    at = [step for step in range(len(STEPS)) if steps[step].sum()]
    assert all(acting(step, differing, only_time=False) == differing for step in at)
    assert "stayed silent" in {name for step in at for name in STEPS[step].activities}
    assert acting(NOWHERE, differing, only_time=False) == ()


def test_a_run_beside_itself_parts_nowhere(both):
    """Times that are not there are no difference."""
    base, _ = both
    rows = np.arange(len(base))
    assert (part(base, base, rows, rows).step == NOWHERE).all()
    alike = moves(base, base, ())
    assert alike.disputes[UNMOVED].sum() == len(base) == alike.disputes.sum()


def test_a_move_is_shown_by_one_of_its_own_disputes(both, counts):
    """Of the disputes that make it, the one whose amount is the middle one."""
    before, after = map(of, both)
    amounts = dict(zip(both[0].disputes["dispute"].tolist(), both[0].disputes["amount"], strict=True))
    seen = 0
    for move in KNOWN:
        if move.stays:
            continue
        (number,) = move.there
        mine = [n for n in before if (before[n], after.get(n)) == (move.before, move.after)]
        world, dispute = counts.examples[number]
        assert (world >= 0) == bool(mine)
        if mine:
            seen += 1
            assert dispute in mine
            middle = sorted(amounts[n] for n in mine)[(len(mine) - 1) // 2]
            assert amounts[int(dispute)] == middle
    assert seen


def test_counts_of_worlds_add_up_and_do_not_grow(both):
    """What is kept of a world has one size, however many disputes it has, and travels between processes."""
    metrics = tuple(METRICS.values())
    longer = [replace_days(run, 80) for run in both]
    one, other = moves(*both, metrics), moves(*longer, metrics)
    assert [column.shape for column in one] == [column.shape for column in other]
    assert len(longer[0]) > len(both[0])
    together = one.join(other)
    for name in Moves._fields[:-1]:
        np.testing.assert_allclose(getattr(together, name), getattr(one, name) + getattr(other, name))
    first = one.examples[:, 0] >= 0
    np.testing.assert_array_equal(together.examples[first], one.examples[first])
    np.testing.assert_array_equal(together.examples[~first], other.examples[~first])
    assert pickle.loads(pickle.dumps(one)).disputes.tolist() == one.disputes.tolist()


def replace_days(run: Run, days: int) -> Run:
    return simulate(run.scenario, run.policy, days=days, engine="simpy", open_loop=True)


@pytest.fixture(scope="module")
def found():
    rules = {"rules": small.policy(), "again": small.policy(), "short": small.policy(SHORT)}
    return analysis.compare(small.scenario(MARKET), rules, replications=8, open_loop=True, **HOW)


@pytest.mark.process
def test_a_difference_that_is_found_says_why_and_no_other_does(found):
    """Only what is told apart from luck has a reason; a policy beside itself moves nobody."""
    told = [one for one in found.differences if one.verdict in {"higher", "lower"}]
    assert {one.policy for one in told} == {"short"}
    assert any(one.metric == "merchant_missed_share" for one in told)
    for one in found.differences:
        assert (found.why(one) is not None) == (one in told)
    assert found.way("again", "scenario").moved == 0


@pytest.mark.process
def test_the_reason_names_paths_rule_and_numbers(found):
    """A shorter window: more merchants miss it, through that window, and what their silence then means."""
    one = found.of("merchant_missed_share", policy="short")
    why = found.why(one)
    assert isfinite(why.whole)
    assert why.whole == pytest.approx(one.difference, rel=0.1)
    assert why.moves[0].move.after in {"unanswered", "defaulted"}
    assert all(move.adds / why.whole >= LEAST for move in why.moves)
    assert [each.setting.path for each in why.through] == ["windows.merchant_evidence"]
    assert 0.8 * why.n < why.acted <= why.n
    said = why.sentence
    assert "through windows.merchant_evidence: " in said
    assert words.SILENCE_MEANS[small.policy(SHORT).answer.silence] in said
    assert f"{why.moves[0].n:,} disputes go from" in said
    document = found.to_json()
    by_metric = {(each["metric"], each["policy"]): each["why"] for each in document["comparisons"]}
    assert by_metric["merchant_missed_share", "short"]["sentence"] == said
    assert by_metric["merchant_missed_share", "again"] is None
    (again, short) = document["ways"]
    assert (again["policy"], again["another_way"], short["another_way"] > 0) == ("again", 0, True)


@pytest.mark.process
def test_reasons_are_told_in_chinese(found):
    """Everything but names and settings is in the language in force; JSON stays English."""
    why = found.why(found.of("merchant_missed_share", policy="short"))
    english = why.as_json()["sentence"]
    with language("zh"):
        said = why.sentence
        assert why.as_json()["sentence"] == english
    assert said.startswith("原因：")
    assert "disputes" not in said
    assert "windows.merchant_evidence" in said


def test_a_time_is_told_by_those_who_take_longer_than_before(both, way):
    """Medians do not add up over disputes; the share that takes longer than the baseline's time does."""
    row = list(METRICS).index("median_hours_to_close")
    top, bottom, *_ = way.counts.sums[row]
    usual = analysis.outcomes(both[0])["median_hours_to_close"].value
    d = both[0].disputes
    took = np.where(np.isnan(d["closed_at"]), both[0].horizon, d["closed_at"]) - d["opened_at"]
    longer = took > usual
    assert top == longer.sum()
    assert bottom == (longer | ~np.isnan(d["closed_at"])).sum()


def test_only_time_is_never_told_as_another_way(counts, way):
    """Hardly a dispute keeps its times where people react to each other; that is no other path."""
    later = counts.disputes[LATER:].sum()
    assert way.moved == way.all - later - counts.disputes[UNMOVED].sum()
    assert not any(one.move.same_result for one in way.largest(100))
    shown = way.largest(100)
    assert sum(one.n + one.back for one in shown) == way.moved


def test_steps_name_activities_that_there_are():
    """An activity that is renamed would silently act nowhere."""
    assert {name for step in STEPS for name in step.activities} <= set(ACTIVITIES)


def test_where_no_changed_rule_acts_the_reason_says_so(both, way):
    """A change that came by other disputes must not be put down to a rule."""
    nothing = replace(way, differing=())
    told = nothing.largest(2)
    assert nothing.through(told) == ((), 0)
