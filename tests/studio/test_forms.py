"""Forms: every setting of a policy as a field, and what was filled in as the least change of the file."""

from __future__ import annotations

import pytest

from evenhand import scenarios
from evenhand.scenarios import available, check_text
from evenhand.scenarios.fields import about, setting_at
from evenhand.studio.folder import hash_of
from evenhand.studio.forms.cards import exceptions, new_exception, new_reform, reforms, without_reform
from evenhand.studio.forms.fields import Look, fields, parts
from evenhand.studio.forms.posted import BACK, apply, changes
from evenhand.studio.forms.sections import LEFT_OUT, SECTIONS, section_of

POLICIES = [one.name for one in available() if one.kind == "policy"]
FILE = """\
# Our draft, {do} not lose this line.
kind: policy
base: tmall   # the market leader

windows:
  # agreed in March
  merchant_evidence: {value: 48 h, source: "minutes of March", confidence: first-party}
  review: 5 d  # long enough
"""


def look(text: str = FILE) -> Look:
    loaded = check_text(text, "mine.yaml", "policy").loaded
    assert loaded is not None
    return Look(loaded, scenarios.read("tmall", "policy"))


def filled(form_of: Look) -> dict[str, list[str]]:
    """All inputs as a browser sends them."""
    return {
        one.path: [one.value] if isinstance(one.value, str) else ["", *one.value]
        for part in parts(form_of)
        for one in part.fields
    }


def other(path: str, value) -> list[str]:
    """Another value that the setting allows."""
    may = setting_at("policy", path).may
    if may.items is not None:
        unchecked = [word for word in may.items.words if word not in value]
        return ["", (unchecked or may.items.words)[0]]
    if may.words:
        return [next(word for word in may.words if word != value)]
    if bool in may.types:
        return ["false" if value == "true" else "true"]
    if may.duration:
        return ["37 h"]
    if str in may.types:
        return ["另一个"]
    low = [edge for name, edge in may.bounds if name in ("ge", "gt")]
    high = [edge for name, edge in may.bounds if name in ("le", "lt")]
    if int in may.types and float not in may.types:
        return [str(int(float(value or max(low, default=0))) + 1)]
    top = min(high, default=1e9)
    middle = (max(low, default=0) + min(top, max(low, default=0) + 1)) / 2
    return [f"{middle:.12g}" if f"{middle:.12g}" != value else f"{middle * 1.1:.12g}"]


@pytest.mark.parametrize("name", POLICIES)
def test_a_form_that_nobody_touched_changes_nothing(name):
    """Reading a form back gives no change, for every shipped policy."""
    loaded = scenarios.read(name, "policy")
    assert changes(loaded, filled(Look(loaded, None))) == {}


def test_every_setting_of_a_policy_has_one_field():
    """Nothing that a file can say is missing from the form, and nothing stands there twice."""
    paths = [one.path for part in parts(look()) for one in part.fields]
    single = {
        one.path
        for one in about("policy")
        if not (one.may.models or one.may.entries or one.may.anything or "*" in one.path)
    }
    assert len(paths) == len(set(paths))
    assert single - {*LEFT_OUT, "reforms"} <= set(paths)
    assert {section_of(path) for path in paths} <= {one.key for one in SECTIONS}


def test_all_fields_go_from_form_to_file_to_form_with_comments_kept():
    """Every setting gets another value at once: the file says them all, and its author's words stay."""
    before = look()
    wanted = {
        path: other(path, value[-1] if setting_at("policy", path).may.items is None else value)
        for path, value in filled(before).items()
    }
    # what needs each other to be valid: the credit is at most the fee, a quorum at most the seats
    wanted |= {
        "screening.filing_fee": ["9"],
        "screening.merchant_fee": ["9"],
        "screening.represented.fee": ["9"],
    }
    wanted |= {"screening.loser_pays": ["false"]}
    wanted |= {"decision.panel.size": ["32"], "decision.panel.quorum": ["17"], "review.panel_size": ["33"]}
    found = changes(before.loaded, wanted)
    draft = apply(FILE, found, "mine.yaml", None)
    assert [str(one) for one in draft.problems] == []
    after = filled(look(draft.text))
    assert {path: set(after[path]) for path in wanted} == {path: set(value) for path, value in wanted.items()}
    for remark in (
        "# Our draft, {do} not lose this line.",
        "# the market leader",
        "# agreed in March",
        "# long enough",
    ):
        assert remark in draft.text
    back = changes(look(draft.text).loaded, filled(before))
    undone = apply(draft.text, back, "mine.yaml", None)
    assert undone.problems == ()
    assert filled(look(undone.text)) == filled(before)


def test_back_to_base_takes_the_line_out():
    """A file says only what differs."""
    draft = apply(FILE, {"windows.review": BACK}, "mine.yaml", None)
    assert "review" not in draft.text
    assert "merchant_evidence" in draft.text


def test_typing_the_value_of_the_base_takes_the_line_out_too():
    """Whoever types what the base says wants the base."""
    found = changes(look().loaded, {"windows.review": ["3 d"]})
    assert "review" not in apply(FILE, found, "mine.yaml", None).text


def test_a_mistake_names_its_field():
    """What is wrong stands at the input that it is about, and the file stays as it was."""
    draft = apply(FILE, {"decision.standard": "1.5", "windows.review": "5 x"}, "mine.yaml", None)
    assert set(draft.errors) == {"decision.standard", "windows.review"}
    assert draft.text == FILE


def test_words_in_another_order_are_no_change():
    """A browser sends checked boxes in the order of the form."""
    form_of = look()
    assert (
        changes(form_of.loaded, {"returns.exempt": ["", "late_dispatch", "lost_or_damaged", "counterfeit"]})
        == {}
    )


def test_boxes_that_are_all_unchecked_are_an_empty_list():
    """An empty choice is a choice."""
    draft = apply(FILE, changes(look().loaded, {"returns.exempt": [""]}), "mine.yaml", None)
    assert "exempt: []" in draft.text


def test_a_changed_field_says_so_and_names_its_base():
    """Changed is a word, and the value of the base stands beside it."""
    one = next(one for one in fields(look()) if one.path == "windows.merchant_evidence")
    assert (one.value, one.base, one.is_changed) == ("48 h", "3 d", True)
    assert (one.source, one.confidence) == ("minutes of March", "first-party")


def test_a_field_without_effect_says_why():
    """Nobody decides by panel on Tmall, so the size of the panel is greyed."""
    one = next(one for one in fields(look()) if one.path == "decision.panel.size")
    assert "nobody decides by panel" in one.idle


def test_an_exception_is_a_sentence_and_can_be_taken_out():
    """Added by a condition and a setting, told in words, removed without a trace."""
    added = new_exception("small", "amount_below", "20", "decision.standard", "40%")
    draft = apply(FILE, added, "mine.yaml", None)
    assert draft.problems == ()
    (card,) = exceptions(look(draft.text))
    assert card.sentence == "Amount below 20 → Standard of proof 0.4" or "20" in card.sentence
    assert [one.path for one in card.conditions] == ["exceptions.small.when.amount_below"]
    assert [one.value for one in card.changes] == ["0.4"]
    assert apply(draft.text, {"exceptions.small": BACK}, "mine.yaml", None).text == FILE


def test_a_reform_is_added_behind_the_others_and_can_be_taken_out():
    """Reforms are a list, which is written as a whole."""
    first = apply(FILE, new_reform(look(), "2026-11-11", "decision.standard", "0.4"), "mine.yaml", None)
    assert first.problems == ()
    second = apply(first.text, new_reform(look(first.text), "400", "review.limit", "0"), "mine.yaml", None)
    assert [card.name for card in reforms(look(second.text))] == ["2026-11-11", "400"]
    third = apply(second.text, without_reform(look(second.text), 0), "mine.yaml", None)
    assert [card.name for card in reforms(look(third.text))] == ["400"]
    last = apply(third.text, without_reform(look(third.text), 0), "mine.yaml", None)
    assert reforms(look(last.text)) == []
    assert hash_of(last.text) == hash_of(FILE)
