"""Requests to stop that come as signals; only a command listens to them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

TERMINATED = 128 + 15


@contextmanager
def terminable() -> Iterator[None]:
    """Let a polite request to stop clean up like an interrupt does."""

    def stop(*_: object) -> NoReturn:
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
