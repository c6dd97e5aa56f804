"""The line that a terminal shows while a command loads what it needs, about a second, and that goes then."""

from __future__ import annotations

import sys

from evenhand.locale.current import gettext

_ERASE = "\r\x1b[2K"
_shown = False


def show() -> None:
    """Say that something is being loaded, on a terminal; elsewhere nothing, so that logs stay as they are."""
    global _shown  # noqa: PLW0603 (there is one terminal)
    if not _shown and sys.stderr.isatty():
        sys.stderr.write(gettext("evenhand: loading"))
        sys.stderr.flush()
        _shown = True


def clear() -> None:
    """Take the line away, if it is there."""
    global _shown  # noqa: PLW0603
    if _shown:
        sys.stderr.write(_ERASE)
        sys.stderr.flush()
        _shown = False
