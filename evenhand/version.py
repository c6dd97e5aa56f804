"""Which version of Evenhand this is, and of what its numbers depend on."""

from __future__ import annotations

import platform
from importlib import metadata

AUTHORS = "The Evenhand developers"
TITLE = "Evenhand: a simulation and policy testbed for the arbitration of e-commerce disputes"
"""As `CITATION.cff` has them, which is no part of an installed package; a test holds them together."""
NUMBERS_DEPEND_ON = ("numpy", "scipy", "numba", "simpy", "duckdb")


def version() -> str:
    """Give the version of Evenhand; a source tree that is not installed has none."""
    try:
        return metadata.version("evenhand")
    except metadata.PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that could change a number, by name."""
    libraries = {name: metadata.version(name) for name in NUMBERS_DEPEND_ON}
    return {"python": platform.python_version(), **libraries}
