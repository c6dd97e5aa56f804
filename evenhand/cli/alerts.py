"""What cannot be right, above the numbers of any command."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from evenhand.cli.console import console
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext


def print_alerts(alerts: Iterable[tuple[str, str]], screen: Console | None = None) -> None:
    """Print each sentence with where it holds, empty where that is clear: `under B`, `in tmall`."""
    for where, sentence in alerts:
        head = gettext("WARNING, {where}").format(where=where) if where else gettext("WARNING")
        (screen or console()).print(plain(f"{head}: {sentence}\n"), style="bold red", soft_wrap=True)
