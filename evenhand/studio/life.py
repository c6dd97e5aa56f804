"""What became of a dispute, in words, as `evenhand explain` tells it."""

from __future__ import annotations

from typing import Any, NamedTuple

from evenhand.explain.after_filing import losers
from evenhand.explain.consequences import consequences
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute
from evenhand.explain.evidence import brought
from evenhand.explain.narrative import timeline
from evenhand.explain.truth import hidden
from evenhand.locale.current import gettext


class Life(NamedTuple):
    """What became of a dispute, in words; `evenhand explain` tells the same."""

    ending: str
    buyer: str
    merchant: str
    amount: str
    moments: list[tuple[str, str, str]]
    brought: list[tuple[str, ...]]
    terms: list[Any]
    verdict: str
    losers: list[str]
    consequences: list[str]
    hidden: list[tuple[str, str]]


def life(d: StoryOfDispute) -> Life:
    """Tell of a dispute, in the language in force."""
    titles, said = d.scenario.group_titles(), verdict(d)
    ending = gettext("still open")
    if d["ending"] != "open":
        ending = f"{gettext(str(d['ending']))} ({gettext(str(d['reason']))})"
    return Life(
        ending,
        gettext(titles[d["buyer_group"]]),
        gettext(titles[d["merchant_group"]]),
        d.money(d["amount"]),
        [(d.date(one.at), gettext(one.who), one.what) for one in timeline(d)],
        [(gettext(side), *rest) for side, *rest in brought(d)],
        list(terms(d)),
        said[:1].upper() + said[1:],
        list(losers(d)),
        list(consequences(d)),
        [(gettext(what), was) for what, was in hidden(d)],
    )
