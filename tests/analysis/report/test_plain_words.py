"""Pages in plain words: what was changed, three sentences, and the statistics in a fold."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evenhand import sim
from evenhand.analysis.charts.forest import Contrast, Unit, forest
from evenhand.analysis.charts.words import SMALL, broken, width_of
from evenhand.analysis.compare import compare
from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.metrics.registry import METRICS, outcomes
from evenhand.analysis.report import comparison, page
from evenhand.analysis.report.comparison_plain import COSTS, SIDES, plain_words
from evenhand.analysis.report.comparison_texts import texts as words
from evenhand.analysis.report.comparison_why import whys
from evenhand.analysis.report.plain_words import in_plain_words
from evenhand.analysis.report.texts import texts
from evenhand.analysis.runs.background import NONE, Assumed, Background, Change
from evenhand.locale.current import gettext, language
from tests.support import small

NARROW, WIDE = 464.0, 960.0
WINDOW = {"windows": {"merchant_evidence": "6 h"}}


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A shorter window for the merchant's answer, in eight worlds."""
    market = small.scenario({"market": {"orders_per_day": 120}})
    rules = {"rules": small.policy(), "short": small.policy(WINDOW)}
    return compare(market, rules, replications=8, days=40, engine="simpy")


@pytest.fixture(scope="module")
def html(found) -> str:
    changes = {"short": [Change("windows.merchant_evidence", "Windows: answer", "3 d", "6 h")]}
    return comparison.render(found, changes=changes, assumed=[Assumed("policy", "short", 3, 4)])


@pytest.mark.process
def test_a_comparison_begins_with_changes_then_plain_words_and_folds_statistics(html):
    """What a manager understands comes first; Holm and its like have a sentence each in a fold."""
    order = [
        html.index("Windows: answer: 3 d → 6 h"),
        html.index(words.PLAIN_TITLE),
        html.index('class="facts"'),
        html.index('class="how"'),
        html.index('id="differences-1"'),
    ]
    assert order == sorted(order)
    header = html[: html.index("</header>")]
    fold = header[header.index('<details class="how">') :]
    assert [name in fold for name in words.TERMS.values()] == [True] * 4
    assert "Holm" not in header[: header.index('class="how"')]
    lead = header[header.index(words.PLAIN_TITLE) :]
    assert lead[: lead.index("</ul>")].count("<li>") == 3


@pytest.mark.process
def test_plain_words_are_the_differences_that_are_found(found):
    """For each side whatever is clearest, with levels, interval and n; nothing that may be luck."""
    who, costs, mind = plain_words(found, "scenario", "short", [Assumed("policy", "short", 3, 4)])
    missed = found.of("merchant_missed_share")
    assert missed.verdict == "higher"
    assert f"Worse for merchants: “{gettext(missed.title)}” rises from " in who
    assert f"8 worlds, {missed.cases:,} cases)" in who
    for names in SIDES.values():
        for name in names:
            one = found.of(name)
            if one.verdict not in {"higher", "lower"}:
                assert f"“{gettext(one.title)}”" not in who
    told = [name for name in COSTS if found.of(name).verdict in {"higher", "lower"}]
    assert [gettext(METRICS[name].title) in costs for name in COSTS] == [name in told for name in COSTS]
    unsure = sum(one.verdict not in {"higher", "lower"} for one in found.differences)
    assert f"{unsure} of {len(found.differences)} measures are not told apart" in mind
    assert "it is held against the merchant in the ruling" in mind
    assert "3 of 4 settings" in mind


@pytest.mark.process
def test_where_nothing_differs_plain_words_say_so(found):
    """A manager must not read a story into luck."""
    equal = replace(found, differences=tuple(replace(one, p_adjusted=1.0) for one in found.differences))
    who, costs, _ = plain_words(equal, "scenario", "short")
    assert who == words.PLAIN_NOBODY.format(worlds="8 worlds")
    assert costs == words.PLAIN_NO_COSTS


@pytest.mark.process
def test_the_page_says_why_and_names_single_disputes(found, html):
    """Each change of path has its count, and a dispute with the command that tells its two lives."""
    (section,) = whys(found)
    way = found.way("short", "scenario")
    assert f"{way.moved:,} take another path" in section.sentence
    assert "Why: " in section.sentence
    for row, one in zip(section.table.rows, way.largest(12), strict=False):
        assert row[1] == f"{one.n:,}"
        assert row[-1] == f"evenhand explain DIR {one.dispute} --replication {one.world}"
    assert 'id="why-1"' in html
    table = html[html.index('id="metrics"') :]
    told = sum(one.verdict in {"higher", "lower"} for one in found.differences)
    assert table.count("Why: ") == told


@pytest.mark.process
def test_pages_in_chinese_have_plain_words_and_reasons(found):
    """No English sentence is left in them."""
    with language("zh"):
        said = " ".join(plain_words(found, "scenario", "short"))
        (section,) = whys(found)
    assert "商家" in said
    assert "原因：" in section.sentence
    for text in (said, section.sentence):
        assert not re.search(r"\b(disputes|worlds|rises|falls|better|worse)\b", text, re.IGNORECASE)


def test_a_run_is_told_in_three_sentences_from_its_own_numbers():
    """How disputes end, who is wronged, what it costs, and what to mind, as that it is one replication."""
    run = sim.simulate(small.scenario(), small.policy(), days=20, engine="simpy")
    estimates = outcomes(run)
    assumed = Background(assumed=(Assumed("policy", "x", 3, 4),))
    ends, costs, mind = in_plain_words(run, estimates, (), assumed)
    assert f"Of {estimates['disputes'].n:,} disputes" in ends
    assert page.with_unit(estimates["wrongful_denial_rate"].value, "share") in ends
    assert page.with_unit(estimates["buyer_loss_per_dispute"].value, "CNY") in costs
    assert texts.PLAIN_ONE in mind
    assert "3 of 4 settings" in mind
    assert texts.PLAIN_ALERT not in mind
    assert "assumed" not in in_plain_words(run, estimates, (), NONE)[2]


@pytest.mark.parametrize("tag", ["en", "zh"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_measure_is_cut_on_a_phone_or_on_a_desk(tag, width):
    """A name that is too long for its line has two."""
    with language(tag):
        names = [gettext(one.title) for one in METRICS.values()]
        rows = tuple(Contrast(name, 0.1, (0.0, 0.2), None, "+10.0", 8, 1, "better") for name in names)
        figure = forest([Unit("Shares", rows)], words.forest, width=width)
        written = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert not [text for text in written if "…" in text]
    assert "".join("".join(names).split()) in "".join("".join(written).split()).replace("+10.0", "").replace(
        "n=8", ""
    )


def test_a_text_is_broken_between_words_and_cut_only_at_the_end():
    """Two lines at most, each within the room."""
    room = width_of("merchants for an", SMALL)
    lines = broken("Cost of disputes to merchants for an order", room * 1.4, SMALL)
    assert " ".join(lines) == "Cost of disputes to merchants for an order"
    assert len(lines) == 2
    short = broken("Cost of disputes to merchants for an order", room, SMALL)
    assert len(short) == 2
    assert short[1].endswith("…")
    assert broken("Unbreakable", 20.0, SMALL)[0].endswith("…")
