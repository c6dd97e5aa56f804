"""`evenhand advise`: what would have helped a buyer or a merchant, or turned one dispute."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.options import (
    Cluster,
    Days,
    EngineChoice,
    Format,
    Lang,
    Moves,
    NoVerify,
    Scenario,
    Seed,
    Shape,
    Workers,
)
from evenhand.locale.catalogue import ENGLISH


class AdvisedSide(StrEnum):
    """Whom advice is for."""

    BUYER = "buyer"
    MERCHANT = "merchant"


def advise(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="POLICY|RUN", help="A shipped policy or a file; or the folder of a run.")
    ],
    dispute: Annotated[
        int | None, typer.Argument(metavar="[DISPUTE]", help="A dispute of that run, by its number.")
    ] = None,
    side: Annotated[
        AdvisedSide | None,
        typer.Option(help="Whom it is for.  [default for a dispute: who came off worse]"),
    ] = None,
    scenario: Scenario = "tmall",
    group: Annotated[str | None, typer.Option(help="Only people of this group of the side.")] = None,
    cause: Annotated[str | None, typer.Option(help="Only claims of this cause, as the buyer has it.")] = None,
    amount: Annotated[
        str | None, typer.Option(metavar="LOW..HIGH", help="Only disputes about amounts in this range.")
    ] = None,
    piece: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this piece of advice; repeatable.  [default: all]"),
    ] = None,
    replications: Annotated[int, typer.Option(help="Worlds; intervals need two or more.")] = 6,
    days: Days = None,
    seed: Seed = 1,
    engine: Moves = EngineChoice.AUTO,
    replication: Annotated[int, typer.Option(help="The replication of the dispute.")] = 0,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Folder for advise.html.  [default: runs/advise-POLICY-SIDE-seedSEED]"
        ),
    ] = None,
    no_verify: NoVerify = False,
    lang: Lang = ENGLISH,
    shape: Shape = Format.TEXT,
) -> None:
    """Try the advice of an article on Tmall's intervention: what each piece does for those who follow it.

    The same disputes are lived with and without it, under the same luck: remedy, money, days, whether it is
    filed; valid and groundless claims apart; for one in twenty alone and for all; in pairs. With RUN and
    DISPUTE, the fewest pieces that would have turned that one.

    \b
    Examples:
      evenhand advise tmall --side buyer
      evenhand advise tmall --side merchant --group small --cause quality_defect
      evenhand advise runs/tmall-tmall-seed1 17
    """
    from evenhand.cli.advise_run import Order, carry_out
    from evenhand.parallel.pool import Asked

    carry_out(
        context,
        Order(
            what,
            dispute,
            side.value if side else None,
            scenario,
            group,
            cause,
            amount,
            tuple(piece or ()),
            replications,
            days,
            seed,
            engine.value,
            replication,
            Asked(workers, cluster),
            not no_verify,
        ),
        out,
        lang=lang,
        as_json=shape is Format.JSON,
    )
