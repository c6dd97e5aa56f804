"""The page of a comparison: one file that needs no other, and says what the comparison says."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.charts.fronts import front_probability
from evenhand.analysis.compare import compare
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.counterfactual import flip
from evenhand.analysis.fairness import grid, impossibility, lorenz
from evenhand.analysis.report import comparison
from evenhand.analysis.report.comparison_axes import Plots
from evenhand.analysis.report.comparison_differences import contrast, judgement, minus, sentence, units
from evenhand.analysis.report.comparison_front import front
from evenhand.analysis.report.comparison_groups import not_all_at_once, pairings
from evenhand.analysis.report.comparison_paths import steps
from evenhand.analysis.report.comparison_records import time_to_close, wrongful_losses
from evenhand.analysis.report.comparison_texts import texts as words
from evenhand.analysis.report.texts import texts
from tests.analysis.report.test_report import HARD, OTHERS, Page, quick
from tests.support import small

pytestmark = pytest.mark.process

BASE, STRICT = "small", "strict"
DAYS = 30
EVERY = (
    "differences-1",
    "why-1",
    "front-of-1",
    "gains",
    "money",
    "behaviour",
    "time",
    "pairs",
    "losses",
    "all",
    "paths",
)


def rules(**changes):
    return {
        BASE: small.policy(changes),
        STRICT: small.policy({"decision": {"standard": 0.9}, **changes}),
    }


def lived(market, policies, replications=2, days=DAYS, seed=3):
    return {
        name: sim.simulate(market, one, seed=seed, replications=replications, days=days, engine="simpy")
        for name, one in policies.items()
    }


@pytest.fixture(scope="module")
def usual() -> Comparison:
    return compare(small.scenario(), rules(), seed=3, replications=4, days=DAYS, engine="simpy")


@pytest.fixture(scope="module")
def runs():
    return lived(small.scenario(), rules())


@pytest.fixture(scope="module")
def audits():
    found = flip(
        small.scenario(),
        rules()[BASE],
        "merchant.group",
        "small",
        "flagship",
        replications=2,
        days=DAYS,
        engine="simpy",
        one_by_one=0,
    )
    return {BASE: found}


@pytest.fixture(scope="module")
def full(usual, runs, audits):
    return comparison.render(usual, runs=runs, audits=audits)


@pytest.fixture(scope="module")
def bare(usual):
    return comparison.render(usual)


@pytest.fixture(scope="module")
def many():
    """Three policies in two scenarios."""
    markets = {"one": small.scenario(), "two": small.scenario({"market": {"orders_per_day": 200}})}
    three = {**rules(), "lenient": small.policy({"decision": {"standard": 0.3}})}
    return comparison.render(compare(markets, three, seed=3, replications=2, days=DAYS, engine="simpy"))


@pytest.fixture(scope="module")
def alone():
    """One world: nothing can be told from luck."""
    found = compare(small.scenario(), rules(), seed=3, replications=1, days=DAYS, engine="simpy")
    return comparison.render(found, runs=lived(small.scenario(), rules(), replications=1))


@pytest.fixture(scope="module")
def nothing():
    """Worlds in which nobody complains."""
    calm = small.scenario({"market": {"orders_per_day": 1e-6}})
    two = {"a": quick(), "b": quick(decision={"standard": 0.9})}
    found = compare(calm, two, seed=1, replications=2, days=2, engine="simpy")
    return comparison.render(found, runs=lived(calm, two, days=2, seed=1))


@pytest.fixture(scope="module")
def odd():
    """Names in Chinese, and names that would be markup or formulas if they were not escaped."""
    market = small.scenario(
        {
            "title": f"测试市场 {HARD}",
            "buyers": {"groups": {"new": {"title": "新买家"}, **OTHERS}},
            "merchants": {"groups": {"flagship": {"title": "旗舰店"}, "small": {"title": "旗舰店"}}},
        }
    )
    two = {f"规则甲 {HARD}": small.policy(), "$x$ & <b>乙</b>": small.policy({"decision": {"standard": 0.9}})}
    found = compare({f"市场 {HARD}": market}, two, seed=2, replications=2, days=DAYS, engine="simpy")
    return comparison.render(found, runs=lived(market, two, seed=2))


@pytest.fixture(params=["full", "bare", "many", "alone", "nothing", "odd"])
def any_page(request):
    return request.getfixturevalue(request.param)


def sections(text):
    return dict(re.findall(r'<section id="([\w-]+)">(.*?)</section>', text, re.DOTALL))


def said(text):
    return " ".join(" ".join(Page(text).words("main")).replace("\u00a0", " ").split())


def test_the_page_needs_nothing_but_itself(any_page):
    """It is read from a mail, a disk or a printer, years later and without a network."""
    assert "://" not in any_page
    assert not re.search(r"(?:src|srcset|action|background|data)\s*=\s*[\"']", any_page)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in Page(any_page).elements}


def test_the_page_is_well_formed_and_its_ids_are_unique(any_page):
    """Elements close in order, and every reference finds its one target."""
    page = Page(any_page)
    assert not page.open
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    drawn = any_page[any_page.index("<body>") :]
    assert set(re.findall(r"(?:href=\"|url\()#([\w-]+)", drawn)) <= set(ids)


def test_every_chart_has_alternative_text_a_sentence_and_its_data(any_page):
    """Who does not see a chart gets the same from the text and the table."""
    charts = {key: body for key, body in sections(any_page).items() if key not in {"metrics", "settings"}}
    assert charts
    for key, body in charts.items():
        drawings = re.findall(
            r'<svg role="img"[^>]*aria-labelledby="[\w-]+ [\w-]+">'
            r"<title[^>]*>([^<]+)</title><desc[^>]*>([^<]+)</desc>",
            body,
        )
        assert len(drawings) == body.count("<svg")
        assert bool(drawings) != key.startswith("why-")  # reasons have sentences and a table
        claim = re.search(r'<p class="claim">([^<]+)</p>', body)
        assert claim
        assert claim[1].strip().endswith(".")
        assert re.search(r"<details>.*<table.*</table>.*</details>", body, re.DOTALL)


def test_nothing_says_nan_and_no_field_is_left_open(any_page):
    """What is undefined says so in words."""
    text = said(any_page)
    assert not re.search(r"\b(?:nan|inf|None(?! of))\b", text)
    assert not re.search(r"\{\w+\}", text)


def test_names_stand_as_the_text_they_are(odd):
    """Markup and formulas in a name are its characters; Chinese is text, not boxes."""
    assert "<script>" not in odd
    text = said(odd)
    assert HARD in text
    assert "$x$ & <b>乙</b>" in text
    assert "旗舰店 (small)" in text


def test_with_everything_given_every_section_is_there(full):
    """The page shows what it was given."""
    assert tuple(key for key in sections(full) if key not in {"metrics", "settings"}) == EVERY


def test_without_runs_what_needs_records_is_left_out_and_said_so(bare):
    """A reader must not look for what is not there."""
    assert tuple(sections(bare)) == ("differences-1", "why-1", "front-of-1", "metrics")
    assert words.NO_RUNS in said(bare)


def test_with_runs_nothing_is_said_to_be_left_out(full):
    """The sentence belongs to pages without runs only."""
    assert words.NO_RUNS not in said(full)
    assert "show the first 2 worlds of “A small market”" in said(full)


def test_two_metrics_that_were_not_measured_are_left_out_and_said_so():
    """The front needs both of them."""
    found = compare(
        small.scenario(), rules(), replications=2, days=DAYS, engine="simpy", metrics=["filed_share"]
    )
    text = comparison.render(found)
    assert "front-of-1" not in sections(text)
    assert "wrongful_denial_rate and wrongful_grant_rate was not measured" in said(text)
    with pytest.raises(ValueError, match="'disputes' was not measured; there is filed_share"):
        front(found, "scenario", "filed_share", "disputes")


def test_the_same_comparison_gives_the_same_bytes(usual, runs, audits, full):
    """Pages are compared by their bytes."""
    assert comparison.render(usual, runs=dict(reversed(runs.items())), audits=audits) == full


def test_every_difference_stands_on_the_page_with_its_sentence(usual, bare):
    """The page says what the comparison says, no more and no less."""
    text = said(bare)
    for one in usual.differences:
        assert one.title in text
        assert minus(one.sentence.removeprefix(f"{one.title}: ")) in text


@pytest.mark.process
def test_every_policy_in_every_scenario_has_its_forest(many):
    """Two policies against the baseline in two scenarios make four pictures."""
    assert [key for key in sections(many) if key.startswith("differences")] == [
        f"differences-{i}" for i in (1, 2, 3, 4)
    ]
    assert [key for key in sections(many) if key.startswith("front")] == ["front-of-1", "front-of-2"]
    assert "lenient less small, in two" in said(many)


def test_better_and_worse_follow_the_direction_of_the_metric(usual):
    """Fewer wrongful denials are better, more are worse; a neutral metric is neither."""
    one = replace(usual.of("wrongful_denial_rate"), difference=-0.1, ci=(-0.2, -0.05), p_adjusted=0.01, n=9)
    assert judgement(one) == "better"
    assert judgement(replace(one, difference=0.1, ci=(0.05, 0.2))) == "worse"
    assert judgement(replace(one, metric="settled_share")) == "other"
    assert judgement(replace(one, p_adjusted=0.2)) == "unsure"
    assert judgement(replace(one, metric="my_own")) == "other"


def test_a_share_is_drawn_in_points_with_both_intervals(usual):
    """The bars are those of the comparison, the written number its own."""
    one = usual.of("wrongful_denial_rate")
    drawn = contrast(one)
    assert drawn.value == pytest.approx(100 * one.difference)
    assert drawn.interval == pytest.approx([100 * end for end in one.ci])
    assert drawn.wider == pytest.approx([100 * end for end in one.simultaneous_ci])
    assert drawn.written.count(" to ") == 1
    assert contrast(one, brief=True).written == drawn.written.partition(" (")[0]


def test_every_difference_is_in_one_unit(usual):
    """Hours and points share no axis, and none is lost."""
    found = units(usual.differences)
    assert sorted(c.name for unit in found for c in unit.contrasts) == sorted(
        one.title for one in usual.differences
    )
    assert len({unit.heading for unit in found}) == len({one.unit for one in usual.differences})


def test_a_policy_against_itself_is_said_to_be_the_same():
    """An A/A comparison says so, and no measure is better or worse."""
    one = small.policy()
    found = compare(
        small.scenario(),
        {"a": one, "b": one},
        replications=2,
        days=DAYS,
        engine="simpy",
        metrics=["filed_share", "settled_share"],
    )
    assert sentence(found.differences) == "b and a are exactly the same in all 2 measures."
    assert "a and b are on the front" in said(
        comparison.render(found, front=("filed_share", "settled_share"))
    )


def test_one_world_has_no_verdict(alone):
    """Nothing looks surer than it is."""
    assert words.NOTE_ONE in said(alone)
    assert "One world cannot tell strict from small" in said(alone)
    assert words.FRONT_LITTLE in said(alone)


def test_the_front_is_made_of_the_values_of_the_long_table(usual):
    """Means, worlds and probability come from the same numbers."""
    found = front(usual, "scenario", "wrongful_denial_rate", "median_hours_to_close")
    v = usual.values
    for i, name in enumerate((BASE, STRICT)):
        rows = (v["policy"] == name) & (v["metric"] == "median_hours_to_close")
        assert found.rivals[i].y.tolist() == v["value"][rows].tolist()
    values = np.stack([np.stack([r.x, r.y], axis=1) for r in found.rivals], axis=1)
    wanted = front_probability(values, (False, False), seed=usual.seed)
    assert [r.probability for r in found.rivals] == wanted.tolist()


def test_a_metric_that_some_world_ended_before_makes_the_front_unknown(usual):
    """To leave such worlds out would flatter slow rules."""
    values = {name: column.copy() for name, column in usual.values.items()}
    row = np.flatnonzero(values["metric"] == "wrongful_denial_rate")[0]
    values["value"][row] = np.nan
    found = replace(usual, values=values)
    assert values["n"][row] > 0
    assert front(found, "scenario", "wrongful_denial_rate", "settled_share").unseen
    assert words.FRONT_UNSEEN in said(comparison.render(found))


def test_the_tables_of_groups_hold_the_numbers_of_fairness(runs):
    """The grid and the impossibility are those of the catalogue."""
    found = grid(runs[STRICT], "wrongful_denial")
    row = next(row for row in pairings(runs).table.rows if row[:2] == ("new × flagship", STRICT))
    assert row[4] == f"{found.n[0, 0]:,}"
    assert row[2].replace("\u00a0", " ").startswith(f"{100 * found.value[0, 0]:.1f}".removesuffix(".0"))
    whole = impossibility(runs[BASE], "merchant_group")["small"]
    row = next(row for row in not_all_at_once(runs).table.rows if row[:2] == ("merchants: small", BASE))
    assert row[-1] == f"{whole.n:,}"
    assert row[2].replace("\u00a0", " ") == f"{100 * whole.base_rate:.1f} %"


def test_losses_and_times_have_a_row_for_every_policy(runs):
    """Both sides of both policies; the parties are those of the Lorenz curve."""
    rows = wrongful_losses(runs).table.rows
    assert [row[:2] for row in rows] == [
        ("Buyers", BASE),
        ("Buyers", STRICT),
        ("Merchants", BASE),
        ("Merchants", STRICT),
    ]
    assert rows[0][2] == f"{len(lorenz(runs[BASE], 'buyer')[0]) - 1:,}"
    assert [row[0] for row in time_to_close(runs).table.rows] == [BASE, STRICT] * 2


def test_the_steps_of_a_waterfall_end_at_the_whole(audits):
    """The paths and their interaction add up to what all of them do at once."""
    found = steps(audits[BASE])
    assert [one.kind for one in found[-2:]] == ["together", "whole"]
    assert sum(one.value for one in found[:-1]) == pytest.approx(found[-1].value)


def test_only_differing_settings_are_shown(full):
    """A reader sees at a glance what the policies do otherwise."""
    body = sections(full)["settings"]
    assert "1 setting differs" in body.replace("\u00a0", " ")
    assert "decision.standard" in body
    assert "windows" not in body


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda runs: {**runs, "other": runs[BASE]}, "runs: must be of small, strict, found 'other'"),
        (lambda runs: {BASE: runs[BASE]}, "none found for strict"),
        (lambda runs: {**runs, STRICT: replace(runs[STRICT], replications=1)}, "the same scenario"),
        (lambda runs: {k: replace(run, seed=4) for k, run in runs.items()}, "the comparison's seed 3"),
        (lambda runs: {k: replace(run, days=9) for k, run in runs.items()}, "as long as the worlds"),
    ],
)
def test_runs_that_do_not_belong_to_the_comparison_are_refused(usual, runs, change, message):
    """Charts of other worlds beside these differences would mislead."""
    with pytest.raises(ValueError, match=message):
        comparison.render(usual, runs=change(runs))


def test_audits_of_unknown_policies_or_of_another_kind_are_refused(usual, audits):
    """A waterfall has steps."""
    with pytest.raises(ValueError, match="audits: must be of small, strict, found 'x'"):
        comparison.render(usual, audits={"x": audits[BASE]})
    other = replace(audits[BASE], findings=())
    with pytest.raises(ValueError, match="has no refund by path"):
        comparison.render(usual, audits={BASE: other})


def test_a_page_that_cannot_be_finished_leaves_nothing(usual, tmp_path, monkeypatch):
    """A full disk never leaves half a page, nor its scaffolding."""

    def full_disk(_):
        raise OSError(28, "No space left on device")

    target = tmp_path / "comparison.html"
    comparison.write(usual, target)
    before = target.read_text(encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        comparison.write(usual, target, title="new")
    assert target.read_text(encoding="utf-8") == before
    assert [one.name for one in tmp_path.iterdir()] == ["comparison.html"]


def test_the_headlines_are_those_of_a_run_as_differences(bare, many):
    """The same eight numbers, where one policy meets one baseline; with more there is no room for them."""
    assert bare.count('<p class="value') == 8
    assert '<ul class="headlines"' not in many


def test_plots_are_the_charts_of_the_page(usual):
    """A notebook gets matplotlib axes, a unit each, and the names that were asked for."""
    plots = Plots(usual)
    axes = plots.forest(STRICT)
    assert len(axes) == len({one.unit for one in usual.differences})
    assert plots.forest()[0].figure is not axes[0].figure
    one = plots.pareto("wrongful_denial_rate", "settled_share")
    assert one.get_xlim()[1] > one.get_xlim()[0]
    with pytest.raises(ValueError, match="no differences of policy='lax'"):
        plots.forest("lax")
    with pytest.raises(ValueError, match="no scenario 'mars'"):
        plots.pareto("settled_share", "filed_share", "mars")


def test_the_words_of_the_page_are_shared_with_the_report_of_a_run():
    """What both pages say is said once."""
    for name in ("DATA", "HEADLINES", "LANGUAGE", "TABLE", "UNDEFINED", "RANGE"):
        assert getattr(words, name) is getattr(texts, name)


def test_a_rate_of_few_cases_is_marked_with_their_number_wherever_it_stands(usual):
    """Luck may have made it, and the worlds beside it do not show that; without one nothing is explained."""
    first, *others = (replace(one, cases=one.cases and 1000) for one in usual.differences)
    clear = comparison.render(replace(usual, differences=(first, *others)))
    few = comparison.render(replace(usual, differences=(replace(first, cases=12), *others)))
    means = words.FEW_MEANS.format(few=30)
    assert few.count(f"{first.title} *12</") == 2
    assert (means in clear, means in few) == (False, True)
