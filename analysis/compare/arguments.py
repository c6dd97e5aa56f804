"""Kinds of arguments: what is no number is said in one line, before it is compared with one."""

from __future__ import annotations

import numpy as np

from evenhand.locale.current import gettext


def whole_numbers(**given: object) -> None:
    """Raise ValueError for the first that is no whole number; None is left alone."""
    for name, value in given.items():
        if value is not None and (not isinstance(value, (int, np.integer)) or isinstance(value, bool)):
            raise ValueError(
                gettext("{name} must be a whole number, found {value!r:.80}").format(name=name, value=value)
            )


def numbers(**given: object) -> None:
    """Raise ValueError for the first that is no number."""
    for name, value in given.items():
        if not isinstance(value, (int, float, np.number)) or isinstance(value, bool):
            said = gettext("{name} must be a number, found {value!r:.80}").format(name=name, value=value)
            raise ValueError(said)  # noqa: TRY004 (as for all arguments)
