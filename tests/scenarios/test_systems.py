"""The policies of real systems: all there, and honest about what is known of each."""

from __future__ import annotations

import pytest

from evenhand import scenarios
from evenhand.sim.lifecycle import codes
from tests.support.markets import small_market
from tests.support.runs import compiled, words

SYSTEMS = (
    "taobao_refund_only_2023",
    "taobao_autonomy_2024",
    "refund_only_off_2025",
    "taobao_jury_31",
    "xianyu_17",
    "meituan_jury",
    "ebay_mbg",
    "ebay_community_court_21",
    "paypal",
    "amazon_a2z",
    "etsy_platform_funded",
    "aliexpress_three_offers",
    "card_visa",
    "card_mastercard",
    "kleros_general",
    "kleros_non_technical",
    "aragon_court",
    "ombudsman_fos",
    "online_tribunal_crt",
    "eu_odr",
    "statute_cn_7day",
    "visa_vamp_2026",
    "ombudsman_fos_fee_2025",
    "ai_first_instance",
    "dsa_article_21",
    "tmall_image_check_2026",
)
TAOBAO = ("taobao", "refund_only", "xianyu", "tmall", "ai_first")
"""Systems of the house that the article on Tmall is about, and the machine that is put into its procedure."""


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


@pytest.mark.parametrize(
    "name", ["wechat_shop_2024", *(name for name in SYSTEMS if not name.startswith(TAOBAO))]
)
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


HALLMARKS: dict[str, tuple[set[str], set[str]]] = {
    "taobao_refund_only_2023": ({"ruled by rule", "ruled", "review requested"}, {"goods sent"}),
    "taobao_autonomy_2024": ({"ruled by rule", "goods sent", "review requested"}, set()),
    "refund_only_off_2025": ({"ruled", "goods sent"}, {"ruled by rule"}),
    "taobao_jury_31": ({"panel ruled", "no verdict", "ruled"}, {"ruled by rule"}),
    "xianyu_17": ({"panel ruled", "no verdict", "ruled"}, {"ruled by rule"}),
    "meituan_jury": ({"panel ruled", "review requested"}, {"goods sent"}),
    "ebay_mbg": ({"ruled by rule", "ruled", "review requested"}, set()),
    "ebay_community_court_21": ({"panel ruled", "supplemented"}, {"review requested", "ruled"}),
    "paypal": ({"ruled", "stayed silent", "review requested"}, {"ruled by rule"}),
    "amazon_a2z": ({"ruled by rule", "stayed silent", "ruled", "review requested"}, set()),
    "etsy_platform_funded": ({"ruled by rule", "ruled"}, {"goods sent"}),
    "aliexpress_three_offers": ({"platform stepped in", "officer offered", "offer taken"}, set()),
    "card_visa": ({"ruled", "review requested"}, {"goods sent", "supplemented"}),
    "card_mastercard": ({"ruled", "review requested"}, {"goods sent", "supplemented"}),
    "kleros_general": ({"panel ruled", "stayed silent"}, {"ruled", "handed to desk"}),
    "kleros_non_technical": ({"panel ruled", "stayed silent"}, {"ruled", "handed to desk"}),
    "aragon_court": ({"panel ruled"}, {"ruled", "handed to desk"}),
    "ombudsman_fos": ({"mediation met", "ruled", "review requested"}, {"ruled by rule"}),
    "online_tribunal_crt": ({"mediation met", "ruled"}, {"review requested"}),
    "eu_odr": ({"consent given", "consent lapsed", "ruled"}, {"review requested"}),
    "statute_cn_7day": ({"goods sent", "ruled"}, {"ruled by rule"}),
    "visa_vamp_2026": ({"ruled", "merchant monitored"}, {"goods sent", "supplemented"}),
    "ombudsman_fos_fee_2025": ({"mediation met", "ruled", "review requested"}, {"ruled by rule"}),
    "ai_first_instance": (
        {"model ruled", "more requested", "request met", "model audited", "ruled", "review requested"},
        {"ruled by rule"},
    ),
    "dsa_article_21": ({"stayed silent", "ruled"}, {"review requested", "goods sent"}),
    "tmall_image_check_2026": ({"forgery found", "ruled"}, {"ruled by rule"}),
}
"""What must be seen in a run of each system, and what must not."""


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_makes_a_system_itself_happens_in_its_runs(name: str) -> None:
    """A rule that is on file but never comes to act would compare a system under a false name."""
    run = compiled(
        small_market("tmall_unresponsive"), scenarios.policy(name), days=80, seed=2, replications=3
    )
    seen = set(words(run, "activity", "events"))
    expected, excluded = HALLMARKS[name]
    assert seen >= expected
    assert not seen & excluded


def test_etsy_pays_what_it_promises_and_taobao_what_reviews_take_back() -> None:
    """Who bears a refund is what these two systems are about."""
    market = small_market("tmall_unresponsive")
    etsy = compiled(market, scenarios.policy("etsy_platform_funded"), days=80, replications=8).disputes
    refunded = (etsy["ending"] == codes.RULED) & (etsy["refund"] > 0)
    covered = refunded & (etsy["refund"] <= 1800)
    assert covered.any()
    assert (etsy["platform_paid"] > 0)[covered].mean() > 0.95  # a few sellers are not in good standing
    assert not (etsy["platform_paid"] > 0)[refunded & (etsy["refund"] > 3600)].any()
    taobao = compiled(market, scenarios.policy("taobao_autonomy_2024"), days=80, replications=8).disputes
    by_platform = taobao["platform_paid"] > 0
    assert by_platform.any()
    assert (taobao["reviews"][by_platform] > 0).all()


def test_the_statute_lies_over_any_other_rules() -> None:
    """An overlay changes what the law says and nothing else."""
    over = scenarios.policy("paypal+statute_cn_7day")
    below = scenarios.policy("paypal")
    assert {"no_reason_7_days", "durable_burden"} <= set(over.exceptions)
    assert over.windows == below.windows
    assert over.review == below.review


def test_the_statute_brings_back_goods_that_nothing_was_wrong_with() -> None:
    """A right to return without a reason shows where there was none: in refunds for mere regret."""
    market = small_market("tmall_unresponsive")
    refunded, sent = [], []
    for name in ("tmall", "tmall+statute_cn_7day"):
        run = compiled(market, scenarios.policy(name), days=80, replications=4)
        regret = (words(run, "cause") == "remorse") & (run.disputes["ending"] != codes.OPEN)
        refunded.append((run.disputes["refund"][regret] > 0).mean())
        sent.append((words(run, "activity", "events") == "goods sent").sum())
    assert refunded[1] > refunded[0]
    assert sent[1] > sent[0]
