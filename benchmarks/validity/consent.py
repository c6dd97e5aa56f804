"""The EU's platform for online dispute resolution, year one: a procedure that both must want lapses."""

from __future__ import annotations

from math import nan

from benchmarks.validity.cohort import CALM, ELSEWHERE, PEOPLE, Rule, endings, market, shares_in
from benchmarks.validity.finding import PublishedStudy, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "eu_odr"
SOURCE = "EU ODR platform, first year (European Commission 2017, as told in Conflict of Laws 2017)"
PUBLISHED = "85 % of complaints were closed after thirty days because the sides had not agreed on a body."
LAPSED = 0.85
RULES: dict[str, Rule] = {
    "no consent": lambda d: word(d, "reason", "no consent to the procedure"),
    "decided": lambda d: word(d, "ending", "ruled", "defaulted"),
}


FIGURES = {
    "no consent": ("complaints that lapse without consent", f"{100 * LAPSED:.0f} %", near_share(LAPSED)),
    "decided": ("complaints that a body decides", "2 % by 2019", (nan, nan)),
}


def study(worlds: int) -> PublishedStudy:
    """The platform's rules in a consumer market."""
    figures = shares_in(CALM, scenarios.policy(POLICY), RULES, FIGURES, worlds)
    other, _, more = endings(ELSEWHERE, scenarios.policy(POLICY), RULES, worlds)
    habits = market(CALM).behaviour
    merchant, buyer = (getattr(habits, f"{side}_consents") for side in ("merchant", "buyer"))
    needed = (1 - LAPSED) / buyer
    figures += [
        over_worlds(f"{name}, in {ELSEWHERE}", published, other[key], more, "share")
        for key, (name, published, _) in FIGURES.items()
    ]
    return PublishedStudy(
        key="consent",
        title="Lapse where both sides must consent",
        source=SOURCE,
        published=PUBLISHED,
        how=(
            "The policy eu_odr in the scenario tmall_unresponsive with a tenth of the orders: complaints "
            "filed in the first 300 days of 540, by how they ended. Also, not judged, in nyc_mediation with "
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


def with_people(worlds: int) -> PublishedStudy:
    """The same where consent is a choice by expected cost."""
    return PublishedStudy(
        key="consent-people",
        title="Lapse where both sides must consent, with people who choose",
        source=SOURCE,
        published=PUBLISHED,
        how=(
            f"The policy eu_odr in the scenario {PEOPLE} with a tenth of the orders and buyers: complaints "
            "filed in the first 300 days of 540, by how they ended. Those that the sides settle by "
            "themselves are not among those that lapse; N8 counts them so."
        ),
        assumed=("fitted: what it costs a trader to ignore a notice was set so that 85 % lapse",),
        figures=tuple(shares_in(PEOPLE, scenarios.policy(POLICY), RULES, FIGURES, worlds)),
        reason=(
            "Consent is a choice, and nearly as many lapse as published; with those that are settled on the "
            "notice, which the published 85 % may hold, it is N8’s share."
        ),
        worlds=worlds,
        standing="fitted",
        set_by="what it costs a trader to ignore a notice was set in a prototype so that 85 % lapse",
    )
