"""Pages of runs and comparisons in other languages: nothing stays English, and English stays as it is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from evenhand import scenarios, sim
from evenhand.analysis import compare, report
from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.rest import Rest, Trend
from evenhand.analysis.counterfactual import flip
from evenhand.analysis.experiments import Axis, sweep
from evenhand.analysis.report import comparison as comparison_page
from evenhand.analysis.report import sweep as sweep_page
from evenhand.analysis.report.numbers import duration, number, percent, with_unit
from evenhand.locale import catalogue, language
from evenhand.locale.formats import day_of_year, month
from evenhand.scenarios.numbers import builder
from evenhand.sim.runs.records import Run
from tests.support import small
from tests.support.languages import MADE_UP, Said, english_sentences, made_up

MOVING = Rest(20, 40, 2, (Trend("care", False, -0.2, (-0.3, -0.1), 0.001, 0.002),) * 2)
"""A run that is not at rest has a sentence of its own."""
NOT_WORDS = re.compile(r"[^A-Za-z]*(?:[a-zA-Z]\b[^A-Za-z]*)*")
"""Numbers, signs, and single letters."""
NAMES = {"Evenhand", "simpy", "numba", "0.1.0", "CNY"}
BOTH = (False, True)
POLICIES = ("tmall", "wechat_shop_2024")


@pytest.fixture(scope="module")
def run() -> Run:
    """Tmall's rules in Tmall's market, short."""
    return sim.simulate(
        scenarios.load("tmall"), scenarios.policy("tmall"), seed=1, replications=2, days=110, engine="numba"
    )


@pytest.fixture(scope="module")
def english(run: Run) -> str:
    """The page in English."""
    return report.render(run, at_rest=MOVING)


def test_the_chinese_page_has_no_english_sentence(run: Run, english: str) -> None:
    """Not in texts, alternative texts, labels, tables, nor in the descriptions of what is shipped."""
    with language("zh"):
        page = report.render(run, at_rest=MOVING)
    assert english_sentences(page) == []
    assert len(english_sentences(english)) > 200  # so it would see one
    assert '<html lang="zh">' in page
    words = [text for _, text in Said(page).said]
    assert {
        "天猫客服介入",
        "场景：“类似天猫、且人们会对规则作出反应的市场”",
        "合理诉求被驳回",
        "旗舰店",
        "仅退款",
    } <= set(words)
    assert any("2025年9月1日至2025年12月19日" in text for text in words)
    assert any(text.startswith("95% 置信区间只反映 2\u00a0次重复") and "尚未平稳" in text for text in words)


@pytest.mark.process
def test_english_is_the_same_before_and_after_another_language(run: Run, english: str) -> None:
    """A language leaves nothing behind, and English is as English was."""
    with language("zh"), language("en"):
        assert report.render(run, at_rest=MOVING) == english
    assert '<html lang="en">' in english


@pytest.mark.process
def test_everything_that_the_page_says_is_a_message(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language that puts every message in brackets, no text is without, but for names and settings."""
    monkeypatch.setattr(catalogue, "FOLDER", made_up(tmp_path))
    with language(MADE_UP):
        page = report.render(run, at_rest=MOVING)
    assert f'<html lang="{MADE_UP}">' in page
    assert bare(page) == set()
    settings = [text for section, text in Said(page).said if section == "settings" and "⟦" in text]
    assert "⟦New buyers⟧" in settings  # titles are said, whatever stands beside them is as in the file


def bare(page: str) -> set[str]:
    """Texts with words that are no message, settings and dates aside."""
    days = [date(2025, 1, 1) + timedelta(k) for k in range(730)]
    with language(MADE_UP):
        dates = {
            word for day in days for word in (day_of_year(day), *(month(day, with_year=y) for y in BOTH))
        }
    return {
        text
        for section, text in Said(page).said
        if not set("⟦⟧") & set(text)  # a name in two lines has a bracket in each
        and not text.startswith("evenhand explain ")  # commands are the same in all languages
        and section != "settings"
        and text not in NAMES | dates
        and not NOT_WORDS.fullmatch(text)
    }


@pytest.fixture(scope="module")
def compared() -> Comparison:
    """Two policies in the same worlds."""
    return compare(
        scenarios.load("tmall_unresponsive"),
        [scenarios.policy(name) for name in POLICIES],
        replications=3,
        days=25,
    )


@pytest.fixture(scope="module")
def lived() -> dict[str, Run]:
    """The records of the same worlds."""
    return {
        name: sim.simulate(
            scenarios.load("tmall_unresponsive"),
            scenarios.policy(name),
            seed=1,
            replications=2,
            days=25,
            engine="numba",
        )
        for name in POLICIES
    }


def page_of(compared: Comparison, lived: dict[str, Run]) -> str:
    """The page of the comparison, with a flip audit of the first policy."""
    audit = flip(
        scenarios.load("tmall_unresponsive"),
        scenarios.policy(POLICIES[0]),
        "merchant.group",
        "small",
        "flagship",
        replications=2,
        days=25,
        one_by_one=1,
        engine="numba",
    )
    return comparison_page.render(compared, runs=lived, audits={POLICIES[0]: audit})


@pytest.mark.process
def test_the_chinese_page_of_a_comparison_has_no_english_sentence(
    compared: Comparison, lived: dict[str, Run]
) -> None:
    """Differences in words, charts of records and audits too."""
    with language("zh"):
        page = page_of(compared, lived)
        alone = comparison_page.render(compared)
    assert english_sentences(page) == english_sentences(alone) == []
    assert '<html lang="zh">' in page
    words = [text for _, text in Said(page).said]
    assert {"谁受益", "为什么各种公平不可兼得", "无法区分"} <= set(words)
    assert any("随机条件不变" in text for text in words)


@pytest.mark.process
def test_everything_that_the_page_of_a_comparison_says_is_a_message(
    compared: Comparison, lived: dict[str, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a run; names of policies and scenarios are names."""
    monkeypatch.setattr(catalogue, "FOLDER", made_up(tmp_path))
    with language(MADE_UP):
        page = page_of(compared, lived)
    assert bare(page) - set(POLICIES) == set()


@pytest.mark.process
def test_a_comparison_in_english_is_the_same_after_another_language(
    compared: Comparison, lived: dict[str, Run]
) -> None:
    """Sentences of differences are made when they are read; numbers for programs stay numbers."""
    english, data = comparison_page.render(compared, runs=lived), compared.to_json()
    with language("zh"):
        assert compared.differences[0].sentence.startswith("纠纷数：")
        assert compared.to_json() == data
        with language("en"):
            assert comparison_page.render(compared, runs=lived) == english


def test_data_stay_english_whatever_the_page_speaks() -> None:
    """A manifest is read by programs."""
    with language("zh"):
        assert "尚未平稳" in MOVING.sentence
        assert MOVING.as_json()["warning"].startswith("Not at rest from day 20 to 40: problem rate")


def test_numbers_are_written_as_the_language_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Separators by Babel, units and signs by the catalogue."""
    with language("zh"):
        assert [percent(0.1234), number(1234.5), duration(84), with_unit(1.5, "CNY")] == [
            "12.3%",
            "1,234",
            "3.5\u00a0天",
            "1.50\u00a0元",
        ]
    monkeypatch.setattr(catalogue, "FOLDER", made_up(tmp_path))
    with language(MADE_UP):
        assert re.fullmatch(r"1\s234,57", number(1234.5678, 2))


def test_the_page_of_a_sweep_speaks_the_language_asked_for() -> None:
    """It says so in its head, and its title follows."""
    standard = Axis("decision.standard", 0.4, 0.6, base=0.5)
    world, rules = small.scenario({"market": {"orders_per_day": 100}}), small.policy()
    found = sweep(
        builder(world, rules), [standard], points=2, replications=2, days=20, metrics=("filed_share",)
    )
    english = sweep_page.render(found)
    with language("zh"):
        chinese = sweep_page.render(found)
    assert '<html lang="en">' in english
    assert '<html lang="zh">' in chinese
    assert "<title>" in chinese
    assert english.split("<title>")[1].split("</title>")[0] not in chinese
