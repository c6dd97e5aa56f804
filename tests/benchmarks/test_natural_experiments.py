"""The natural experiments N1 to N12: declared whole, judged by bands that stay, and run in a small form."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pytest

from benchmarks.validity import __main__ as command
from benchmarks.validity import finding, kept
from benchmarks.validity.finding import Figure
from benchmarks.validity.natural import (
    consent_notice,
    first_bad_mark,
    hassle_of_returns,
    honest_ratings,
    later_buying,
)
from benchmarks.validity.natural.catalogue import NATURAL
from benchmarks.validity.natural.declaration import NaturalExperiment, RuleSet
from benchmarks.validity.natural.pairs import paired, rules_of, world_of
from benchmarks.validity.page import html, markdown
from evenhand.sim.scenario.claim_supply import occasions

SMALL = {
    "market": {"orders_per_day": 300.0, "festivals": []},
    "buyers": {"count": 2000},
    "merchants": {"count": 40},
}
FREE = (None, None)
BANDS = {
    "N1": {
        "represented filings": (-0.92, -0.80, -1),
        "represented cases withdrawn or given up, times": (0.45, 0.70, 0),
        "uphold share of represented cases": (*FREE, 1),
    },
    "N2": {
        "filings, first full quarter": (-0.80, -0.60, -1),
        "filings, three years on": (-0.80, -0.60, -1),
        "merit of what is filed": (-0.05, 0.02, 0),
    },
    "N3": {"returns of made-up claims": (-1.0, -0.80, -1), "orders": (-0.10, 0.10, 0)},
    "N4": {"orders": (0.05, 0.15, 1), "share returned": (*FREE, 1), "profit": (-0.03, 0.01, 0)},
    "N5": {
        "fall of weekly growth at the first mark": (0.08, 0.18, 1),
        "hazard of the next mark against the first": (0.1, 0.4, 1),
        "fall at the first mark less that at the second": (*FREE, 1),
    },
    "N6": {
        "problems per order": (*FREE, -1),
        "change of the worst quarter less that of the rest": (*FREE, -1),
    },
    "N7": {
        "problems per order, with consequences": (*FREE, -1),
        "problems per order, without": (*FREE, 1),
        "sales of bad sellers, with consequences": (*FREE, -1),
    },
    "N8": {
        "complaints that reach no body": (0.75, 0.95, 0),
        "complaints that are dealt with bilaterally": (0.25, 0.50, 0),
    },
    "N9": {
        "automatic decisions contested": (0.002, 0.01, 0),
        "contests that succeed": (0.5, 0.7, 0),
        "contested by hand against by machine, times": (1.5, 3.0, 0),
        "abuse of an open form against a gated one, times": (5.0, 15.0, 0),
    },
    "N10": {
        "silence of firms with one case against many, times": (8.0, inf, 0),
        "lost by who is silent less by who answers": (0.2, 1.0, 1),
    },
    "N11": {
        "later buying after nothing": (-0.15, -0.03, -1),
        "later buying after a settlement": (0.0, 0.10, 0),
    },
    "N12": {
        "closed without a person": (0.05, 0.15, 0),
        "cases for the same work of people": (0.20, 0.35, 1),
        "agreement, requests less alone": (*FREE, 1),
        "agreement, precedents less requests": (*FREE, 1),
    },
}
"""What each experiment is judged by, as it was committed before any of them was run."""


@pytest.mark.parametrize("one", NATURAL.values(), ids=NATURAL)
def test_an_experiment_is_declared_whole(one: NaturalExperiment):
    """Figure, source with its reliability, rule sets, band, and what was fitted: all before it is run."""
    assert one.sources
    assert all(source.key and source.what and source.reliability for source in one.sources)
    assert one.published
    assert one.counted
    assert one.assumed
    assert any(quantity.published for quantity in one.quantities)
    assert (one.set_by != "") or one.standing == "foretold"
    assert len({quantity.name for quantity in one.quantities}) == len(one.quantities)


def test_all_twelve_are_there_in_order():
    """The list of published experiments is told as a whole, the one that cannot be run too."""
    assert list(NATURAL) == [f"N{k}" for k in range(1, 13)] == [*BANDS]


@pytest.mark.parametrize("key", BANDS)
def test_bands_and_signs_are_those_that_were_written_down_first(key):
    """Nothing is moved to what came out: a change of a band must be made here too."""
    judged = {
        one.name: (*(FREE if isnan(one.band[0]) else one.band), one.sign)
        for one in NATURAL[key].quantities
        if not isnan(one.band[0]) or one.sign
    }
    assert judged == BANDS[key]


def test_fitted_and_foretold_are_told_apart():
    """What set a parameter foretells nothing."""
    fitted = {key for key, one in NATURAL.items() if one.standing == "fitted"}
    partly = {key for key, one in NATURAL.items() if one.standing == "partly fitted"}
    assert (fitted, partly) == ({"N8", "N10"}, {"N1", "N2", "N5"})


@pytest.mark.parametrize("one", NATURAL.values(), ids=NATURAL)
def test_rule_sets_are_rules_and_worlds_that_the_model_has(one: NaturalExperiment):
    """Only an experiment that has none cannot be run."""
    for rules in one.sets.values():
        assert rules_of(rules).kind == "policy"
        assert world_of(rules).kind == "scenario"
    assert (one.measure is None) == (not one.sets)
    assert one.measure is not None or not any(quantity.possible for quantity in one.quantities)


@pytest.mark.parametrize(
    ("ci", "band", "sign", "holds"),
    [
        ((-0.95, -0.90), (-0.92, -0.80), -1, "yes"),
        ((-0.79, -0.70), (-0.92, -0.80), -1, "no"),
        ((0.1, 0.3), FREE, 1, "yes"),
        ((-0.1, 0.3), FREE, 1, "unclear"),
        ((-0.3, 0.1), FREE, 1, "no"),
        ((-0.1, 0.3), (0.2, 0.4), 1, "unclear"),
        ((9.0, 12.0), (8.0, inf), 0, "yes"),
        ((0.1, 0.3), FREE, 0, "not judged"),
    ],
)
def test_a_natural_figure_holds_if_its_sign_is_right_and_it_meets_its_band(ci, band, sign, holds):
    """The rule of the list of published figures, at its edges."""
    ends = (nan, nan) if band == FREE else band
    assert Figure("f", "p", sum(ci) / 2, ci, 9, "change", *ends, sign, "meets").holds == holds


def test_what_cannot_be_run_is_told_with_its_band():
    """A published figure that the model cannot say is on the page, and no verdict rests on it."""
    study = NATURAL["N4"].study(9)
    assert study.verdict == "cannot be run"
    for page in (markdown([study], [], "c"), html([study], [])):
        assert "+5.0 to +15.0 %" in page
        assert "cannot be run" in page


def small(experiment: NaturalExperiment, **sets: RuleSet) -> NaturalExperiment:
    """An experiment in a market of a few shops."""
    chosen = {**experiment.sets, **sets}
    few = {name: replace(one, world={**one.world, **SMALL}) for name, one in chosen.items()}
    return replace(experiment, sets=few)


def test_a_small_form_of_an_experiment_runs():
    """Complaints that reach no body are those that lapse with nothing and those that the sides settle."""
    figures = {one.name: one for one in small(consent_notice.EXPERIMENT).figures(2)}
    parts = ("complaints that lapse with nothing", "complaints that are dealt with bilaterally")
    whole = figures["complaints that reach no body"]
    assert whole.n > 50
    assert 0 < whole.value <= 1
    assert whole.value == pytest.approx(sum(figures[name].value for name in parts))


def test_rules_compared_with_themselves_change_nothing():
    """The worlds are the same under each rule set, so only rules can make a difference."""
    same = {name: RuleSet() for name in hassle_of_returns.EXPERIMENT.sets}
    for one in small(hassle_of_returns.EXPERIMENT, **same).figures(2):
        assert one.value == 0.0, one.name


def test_a_longer_run_is_the_shorter_one_continued():
    """Sales by week are read off runs of growing length."""
    sets = small(first_bad_mark.EXPERIMENT).sets
    short, long = (next(paired(sets, 1, days))["rated"].disputes for days in (98, 105))
    over = ~np.isnan(short["closed_at"])
    at = np.searchsorted(long["position"][np.argsort(long["position"])], short["position"][over])
    order = np.argsort(long["position"])[at]
    assert over.sum() > 50
    np.testing.assert_array_equal(long["closed_at"][order], short["closed_at"][over])
    np.testing.assert_array_equal(long["mark"][order], short["mark"][over])


def test_growth_is_taken_before_the_week_of_a_mark_and_from_it_on():
    """Sales that grow by a tenth a week until a mark in week 10, and stay from then on."""
    weeks = np.arange(first_bad_mark.WEEKS + 1)
    logs = 0.1 * np.minimum(weeks, 10)
    day = first_bad_mark.FIRST + 7 * 10 + 3.0
    assert first_bad_mark._growth(logs, day) == [(pytest.approx(0.1), pytest.approx(0.0))]
    assert first_bad_mark._growth(logs, first_bad_mark.FIRST + 3.0) == []


def test_first_and_second_marks_are_told_apart_by_clean_days():
    """Marks at days 190 and 210: the first after clean days, the second within the window after it."""
    disputes = {
        "mark": np.array([1.0, 1.0, 0.2]),
        "closed_at": 24.0 * np.array([190.0, 210.0, 120.0]),
        "merchant": np.array([0, 0, 0]),
    }
    sales = np.ones((first_bad_mark.WEEKS + 1, 1))
    first, second, (excess, n) = first_bad_mark._around(disputes, np.array([True]), sales)
    assert (len(first), len(second), n) == (1, 1, 2)
    assert excess > 0


def test_effort_and_selection_add_up_to_the_change():
    """All effort where sales stay, none where levels do."""
    before = {"declared_problems": np.array([0.1, 0.2]), "problem": np.ones(2), "orders": np.array([5, 5])}
    better = {**before, "problem": np.array([1.0, 0.5])}
    elsewhere = {**before, "orders": np.array([9, 1])}
    assert honest_ratings.effort(before, better) == pytest.approx(1.0)
    assert honest_ratings.effort(before, elsewhere) == pytest.approx(0.0)


def test_kept_figures_are_read_again_with_the_bands_of_the_code(tmp_path):
    """A band in the file of figures moves nothing."""
    path = tmp_path / "kept.json"
    study = small(consent_notice.EXPERIMENT).study(2)
    kept.write({"N8": study}, ["N8"], path)
    rows = json.loads(path.read_text("utf-8"))
    rows[0]["figures"][0]["low"] = 0.0
    path.write_text(json.dumps(rows), "utf-8")
    read = kept.read(path)["N8"]
    assert [one.value for one in read.figures] == [one.value for one in study.figures]
    assert read.figures[0].low == NATURAL["N8"].quantities[0].band[0]


def test_a_file_that_holds_no_figures_is_refused(tmp_path):
    """With its name and what is wrong."""
    path = tmp_path / "kept.json"
    path.write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"kept\.json: is no file of figures"):
        kept.read(path)


def test_pages_can_be_written_from_kept_figures_alone(tmp_path):
    """After a reason is written nothing has to be run again."""
    path, docs = tmp_path / "kept.json", tmp_path / "v.md"
    kept.write({"N4": NATURAL["N4"].study(2)}, ["N4"], path)
    assert command.main(["--page", "--kept", str(path), "--docs", str(docs)]) == 0
    text = docs.read_text("utf-8")
    assert "N4: cheaper buying" in text
    assert finding.NATURAL_RULE in text


@pytest.mark.process
def test_more_staff_is_more_at_every_desk_under_every_rule_set():
    """What lines of waiting cases do to an experiment is seen by taking them away."""
    one = NATURAL["N12"]
    for name, rules in one.staffed(3).sets.items():
        shipped, more = (world_of(found).desks for found in (one.sets[name], rules))
        assert more.decision.staff == 3 * shipped.decision.staff
        assert more.screening.staff == 3 * shipped.screening.staff


@pytest.mark.process
def test_the_control_of_later_buying_has_the_same_candidates():
    """Where fewer buyers are away claims would come at other times, and no buyer would be his own match."""
    sets = later_buying.as_present(NATURAL["N11"])
    moved, unmoved = (occasions(world_of(sets[name])) for name in ("moved", "unmoved"))
    np.testing.assert_allclose(moved, unmoved, rtol=1e-9)
    assert world_of(sets["unmoved"]).behaviour.claims.leaves_hurt == 0


def test_the_page_is_what_the_kept_figures_say():
    """Whoever changes a reason or runs a study again writes the page too: --page runs nothing."""
    told = kept.read(command.MEASURED)
    page = Path(__file__).parents[2] / "docs" / "validity.md"
    assert list(told) == list(command.STUDIES)
    assert page.read_text("utf-8") == markdown(list(told.values()), [], command.COMMAND)


def test_only_takes_names_of_studies(capsys):
    """An unknown one is told with those that there are."""
    with pytest.raises(SystemExit):
        command.main(["--only", "N1,N13"])
    assert "no such study: 'N13'" in capsys.readouterr().err
