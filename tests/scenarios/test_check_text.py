"""A text is checked without being on disk, and as people type it."""

from __future__ import annotations

import pytest

from evenhand import scenarios
from evenhand.scenarios import Checked
from evenhand.scenarios.catalogue import MAX_PARTS
from evenhand.scenarios.layers import MAX_FILES


def _policy(lines: str) -> Checked:
    return scenarios.check_text(f"title: x\nbase: tmall\n{lines}", "x.yaml")


def _value(seen: Checked, path: str) -> object:
    assert seen.problems == ()
    assert seen.loaded is not None
    return scenarios.form(seen.loaded.model)[path]


def test_a_sound_text_gives_its_value_and_no_problems() -> None:
    """An editor needs both answers from one call."""
    seen = _policy("windows: {file: 20 d}")
    assert _value(seen, "windows.file") == "20 d"
    assert seen.notes == ()


def test_every_mistake_of_a_text_has_its_place() -> None:
    """A form shows mistakes beside their fields, so each carries path, line and column."""
    seen = _policy("windows: {fle: 20 d}\nreview: {limit: -1}")
    assert seen.loaded is None
    assert [(one.path, one.place.line, one.place.column) for one in seen.problems] == [
        ("windows.fle", 3, 11),
        ("review.limit", 4, 17),
    ]


def test_without_a_folder_no_file_is_read(tmp_path, monkeypatch) -> None:
    """A text from a web page must not read files of the machine through its base."""
    (tmp_path / "mine.yaml").write_text("kind: policy\ntitle: mine\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    text = "kind: policy\ntitle: x\nbase: mine.yaml\n"
    (problem,) = scenarios.check_text(text, "x.yaml").problems
    assert "only shipped names are known" in problem.message
    assert scenarios.check_text(text, "x.yaml", folder=tmp_path).problems == ()


def test_a_policy_without_a_base_says_what_it_rests_on() -> None:
    """A title and nothing else runs on built-in defaults, which nobody's rules are."""
    (note,) = scenarios.check_text("kind: policy\ntitle: x\n", "x.yaml").notes
    assert note.path == "base"
    assert "rest on built-in defaults" in note.message
    assert scenarios.check_text("kind: policy\ntitle: x\nbase: tmall\n", "x.yaml").notes == ()


@pytest.mark.parametrize(
    ("line", "path", "value"),
    [
        ("windows: {merchant_evidence: 48小时}", "windows.merchant_evidence", "48 h"),
        ("windows: {merchant_evidence: 48hrs}", "windows.merchant_evidence", "48 h"),
        ("windows: {merchant_evidence: 3个工作日}", "windows.merchant_evidence", "3 business days"),
        ("windows: {merchant_evidence: 0}", "windows.merchant_evidence", "0 h"),
        ("windows:\n  merchant_evidence：２ d", "windows.merchant_evidence", "48 h"),
        ("windows：\n\u3000\u3000file：4 d", "windows.file", "4 d"),
        ("windows:\u00a0\n  file:\u00a04 d", "windows.file", "4 d"),
        ("decision: {standard: 60%}", "decision.standard", 0.6),
        ("answer: {extension_share: 12.5 %}", "answer.extension_share", 0.125),
        ("screening: {filing_fee: 20元}", "screening.filing_fee", 20.0),
        ("screening: {filing_fee: ￥20.5}", "screening.filing_fee", 20.5),
        ("review: {limit: 1.0}", "review.limit", 1),
        ("screening: {heard: yes}", "screening.heard", True),
        ("期限: {商家举证: 5天}", "windows.merchant_evidence", "5 d"),
    ],
)
def test_what_can_mean_one_thing_is_read(line: str, path: str, value: object) -> None:
    """Designers type as they write letters; where no other reading is possible that is not a mistake."""
    seen = _policy(line)
    assert seen.problems == ()
    assert seen.loaded is not None
    found = scenarios.form(seen.loaded.model)[path]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "windows: {merchant_evidence: 3}",
            "x.yaml:3:30: windows.merchant_evidence: has no unit; write 3 h or 3 d",
        ),
        (
            "reforms: [{starts: 9, changes: {windows: {file: 3}}}]",
            "x.yaml:3:49: reforms.0.changes.windows.file: has no unit; write 3 h or 3 d",
        ),
        (
            "windows: {file: 24 h // x}",
            "x.yaml:3:17: windows.file: has a remark in it, found '24 h // x'; begin remarks with '#'",
        ),
        ("windows: {file: '1,5 d'}", "x.yaml:3:17: windows.file: has a comma in its number; write 1.5 d"),
        (
            "decision: {standard: '0,6'}",
            "x.yaml:3:22: decision.standard: must be a number, found '0,6'; write 0.6",
        ),
        (
            "decision: {band: 60%}",
            "x.yaml:3:18: decision.band: must be a number, found '60%'; write 0.6, or the number without '%'",
        ),
        (
            "review: {limit: 3 times}",
            "x.yaml:3:17: review.limit: must be a number, found '3 times'; write 3 alone",
        ),
        ("kind: policy\ndesks: {}", "x.yaml:4:1: desks: unknown setting; it belongs in a scenario"),
        (
            "windows.file: 3 d",
            "x.yaml:3:1: windows.file: unknown setting; write 'windows:' and 'file:' below it, indented",
        ),
        (
            "windows: {file： 3 d}",
            "x.yaml:3:11: windows.file： 3 d: unknown setting; write ':' and a space for the full-width colon",
        ),
    ],
)
def test_what_could_mean_several_things_is_told_with_what_to_write(line: str, said: str) -> None:
    """A guess that is wrong costs a study; the line says what to type instead."""
    assert [str(one) for one in _policy(line).problems] == [said]


def test_texts_in_quotes_and_blocks_keep_their_punctuation() -> None:
    """A description may be Chinese prose, whose colons are no settings."""
    seen = _policy("description: |\n  note：a\n  b　c\n")
    assert seen.loaded is not None
    assert seen.loaded.model.description == "note：a\nb　c\n"


def test_columns_count_in_the_text_that_was_typed() -> None:
    """Where a space is put in behind a full-width colon, the places after it are not moved by it."""
    (problem,) = _policy("windows:\n  file：3").problems
    assert (problem.place.line, problem.place.column) == (4, 8)


@pytest.mark.parametrize("line", ["窗子: {file: 3 d}", "foo.file: 3 d"])
def test_a_file_of_unknown_kind_tells_its_unknown_settings(line: str) -> None:
    """'kind must be given' alone would hide the mistake that made the kind unknown."""
    seen = scenarios.check_text(f"title: x\n{line}\n", "x.yaml")
    assert [one.path for one in seen.problems] == ["kind", line.partition(":")[0]]
    assert "unknown setting" in seen.problems[1].message


def test_a_misspelt_section_still_tells_the_kind() -> None:
    """The nearest names decide where no name is right."""
    (problem,) = scenarios.check_text("title: x\nwindos: {file: 3 d}\n", "x.yaml").problems
    assert str(problem) == "x.yaml:2:1: windos: unknown setting; did you mean 'windows'?"


def test_files_laid_over_each_other_are_bounded(tmp_path) -> None:
    """A chain in which each file names the next one twice would read 2 ** 19 files."""
    (tmp_path / "f0.yaml").write_text("kind: policy\ntitle: x\n", encoding="utf-8")
    for i in range(1, 19):
        (tmp_path / f"f{i}.yaml").write_text(f"base: f{i - 1}.yaml+f{i - 1}.yaml\n", encoding="utf-8")
    seen = scenarios.check_text("base: f18.yaml\n", "x.yaml", "policy", tmp_path)
    assert f"more than {MAX_FILES} files are read" in seen.problems[0].message


def test_a_name_of_very_many_files_is_refused_at_once() -> None:
    """900 kB of `tmall+tmall+...` is one line of text."""
    (problem,) = scenarios.check_text("title: x\nbase: tmall" + "+tmall" * 150_000, "x.yaml").problems
    assert f"more than {MAX_PARTS} files" in problem.message
    assert len(str(problem)) < 300
