"""`evenhand search`: which values of settings nothing beats, within limits."""

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
    Lang,
    Moves,
    OpenLoop,
    Policy,
    Scenario,
    Seed,
    Shape,
    Workers,
)
from evenhand.locale.catalogue import ENGLISH

Levers = Annotated[
    list[str],
    typer.Option(
        "--lever",
        metavar="SETTING=VALUES",
        help="LOW..HIGH, LOW..HIGH:log, or a list VALUE,VALUE; repeatable. A number, a choice or a switch of "
        "the policy or the scenario.",
        autocompletion=settings,
    ),
]


def search(
    policy: Policy,
    lever: Levers,
    goal: Annotated[
        list[str],
        typer.Option(metavar="METRIC[:min|max]", help="Make it as good as can be; repeatable."),
    ],
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC<=X", help="What must hold, with <= or >=; repeatable."),
    ] = None,
    scenario: Scenario = "tmall",
    budget: Annotated[
        str,
        typer.Option(metavar="N|Mmin", help="Worlds to live through, or minutes, as in 10min."),
    ] = "600",
    fresh: Annotated[int, typer.Option(help="Worlds in which the front is judged, beside the budget.")] = 16,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Show this one beside the goals; repeatable."),
    ] = None,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    open_loop: OpenLoop = False,
    cohort: Cohort = None,
    workers: Workers = None,
    cluster: Cluster = None,
    under: Annotated[
        Path | None,
        typer.Option(metavar="ROBUST", help="Search under the futures that `evenhand robust` has stored."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder; what is done there already is not done again.  "
            "[default: runs/search-POLICY-SCENARIO-seedSEED]",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where another search stands.")] = False,
    lang: Lang = ENGLISH,
    shape: Shape = Format.TEXT,
) -> None:
    """Turn levers of a policy or a scenario towards goals, within limits, and judge what nothing beats.

    A third of the budget goes to Sobol points, a floor; then an optimiser looks (TPE, from four goals on
    NSGA-II), and what is near the front gets more worlds. The front is judged in worlds that the search has
    not seen. Each of its rows is a policy file that runs. The same command goes on after a stop.

    \b
    Examples:
      evenhand search tmall --lever windows.merchant_evidence=24h..120h --lever decision.standard=0.35..0.7 \\
        --goal wrongful_denial_rate --goal p90_hours_to_close --limit 'wrongful_grant_rate<=45%'
      evenhand search tmall --lever decision.decider=desk,panel --lever desks.decision.staff=1..8 \\
        --goal social_cost_per_order --budget 10min
    """
    from evenhand.cli.search_run import carry_out
    from evenhand.jobs.search_order import Order

    carry_out(
        Order(
            policy,
            scenario,
            lever,
            goal,
            limit or [],
            budget,
            fresh,
            metric or [],
            days,
            seed,
            engine.value,
            open_loop,
            cohort,
            workers,
            cluster,
            under,
        ),
        out,
        force=force,
        lang=lang,
        as_json=shape is Format.JSON,
    )
