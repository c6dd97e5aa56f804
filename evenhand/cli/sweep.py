"""`evenhand sweep`: a policy in a scenario at many values of their settings."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.completion import settings
from evenhand.cli.options import (
    Cohort,
    Days,
    EngineChoice,
    Format,
    MetricsFrom,
    Moves,
    OpenLoop,
    Policy,
    Scenario,
    Seed,
    Shape,
)


class DesignKind(StrEnum):
    """Where a sweep looks."""

    GRID = "grid"
    LHS = "lhs"
    SOBOL = "sobol"
    SALTELLI = "saltelli"


def sweep(
    policy: Policy,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="SETTING=VALUES",
            help="LOW..HIGH, LOW..HIGH:log, or a list VALUE,VALUE; repeatable. Any number of the policy "
            "or the scenario.",
            autocompletion=settings,
        ),
    ],
    scenario: Scenario = "tmall",
    design: Annotated[
        DesignKind,
        typer.Option(help="All combinations, Latin hypercube, Sobol points, or Saltelli's for indices."),
    ] = DesignKind.GRID,
    points: Annotated[
        int | None,
        typer.Option(
            help="Values of each range in a grid, points in all else; saltelli looks at "
            "POINTS x (settings + 3).  [default: 5; lhs and sobol 64, saltelli 32]"
        ),
    ] = None,
    replications: Annotated[int, typer.Option(help="Worlds a point; all points meet the same ones.")] = 10,
    days: Days = None,
    seed: Seed = 1,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Show this one; repeatable. The file has all.  [default: six]"),
    ] = None,
    metrics_from: MetricsFrom = None,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Points at once; no number depends on it.  [default: one a core]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder; what is done there already is not done again.  "
            "[default: runs/sweep-POLICY-SCENARIO-seedSEED]"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where another sweep stands.")] = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Vary settings of a policy or a scenario, and see which of them matter.

    Every point is kept in sweep.parquet as soon as it is done; the same command goes on after a stop.
    Durations have units as in the files. A setting that is in both files is written policy.X or scenario.X.

    \b
    Examples:
      evenhand sweep tmall --vary windows.merchant_evidence=24h..120h
      evenhand sweep tmall --vary decision.standard=0.4..0.7 --vary behaviour.review_propensity=0.1,0.4,0.75
      evenhand sweep tmall --vary desks.decision.staff=1..8:log --points 4 --metric median_hours_to_close
      evenhand sweep tmall --design saltelli --vary answer.inference=0..3 --vary arbiters.occasion_sd=0.2..0.8
    """
    from evenhand.cli.sweep_run import Order, carry_out

    carry_out(
        Order(
            policy,
            scenario,
            vary,
            design.value,
            points,
            replications,
            days,
            seed,
            metric or [],
            engine.value,
            open_loop,
            workers,
            cohort,
            metrics_from or [],
        ),
        out,
        force=force,
        as_json=shape is Format.JSON,
    )
