"""Dispute-mini for other simulation libraries, where they are installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from benchmarks.mini.model import MiniOutcome, Tape

PEERS = {"Ciw": "ciw", "salabim": "salabim", "Mesa": "mesa"}
"""How a library is called, and what it is imported as."""


def installed() -> dict[str, Callable[[Tape], MiniOutcome]]:
    """The programs whose library is here, by its name."""
    return {
        name: import_module(f"benchmarks.mini.{module}_peer").run
        for name, module in PEERS.items()
        if find_spec(module) is not None
    }
