"""The validity studies in a small seeded form: they run, judge by their rule, and meet closed forms."""

from __future__ import annotations

from math import nan
from pathlib import Path

import numpy as np
import pytest

from benchmarks.validity import __main__ as command
from benchmarks.validity import condorcet, docket, finding
from benchmarks.validity.finding import Figure, PublishedStudy, near, near_share, over_worlds
from benchmarks.validity.page import html, markdown
from benchmarks.validity.worlds import court, court_rules, laid_over, lived, share, word

WORLDS = 2


def figure(low: float, high: float, within: tuple[float, float] = (0.0, 1.0)) -> Figure:
    return Figure("f", "p", (low + high) / 2, (low, high), 10, "share", *within)


def study(*figures: Figure) -> PublishedStudy:
    return PublishedStudy("k", "T", "S", "P", "H", ("a",), figures, "R", 3)


@pytest.mark.parametrize(
    ("ours", "holds"),
    [
        ((0.3, 0.4), "yes"),
        ((0.1, 0.15), "no"),
        ((0.15, 0.3), "unclear"),
        ((0.2, 0.5), "yes"),
        ((0.6, 0.7), "no"),
    ],
)
def test_a_figure_holds_when_its_whole_interval_is_near(ours, holds):
    """The rule that is stated on the page, at its edges."""
    assert figure(*ours, (0.2, 0.5)).holds == holds


def test_a_figure_without_a_range_or_an_interval_is_not_counted_as_held():
    """What is put in, or is seen in one world only, proves nothing."""
    assert figure(0.1, 0.2, (nan, nan)).holds == "not judged"
    assert Figure("f", "p", 0.3, None, 10, "share", 0.0, 1.0).holds == "unclear"


def test_a_verdict_follows_from_the_judged_figures_alone():
    """All hold, some, or none."""
    yes, no, free = figure(0.3, 0.4), figure(2.0, 3.0), figure(0.1, 0.2, (nan, nan))
    assert study(yes, yes, free).verdict == "reproduced"
    assert study(yes, no).verdict == "partly"
    assert study(no, free).verdict == "not reproduced"


def test_near_is_both_within_points_and_within_a_factor():
    """A share of 3 % is not near one of 7 %, whatever the points say."""
    assert near_share(0.85) == pytest.approx((0.80, 0.90))
    assert near_share(0.06, 0.08) == pytest.approx((0.03, 0.13))
    assert near_share(0.02) == pytest.approx((0.01, 0.04))
    assert near(-0.12) == pytest.approx((-0.24, -0.06))
    assert near(240.0) == pytest.approx((120.0, 480.0))


def test_a_share_that_never_happened_is_not_known_to_be_exactly_nothing():
    """Nought of 700 leaves room for half a per cent."""
    one = over_worlds("f", "", [0.0, 0.0, 0.0], [300, 200, 200], "share", (0.0, 0.02))
    assert one.ci == (0.0, pytest.approx(1 - 0.025 ** (1 / 700)))
    assert one.holds == "yes"


@pytest.mark.process
def test_panels_meet_the_closed_form():
    """Condorcet's law, in few worlds: the interval must hold it."""
    found = condorcet.study(WORLDS)
    expected = [(one.low + one.high) / 2 for one in found.figures]
    assert expected[:5] == sorted(expected[:5])
    for one, value in zip(found.figures, expected, strict=True):
        assert abs(one.value - value) < 4 * np.sqrt(value * (1 - value) / one.n), one.name


def test_cases_heard_to_their_end_wait_as_the_closed_form_says():
    """M/D/1: the mean wait is load / 2(1 - load) services; hearing by hearing takes longer."""
    hours, load = docket.HOURS * docket.HEARINGS, 0.5
    whole, piecewise = (
        [docket._durations(world).mean() for world in lived(scenario, rules, WORLDS, docket.DAYS)]
        for scenario, rules in (
            (docket._docket(load, hours), docket._hearings(1)),
            (docket._docket(load, docket.HOURS), docket._hearings(docket.HEARINGS)),
        )
    )
    assert np.mean(whole) == pytest.approx(hours * (1 + load / (2 * (1 - load))), rel=0.05)
    assert all(before > 1.05 * after for before, after in zip(piecewise, whole, strict=True))


def test_no_hearing_settles_a_case():
    """The study is of queues; every case must be heard and ruled."""
    for world in lived(docket._docket(0.8, docket.HOURS), docket._hearings(docket.HEARINGS), 1, docket.DAYS):
        ended = ~word(world, "ending", "open")
        assert share(word(world, "ending", "ruled"), ended) == 1.0
        assert set(world["meetings"][ended].tolist()) == {docket.HEARINGS}


@pytest.mark.process
def test_every_study_whose_policy_is_shipped_runs_and_says_what_it_assumed(tmp_path, capsys):
    """One command, both pages; each figure has its published value or says that there is none."""
    few = {
        key: (run, worlds, policy)
        for key, (run, worlds, policy) in command.STUDIES.items()
        if key in {"lean", "consent"} and command.runnable(key)
    }
    if not few:
        pytest.skip("their policies are not shipped here")
    arguments = [part for key in few for part in ("--study", key)]
    out, docs = tmp_path / "v.html", tmp_path / "v.md"
    assert command.main([*arguments, "--quick", "--out", str(out), "--docs", str(docs)]) == 0
    told, page, text = capsys.readouterr().out, out.read_text("utf-8"), docs.read_text("utf-8")
    assert told.count("holds: ") >= len(few)
    for key in few:
        assert f'<section id="{key}">' in page
    assert finding.RULE in text
    assert "the verdicts mean nothing yet" in text
    assert text.count("Assumed:") == len(few)


def test_a_study_without_its_policy_is_left_out_and_said(monkeypatch, capsys):
    """Nothing is passed over in silence."""
    monkeypatch.setitem(command.STUDIES, "lean", (lambda _: 1 / 0, 3, "no_such_policy"))
    assert command.main(["--study", "lean", "--quick"]) == 0
    assert "was left out: the policy no_such_policy is not shipped" in capsys.readouterr().err


def test_both_pages_tell_every_figure_with_its_n():
    """n beside every rate, the interval, and whether it holds."""
    one = study(figure(0.3, 0.4, (0.2, 0.5)), figure(0.6, 0.7, (nan, nan)))
    for page in (html([one], []), markdown([one], [], "c")):
        for words in ("35.0 %", "30.0 to 40.0 %", "not judged", "Reproduced"):
            assert words in page


def test_a_law_of_another_kind_replaces_the_old_one_whole():
    """Their parameters have nothing in common."""
    changed = laid_over(court(), {"market": {"delivery": {"law": "exponential", "mean": 5.0}}})
    assert changed.market.delivery.mean() == 5.0
    assert court_rules({"review": {"limit": 2}}).review.limit == 2


def test_the_page_of_the_documentation_is_whole():
    """Every study has a verdict there, by the rule that the code has."""
    text = (Path(__file__).parents[2] / "docs" / "validity.md").read_text(encoding="utf-8")
    assert finding.RULE in text
    assert text.count("Assumed:") == len(command.STUDIES)
