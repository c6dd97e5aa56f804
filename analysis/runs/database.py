"""DuckDB as it is used here: quiet, whatever takes long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")
TRIES, PAUSE = 100, 0.05
"""How often a database is told to stop, and seconds in between; it takes a tenth of one."""


def connect(path: str = ":memory:", **settings: str | bool | float | list[str]) -> duckdb.DuckDBPyConnection:
    """Open a database, in memory by default, that draws no bars on a stdout which others may parse."""
    import duckdb

    database = duckdb.connect(path, config=settings)
    # a notebook without ipywidgets has no bar, and there DuckDB refuses to switch it off
    with suppress(duckdb.Error):
        database.execute("set enable_progress_bar = false")
    return database


def interruptible(database: duckdb.DuckDBPyConnection, ask: Callable[[], T]) -> T:
    """What `ask` gives, which waits for this database; Ctrl-C stops it, where Python alone would not hear it.

    The main thread waits and can be interrupted; the question is asked in another.
    """
    if current_thread() is not main_thread():
        return ask()
    found: list[T] = []
    failed: list[BaseException] = []
    over = Event()

    def work() -> None:
        try:
            found.append(ask())
        except BaseException as error:  # noqa: BLE001  (raised again where it was asked)
            failed.append(error)
        finally:
            over.set()

    try:
        Thread(target=work, daemon=True).start()
        over.wait()
    except BaseException:
        _stop(database, over)
        raise
    if failed:
        raise failed[0]
    return found[0]


def _stop(database: Any, over: Event) -> None:
    """Tell a database to stop until it does; what started a moment later is told again."""
    for _ in range(TRIES):
        with suppress(Exception):  # closed meanwhile
            database.interrupt()
        if over.wait(PAUSE):
            return
