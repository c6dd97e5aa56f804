"""The policies of real systems: all there, and honest about what is known of each."""

from __future__ import annotations

import pytest

import scenarios

SYSTEMS = (
    "taobao_refund_only_2023", "taobao_autonomy_2024", "refund_only_off_2025", "taobao_jury_31",
    "xianyu_17", "meituan_jury", "ebay_mbg", "ebay_community_court_21", "paypal", "amazon_a2z",
    "etsy_platform_funded", "aliexpress_three_offers", "card_visa", "card_mastercard",
    "kleros_general", "kleros_non_technical", "aragon_court", "ombudsman_fos", "online_tribunal_crt",
    "eu_odr", "statute_cn_7day",
)  # fmt: skip
TAOBAO = ("taobao", "refund_only", "xianyu")
"""Systems of the house that the article on Tmall is about."""


def stated(name: str) -> list[scenarios.Setting]:
    """The settings of a policy that it or its bases state, but for its texts."""
    found = scenarios.settings(scenarios.read(name, "policy"))
    return [s for s in found if s.confidence != "default" and s.path not in {"title", "description"}]


def test_every_system_that_was_asked_for_is_shipped() -> None:
    """A comparison of systems begins with having them."""
    assert set(SYSTEMS) <= {entry.name for entry in scenarios.available() if entry.kind == "policy"}


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_guess_never_borrows_a_citation(name: str) -> None:
    """An assumed number beside a source would read like a fact; a derived one says from what."""
    for setting in stated(name):
        if setting.confidence == "assumed":
            assert not setting.source, f"{setting.path} is assumed and names {setting.source!r}"
            assert setting.note, f"{setting.path} is assumed and does not say why"
        elif setting.confidence == "derived":
            assert setting.source or setting.note, f"{setting.path} does not say from what"
        else:
            assert setting.source, f"{setting.path} has no source"


@pytest.mark.parametrize("name", [name for name in SYSTEMS if not name.startswith(TAOBAO)])
def test_what_is_known_of_tmall_is_not_passed_off_as_known_of_another(name: str) -> None:
    """Files lie over `tmall` for what nobody publishes; its citations must not come along."""
    borrowed = [setting.path for setting in stated(name) if "Tmall" in setting.source]
    assert borrowed == []


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_file_says_first_what_the_model_cannot_say_of_the_system(name: str) -> None:
    """Whoever copies a rule set must meet its simplifications before its numbers."""
    text = scenarios.read(name, "policy").path.read_text(encoding="utf-8")
    header = " ".join(text.partition("kind: policy")[0].replace("#", " ").split())
    assert "annot be said" in header or "stands for" in header or "not told" in header


def test_the_statute_lies_over_any_other_rules() -> None:
    """An overlay changes what the law says and nothing else."""
    over = scenarios.policy("paypal+statute_cn_7day")
    below = scenarios.policy("paypal")
    assert {"no_reason_7_days", "durable_burden"} <= set(over.exceptions)
    assert over.windows == below.windows
    assert over.review == below.review
