"""`evenhand robust`: in what share of the plausible futures a conclusion holds, and where it flips."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.options import (
    Cluster,
    Cohort,
    Days,
    EngineChoice,
    Format,
    Lang,
    Moves,
    OpenLoop,
    Policies,
    Scenario,
    Seed,
    Shape,
    Workers,
)


def robust(
    policies: Policies,
    metric: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="What is compared; repeatable, at least one."),
    ],
    scenario: Scenario = "tmall",
    beliefs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Which assumed numbers move together.  [default: the shipped file, else by kind]",
        ),
    ] = None,
    futures: Annotated[int, typer.Option(help="How many choices of all beliefs.")] = 512,
    worlds: Annotated[int, typer.Option(help="Worlds of a future, its own; all policies meet them.")] = 2,
    starts: Annotated[
        int, typer.Option(help="Starts of the screening: a point for each belief and start.")
    ] = 4,
    margin: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=WIDTH", help="A difference that does not matter, as 0.5pt; repeatable."),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC<=X", help="What a policy must keep; >= as well; repeatable."),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            metavar="MINUTES", help="Stop after so long; the same command goes on.  [default: none]"
        ),
    ] = None,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder; what is done there already is not done again.  "
            "[default: runs/robust-POLICIES-SCENARIO-seedSEED]",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where another study stands.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    lang: Lang = "en",
    shape: Shape = Format.TEXT,
) -> None:
    """Ask in what share of what may plausibly be so one policy does better than another.

    A screening finds the beliefs that matter, a Latin hypercube of futures counts verdicts, rules tell where
    they flip, and each strong belief is moved alone. Every point is kept in robust.parquet as it is done.

    \b
    Examples:
      evenhand robust tmall wechat_shop_2024 --metric wrongful_denial_rate
      evenhand robust tmall a.yaml b.yaml --metric loss_per_order --margin loss_per_order=0.05
      evenhand robust tmall wechat_shop_2024 --metric refund_error --limit "median_hours_to_close<=5d"
      evenhand robust tmall mine.yaml --metric wrongful_denial_rate --beliefs beliefs.yaml --futures 128
    """
    from evenhand.cli.robust_run import carry_out
    from evenhand.jobs.robust_order import Order
    from evenhand.parallel.pool import Asked

    carry_out(
        Order(
            policies,
            scenario,
            metric,
            beliefs,
            futures,
            worlds,
            starts,
            margin or [],
            limit or [],
            budget,
            days,
            seed,
            engine.value,
            open_loop,
            cohort,
            Asked(workers, cluster),
        ),
        out,
        force=force,
        as_json=shape is Format.JSON,
        lang=lang,
    )
