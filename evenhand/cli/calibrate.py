"""`evenhand calibrate`: a scenario from a real log, or the score of one on a log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.options import EngineChoice, Format, Moves, Shape


def calibrate(
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="CSV, TSV or Parquet, or an event log in CSV or XES.")
    ],
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Which column is what; see --guess.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Scenario file to write; a page of the same name goes beside it.")
    ] = None,
    policy: Annotated[str, typer.Option(help="The rules that the log's disputes lived under.")] = "tmall",
    base: Annotated[
        str, typer.Option(help="The scenario that gives what the log does not say.")
    ] = "tmall_unresponsive",
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day to use.")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day to use.")] = None,
    hold_out: Annotated[
        str | None, typer.Option(metavar="DATE", help="Fit to the days before, and score on the others too.")
    ] = None,
    trials: Annotated[int, typer.Option(help="Simulations for what no column shows; 0 = none.")] = 200,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep trials in this file, and go on with those in it."),
    ] = None,
    check: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Fit nothing: score this scenario on the log.")
    ] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Print a mapping to edit, with reasons, and stop.")
    ] = False,
    accept_guesses: Annotated[
        bool, typer.Option("--accept-guesses", help="Use the guesses as they are; they are printed.")
    ] = False,
    replications: Annotated[int, typer.Option(help="Worlds that the scores are taken over.")] = 5,
    seed: Annotated[int, typer.Option(help="Which worlds; a search has worlds of its own.")] = 1,
    engine: Moves = EngineChoice.AUTO,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    shape: Shape = Format.TEXT,
) -> None:
    """Make a scenario that resembles a real log, with an interval and a source beside every number.

    Arrivals, causes, amounts, delays and merchants are fitted from columns; what no column shows is searched
    until simulated logs look like the real one, and what the log cannot tell is said. Ctrl-C ends a search
    with the best so far.

    \b
    Examples:
      evenhand calibrate cases.csv --guess     which column may be what: keep it in a file, and edit it
      evenhand calibrate cases.csv --map cases.yaml --policy mediation --out market.yaml
      evenhand calibrate cases.csv --map cases.yaml --policy mediation --out market.yaml --hold-out 2015-11-01
      evenhand calibrate cases.csv --map cases.yaml --policy mediation --check market.yaml --from 2015-11-01
      evenhand calibrate log.xes --map log.yaml --out market.yaml --trials 0
    """
    from evenhand.cli.calibrate_run import Order, carry_out, print_guess

    if guess:
        print_guess(log)
        return
    carry_out(
        Order(
            log,
            mapping,
            out,
            policy,
            base,
            first,
            last,
            hold_out,
            trials,
            resume,
            check,
            accept_guesses,
            replications,
            seed,
            engine.value,
            force,
        ),
        as_json=shape is Format.JSON,
    )
