"""`evenhand audit`: what only a simulator can do, the same luck again with one thing changed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from evenhand.cli.options import (
    Days,
    EngineChoice,
    Format,
    MetricsFrom,
    Moves,
    Policy,
    Replications,
    Scenario,
    Seed,
    Shape,
)

audit = typer.Typer(
    name="audit",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Live the same worlds again with one thing changed: a group, the arbiter, the evidence, feedback.",
)


def _carry_out(name: str, order: tuple[Any, ...], shape: Format, **arguments: Any) -> None:
    from evenhand.cli.audit_run import carry_out
    from evenhand.storage.plan import Order

    policy, scenario, replications, days, seed, engine = order
    asked = Order(policy, scenario, replications, days, seed, engine.value, open_loop=False)
    carry_out(name, asked, arguments, as_json=shape is Format.JSON)


@audit.command()
def flip(
    attribute: Annotated[str, typer.Option(help="merchant.group or buyer.group.")],
    from_: Annotated[str, typer.Option("--from", metavar="GROUP", help="Whose disputes are lived again.")],
    to: Annotated[str, typer.Option(metavar="GROUP", help="Whose traits they get.")],
    policy: Policy = "tmall",
    paths: Annotated[str, typer.Option(help="Causal paths to switch.")] = "arbiter,evidence,delay,filing",
    one_by_one: Annotated[
        int, typer.Option(help="Persons a world to switch alone, for spill-over on others; 0 = none.")
    ] = 5,
    scenario: Scenario = "tmall",
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    shape: Shape = Format.TEXT,
) -> None:
    """Live a group's disputes as if it were another group.

    Each causal path is switched alone, then all at once, under the same luck.
    Arbiter: what the decider sees of the party. Evidence: what it holds, withholds, forges. Delay: how soon
    it answers, or is silent. Filing: what makes it come to a filing. Behaviour is frozen.

    \b
    Examples:
      evenhand audit flip --attribute merchant.group --from small --to flagship
      evenhand audit flip --attribute buyer.group --from new --to power --paths evidence,delay
      evenhand audit flip wechat_shop_2024 --attribute merchant.group --from small --to flagship --format json
    """
    _carry_out(
        "flip",
        (policy, scenario, replications, days, seed, engine),
        shape,
        attribute=attribute,
        from_=from_,
        to=to,
        one_by_one=one_by_one,
        paths=[path.strip() for path in paths.split(",") if path.strip()],
    )


@audit.command()
def noise(
    policy: Policy = "tmall",
    judges: Annotated[
        int | None, typer.Option(help="Arbiters before whom each dispute comes.  [default: 6]")
    ] = None,
    occasions: Annotated[int, typer.Option(help="Occasions on which each of them decides.")] = 2,
    scenario: Scenario = "tmall",
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    shape: Shape = Format.TEXT,
) -> None:
    """Bring disputes before other arbiters, on other occasions.

    Splits the error of the awards into bias and level, pattern and occasion noise.
    Reviews are left out, so that first decisions are compared; behaviour is frozen.

    \b
    Examples:
      evenhand audit noise
      evenhand audit noise wechat_shop_2024 --judges 12 --occasions 3
      evenhand audit noise my-rules.yaml --scenario my-market.yaml --format json
    """
    _carry_out(
        "noise",
        (policy, scenario, replications, days, seed, engine),
        shape,
        judges=judges,
        occasions=occasions,
    )


@audit.command()
def arms(
    policy: Policy = "tmall",
    delta: Annotated[
        str, typer.Option(help="A unit of evidence: sd = one standard deviation of each side, or nats.")
    ] = "sd",
    scenario: Scenario = "tmall",
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    shape: Shape = Format.TEXT,
) -> None:
    """Give either side one more unit of evidence.

    What it wins, whether it ever hurts, and what a day less of delay does.
    Behaviour is frozen.

    \b
    Examples:
      evenhand audit arms
      evenhand audit arms wechat_shop_2024 --delta 0.5
      evenhand audit arms mediation --scenario nyc_mediation --format json
    """
    _carry_out("arms", (policy, scenario, replications, days, seed, engine), shape, delta=delta)


@audit.command()
def loops(
    policy: Policy = "tmall",
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Gaps in this; repeatable.  [default: three rates]"),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Gaps between these; repeatable.  [default: both sides' groups]"),
    ] = None,
    metrics_from: MetricsFrom = None,
    scenario: Scenario = "tmall",
    replications: Replications = 10,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    shape: Shape = Format.TEXT,
) -> None:
    """Freeze behaviour: what does feedback add to each gap?

    The same people live with behaviour frozen and free; gaps are between groups.

    \b
    Examples:
      evenhand audit loops
      evenhand audit loops wechat_shop_2024 --replications 30 --days 180
      evenhand audit loops my-rules.yaml --format json
      evenhand audit loops --metrics-from my.py --metric valid_share --by amount_band
    """
    asked = (metric or [], by or [], metrics_from or [])
    _carry_out("loops", (policy, scenario, replications, days, seed, engine), shape, gaps=asked)
