"""`evenhand goal`: the smallest change that reaches a target, or why none does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.completion import settings
from evenhand.cli.options import (
    Cluster,
    Cohort,
    Days,
    EngineChoice,
    Format,
    Moves,
    OpenLoop,
    Policy,
    Scenario,
    Seed,
    Shape,
    Workers,
)


def goal(
    policy: Policy,
    target: Annotated[str, typer.Argument(metavar="METRIC<=X", help="What is to hold, with <= or >=.")],
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SETTING=VALUES",
            help="What may be changed; repeatable.  [default: windows, staff, standard of proof, reviews]",
            autocompletion=settings,
        ),
    ] = None,
    scenario: Scenario = "tmall",
    fresh: Annotated[int, typer.Option(help="Worlds in which the change is looked at again.")] = 16,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder; what is done there already is not done again.  "
            "[default: runs/goal-POLICY-SCENARIO-seedSEED]",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where another goal stands.")] = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Find the smallest change that reaches a target: the fewest settings, then the least distance.

    Where no change does, say the best that can be had, what each setting does alone, and what binds. "90 %
    closed in five days" is p90_hours_to_close<=5d. The same command goes on after a stop.

    \b
    Examples:
      evenhand goal tmall 'p90_hours_to_close<=5d'
      evenhand goal tmall 'p90_hours_to_close<=8d' --lever desks.decision.staff=1..12
      evenhand goal tmall 'wrongful_denial_rate<=20%' --lever decision.standard=0.3..0.6
    """
    from evenhand.cli.goal_run import carry_out
    from evenhand.jobs.search_order import Order

    order = Order(
        policy,
        scenario,
        lever or [],
        [],
        [target],
        "600",
        fresh,
        [],
        days,
        seed,
        engine.value,
        open_loop,
        cohort,
        workers,
        cluster,
    )
    carry_out(order, out, force=force, as_json=shape is Format.JSON)
