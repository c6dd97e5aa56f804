"""Which seeds there are: those that a user may name, and those above them, which belong to searches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

FIRST_RESERVED = 2**62
"""Seeds from here on belong to searches, so that no comparison meets a world it was tuned on."""
LAST_SEED = 2**63 - 1
"""The largest that a table of records can hold."""
MOST_SEED = FIRST_RESERVED - 1
"""The largest that a command takes."""
Seed = Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)]
