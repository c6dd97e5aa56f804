"""Stories 1 to 10: what designers of rules ask, in a small market whose people do not respond to rules.

The figures of the stories are of a larger market that has changed since; signs, intervals and sentences are
held here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.stories.conftest import Ask

Rules = Callable[..., str]
WORLDS = "--scenario market.yaml --days 45 --seed 1"


def line(text: str, *parts: str) -> str:
    """The one line of an answer that has these parts."""
    (found,) = (one for one in text.splitlines() if all(part in one for part in parts))
    return found


@pytest.mark.process
def test_story_01_a_day_for_evidence_is_missed_most_by_small_shops(ask: Ask, rules: Rules) -> None:
    """Windows missed rise at small shops, and the answer says by how much, with its interval."""
    file = rules("w24", "windows: {merchant_evidence: 24 h}\n")
    said = ask(
        f"evenhand compare tmall {file} {WORLDS} --replications 10 --by merchant_group "
        "--metric merchant_missed_share"
    )
    row = line(said, "Small shops", "%")
    before, after = (float(part) for part in re.findall(r"([\d.]+) %", row))
    low = re.search(r"([-+][\d.]+) to ([-+][\d.]+)", row)
    assert low
    assert after > before
    assert float(low[1]) > 0
    assert "Windows missed by merchants: " in said
    assert "points higher under w24 than under tmall" in said


@pytest.mark.process
def test_story_02_no_staff_closes_what_windows_hold_open(ask: Ask) -> None:
    """Every point is listed; more staff than the desk needs change nothing, a shorter window does."""
    staff = ask(
        f"evenhand sweep tmall {WORLDS} --replications 2 --vary desks.decision.staff=2..6 --points 2 "
        "--vary windows.merchant_evidence=24h..72h --metric median_hours_after_filing --out s --format json"
    )
    found = {
        (row["desks.decision.staff"], row["windows.merchant_evidence"]): row["value"]
        for row in json.loads(staff)["points"]
    }
    for window in (24, 72):
        assert found[2, window] == pytest.approx(found[6, window], rel=0.05)
    for number in (2, 6):
        assert found[number, 24] < found[number, 72]


@pytest.mark.process
def test_story_03_a_desk_that_cannot_keep_up_is_said_above_everything(
    ask: Ask, rules: Rules, here: Path
) -> None:
    """Without talks all comes to the platform: one clerk cannot do it, says the first line."""
    file = rules("straight", "negotiation: {rounds: 0}\n")
    slow = "title: Slow\nbase: market.yaml\ndesks: {decision: {service: {median: 6 h}}}\n"
    (here / "slow.yaml").write_text(slow, encoding="utf-8")
    how = WORLDS.replace("market.yaml", "slow.yaml")
    said = ask(f"evenhand compare tmall {file} {how} --replications 3 --metric filed_share")
    assert said.startswith("WARNING, under straight: The decision desk cannot keep up:")
    assert re.search(r"\d+ staff would do instead of 1 ", said.splitlines()[0])
    assert "higher under straight than under tmall" in line(said, "Filed: ")


@pytest.mark.process
def test_story_04_a_smaller_jury_for_small_amounts_says_how_many_it_touched(ask: Ask, rules: Rules) -> None:
    """`show` has an exception to copy from; `check` reads it back, and the run counts who met it."""
    changes = "{decision: {panel: {size: 13, quorum: 7}}}"
    text = f"exceptions: {{small: {{when: {{amount_below: 100}}, changes: {changes}}}}}\n"
    file = rules("jury13", text, base="policies/taobao_jury_31")
    assert "Exceptions: small: Decision: panel: seats (seats): 31 -> 13" in ask(f"evenhand check {file}")
    said = ask(f"evenhand run {file} {WORLDS} --replications 1 --out jury")
    met = re.search(r"Exception “small” was met by ([\d,]+) of ([\d,]+) disputes", said)
    assert met
    touched, every = (int(number.replace(",", "")) for number in met.groups())
    assert 0 < touched < every


@pytest.mark.process
def test_story_05_a_refund_at_once_comes_after_the_talks(ask: Ask, rules: Rules) -> None:
    """The run says how many disputes the exception met, and the records how few of those it decided."""
    automatic = "decision: {automatic: {enabled: true, ex_parte: true, max_amount: 20, margin: 0}}"
    changes = f"{{{automatic}}}"
    file = rules("at20", f"exceptions: {{small: {{when: {{amount_below: 20}}, changes: {changes}}}}}\n")
    assert "Exceptions: small: when: amount below (money): none -> 20" in ask(f"evenhand check {file}")
    said = ask(f"evenhand run {file} {WORLDS} --replications 4 --out at20")
    met = re.search(r"Exception “small” was met by ([\d,]+) of", said)
    assert met
    asked = (
        "select count(*) as every, count(*) filter (decider = 'automatic') as decided, "
        "count(*) filter (ending = 'settled') as settled from disputes where amount < 20"
    )
    every, decided, settled = map(int, ask(f'evenhand query at20 "{asked}"').splitlines()[1].split(","))
    assert every == int(met[1].replace(",", ""))
    assert decided < settled


@pytest.mark.process
def test_story_06_reviews_without_new_evidence_are_more_and_dearer(ask: Ask, rules: Rules) -> None:
    """What was clear stays clear: a sentence for each measure, with its interval."""
    file = rules("anyhow", "review: {new_evidence: false}\n")
    said = ask(
        f"evenhand compare tmall {file} {WORLDS} --replications 8 --metric review_share "
        "--metric platform_cost_per_dispute"
    )
    for name, unit in (("Rulings reviewed", "points"), ("Cost to the platform for a dispute", "CNY")):
        assert f"{unit} higher under anyhow than under tmall (95 % interval" in line(said, f"{name}: ")


@pytest.mark.process
def test_story_07_a_market_of_ones_own_has_its_categories_and_shares(ask: Ask, here: Path) -> None:
    """Three categories, groups in place of the base's, and shares of sales that are what they say."""
    text = """title: Our market
base: worlds/tmall_unresponsive
market:
  orders_per_day: 300
  categories:
    clothes: {share: 0.5, amount: {median: 90, sigma: 0.7}}
    phones: {share: 0.2, amount: {median: 900, sigma: 0.5}}
    toys: {share: 0.3, amount: {median: 40, sigma: 0.6}}
merchants:
  count: 200
  groups: !replace
    shops: {share: 0.1, sales_share: 0.5, reply: &day {law: exponential, mean: 12 h}, rating: 0.8, <common>}
    stalls: {share: 0.9, sales_share: 0.5, reply: *day, rating: 0.8, <common>}
""".replace("<common>", "service: 0.3, never_replies: 0.02")
    (here / "ours.yaml").write_text(text, encoding="utf-8")
    said = ask("evenhand check ours.yaml")
    assert said.startswith("ok: ours.yaml: scenario 'ours'")
    ask("evenhand run tmall --scenario ours.yaml --days 45 --replications 2 --out ours")
    asked = "select category, count(*) as n, median(amount) as m from disputes group by all order by m"
    rows = [row.split(",") for row in ask(f'evenhand query ours "{asked}"').splitlines()[1:]]
    assert [row[0] for row in rows] == ["toys", "clothes", "phones"]
    asked = "select merchant_group, sum(orders) as n from merchants group by all order by all"
    rows = [row.split(",") for row in ask(f'evenhand query ours "{asked}"').splitlines()[1:]]
    (shops, few), (stalls, many) = rows
    assert (shops, stalls) == ("shops", "stalls")
    assert 0.8 < int(few) / int(many) < 1.25, "half of the sales each, whatever their number"


@pytest.mark.process
def test_story_08_which_rule_is_fairer_to_new_buyers_in_one_picture(ask: Ask, here: Path) -> None:
    """Paired differences by group, the gap with its interval, and a picture whose sentence is in it."""
    said = ask(
        f"evenhand compare tmall taobao_refund_only_2023 {WORLDS} --replications 8 --by buyer_group:regular "
        "--metric effective_denial_rate --chart fairer.svg"
    )
    assert re.search(r"New buyers .* [-+][\d.]+ to [-+][\d.]+", said)
    gap = line(said, "Gap between New buyers and Regular buyers: before")
    assert re.search(r"change [+−][\d.]+ points \([+−][\d.]+ to [+−][\d.]+\)", gap)
    picture = (here / "fairer.svg").read_text(encoding="utf-8")
    assert picture.startswith("<?xml")
    assert "buyers" in picture


def workbook(path: Path) -> None:
    """Cases as an office keeps them: a title, Chinese headers, mixed dates and money, NULL, a double."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["2025年投诉处理一览"])
    book.active.append(["编号", "申请时间", "结案时间", "处理结果", "事由", "商家", "金额"])
    begins = date(2025, 3, 1)
    for number in range(60):
        day, done = begins + timedelta(days=number), begins + timedelta(days=number + 4)
        opened = f"{day.year}年{day.month}月{day.day}日" if number % 2 else day.isoformat()
        closed = ("NULL", "尽快")[number == 9] if number % 10 == 9 else done.isoformat()
        result = "NULL" if number % 10 == 9 else ("已退款", "驳回")[number % 3 == 0]
        money = (f"￥{20 + number}.5", f"{20 + number}元")[number % 2]
        name = f"K{number - 1 if number == 31 else number}"
        book.active.append([name, opened, closed, result, "质量问题", f"商家{number % 7}", money])
    book.save(path)


@pytest.mark.process
def test_story_09_an_office_reads_its_workbook_and_is_told_what_is_not_used(ask: Ask, here: Path) -> None:
    """The mapping is guessed from Chinese headers; one double and one date are told, the others are read."""
    workbook(here / "cases.xlsx")
    guessed = ask("evenhand calibrate cases.xlsx --guess")
    for role, column in (
        ("opened", "申请时间"),
        ("closed", "结案时间"),
        ("outcome", "处理结果"),
        ("amount", "金额"),
    ):
        assert re.search(rf'^  {role}: "{column}"', guessed, re.MULTILINE)
    assert re.search(r'^  "NULL": open', guessed, re.MULTILINE)
    mapping = guessed.replace("columns:\n", 'columns:\n  id: "编号"\n')
    (here / "cases.yaml").write_text(mapping, encoding="utf-8")
    made = ask(
        "evenhand calibrate cases.xlsx --map cases.yaml --policy mediation --trials 0 --replications 1 "
        "--engine simpy --out ours.yaml",
        heard=True,
    )
    assert "59 of 60 rows can be used" in made
    assert "'编号' has a name that is there before (row 32: 'K30')" in made
    assert "'结案时间' is no time such as" in made
    assert ask("evenhand check ours.yaml").startswith("ok: ours.yaml: scenario 'ours'")


@pytest.mark.process
def test_story_10_how_much_of_a_number_is_assumed_stands_on_every_page(ask: Ask, here: Path) -> None:
    """Under the table, in JSON, and as a badge on the page of a run and of a comparison."""
    said = ask(f"evenhand run tmall {WORLDS} --replications 1 --out r")
    badge = line(said, "Of the settings that the files give, assumed are")
    count = re.search(r"(\d+) of (\d+) of the scenario “market”", badge)
    assert count
    assert int(count[1]) > int(count[2]) / 2
    assert count[0] in (here / "r" / "report.html").read_text(encoding="utf-8")
    ask(f"evenhand compare tmall wechat_shop_2024 {WORLDS} --replications 2 --metric filed_share --out c")
    assert count[0] in (here / "c" / "comparison.html").read_text(encoding="utf-8")
