"""`evenhand robust`: what is refused before anything runs, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.errors import UsageError
from evenhand.jobs.robust_order import Order, check, limit
from evenhand.parallel.pool import Asked
from evenhand.scenarios import BadFile

ORDER = Order(
    ["tmall", "wechat_shop_2024"],
    "tmall_unresponsive",
    ["wrongful_denial_rate"],
    None,
    512,
    2,
    4,
    [],
    [],
    None,
    30,
    1,
    "auto",
    False,
    None,
    Asked(),
)


def test_an_order_is_read_whole() -> None:
    """Metrics of limits are measured besides those asked for; the first policy is the one compared with."""
    asking, base = check(
        ORDER._replace(limits=["median_hours_to_close<=5d"], margins=["wrongful_denial_rate=1pt"])
    )
    assert asking.question.policies == ("tmall", "wechat_shop_2024")
    assert [one.name for one in asking.question.metrics] == ["wrongful_denial_rate", "median_hours_to_close"]
    assert asking.question.shown == ("wrongful_denial_rate",)
    assert asking.question.margins == {"wrongful_denial_rate": 0.01}
    assert asking.question.limits[0].bound == 120.0
    assert base is not None
    assert asking.beliefs.origin.endswith("tmall_unresponsive.yaml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policies": ["tmall"]}, "two policies or more"),
        ({"policies": ["tmall", "tmall"]}, "'tmall' is given twice"),
        ({"metrics": ["wrongful_denial_rat"]}, "did you mean 'wrongful_denial_rate'?"),
        ({"futures": 8}, "--futures: must be 16 to 100,000, found 8"),
        ({"worlds": 1}, "--worlds: must be 2 to 1,000, found 1"),
        ({"starts": 1}, "--starts: must be 2 to 1,000, found 1"),
        ({"margins": ["wrongful_denial_rate"]}, "--margin: write METRIC=WIDTH"),
        ({"margins": ["default_share=1pt"]}, "--margin: default_share is not asked for"),
        ({"limits": ["default_share=1pt"]}, "--limit: write METRIC<=X or METRIC>=X"),
        ({"budget": 0.0}, "--budget: must be above 0 minutes"),
    ],
)
def test_what_cannot_be_is_refused_with_the_option(change: dict[str, object], said: str) -> None:
    """One line names the option, what was found, and what is allowed."""
    with pytest.raises(UsageError) as caught:
        check(ORDER._replace(**change))  # type: ignore[arg-type]  # wrong on purpose
    assert said in str(caught.value)


def test_a_belief_file_is_refused_where_it_is_wrong(tmp_path: Path) -> None:
    """With file, line and column, as every file."""
    path = tmp_path / "mine.yaml"
    path.write_text("kind: beliefs\nbeliefs:\n  a: {title: A, moves: [nowhere.at.all]}\n")
    with pytest.raises(
        BadFile, match=r"mine\.yaml:3:\d+: beliefs\.a\.moves: 'nowhere\.at\.all' leads to no number"
    ):
        check(ORDER._replace(beliefs=path))


def test_a_limit_is_read_in_the_unit_of_its_metric() -> None:
    """Points for shares, days for times, either way round."""
    assert str(limit("wrongful_denial_rate<=5pt")) == "wrongful_denial_rate<=0.05"
    assert str(limit("voice_share >= 0.5")) == "voice_share>=0.5"
