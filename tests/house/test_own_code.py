"""Code of one's own: files are loaded once for each text, hashes know what a function says."""

from __future__ import annotations

import pickle
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand.analysis.metrics.metric import own_metrics
from evenhand.own_code import BadCode, code_of, from_text, load, rule, split

LIMIT = 0.5


def helper() -> float:
    return 1.0


def decides(file: Any) -> float:
    return helper() if file.amount > LIMIT else 0.0


MINE = '''from evenhand.analysis import gap, metric, within

@metric("Valid claims")
def valid_share(cells):
    """Share of disputes whose grievance is real."""
    return cells.share(cells.valid, cells.everyone)

new = within("effective_denial_rate", "buyer_group", "new", name="denied_new")
'''


def test_a_policy_and_its_rule_are_told_apart() -> None:
    """A path may have folders, a policy may be laid over another."""
    assert split("tmall") == ("tmall", None, None)
    assert split("a+b.yaml") == ("a+b.yaml", None, None)
    assert split("tmall+my/rules.py:generous") == ("tmall", "my/rules.py", "generous")
    assert split("a+b+rules.py:x") == ("a+b", "rules.py", "x")
    with pytest.raises(BadCode, match=r"write POLICY\+rules.py:generous"):
        split("rules.py:generous")


def test_the_hash_knows_what_a_function_calls_and_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a sweep would go on with another helper's points."""
    first = code_of(decides)
    assert first == code_of(decides)
    assert first.name == "decides"
    with monkeypatch.context() as changed:
        changed.setitem(globals(), "LIMIT", 0.6)
        assert code_of(decides).sha256 != first.sha256
    with monkeypatch.context() as changed:
        changed.setitem(globals(), "helper", lambda: 0.9)
        assert code_of(decides).sha256 != first.sha256
    assert code_of(decides) == first


def test_the_hash_knows_closures_arrays_and_what_a_partial_holds() -> None:
    """What has no text of its own is what it is made of."""

    def made(table: Any) -> Any:
        return lambda file: float(table[0])

    assert code_of(made(np.zeros(3))).sha256 == code_of(made(np.zeros(3))).sha256
    assert code_of(made(np.zeros(3))).sha256 != code_of(made(np.ones(3))).sha256
    assert code_of(made({1: [2]})).sha256 != code_of(made({1: [3]})).sha256
    assert code_of(partial(decides, 1)).sha256 != code_of(partial(decides, 2)).sha256


def test_of_a_file_the_whole_text_counts(tmp_path: Path) -> None:
    """A constant above the function may be what decides."""
    path = tmp_path / "rules.py"
    path.write_text("HIGH = 1.0\ndef generous(file):\n    return HIGH\n", encoding="utf-8")
    first = rule("rules.py", "generous", tmp_path)
    assert first is rule("rules.py", "generous", tmp_path)
    assert code_of(first).file == "rules.py"
    path.write_text("HIGH = 0.9\ndef generous(file):\n    return HIGH\n", encoding="utf-8")
    again = rule("rules.py", "generous", tmp_path)
    assert (first(None), again(None)) == (1.0, 0.9)
    assert code_of(first).sha256 != code_of(again).sha256


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def generous(:\n", r"^rules.py:1: SyntaxError: "),
        ("x = 1\ny = x / 0\n", r"^rules.py:2: ZeroDivisionError: division by zero$"),
        ("import nowhere_at_all\n", r"^rules.py:1: ModuleNotFoundError: "),
        ("def generou(file):\n    return 1.0\n", r"no function 'generous'; did you mean 'generou'\?"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    """A traceback of ours would hide the line of theirs."""
    (tmp_path / "rules.py").write_text(text, encoding="utf-8")
    with pytest.raises(BadCode, match=said) as raised:
        rule("rules.py", "generous", tmp_path)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """By the name that was asked for."""
    with pytest.raises(BadCode, match=r"nothing.py: No such file"):
        load(Path("nothing.py"), tmp_path)


def test_metrics_of_a_file_travel_with_its_text(tmp_path: Path) -> None:
    """Another process, or another machine, has no such module; derived ones go in parts."""
    path = tmp_path / "my.py"
    path.write_text(MINE, encoding="utf-8")
    found = own_metrics(path)
    assert list(found) == ["valid_share", "denied_new"]
    path.unlink()
    for one in found.values():
        again = pickle.loads(pickle.dumps(one))
        assert (again.name, again.title, again.by) == (one.name, one.title, one.by)
        assert code_of(again.function).sha256 == code_of(one.function).sha256
    assert code_of(found["denied_new"].function).file == "my.py"


def test_a_file_without_metrics_or_with_two_of_one_name_is_refused() -> None:
    """Nothing to measure, and not known which."""
    from evenhand.analysis.metrics.metric import metrics_in

    with pytest.raises(BadCode, match="makes no metric"):
        metrics_in(
            from_text("/none.py", "from evenhand.analysis.metrics.decisions import buyer_win_share"), "n"
        )
    twice = MINE + "\nother = within('buyer_win_share', 'buyer_group', 'new', name='valid_share')\n"
    with pytest.raises(BadCode, match="two metrics with the name 'valid_share'"):
        metrics_in(from_text("/twice.py", twice), "twice.py")
