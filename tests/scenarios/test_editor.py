"""A form writes into a file what was changed in it, and leaves the author's words and lines alone."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest

from evenhand import scenarios
from evenhand.scenarios import BACK, BadFile, edit, edited, form

TEXT = """\
# my rules
title: X   # name
base: tmall

windows:
    # shorter
    merchant_evidence: 48 h   # really
    review:   {value: 2 d, source: "a paper", confidence: first-party}

# proof
decision: {  standard: 0.6 }
"""


def _moved(changes: dict[str, Any], text: str = TEXT) -> list[str]:
    """The lines that an edit takes out and puts in."""
    after = edited(text, changes, "x.yaml")
    lines = list(difflib.unified_diff(text.splitlines(), after.splitlines(), n=0, lineterm=""))
    return [line for line in lines if line[:3] not in ("---", "+++") and not line.startswith("@@")]


def test_a_changed_value_is_the_only_changed_line() -> None:
    """Comments, order, indentation and spacing are the author's."""
    assert _moved({"windows.merchant_evidence": "24 h"}) == [
        "-    merchant_evidence: 48 h   # really",
        "+    merchant_evidence: 24 h   # really",
    ]


def test_a_value_that_equals_the_base_again_loses_its_line_and_no_comment() -> None:
    """A patch says only what differs: tmall gives three days for evidence."""
    assert _moved({"windows.merchant_evidence": "72 h"}) == ["-    merchant_evidence: 48 h   # really"]


def test_back_takes_a_setting_to_its_base() -> None:
    """`BACK` is the form's button; what is not in the file is at its base already."""
    after = edited(TEXT, {"decision.standard": BACK, "answer.silence": BACK}, "x.yaml")
    assert "decision" not in after
    assert "# proof" in after


def test_a_setting_that_repeats_its_base_stays_while_nobody_names_it() -> None:
    """Its author wrote it on purpose; an edit elsewhere is no reason to take it out."""
    text = "base: tmall\nwindows:\n  file: 15 d\n  ship: 7 d\n"
    assert _moved({"windows.ship": "8 d"}, text) == ["-  ship: 7 d", "+  ship: 8 d"]


def test_a_citation_never_covers_a_changed_value() -> None:
    """The paper said two days; the new value is the editor's and says so."""
    after = edited(TEXT, {"windows.review": "1 d"}, "x.yaml")
    loaded = scenarios.check_text(after, "x.yaml").loaded
    assert loaded is not None
    said = loaded.provenance_of("windows.review")
    assert said is not None
    assert (said.source, said.confidence) == ("changed by hand", "assumed")


def test_a_new_value_may_bring_its_own_source() -> None:
    """Who knows where a value comes from says so in the same step."""
    after = edited(
        TEXT, {"review.limit": {"value": 2, "source": "a law", "confidence": "secondary"}}, "x.yaml"
    )
    loaded = scenarios.check_text(after, "x.yaml").loaded
    assert loaded is not None
    said = loaded.provenance_of("review.limit")
    assert said is not None
    assert said.source == "a law"


def test_groups_are_made_where_a_file_has_none() -> None:
    """The first change of a section is as easy as the second."""
    assert _moved({"decision.panel.size": 13, "review.who": ["buyer"]}) == [
        "-decision: {  standard: 0.6 }",
        "+decision: {standard: 0.6, panel: {size: 13}}",
        "+review:",
        "+    who: [buyer]",
    ]


def test_full_width_punctuation_and_chinese_names_are_found() -> None:
    """A file typed in Chinese is edited in place; only the changed line is written our way."""
    text = "title：x\nbase：tmall\n期限：\n  商家举证：48小时\n  file：20 d\n"
    after = edited(text, {"windows.merchant_evidence": "24 h"}, "x.yaml")
    assert after.splitlines()[3] == "  商家举证: 24 h"
    assert [after.splitlines()[i] for i in (0, 1, 2, 4)] == [text.splitlines()[i] for i in (0, 1, 2, 4)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decision.standrd": 0.5}, "unknown setting; did you mean 'standard'?"),
        ({"review.limit": -1}, "must be 0 or more, found -1"),
        ({"windows.file": 3}, "has no unit; write 3 h or 3 d"),
        ({"reforms.0.starts": 3}, "is in a list that stands in the base; write the whole list"),
    ],
)
def test_nothing_that_is_wrong_is_written(changes: dict[str, Any], said: str) -> None:
    """The whole is validated first; a form shows the sentence beside its field."""
    with pytest.raises(BadFile) as raised:
        edited(TEXT, changes, "x.yaml")
    assert said in str(raised.value)


def test_a_value_that_others_share_is_not_changed_in_passing() -> None:
    """Behind '*' stand the same lines: a change there would move settings that nobody named."""
    text = "base: tmall\nwindows: {file: &long 20 d, ship: *long}\nreview: &r {limit: 2}\n"
    assert "ship: 9 d" in edited(text, {"windows.ship": "9 d"}, "x.yaml")
    shared = (
        "kind: scenario\nbase: tmall\ncauses:\n  counterfeit: &g {full_share: 0.5}\n  late_dispatch: *g\n"
    )
    with pytest.raises(BadFile, match="would change as well"):
        edited(shared, {"causes.counterfeit.full_share": 0.25}, "x.yaml")


def test_a_file_is_handed_to_the_writer_only_when_it_differs(tmp_path: Path) -> None:
    """The writer puts whole files in place; what has not changed is not touched, nor is it on a mistake."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT, encoding="utf-8")
    written: list[tuple[Path, str]] = []
    edit(path, {"windows.merchant_evidence": "48 h"}, lambda at, text: written.append((at, text)))
    with pytest.raises(BadFile):
        edit(path, {"review.limit": -1}, lambda at, text: written.append((at, text)))
    assert written == []
    after = edit(path, {"review.limit": 2}, lambda at, text: written.append((at, text)))
    assert written == [(path, after)]


@pytest.mark.parametrize("entry", scenarios.available(), ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_all_fields_go_from_file_to_form_and_back_unchanged(entry: scenarios.Entry) -> None:
    """A form that is opened and saved changes no byte, whatever the file holds."""
    text = entry.path.read_text(encoding="utf-8")
    model = scenarios.read(entry.path).model
    assert edited(text, form(model), entry.path.name, kind=entry.kind, folder=entry.path.parent) == text


@pytest.mark.parametrize(
    "entry", [one for one in scenarios.available() if one.kind == "policy"], ids=lambda entry: entry.name
)
def test_all_fields_of_a_policy_go_from_form_to_file_and_back(entry: scenarios.Entry) -> None:
    """Every field of one policy, laid over another as a form would write it, makes the same rules."""
    model = scenarios.read(entry.path).model
    values = {path: value for path, value in form(model).items() if path not in ("kind", "name")}
    nested: dict[str, Any] = {}
    for path, value in values.items():
        if path.split(".")[0] in ("exceptions", "reforms", "title", "description"):
            continue
        at = nested
        for part in path.split(".")[:-1]:
            at = at.setdefault(part, {})
        at[path.split(".")[-1]] = value
    groups = {f"{name}": group for name, group in nested.items()}
    after = edited("kind: policy\ntitle: x\n", groups, "x.yaml")
    seen = scenarios.check_text(after, "x.yaml").loaded
    assert seen is not None
    back = form(seen.model)
    kept = {path for path in values if path.split(".")[0] in nested}
    assert {path: back.get(path) for path in kept} == {path: values[path] for path in kept}
