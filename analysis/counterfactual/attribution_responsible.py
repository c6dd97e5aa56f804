"""Which settings can have made a difference at an event, as far as it can be told."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.counterfactual.attribution_settings import Setting
from evenhand.sim.lifecycle.activities import TABLE


def responsible(
    activity_a: int, activity_b: int, differing: Sequence[Setting], *, only_time: bool = False
) -> tuple[Setting, ...]:
    """The differing settings that act at either of two activities (-1 = none).

    Reforms and exceptions may act anywhere.
    `only_time`: the same happened at another time. More than one setting: the event alone cannot tell
    between them, see `shapley`. None: no rule that differs acts there, so the difference has come from
    other disputes, through queues, records, or what people learnt.
    """
    happened = [TABLE[number] for number in (activity_a, activity_b) if number >= 0]
    paths = [path for one in happened for path in (one.moved_by if only_time else one.acts)]
    starts = [*paths, "reforms", "exceptions"]
    return tuple(
        one for one in differing if any(one.path == s or one.path.startswith(f"{s}.") for s in starts)
    )
