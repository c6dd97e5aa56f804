"""The report: one file that needs no other, and says of a run what its numbers say."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis import METRICS, outcomes, report
from evenhand.analysis.report.exhibit import Exhibit, Table, group_titles
from evenhand.analysis.report.exhibits import exhibits
from evenhand.analysis.report.exhibits.endings import OUTCOMES, ends, flows, outcome, where_disputes_end
from evenhand.analysis.report.exhibits.wrong_decisions import wrong_decisions
from evenhand.analysis.report.numbers import between, duration, number, percent, with_unit
from evenhand.analysis.report.page import HEADLINES
from evenhand.analysis.report.settings import settings
from evenhand.analysis.report.texts import texts
from evenhand.sim.scenario.vocabulary import CAUSES, DESKS
from tests.support import small
from tests.support.often import often

VOID = {"meta", "br"}
OTHERS = {"regular": {"title": "<b>x</b>"}, "power": {"title": "$a$ & b"}}
HARD = "<script>alert('x')</script> & $x_1$"


class Page(HTMLParser):
    """A page taken apart: its elements, its text, and what each section holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[tuple[tuple[str, ...], str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append((tuple(self.open), data))

    def words(self, inside: str = "html") -> list[str]:
        return [text for path, text in self.text if inside in path and text.strip()]


def quick(**changes):
    """Rules whose windows fit into two days."""
    short = dict.fromkeys(type(small.policy().windows).model_fields, "12 h")
    return small.policy({"windows": short, "answer": {"extension": "1 h"}, **changes})


@pytest.fixture(scope="module")
def run():
    return sim.simulate(small.scenario(), small.policy(), seed=3, replications=3, days=40, engine="simpy")


@pytest.fixture(scope="module")
def alone():
    return sim.simulate(small.scenario(), small.policy(), seed=3, replications=1, days=40, engine="simpy")


@pytest.fixture(scope="module")
def short():
    return sim.simulate(small.scenario(), quick(), seed=1, replications=1, days=2, engine="simpy")


@pytest.fixture(scope="module")
def nothing():
    calm = small.scenario({"market": {"orders_per_day": 1e-6}})
    return sim.simulate(calm, quick(), seed=1, replications=2, days=2, engine="simpy")


@pytest.fixture(scope="module")
def odd():
    """A run whose names are Chinese, or would be markup or formulas if they were not escaped."""
    named = small.scenario(
        {
            "title": f"测试市场 {HARD}",
            "buyers": {"groups": {"new": {"title": "新买家"}, **OTHERS}},
            "merchants": {"groups": {"flagship": {"title": "旗舰店"}, "small": {"title": "旗舰店"}}},
        }
    )
    rules = small.policy({"title": f"规则 {HARD}"})
    return sim.simulate(named, rules, seed=2, replications=2, days=30, engine="simpy")


@pytest.fixture(scope="module")
def html(run):
    return report.render(run)


@pytest.fixture(scope="module", params=often(["run", "alone", "short", "nothing", "odd"], {"run", "odd"}))
def any_run(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def any_page(any_run):
    """Its page, rendered once for all tests that read it."""
    return report.render(any_run)


@pytest.mark.process
def test_the_report_needs_nothing_but_itself(any_page):
    """It is read from a mail, a disk or a printer, years later and without a network."""
    text = any_page
    assert "://" not in text
    assert not re.search(r"(?:src|srcset|action|background|data)\s*=\s*[\"']", text)
    assert all(target.startswith("#") for target in re.findall(r"href\s*=\s*[\"']([^\"']*)", text))
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))
    forbidden = {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not forbidden & {tag for tag, _ in Page(text).elements}
    assert "@import" not in text


def test_the_page_is_well_formed_and_its_ids_are_unique(any_page):
    """Elements close in order, and every reference finds its one target."""
    text = any_page
    page = Page(text)
    assert not page.open
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    drawn = text[text.index("<body>") :]
    assert set(re.findall(r"(?:href=\"|url\()#([\w-]+)", drawn)) <= set(ids)


def test_every_chart_has_alternative_text_a_sentence_and_its_data(any_page):
    """Who does not see a chart gets the same from the text and the table."""
    text = any_page
    sections = re.findall(r'<section id="(\w+)">(.*?)</section>', text, re.DOTALL)
    charts = [body for key, body in sections if key not in {"metrics", "settings"}]
    assert len(charts) == len(exhibits())
    for body in charts:
        drawings = re.findall(
            r'<svg role="img"[^>]*aria-labelledby="[\w-]+ [\w-]+">'
            r"<title[^>]*>([^<]+)</title><desc[^>]*>([^<]+)</desc>",
            body,
        )
        assert len(drawings) == body.count("<svg") > 0
        sentence = re.search(r'<p class="claim">([^<]+)</p>', body)
        assert sentence
        assert re.fullmatch(r"[A-Z].*\.", sentence[1].strip())
        assert re.search(r"<details>.*<table.*</table>.*</details>", body, re.DOTALL)


def test_nothing_says_nan(any_page):
    """What is undefined says so in words."""
    words = " ".join(Page(any_page).words("main"))
    assert not re.search(r"\b(nan|inf|None|True|False(?! advertising| alarms))\b", words)


def test_every_row_of_a_table_has_a_cell_under_every_head(any_run):
    """A shifted table is worse than none."""
    tables = [make(any_run).table for make in exhibits()] + [
        settings(any_run.policy),
        settings(any_run.scenario),
    ]
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.head)}


@pytest.mark.process
def test_names_appear_as_the_text_they_are(odd):
    """Titles come from files that anybody may have written."""
    text = report.render(odd)
    page = Page(text)
    assert f"规则 {HARD}" in page.words("h1")
    assert any(f"测试市场 {HARD}" in words for words in page.words("header"))
    assert "<script" not in text
    assert "<b>" not in text
    drawn = page.words("svg")
    assert {"新买家", "<b>x</b>", "$a$ & b"} <= set(drawn)
    assert any(words.startswith("旗舰店") for words in drawn)


def test_groups_with_the_same_title_are_kept_apart(odd):
    """Two groups on one line of a chart would hide each other."""
    assert group_titles(odd, "merchant_group") == ("旗舰店 (flagship)", "旗舰店 (small)")


@pytest.mark.process
def test_the_same_run_gives_the_same_bytes(run, html, tmp_path):
    """Reports under version control change when the run does, and only then."""
    report.write(run, tmp_path / "one.html")
    report.write(run, tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert (tmp_path / "one.html").read_text("utf-8") == html
    report.write(run, tmp_path / "told.html", estimates=outcomes(run))
    assert (tmp_path / "told.html").read_text("utf-8") == html
    assert len(html.encode()) < 1_500_000


@pytest.mark.process
def test_a_title_of_one_s_own_takes_the_place_of_the_policy_s(run, html):
    """The policy is still named below."""
    mine = Page(report.render(run, title="My <title>"))
    assert mine.words("h1") == ["My <title>"]
    assert any("Small rules" in words for words in mine.words("header"))
    assert Page(html).words("h1") == ["Small rules"]


@pytest.mark.process
def test_a_write_that_fails_leaves_no_file_and_keeps_the_old_one(run, tmp_path, monkeypatch):
    """A full disk must not leave half a report, or destroy the last good one."""

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    target = tmp_path / "report.html"
    target.write_text("the last good one")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        report.write(run, target)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "the last good one"


def test_headlines_and_metrics_are_the_run_s_own(run, html):
    """The numbers on the page are the numbers of the library, with their n."""
    estimates = outcomes(run)
    page = Page(html)
    words = page.words("main")
    for name in HEADLINES:
        assert with_unit(estimates[name].value, estimates[name].unit) in page.words("header")
        assert f"n = {estimates[name].n:,}" in page.words("header")
    assert all(metric.title in words for metric in METRICS.values())
    assert "3 replications" in " ".join(page.words("header")).replace("\u00a0", " ")


@pytest.mark.process
def test_with_one_replication_no_interval_is_claimed(alone, run):
    """The label of the chart says what its bars are, or that there are none."""
    one, several = (" ".join(Page(report.render(each)).words("main")) for each in (alone, run))
    assert texts.BARS_NONE in one
    assert texts.BARS_OVER_REPLICATIONS not in one
    assert texts.ONE_REPLICATION in one
    assert "bars: 95 % interval over replications" in several
    assert texts.BARS_NONE not in several


def test_every_dispute_has_one_outcome_and_the_flow_loses_none(any_run):
    """What enters a stage of the flow leaves it, and all of it ends somewhere."""
    n = len(any_run)
    assert len(outcome(any_run)) == n
    nodes, bands = flows(ends(any_run))
    column = {node.key: node.column for node in nodes}
    assert all(column[band.start] < column[band.end] for band in bands)
    for node in nodes:
        into = np.sum([band.amounts for band in bands if band.end == node.key], axis=0)
        out = np.sum([band.amounts for band in bands if band.start == node.key], axis=0)
        if 0 < node.column < max(column.values()):
            assert np.array_equal(into, out)
    assert sum(sum(b.amounts) for b in bands if column[b.start] == 0) == n
    assert sum(sum(b.amounts) for b in bands if b.end in OUTCOMES) == n


def test_the_table_of_the_flow_counts_what_the_records_hold(run):
    """Valid and groundless disputes by outcome, counted here the slow way."""
    table = where_disputes_end(run).table
    counted = {row[0]: row[1:4] for row in table.rows}
    d = run.disputes
    ruled = [i for i in range(len(run)) if run.labels("ending")[d["ending"][i]] == "ruled" and d["upheld"][i]]
    valid = sum(bool(d["valid"][i]) for i in ruled)
    assert counted["Ruled for buyer"] == (str(valid), str(len(ruled) - valid), str(len(ruled)))
    shares = [float(row[4].rstrip("\u00a0%").lstrip("<")) for row in table.rows[len(texts.STAGES) :]]
    assert sum(shares) == pytest.approx(100, abs=0.6)


def test_the_sentence_about_wrong_decisions_names_the_groups_furthest_apart(run):
    """A sentence is computed from the same numbers as the chart above it."""
    exhibit = wrong_decisions(run)
    rates = {row[0]: row[1] for row in exhibit.table.rows}
    value = {name: float(text.rstrip("\u00a0%")) for name, text in rates.items()}
    gaps = {}
    for side in ("buyers", "merchants"):
        mine = [one for name, one in value.items() if name.startswith(side)]
        gaps[max(mine) - min(mine)] = (f"{max(mine):.1f}\u00a0%", f"{min(mine):.1f}\u00a0%")
    high, low = gaps[max(gaps)]
    assert re.search(
        rf"most common for .*\({high}, n.=.*\) and least common for .*\({low}, n.=.", exhibit.sentence
    )
    assert rates[texts.ALL] in exhibit.sentence


@pytest.mark.process
def test_more_groups_than_can_be_told_apart_are_left_to_the_table():
    """Eight lines are drawn, the largest groups; nothing is left out silently."""
    new = small.SCENARIO["buyers"]["groups"]["new"]
    groups = {f"g{i}": {**new, "share": 0.1} for i in range(10)}
    crowd = small.scenario()
    crowd = crowd.model_validate({**small.SCENARIO, "buyers": {"count": 500, "groups": groups}})
    many = sim.simulate(crowd, small.policy(), seed=1, days=30, engine="simpy")
    by_key: dict[str, Exhibit] = {one.key: one for one in (make(many) for make in exhibits())}
    for key in ("time", "people"):
        assert "8 of 10 buyer groups are drawn" in by_key[key].note
    named = {row[0] for row in by_key["time"].table.rows}
    assert {f"buyers: g{i}" for i in range(10)} <= named
    report.render(many)


def test_an_empty_run_says_that_it_is_empty(nothing):
    """No dispute is a result too, and no reason to fail."""
    words = " ".join(Page(report.render(nothing)).words("main"))
    assert texts.FLOW_EMPTY in words
    assert texts.WRONG_EMPTY in words
    assert texts.UNDEFINED in words


@pytest.mark.process
def test_frozen_behaviour_is_named_in_the_header(run, html):
    """Who reads a counterfactual must know whether people could react."""
    assert texts.REACTS in Page(html).words("header")
    assert texts.FROZEN in Page(report.render(replace(run, open_loop=True))).words("header")


def test_settings_are_shown_as_they_were_used(run):
    """Windows as people write them, lists together, defaults included."""
    rows = dict(settings(run.policy).rows)
    assert rows["windows.merchant_reply"] == "2 business days"
    assert rows["windows.review"] == "7 d"
    assert rows["decision.checks.share"] == "0.3"
    assert rows["review.who"] == "buyer, merchant"
    assert rows["screening.request_cap"] == texts.NONE
    world = dict(settings(run.scenario).rows)
    assert world["buyers.groups.power.activity"] == "3"
    assert world["market.hours"].count(",") == 23


def test_there_is_a_word_for_everything_that_records_count():
    """A new cause or desk must not appear in the report under its internal name, or not at all."""
    assert {texts.cause(name) for name in CAUSES} >= {"Late dispatch", "Malicious claim"}
    assert {texts.cause_in_sentence(name) for name in CAUSES} >= {"refused returns", "malicious claims"}
    assert texts.cause("hidden_defect") == "Hidden defect"
    assert texts.cause_in_sentence("hidden_defect") == "hidden defect"
    assert set(texts.CAUSES) | set(texts.IN_WORDS) <= set(CAUSES)
    assert set(texts.DESKS) == set(DESKS)


def test_the_page_is_light_dark_and_printable(html):
    """Colours are variables that follow the reader's system; paper has charts and numbers, no data tables."""
    style = html[html.index("<style>") : html.index("</style>")]
    assert "prefers-color-scheme:dark" in style
    assert "@media print" in style
    paper = style[style.index("@media print") :]
    assert "section details{display:none}" in paper
    assert ".how{break-before:page}" in paper  # what stands above it is the summary on a page of its own
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert not any(re.search(r"#[0-9a-f]{6}", drawing) for drawing in drawings)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (percent(0.1234), "12.3 %"),
        (percent(0.0), "0 %"),
        (percent(1.0), "100 %"),
        (percent(0.0001), "<0.1 %"),
        (percent(float("nan")), "undefined"),
        (number(1234.5), "1,234"),
        (number(3.14159), "3.14"),
        (number(-0.0001), "0.00"),
        (number(-2.5), "−2.50"),
        (duration(71.94), "71.9 h"),
        (duration(84), "3.5 days"),
        (with_unit(-0.218, "share of amount"), "−21.8 %"),
        (with_unit(1.5, "CNY"), "1.50 CNY"),
        (between("1.0\u00a0%", "2.0\u00a0%"), "1.0 to 2.0 %"),
        (between("0.5\u00a0h", "3.5\u00a0days"), "0.5 h to 3.5 days"),
    ],
)
def test_numbers_are_written_for_readers(written, wanted):
    """Rounded, with a unit, never a bare NaN, and no minus before a zero."""
    assert written.replace("\u00a0", " ") == wanted


def test_a_table_of_a_short_run_is_by_day_and_of_a_long_one_by_week(short, run):
    """Sixty rows of numbers help nobody."""
    by_key = {make(one).key: make(one).table for one in (short,) for make in exhibits()}
    people: Table = by_key["people"]
    assert [row[0] for row in people.rows] == ["1", "2"]
    longer = next(one for one in (make(run) for make in exhibits()) if one.key == "people").table
    assert [row[0] for row in longer.rows] == ["7", "14", "21", "28", "35", "40"]
