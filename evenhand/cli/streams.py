"""Standard streams as every command may take them for granted: open, and never stopped by a character."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from evenhand.errors import UsageError
from evenhand.locale.current import gettext


def prepare() -> None:
    """Open closed streams on nothing, and let stdout and stderr replace characters that they do not have.

    Figures are files too, whatever a notebook has left in MPLBACKEND.

    A number that is free would go to the next file that is opened, and what is printed into that file.
    """
    lost = [name for number, name in enumerate(("stdin", "stdout", "stderr")) if not _is_open(number)]
    for name in lost:
        number = os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is that of the stream
        setattr(
            sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
        )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Chinese title must not stop a console that lacks it
    os.environ["MPLBACKEND"] = "agg"  # commands draw into files; a notebook's backend may not be installed
    if "stdout" in lost:
        print(gettext("evenhand: stdout is closed: what is printed there is lost"), file=sys.stderr)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def check_words(words: list[str]) -> None:
    """Raise UsageError for a word of the command line that is no text: it could be written into no file."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(word).decode("utf-8", "backslashreplace")
            raise UsageError(
                gettext("'{shown}': is not text in UTF-8; rename the file or folder").format(shown=shown)
            ) from None
