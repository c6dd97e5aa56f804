"""When a gate looks at its replications: planned before the first one, so that errors can be stated."""

from __future__ import annotations

from evenhand.locale.current import gettext


def looks(start: int, most: int) -> tuple[int, ...]:
    """Numbers of replications at which a gate looks: `start`, twice that, and so on, and `most`.

    A doubling is left out where the last look would add less than half to it. Where `most` is not
    above `start`, there is a single look, at `most`. Raises ValueError for less than two replications.
    """
    if min(start, most) < 2:
        raise ValueError(gettext("start and most must be 2 or more"))
    plan = [min(start, most)]
    while plan[-1] * 3 <= most:
        plan.append(plan[-1] * 2)
    if plan[-1] < most:
        plan.append(most)
    return tuple(plan)
