"""What a number may well be instead: read beside it, checked, shown, and never part of a result."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand import scenarios
from evenhand.scenarios import BadFile, content_key
from evenhand.scenarios.ranges import Range, ranges

HEAD = "kind: policy\ntitle: x\nbase: tmall\n"


def _read(body: str) -> scenarios.Loaded:
    seen = scenarios.check_text(HEAD + body, "x.yaml")
    if seen.loaded is None:
        raise BadFile(seen.problems)
    return seen.loaded


def _range(body: str, path: str) -> Range:
    loaded = _read(body)
    return ranges(loaded.kind, loaded.model, loaded.tree)[path]


def test_a_range_stands_beside_its_value() -> None:
    """Two ends are taken as they are written, durations in hours, and say that somebody wrote them."""
    share = _range("decision: {standard: {value: 0.6, plausible: [0.5, 0.8]}}", "decision.standard")
    window = _range("windows: {file: {value: 10 d, plausible: [7 d, 30 d]}}", "windows.file")
    assert (share.low, share.high, share.stated) == (0.5, 0.8, True)
    assert (window.low, window.high, window.sentence) == (168.0, 720.0, "7 d to 30 d")


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ("decision: {standard: {value: 0.6, plausible: [0.8, 0.5]}}", "4:46", "low end must not be above"),
        ("decision: {standard: {value: 0.6, plausible: [0.7, 0.8]}}", "4:46", "must hold the value 0.6"),
        ("decision: {standard: {value: 0.6, plausible: [0.5, 1.5]}}", "4:46", "1.5 is not allowed"),
        ("decision: {standard: {value: 0.6, plausible: [a, b]}}", "4:46", "must be numbers, found 'a'"),
        ("decision: {standard: {value: 0.6, plausible: 0.7}}", "4:46", "write [low, high]"),
        ("decision: {standard: {value: 0.6, plausible: {facter: 2}}}", "4:47", "did you mean 'factor'?"),
        ("decision: {standard: {value: 0.6, plausible: {factor: 0.5}}}", "4:55", "1 or more, found 0.5"),
        ("review: {limit: {value: 1, plausible: [0.5, 2]}}", "4:39", "must be whole numbers"),
        ("windows: {plausible: [1 d, 2 d], file: 10 d}", "4:22", "is for one value"),
        (
            "negotiation: {silence: {value: refund, plausible: [refund, nonsense]}}",
            "4:51",
            "found 'nonsense'",
        ),
    ],
)
def test_a_range_that_cannot_be_is_refused_where_it_stands(body: str, where: str, said: str) -> None:
    """Ends the wrong way round, a value outside, or an end that the setting forbids: with line and column."""
    with pytest.raises(BadFile) as caught:
        _read(body)
    line = str(caught.value)
    assert line.startswith(f"x.yaml:{where}: ")
    assert said in line


def test_a_range_of_a_number_with_a_source_is_allowed_and_counts() -> None:
    """A published number may still be doubted; without a range of its own it stands."""
    cited = "decision: {standard: {value: 0.6, source: here, confidence: derived%s}}"
    assert _range(cited % ", plausible: [0.5, 0.7]", "decision.standard").high == 0.7
    loaded = _read(cited % "")
    assert "decision.standard" not in ranges(loaded.kind, loaded.model, loaded.tree)


def test_numbers_without_a_range_have_a_default_by_kind_that_says_so() -> None:
    """Shares by their odds, whole numbers to either side, all others by a factor; all marked as defaults."""
    share = _range("decision: {standard: 0.5}", "decision.standard")
    number = _range("answer: {inference: 2.0}", "answer.inference")
    whole = _range("negotiation: {rounds: 10}", "negotiation.rounds")
    assert (round(share.low, 4), round(share.high, 4)) == (round(1 / 3.5, 4), round(2.5 / 3.5, 4))
    assert (round(number.low, 4), round(number.high, 4)) == (round(2 / 1.7, 4), 3.4)
    assert (whole.low, whole.high) == (7, 13)
    assert {share.stated, number.stated, whole.stated} == {False}
    assert share.sentence.endswith("(default)")


def test_a_group_says_how_wide_the_ranges_in_it_are() -> None:
    """One line for a family of numbers, with its reason; a deeper one overrides it."""
    body = (
        "decision:\n  plausible: {odds: 2, because: guesses}\n  standard: 0.5\n  thin_inference: 0.4\n"
        "  band: {value: 0.25, plausible: [0.2, 0.3]}\n"
    )
    share = _range(body, "decision.standard")
    assert (round(share.low, 4), round(share.high, 4), share.because) == (0.3333, 0.6667, "guesses")
    number = _range(body, "decision.thin_inference")
    assert (round(number.low, 4), round(number.high, 4)) == (0.2, 0.8)
    assert _range(body, "decision.band").high == 0.3


def test_a_range_is_gone_through_in_steps_of_its_scale() -> None:
    """Both ends, the value itself in the middle, and whole numbers stay whole."""
    share = _range("decision: {standard: {value: 0.6, plausible: [0.5, 0.9]}}", "decision.standard")
    assert (share.at(-1), share.at(0), share.at(1)) == (0.5, 0.6, 0.9)
    assert 0.6 < share.at(0.5) < 0.9
    whole = _range("negotiation: {rounds: 10}", "negotiation.rounds")
    assert all(whole.at(z / 10) == round(whole.at(z / 10)) for z in range(-10, 11))


@pytest.mark.parametrize("name", ["tmall", "tmall_unresponsive", "nyc_mediation"])
def test_every_assumed_number_that_is_shipped_has_a_range_with_a_reason(name: str) -> None:
    """A reader can ask of every guess how far off it may be, and why."""
    loaded = scenarios.read(name, "scenario")
    left = [
        one.path
        for one in ranges(loaded.kind, loaded.model, loaded.tree).values()
        if not one.stated or not (one.because or loaded.provenance_of(one.path).note)  # type: ignore[union-attr]
    ]
    assert left == []


def test_ranges_make_no_other_run() -> None:
    """A result that is equal has the same key: what might be is not what is."""
    plain = _read("decision: {standard: 0.6}").model
    doubted = _read("decision: {standard: {value: 0.6, plausible: [0.5, 0.7]}}").model
    assert plain == doubted
    assert content_key(plain) == content_key(doubted)


def test_show_tells_range_and_reason() -> None:
    """Beside value, source and confidence stands what the number may be instead."""
    shown = {one.path: one for one in scenarios.settings(scenarios.read("tmall", "scenario"))}
    assert shown["evidence.machine_made"].plausible == "0.1 to 0.7"
    assert shown["causes.remorse.per_thousand_orders"].because.startswith("a platform sees a request")
    assert shown["market.weekdays.mon"].plausible == ""


def test_alternatives_stand_beside_a_choice(tmp_path: Path) -> None:
    """A choice has words instead of ends."""
    loaded = _read("negotiation: {silence: {value: refund, plausible: [refund, escalate]}}")
    shown = {one.path: one for one in scenarios.settings(loaded)}
    assert shown["negotiation.silence"].plausible == "escalate"
