"""The page of the signs: every sign has a test that is there, and the page tells what was measured."""

from __future__ import annotations

import re

import numpy as np
import pytest

from benchmarks.signs.__main__ import main
from benchmarks.signs.catalogue import SIGNS
from benchmarks.signs.page import TESTS, amount, holds, markdown, wanted
from evenhand.errors import UsageError
from tests.support.app_files import ROOT
from tests.support.signs.effect import Effect

PAGE = (ROOT / "docs" / "signs.md").read_text(encoding="utf-8")
GOOD = Effect("good", 1.2, 1.1, 1.3, 6, "ratio", above=1.0)
BAD = Effect("bad", 0.9, 0.8, 1.1, 6, "ratio", above=1.0)


def test_every_sign_is_there_once_and_names_tests_that_are_there() -> None:
    """A table that names no test, or one that is gone, proves nothing."""
    assert [one.number for one in SIGNS] == list(range(1, 16))
    for sign in SIGNS:
        named = [trial.test for trial in sign.trials if trial.test]
        assert named, sign.rule
        for test in named:
            file, _, name = test.partition("::")
            assert f"\ndef {name}(" in (ROOT / TESTS / file).read_text(encoding="utf-8"), test


def test_the_shipped_page_has_the_rules_and_tests_of_the_catalogue() -> None:
    """Figures are of a run, `python -m benchmarks.signs` writes them anew; what they are of is the code's."""
    for sign in SIGNS:
        section = PAGE.split(f"\n## {sign.number}. {sign.rule}\n")[1].split("\n## ")[0]
        told = re.findall(r"\| `(test_\w+\.py::\w+)` \|$", section, re.MULTILINE)
        assert list(dict.fromkeys(told)) == [trial.test for trial in sign.trials if trial.test]
        assert sign.caveat in section
        verdict = re.findall(rf"^\| {sign.number} \| .* \| (\w+) \|$", PAGE, re.MULTILINE)
        rows = re.findall(r" \| (yes|no) \| (?:`test|none)", section)
        assert verdict == ["yes" if set(rows) == {"yes"} else "partly" if "yes" in rows else "no"]
        assert "no" not in rows or "Holds only partly" in section, "what does not hold is explained"


def test_a_sign_with_a_figure_that_does_not_hold_holds_partly() -> None:
    """The whole interval has to be where the test wants it, or to meet it where that is enough."""
    sign = SIGNS[0]
    assert [holds(sign, [[GOOD], [BAD]]), holds(sign, [[BAD]]), holds(sign, [[GOOD]])] == [
        "partly",
        "no",
        "yes",
    ]
    assert BAD._replace(touches=True).holds
    assert not BAD._replace(touches=True, above=1.1).holds


def test_an_effect_is_a_mean_over_worlds_with_students_interval() -> None:
    """Three worlds: 4.303 standard errors each way."""
    one = Effect.over("x", np.array([1.0, 2.0, 3.0]), "points", below=5.0)
    half = 4.302653 / np.sqrt(3)
    assert one[1:5] == pytest.approx((2.0, 2.0 - half, 2.0 + half, 3), rel=1e-6)


def test_numbers_and_ranges_are_told_in_their_units() -> None:
    """What the page says is what was measured: points are hundredths, ratios are factors."""
    assert [amount(0.0312, "points"), amount(1.5, "ratio"), amount(0.2587, "number")] == [
        "+3.12 points",
        "× 1.500",
        "0.259",
    ]
    near = Effect("x", 0, 0, 0, 2, "points", above=-1e-12, below=1e-12)
    ranges = [GOOD, GOOD._replace(below=2.0), BAD._replace(above=-np.inf, below=1.0, touches=True), near]
    assert list(map(wanted, ranges)) == ["above 1", "between 1 and 2", "meets below 1", "0 points"]


def test_the_page_has_a_row_for_every_effect() -> None:
    """Nothing that was measured is left out, what does not hold least of all."""
    measured = {sign.number: [[GOOD, BAD] for _ in sign.trials] for sign in SIGNS}
    page = markdown(measured)
    trials = sum(len(sign.trials) for sign in SIGNS)
    assert page.count("| good | × 1.200 | × 1.100 to × 1.300 | 6 | above 1 | yes |") == trials
    assert page.count("| bad | × 0.900 | × 0.800 to × 1.100 | 6 | above 1 | no |") == trials


def test_a_page_that_is_there_is_kept_and_goes_with_all_signs(tmp_path, capsys) -> None:
    """A mistake in the command must not cost the figures, nor leave a page with holes."""
    page = tmp_path / "signs.md"
    page.write_text("mine")
    with pytest.raises(UsageError, match="--docs"):
        main(["--docs", str(page)])
    for arguments, said in (
        (["--only", "1", "--docs", "x"], "leave --only"),
        (["--only", "99"], "no such sign: '99'"),
    ):
        with pytest.raises(SystemExit):
            main(arguments)
        assert said in capsys.readouterr().err
    assert page.read_text() == "mine"


@pytest.mark.process
def test_one_sign_can_be_measured_by_itself(capsys) -> None:
    """The command prints its effects, and ends well where it holds."""
    assert main(["--only", "11"]) == 0
    out = capsys.readouterr().out
    assert "11. Where filings are sent back to be cured, fewer valid claims are lost. YES" in out
    assert "valid claims lost at the door: cure less final: -0." in out
