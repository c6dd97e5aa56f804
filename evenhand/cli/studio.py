"""`evenhand studio`: the web page for those who write rules, on this machine only."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli import completion
from evenhand.cli.options import language_of
from evenhand.errors import UsageError
from evenhand.locale.current import gettext

NEEDED = ("starlette", "uvicorn", "python_multipart")


def _language_if_any(context: typer.Context, parameter: typer.CallbackParam, asked: str | None) -> str | None:
    """The tag of the language that was asked for, if any. Raises UsageError."""
    return None if asked is None else language_of(context, parameter, asked)


def studio(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where your files and runs are.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 = any that is free.")] = 8377,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANG",
            envvar="EVENHAND_LANG",
            help="Language of the pages, as en or zh.  [default: the one chosen there before]",
            autocompletion=completion.tags,
            callback=_language_if_any,
        ),
    ] = None,
) -> None:
    """Open a web page: change a rule, see at once what it does, run, compare, read the reports.

    It serves this machine only, and the printed address opens it once.

    \b
    Examples:
      evenhand studio
      evenhand studio my-rules --lang zh
      evenhand studio --port 0 --no-browser
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            gettext("studio: needs more packages; install them with: pip install 'evenhand[studio]'")
        )
    from evenhand.studio.serve import serve

    serve(folder, port, browser=not no_browser, lang=lang)
