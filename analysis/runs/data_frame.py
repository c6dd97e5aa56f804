"""Data frames, for those who have pandas: the extra `research`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evenhand.locale.current import gettext


def pandas() -> Any:
    """The library. Raises ImportError without the extra `research`."""
    try:
        import pandas as pd  # type: ignore[import-untyped,unused-ignore] # in the extra `research`
    except ImportError as error:
        raise ImportError(
            gettext("data frames need pandas: pip install pandas (the extra 'research')")
        ) from error
    return pd


def frame(rows: Sequence[dict[str, Any]]) -> Any:
    """Rows as a pandas data frame. Raises ImportError without the extra `research`."""
    return pandas().DataFrame(rows)
