"""What settings are called: every path of a file has a label, in the language in force."""

from __future__ import annotations

import pytest

from evenhand import scenarios
from evenhand.locale import language
from evenhand.scenarios.fields import about
from evenhand.scenarios.labels import description, label, unit

CHINESE = range(0x4E00, 0xA000)


def test_a_label_is_found_by_the_path_that_a_file_has() -> None:
    """Names of the user's and positions stand as they are, or as `*`."""
    assert label("windows.merchant_evidence") == "For the merchant's evidence"
    assert label("merchants.groups.small.never_replies", "scenario") == "Never replies"
    assert label("merchants.groups.*.never_replies") == "Never replies"
    assert label("reforms.0.changes.decision.standard") == "Standard of proof"
    assert label("exceptions.cheap.when.amount_below") == "Amount below"
    assert description("windows.ship") == "For the buyer to send the goods back."
    assert unit("decision.panel.size") == "seats"


@pytest.mark.parametrize("path", ["windows.nothing", "", "windows", "merchants.groups"])
def test_a_path_that_is_no_setting_of_a_policy_is_refused_or_a_group(path: str) -> None:
    """Groups have labels too; what no file can have has none."""
    if path == "windows":
        assert label(path, "policy") == "Windows"
    else:
        with pytest.raises(KeyError):
            label(path, "policy")


@pytest.mark.parametrize("kind", ["policy", "scenario"])
def test_every_setting_has_a_chinese_label_and_meaning(kind: scenarios.Kind) -> None:
    """A form shows them all; the two shape parameters of a distribution are called by their letters."""
    paths = [one.path for one in about(kind)]
    with language("zh"):
        said = {path: (label(path, kind), description(path, kind)) for path in paths}
    assert label(paths[0], kind).isascii()
    for path, (name, meaning) in said.items():
        assert _is_chinese(name) or name in {"A", "B"}, path
        assert not meaning or _is_chinese(meaning), path


def _is_chinese(text: str) -> bool:
    return any(ord(one) in CHINESE for one in text)
