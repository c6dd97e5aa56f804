"""Which seeds a search uses: a range of its own, so that no comparison ever meets a world it was tuned on."""

from __future__ import annotations

FIRST_RESERVED = 2**62
"""Seeds from here on belong to searches; commands and `calibrate --check` take those below."""


def search_seed(seed: int) -> int:
    """The seed of the worlds that a search tunes on. Raises ValueError for one that is none of the user's."""
    refuse_reserved(seed)
    return FIRST_RESERVED + seed


def refuse_reserved(seed: int) -> None:
    """Refuse the worlds of searches where worlds are judged. Raises ValueError."""
    if not 0 <= seed < FIRST_RESERVED:
        raise ValueError(
            f"seed: must be from 0 to {FIRST_RESERVED - 1}, found {seed}: those above are for calibration"
        )
