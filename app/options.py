"""Options that several commands share; light, so that help is quick."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """For a person or for a program."""

    TEXT = "text"
    JSON = "json"


class Clock(StrEnum):
    """What moves the disputes; the records are the same."""

    AUTO = "auto"
    SIMPY = "simpy"
    COMPILED = "compiled"


Shape = Annotated[Format, typer.Option("--format", help="For reading, or one JSON document on stdout.")]
