"""The EU's platform for online dispute resolution, year one: a procedure that both must want lapses."""

from __future__ import annotations

from math import nan

from benchmarks.validity.cohort import ELSEWHERE, Rule, endings, market
from benchmarks.validity.finding import PublishedStudy, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "eu_odr"
LAPSED = 0.85
RULES: dict[str, Rule] = {
    "no consent": lambda d: word(d, "reason", "no consent to the procedure"),
    "decided": lambda d: word(d, "ending", "ruled", "defaulted"),
}


def study(worlds: int) -> PublishedStudy:
    """The platform's rules in a consumer market."""
    policy = scenarios.policy(POLICY)
    shares, _, counts = endings("tmall", policy, RULES, worlds)
    other, _, more = endings(ELSEWHERE, policy, RULES, worlds)
    habits = market("tmall").behaviour
    merchant, buyer = (getattr(habits, f"{side}_consents") for side in ("merchant", "buyer"))
    needed = (1 - LAPSED) / buyer
    names = {
        "no consent": ("complaints that lapse without consent", f"{LAPSED:.0%}".replace("%", " %")),
        "decided": ("complaints that a body decides", "2 % by 2019"),
    }
    figures = [
        over_worlds(
            name,
            published,
            shares[key],
            counts,
            "share",
            near_share(LAPSED) if key == "no consent" else (nan, nan),
        )
        for key, (name, published) in names.items()
    ]
    figures += [
        over_worlds(f"{name}, in {ELSEWHERE}", published, other[key], more, "share")
        for key, (name, published) in names.items()
    ]
    return PublishedStudy(
        key="consent",
        title="Lapse where both sides must consent",
        source="EU ODR platform, first year (European Commission 2017, as told in Conflict of Laws 2017)",
        published=(
            "85 % of complaints were closed after thirty days because the sides had not agreed on a body."
        ),
        how=(
            "The policy eu_odr in the scenario tmall with a tenth of the orders: complaints filed in "
            "the first 300 days of 540, by how they ended. Also, not judged, in nyc_mediation with "
            "three tenths of its orders."
        ),
        assumed=(
            (
                f"put in: {merchant:.0%} of merchants and {buyer:.0%} of buyers would consent. Nobody "
                "published either, and the lapse is about 1 less their product"
            ),
        ),
        figures=tuple(figures),
        reason=(
            "The model says how consent makes a procedure lapse, not how many consent. For the "
            f"published figure with the same buyers, {needed:.0%} of merchants would have to consent."
        ),
        worlds=worlds,
    )
