"""`evenhand attribute`: where the difference between two policies comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from evenhand.cli.options import (
    Days,
    EngineChoice,
    Format,
    Moves,
    OpenLoop,
    Replications,
    Scenario,
    Seed,
    Shape,
)


def attribute(
    policy_a: Annotated[str, typer.Argument(metavar="A", help="A shipped policy or a file.")],
    policy_b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    scenario: Scenario = "tmall",
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Split this difference over the settings; repeatable."),
    ] = None,
    by: Annotated[
        str, typer.Option(help="With --metric: split by setting, section, chapter, or auto.")
    ] = "auto",
    dearest: Annotated[int, typer.Option(help="Flipped decisions to list, those of most money.")] = 20,
    explain: Annotated[int, typer.Option(help="How many of them to explain under both policies.")] = 0,
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Find where two policies part: dispute by dispute, and setting by setting.

    Aligns the disputes of both in the same worlds: the first event that differs, the settings that act
    there, decisions flipped to right and to wrong, money moved. With --metric, the share of each setting in
    a difference (Shapley values: every mixture of the two policies lives, up to 64).

    \b
    Examples:
      evenhand attribute tmall wechat_shop_2024
      evenhand attribute tmall my-rules.yaml --dearest 5 --explain 2
      evenhand attribute tmall wechat_shop_2024 --metric buyer_win_share --metric effective_denial_rate
    """
    from evenhand.cli.attribute_run import Question, carry_out
    from evenhand.storage.plan import Order

    orders = [
        Order(policy, scenario, replications, days, seed, engine.value, open_loop)
        for policy in (policy_a, policy_b)
    ]
    carry_out(orders, Question(metric or [], by, dearest, explain), as_json=shape is Format.JSON)
