"""The form of a market: nothing moves by itself, the least is written, and the load of the desks is told."""

from __future__ import annotations

import re

import pytest

from evenhand import scenarios
from evenhand.scenarios import check_text
from evenhand.scenarios.expected_load import expected_load
from evenhand.studio.folder import hash_of
from evenhand.studio.forms.fields import Look
from evenhand.studio.forms.market import SECTIONS, part
from evenhand.studio.forms.posted import changes
from evenhand.studio.pages.market import loads
from tests.studio.conftest import with_token

FILE = """\
# our market
kind: scenario
title: Ours
base: tmall
desks:
  decision:
    staff: 3  # two are ill
"""


@pytest.fixture
def mine(studio):
    studio.folder.write("mine.yaml", FILE)
    return "mine.yaml"


def sent(studio, **fields):
    """A form of `mine.yaml` as it stands on disk."""
    return with_token(studio, seen=hash_of(studio.folder.text("mine.yaml")), **fields)


@pytest.mark.parametrize("name", [one.name for one in scenarios.available() if one.kind == "scenario"])
def test_a_form_that_is_sent_as_it_is_changes_nothing(name):
    """Laws, lists, dates and tables hold what the file says, in every section of every shipped market."""
    loaded = scenarios.read(name, "scenario")
    fields = [one for key in SECTIONS for one in part(Look(loaded, None), key).fields]
    assert len(fields) > 300
    filled = {one.path: [one.value] if isinstance(one.value, str) else list(one.value) for one in fields}
    assert changes(loaded, filled) == {}


@pytest.mark.parametrize(
    ("path", "typed", "line"),
    [
        ("desks.decision.staff", "6", "staff: 6  # two are ill"),
        ("desks.hourly_cost", "80", "hourly_cost: 80"),
        ("market.festivals.0.factor", "5", "factor: 5"),
        ("desks.decision.service", "{law: lognormal, median: 2 h, sigma: 0.7}", "2 h"),
        ("merchants.groups.small.reply", "{law: exponential, mean: 20 h}", "exponential"),
        ("calendar.holidays", "[2026-01-01, 2026-05-01]", "2026-05-01"),
        ("merchants.groups.small.never_replies", "0.5", "never_replies: 0.5"),
        ("market.categories.beauty.causes.counterfeit", "3", "counterfeit: 3"),
    ],
)
def test_a_value_is_saved_where_it_belongs(studio, client, mine, path, typed, line):
    """Comments stay, and everything that was not touched stays with the base."""
    answer = client.post(f"/market/{mine}", data=sent(studio, **{path: typed}))
    assert answer.status_code == 200, re.findall(r'class="bad".*', answer.text)
    text = studio.folder.text(mine)
    assert line in text
    assert text.startswith("# our market\nkind: scenario\n")
    assert check_text(text, mine, "scenario", studio.folder.path).loaded is not None
    assert len(text.splitlines()) < len(FILE.splitlines()) + 30


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("desks.decision.staff", "many"),
        ("desks.decision.service", "{law: lognormal, median: 2 h"),
        ("desks.decision.service", "soon"),
        ("calendar.holidays", "[Monday]"),
        ("market.festivals.0.first", "2025-13-45"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(studio, client, mine, path, typed):
    """What was typed stays on the page."""
    answer = client.post(f"/market/{mine}", data=sent(studio, **{path: typed}))
    assert answer.status_code == 422
    assert path in answer.text
    assert studio.folder.text(mine) == FILE


def test_a_festival_is_added_and_taken_out(studio, client, mine):
    """A list of the base is written as a whole; a row whose cells are emptied is gone."""
    new = {"name": "12.12", "first": "2025-12-12", "last": "2025-12-12", "factor": "3"}
    client.post(
        f"/market/{mine}", data=sent(studio, **{f"market.festivals.2.{k}": v for k, v in new.items()})
    )
    market = check_text(studio.folder.text(mine), mine, "scenario", studio.folder.path).loaded.model
    assert [one.factor for one in market.market.festivals] == [7, 1.3, 3]
    client.post(f"/market/{mine}", data=sent(studio, **{f"market.festivals.0.{k}": "" for k in new}))
    market = check_text(studio.folder.text(mine), mine, "scenario", studio.folder.path).loaded.model
    assert [one.factor for one in market.market.festivals] == [1.3, 3]


def test_a_value_goes_back_to_the_base_and_a_save_can_be_undone(studio, client, mine):
    """As in the editor of rules."""
    client.post(f"/market/{mine}?part=desks", data=sent(studio, back="desks.decision.staff"))
    assert "staff" not in studio.folder.text(mine)
    client.post(f"/market/{mine}", data=sent(studio, action="undo"))
    assert studio.folder.text(mine) == FILE


def test_the_load_of_a_desk_follows_its_staff_and_the_rules():
    """What is said is what `evenhand check` computes; rules without a desk have no load."""
    market, rules = scenarios.load("tmall"), scenarios.policy("tmall")
    few = market.desks.decision.model_copy(update={"staff": 1})
    lonely = market.model_copy(update={"desks": market.desks.model_copy(update={"decision": few})})
    before, after = (loads(one, rules)[-1] for one in (market, lonely))
    possible = [list(expected_load(one, rules))[-1].possible for one in (market, lonely)]
    assert possible[0] == pytest.approx(4 * possible[1])
    assert f"{possible[1]:.3g}" in after.said
    assert before.said != after.said


def test_a_desk_that_nothing_stands_before_is_told_how_many_it_lacks():
    """With as many more as the page says it keeps up; with one fewer it does not."""
    quiet, rules = scenarios.load("tmall_unresponsive"), scenarios.policy("tmall")
    rules = rules.model_copy(update={"negotiation": rules.negotiation.model_copy(update={"rounds": 0})})
    busy = quiet.model_copy(update={"market": quiet.market.model_copy(update={"orders_per_day": 50_000.0})})
    told = loads(busy, rules)[0]
    assert told.is_heavy
    more = int(re.search(r"Add (\d+) staff", told.said)[1])
    desk = busy.desks.screening

    def keeps_up(staff):
        desks = busy.desks.model_copy(update={"screening": desk.model_copy(update={"staff": staff})})
        return next(iter(expected_load(busy.model_copy(update={"desks": desks}), rules))).load <= 1

    assert keeps_up(desk.staff + more)
    assert not keeps_up(desk.staff + more - 1)


def test_the_page_tells_the_load_as_it_is_typed(studio, client, mine):
    """Beside the form stand the changes and the load under the chosen rules."""
    answer = client.post(
        f"/market/{mine}/look?part=desks", data=sent(studio, rules="tmall", **{"desks.decision.staff": "1"})
    )
    assert "its staff of 1 has time for" in answer.text
    assert "Desks: decision: staff" in answer.text
    assert studio.folder.text(mine) == FILE


def test_shipped_markets_are_read_only_and_can_be_copied(studio, client):
    """The copy opens as a form."""
    page = client.get("/shipped-market/tmall?part=desks").text
    assert "Copy to change" in page
    assert 'id="save"' not in page
    answer = client.post("/new", data=with_token(studio, kind="scenario", base="tmall"))
    assert answer.url.path == "/market/my-tmall.yaml"
    assert client.get("/shipped-market/nowhere").status_code == 404


@pytest.mark.parametrize("key", [*SECTIONS, "nonsense"])
def test_every_section_is_shown(client, mine, key):
    """One that there is not is the first."""
    answer = client.get(f"/market/{mine}?part={key}")
    assert answer.status_code == 200
    assert answer.text.count('class="field') > 2


def test_rules_are_no_market(studio, client):
    """The form of rules is another page."""
    studio.folder.write("rules.yaml", "kind: policy\nbase: tmall\n")
    assert client.get("/market/rules.yaml").url.path == "/policy/rules.yaml"
    assert client.get("/market/nothing.yaml").status_code == 404
