"""`evenhand fairness`: how fair a run, or a policy, is to both sides and to each group."""

from __future__ import annotations

from typing import Annotated

import typer

from evenhand.cli.options import Days, EngineChoice, Format, NoVerify, Shape


def fairness(
    of: Annotated[
        str | None,
        typer.Argument(metavar="RUN|POLICY", help="The folder of a run, a shipped policy or a file."),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this measure; repeatable.  [default: the panel]"),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="With --measure: group by this; repeatable."),
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(metavar="GROUP", help="Compare others with it; one a side.  [default: the first]"),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="With --measure: another of its options."),
    ] = None,
    audits: Annotated[
        bool, typer.Option("--audits", help="Audit too; each world then lives some 30 times.")
    ] = False,
    every: Annotated[bool, typer.Option("--list", help="List all measures and stop.")] = False,
    scenario: Annotated[
        str | None, typer.Option(help="A shipped scenario or a file.  [default: tmall]")
    ] = None,
    replications: Annotated[int | None, typer.Option(help="Worlds to draw.  [default: 10]")] = None,
    days: Days = None,
    seed: Annotated[int | None, typer.Option(help="Which worlds.  [default: 1]")] = None,
    engine: Annotated[
        EngineChoice | None,
        typer.Option(help="What moves the disputes; no number depends on it.  [default: auto]"),
    ] = None,
    no_verify: NoVerify = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Measure how fair a run or a policy is, to both sides and to each group.

    Without --measure, the panel: both error rates, their gaps and spread, and what people meet on the way.
    The folder of a run is measured as it is; a policy is run first, and leaves no folder.

    \b
    Examples:
      evenhand fairness tmall
      evenhand fairness runs/tmall-tmall-seed1 --reference small
      evenhand fairness tmall --measure voice --measure burden --by buyer_group --by merchant_group
      evenhand fairness tmall --measure loss_gini --option side=merchant --format json
      evenhand fairness tmall --audits --replications 5
      evenhand fairness --list
    """
    from evenhand.cli.fairness_run import Question, Worlds, carry_out, print_measures

    if every:
        print_measures(as_json=shape is Format.JSON)
        return
    carry_out(
        of,
        Question(measure or [], by or [], reference or [], setting or [], audits),
        Worlds(scenario, replications, days, seed, engine.value if engine else None),
        verify=not no_verify, as_json=shape is Format.JSON,
    )  # fmt: skip
