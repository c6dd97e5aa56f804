"""Which seeds there are: those that a user may name, and those above them, which belong to searches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.locale.current import gettext

FIRST_RESERVED = 2**62
"""Seeds from here on belong to searches, so that no comparison meets a world it was tuned on."""
LAST_SEED = 2**63 - 1
"""The largest that a table of records can hold."""
MOST_SEED = FIRST_RESERVED - 1
"""The largest that a command takes."""
Seed = Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)]


def search_seed(seed: int) -> int:
    """The seed of the worlds that a search tunes on. Raises ValueError for one that is none of the user's."""
    refuse_reserved(seed)
    return FIRST_RESERVED + seed


def refuse_reserved(seed: int) -> None:
    """Refuse the worlds of searches where worlds are judged. Raises ValueError."""
    if not 0 <= seed < FIRST_RESERVED:
        raise ValueError(
            gettext("seed: must be from 0 to {last}, found {seed}: those above are for calibration").format(
                last=FIRST_RESERVED - 1, seed=seed
            )
        )
