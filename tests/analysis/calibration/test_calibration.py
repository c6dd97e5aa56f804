"""Calibration as a whole: a log made by a known scenario gives it back, and says what it cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from evenhand import analysis, scenarios, sim
from evenhand.analysis.calibration.calibration import Calibration, calibrate
from evenhand.analysis.calibration.direct import fit_direct
from evenhand.analysis.calibration.distances import MEASURES, measures_of
from evenhand.analysis.calibration.field import Fit
from evenhand.analysis.calibration.hidden import hints_of, knobs
from evenhand.analysis.calibration.identify import identify, tolerance
from evenhand.analysis.calibration.journal import Journal
from evenhand.analysis.calibration.judged import judge
from evenhand.analysis.calibration.knob import Knob
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.mapping import Mapping
from evenhand.analysis.calibration.patch import laid, scenario_of, tree_of
from evenhand.analysis.calibration.search import SearchProblem, SearchResult, search
from evenhand.analysis.calibration.simulated import simulated_log
from evenhand.analysis.report.calibration_page import written
from evenhand.scenarios.ranges import ranges
from evenhand.sim.runs.seeds import FIRST_RESERVED, search_seed

MAPPING = Mapping.model_validate(
    {"columns": {"opened": "a", "closed": "b"}, "sampled_by": "closing", "source": "made"}
)
DAYS = 120


def quiet(_what: str, _done: int) -> None:
    """Tell nobody."""


def small(**changes: Any) -> sim.Scenario:
    """Tmall's market with few people, at once at the platform, so that a log takes a moment to make."""
    at_once = {"law": "constant", "value": 0.0}
    patch: dict[tuple[str, ...], Any] = {
        ("days",): 400,
        ("market", "festivals"): [],
        ("market", "delivery"): at_once,
        ("buyers", "count"): 1000,
        ("merchants", "count"): 300,
        ("behaviour", "open_loop"): True,
        ("market", "orders_per_day"): 1000.0,
        ("merchants", "problem_spread"): 0.0,
    }
    base = tree_of(scenarios.load("tmall_unresponsive"))
    for name in base["buyers"]["groups"]:
        patch["buyers", "groups", name, "promptness"] = at_once
        patch["buyers", "groups", name, "filing_delay"] = at_once
        patch["buyers", "groups", name, "effort"] = {"median": 0.1, "sigma": 0.1}
    for name in base["merchants"]["groups"]:
        for trait in ("amount_factor", "problem_rate", "description_errors"):
            patch["merchants", "groups", name, trait] = 1.0
        patch["merchants", "groups", name, "reply"] = {"law": "weibull", "shape": 1.2, "scale": 240.0}
    return scenario_of(base, patch | {tuple(k.split("__")): v for k, v in changes.items()})


def like(*, by_closing: bool = True) -> Log:
    """The shape of a log: days, grain and columns."""
    none = np.full(1, np.nan)
    return Log(
        name="made",
        start=date(2020, 1, 6),
        days=DAYS,
        by_closing=by_closing,
        grain=24.0,
        opened=np.zeros(1),
        closed=np.full(1, 24.0 * 60),
        ending=np.ones(1, np.int64),
        won=np.ones(1, bool),
        cause=np.zeros(1, np.int64),
        merchant=np.zeros(1, np.int64),
        amount=np.ones(1),
        paid=none,
        review_asked=none,
        world=np.zeros(1, np.int64),
    )


def made_log(scenario: sim.Scenario, policy: sim.Policy, seed: int = 3) -> Log:
    """A log with openings and closings, as most are: no moments in between."""
    found = simulated_log(scenario, policy, like(), "filing", seed=seed, replications=1, engine="numba")
    return replace(found, moments={})


@pytest.fixture(scope="module")
def mediation() -> sim.Policy:
    return scenarios.policy("mediation")


@pytest.fixture(scope="module")
def truth() -> sim.Scenario:
    return small()


@pytest.fixture(scope="module")
def log(truth: sim.Scenario, mediation: sim.Policy) -> Log:
    return made_log(truth, mediation)


@pytest.mark.process
def test_what_columns_show_comes_back_within_its_intervals(
    truth: sim.Scenario, mediation: sim.Policy
) -> None:
    """Four logs of one scenario: of some forty intervals of 95 % nearly all hold the truth."""
    inside: list[bool] = []
    for seed in range(4):
        found = fit_direct(made_log(truth, mediation, seed), MAPPING, truth, mediation)
        parts = {one.name: one.parts for one in found.fields}
        weights = np.array(truth.market.weekdays.weights())
        checks: list[tuple[Fit, float]] = [
            (parts[f"market.weekdays.{day}"]["weight"], w)
            for day, w in zip(
                ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), weights / weights.mean(), strict=True
            )
        ]
        checks += [
            (parts["market.amount"]["median"], truth.market.amount.median),
            (parts["market.amount"]["sigma"], truth.market.amount.sigma),
            (parts["merchants.zipf"]["exponent"], truth.merchants.zipf),
        ]
        if "shape" in parts["market.burst_shape"]:
            checks.append((parts["market.burst_shape"]["shape"], truth.market.burst_shape or np.inf))
        inside += [fit.low <= value <= fit.high for fit, value in checks]
    assert np.mean(inside) >= 0.88


def problem_of(truth: sim.Scenario, policy: sim.Policy, log: Log, names: tuple[str, ...]) -> SearchProblem:
    direct = fit_direct(log, MAPPING, truth, policy)
    assert direct.rates is not None
    every = knobs(truth, policy, direct.known, direct.rates, hints_of(log))
    return SearchProblem(
        truth,
        policy,
        log,
        "filing",
        direct.rates,
        tuple(knob for knob in every if knob.name in names),
        measures_of(log),
        engine="numba",
    )


@pytest.fixture(scope="module")
def hidden(truth: sim.Scenario, mediation: sim.Policy) -> tuple[SearchProblem, SearchResult]:
    """A log of a market where replies take three times as long, and a search that knows the base only."""
    slow = {
        f"merchants__groups__{name}__reply": {"law": "weibull", "shape": 1.2, "scale": 720.0}
        for name in truth.merchants.groups
    }
    log = made_log(small(**slow), mediation, seed=5)
    problem = problem_of(truth, mediation, log, ("reply", "conceding"))
    pytest.importorskip("optuna", reason="the extra 'search' is not installed")
    return problem, search(problem, 24, quiet)


@pytest.mark.process
def test_a_hidden_setting_is_found_within_the_range_that_is_given(
    hidden: tuple[SearchProblem, SearchResult],
) -> None:
    """The truth is a factor of 3; the base's value is far outside."""
    problem, found = hidden
    allowed = tolerance(problem, found.best.values)
    known, values, _ = identify(problem, found, allowed, quiet)
    reply = next(one for one in known if one.knob.name == "reply")
    assert reply.kept
    # the range is that of one log, and one log in ten is a little beside it
    assert 0.9 * reply.low <= 3.0 <= 1.1 * reply.high
    assert reply.low > 1.0
    assert problem.loss(values) < problem.loss(problem.base) / 2


@pytest.mark.process
def test_the_last_trials_are_spent_on_what_matters(hidden: tuple[SearchProblem, SearchResult]) -> None:
    """What was put back is not searched again, and the match only gets better."""
    problem, found = hidden
    first, before, _ = identify(problem, found, 0.01, quiet)
    _, values, every = identify(problem, found, 0.01, quiet, refine=6)
    assert len(every.trials) == len(found.trials) + 6
    assert problem.loss(values) <= problem.loss(before)
    base = problem.base
    assert all(values[one.knob.name] == base[one.knob.name] for one in first if not one.kept)


@pytest.mark.process
def test_a_setting_that_changes_nothing_is_said_not_to_be_identified(
    hidden: tuple[SearchProblem, SearchResult],
) -> None:
    """A number that the log cannot tell must not look fitted."""
    problem, found = hidden
    idle = Knob("idle", "A setting that does nothing", 0.0, 1.0, False, 0.5, lambda *_: {})
    widened = replace(problem, knobs=(*problem.knobs, idle))
    trials = [trial._replace(values={**trial.values, "idle": 0.1}) for trial in found.trials]
    known, values, _ = identify(
        widened, SearchResult(trials, stopped=False), tolerance(problem, found.best.values), quiet
    )
    assert [one.verdict for one in known if one.knob.name == "idle"] == ["not identified"]
    assert values["idle"] == 0.5


@pytest.mark.process
def test_the_same_trials_come_from_the_same_seed(hidden: tuple[SearchProblem, SearchResult]) -> None:
    """A calibration can be repeated."""
    problem, found = hidden
    assert search(problem, 3, quiet).trials == found.trials[:3]


@pytest.mark.process
def test_an_interrupted_search_keeps_the_best_so_far(hidden: tuple[SearchProblem, SearchResult]) -> None:
    """Ctrl-C after a good trial must not lose it."""
    problem, found = hidden

    def stop(_what: str, done: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    stopped = search(problem, 24, stop)
    assert stopped.stopped
    assert stopped.best == min(found.trials[:4], key=lambda trial: trial.loss)


@pytest.mark.process
def test_a_search_goes_on_where_it_stopped(hidden: tuple[SearchProblem, SearchResult], tmp_path: Any) -> None:
    """With a journal, trials made before count."""
    problem, _ = hidden
    journal = Journal(tmp_path / "trials", {"what": "a test"})
    first = search(problem, 2, quiet, journal=journal)
    journal = Journal(tmp_path / "trials", {"what": "a test"})
    told: list[int] = []
    again = search(problem, 4, lambda _, done: told.append(done), journal=journal)
    assert again.trials[:2] == first.trials
    assert told == [3, 4]


def test_a_search_has_worlds_of_its_own(log: Log, mediation: sim.Policy, truth: sim.Scenario) -> None:
    """A scenario must not be judged on the worlds that it was tuned on."""
    assert search_seed(1) >= FIRST_RESERVED
    with pytest.raises(ValueError, match="those above are for calibration"):
        judge(
            "made",
            log,
            mediation,
            {"truth": truth},
            "filing",
            seed=search_seed(1),
            replications=1,
            engine="numba",
        )
    with pytest.raises(ValueError, match="those above are for calibration"):
        search_seed(FIRST_RESERVED)


def test_no_comparison_meets_the_worlds_of_a_search(truth: sim.Scenario, mediation: sim.Policy) -> None:
    """The range is kept free where policies are compared, not only by the word of this page."""
    with pytest.raises(ValueError, match="those above are for calibration"):
        analysis.compare(truth, [mediation, mediation], seed=FIRST_RESERVED, replications=2, days=200)


def test_the_truth_is_as_near_as_two_halves_and_another_market_is_not(
    log: Log, mediation: sim.Policy, truth: sim.Scenario
) -> None:
    """What the scores are for."""
    quick = {
        f"merchants__groups__{name}__reply": {"law": "weibull", "shape": 1.2, "scale": 24.0}
        for name in truth.merchants.groups
    }
    found = judge(
        "made",
        log,
        mediation,
        {"truth": truth, "other": small(**quick)},
        "filing",
        seed=8,
        replications=2,
        engine="numba",
    )
    right, wrong = (one.score(found.measures) for one in found.rivals)
    assert right < 1.3 * found.floor_score
    assert wrong > 2 * right


@pytest.fixture(scope="module")
def direct_only(log: Log, mediation: sim.Policy) -> Calibration:
    return calibrate(
        log,
        MAPPING,
        scenarios.load("tmall_unresponsive"),
        "tmall_unresponsive",
        mediation,
        trials=0,
        seed=1,
        engine="numba",
        tell=quiet,
    )


def test_as_many_disputes_of_each_cause_come_out(
    direct_only: Calibration, log: Log, mediation: sim.Policy
) -> None:
    """Rates are set so that the log's disputes a day arise, whoever gives up before."""
    made = made_log(direct_only.scenario, mediation, seed=9)
    assert abs(len(made) / len(log) - 1) < 0.12
    shares = [np.bincount(one.cause, minlength=8) / len(one) for one in (made, log)]
    assert np.abs(shares[0] - shares[1]).max() < 0.05


def test_the_file_can_be_read_and_says_where_every_number_is_from(
    direct_only: Calibration, tmp_path: Any, mediation: sim.Policy
) -> None:
    """`evenhand check` and `run` accept it, with the policy it was made for."""
    path = tmp_path / "made.yaml"
    path.write_text(direct_only.yaml(), encoding="utf-8")
    loaded = scenarios.read(path, "scenario")
    scenarios.check_pair(loaded, scenarios.read("mediation", "policy"), loaded.model.days)  # type: ignore[union-attr]
    assert loaded.model == direct_only.scenario.model_copy(update={"name": "made"})
    said = loaded.provenance_of("market.amount")
    assert said is not None
    assert (said.source, said.confidence) == ("made", "derived")
    assert "95 % interval" in said.note
    known = ranges("scenario", loaded.model, loaded.tree)
    (median,) = (one.parts["median"] for one in direct_only.fields if one.name == "market.amount")
    assert known["market.amount.median"].low == pytest.approx(median.low, rel=1e-5)
    assert known["market.amount.median"].high == pytest.approx(median.high, rel=1e-5)
    fitted = {one.name for one in direct_only.fields if one.confidence}
    assert all(loaded.provenance_of(name).confidence for name in fitted)  # type: ignore[union-attr]


def test_a_long_list_does_not_push_a_table_off_its_page() -> None:
    """Seven holidays, or eight causes, are told by the first of them and their number."""
    assert written(None) == "none"
    assert written([]) == "none"
    assert written({"law": "weibull", "shape": 1.5}) == "law weibull, shape 1.5"
    assert written([date(2020, 1, day) for day in range(1, 8)]) == "2020-01-01, 2020-01-02, 2020-01-03, … (7)"


def test_a_log_without_columns_says_what_it_does_not_say(mediation: sim.Policy, log: Log) -> None:
    """No causes, no merchants, no amounts: those settings are the base's, and it is said."""
    bare = replace(
        log,
        cause=np.full(len(log), -1),
        merchant=np.full(len(log), -1),
        amount=np.full(len(log), np.nan),
        paid=np.full(len(log), np.nan),
    )
    found = fit_direct(bare, MAPPING, scenarios.load("tmall_unresponsive"), mediation)
    silent = {one.what for one in found.silences}
    assert {"merchants", "causes", "market.amount", "market.hours"} <= silent
    assert not any(one.path[0] == "merchants" for one in found.fields)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.name)
def test_a_log_is_no_distance_from_itself(measure: Any, log: Log) -> None:
    """Every distance is 0 between equals; those that a log cannot show are left out of its scores."""
    if measure.needs(log):
        assert measure.distance(log, log) == 0
    else:
        assert measure not in measures_of(log)


def test_every_hidden_setting_changes_the_scenario(
    truth: sim.Scenario, mediation: sim.Policy, log: Log
) -> None:
    """A knob that moves nothing would be a trial wasted; at the base's value all leave it nearly as it is."""
    direct = fit_direct(log, MAPPING, truth, mediation)
    assert direct.rates is not None
    change: Callable[[Knob, float], sim.Scenario] = lambda knob, x: scenario_of(  # noqa: E731
        laid(tree_of(truth), {}), knob.change(truth, x)
    )
    for knob in knobs(truth, mediation, direct.known, direct.rates, hints_of(log)):
        assert change(knob, knob.low) != change(knob, knob.high), knob.name
        assert knob.at(knob.place(knob.start)) == pytest.approx(knob.start)
