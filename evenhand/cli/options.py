"""Options that several commands share; light, so that help is quick."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli import completion
from evenhand.errors import UsageError
from evenhand.locale.current import gettext


class Format(StrEnum):
    """For a person or for a program."""

    TEXT = "text"
    JSON = "json"


class EngineChoice(StrEnum):
    """What moves the disputes; the records are the same."""

    AUTO = "auto"
    SIMPY = "simpy"
    NUMBA = "numba"


class Kind(StrEnum):
    """What a file is."""

    POLICY = "policy"
    SCENARIO = "scenario"


class Exchange(StrEnum):
    """Formats of event logs."""

    XES = "xes"
    OCEL = "ocel"
    CSV = "csv"
    XLSX = "xlsx"


def language_of(context: typer.Context, parameter: typer.CallbackParam, asked: str) -> str:
    """The tag of the language that an option or its variable names. Raises UsageError."""
    from evenhand.locale.catalogue import UnknownLanguage, find
    from evenhand.locale.current import tag

    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "DEFAULT":
        return tag()  # the language of the system
    try:
        return find(asked)
    except UnknownLanguage as error:
        by_variable = source is not None and source.name == "ENVIRONMENT"
        raise UsageError(f"{parameter.envvar if by_variable else '--lang'}: {error}") from error


def is_typed(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line itself."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


Policy = Annotated[
    str,
    typer.Argument(metavar="POLICY", help="A shipped policy or a file.", autocompletion=completion.policies),
]
PolicyIfAny = Annotated[
    str | None,
    typer.Argument(metavar="POLICY", help="A shipped policy or a file.", autocompletion=completion.policies),
]
Policies = Annotated[
    list[str],
    typer.Argument(
        metavar="POLICY...", help="Shipped policies or files.", autocompletion=completion.policies
    ),
]
Scenario = Annotated[
    str, typer.Option(help="A shipped scenario or a file.", autocompletion=completion.worlds)
]
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A shipped name or a file.", autocompletion=completion.names)
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
Replications = Annotated[int, typer.Option(help="Worlds to draw; intervals need two or more.")]
Days = Annotated[
    int | None,
    typer.Option(
        help="Length of a run, start-up included; one that would end within the start-up has none.  "
        "[default: the scenario's]"
    ),
]
Cohort = Annotated[
    str | None,
    typer.Option(
        metavar="FIRST..UNTIL[:filing]",
        help="Count disputes about orders of these days of the run, or filed then; the others are simulated "
        "only.  [default: all after start-up]",
    ),
]
Seed = Annotated[int, typer.Option(help="Which worlds; the same seed gives the same numbers.")]
Moves = Annotated[EngineChoice, typer.Option(help="What moves the disputes; no number depends on it.")]
OpenLoop = Annotated[bool, typer.Option("--open-loop", help="Nobody learns, loses trust or leaves.")]
Replace = Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")]
Workers = Annotated[
    int | None, typer.Option(help="How many work at once; no number depends on it.  [default: the cores]")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers do it, as tcp://10.0.0.1:8786."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file of --out where there is one.")]
NoVerify = Annotated[
    bool, typer.Option("--no-verify", help="Take the files of runs as they are, checksums or not.")
]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANG",
        envvar="EVENHAND_LANG",
        help="Language of the page, as en or zh.",
        autocompletion=completion.tags,
        callback=language_of,
    ),
]
Spoken = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANG",
        help="Language of all that is said, as en or zh; after a command too.  "
        "[default: EVENHAND_LANG, or the system's]",
        show_default=False,
        autocompletion=completion.tags,
        callback=language_of,
    ),
]
MetricsFrom = Annotated[
    list[Path] | None,
    typer.Option(
        "--metrics-from",
        metavar="FILE.py",
        help="Metrics of your own, made by @metric in this file, which is run; repeatable.",
    ),
]
Shape = Annotated[Format, typer.Option("--format", help="For reading, or one JSON document on stdout.")]


def only(context: typer.Context, *allowed: str) -> None:
    """Refuse what stands on the command line beside the first of some options, and is none of them.

    Raises UsageError.
    """
    for one in context.command.params:
        name = max(one.opts, key=len) if one.param_type_name == "option" else str(one.metavar)
        if name not in allowed and is_typed(context, one.name or ""):
            raise UsageError(
                gettext("{name}: has no meaning beside {what}").format(name=name, what=allowed[0])
            )
