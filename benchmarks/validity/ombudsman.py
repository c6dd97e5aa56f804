"""The UK Financial Ombudsman, 2006 to 2009: few cases reach the second tier."""

from __future__ import annotations

from benchmarks.validity.cohort import ELSEWHERE, Rule, endings
from benchmarks.validity.finding import PublishedStudy, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "ombudsman_fos"
RULES: dict[str, Rule] = {
    "second": lambda d: d["reviews"] > 0,
    "informal": lambda d: ~word(d, "ending", "ruled", "defaulted"),
    "view": lambda d: word(d, "ending", "ruled", "defaulted") & (d["reviews"] == 0),
}


def study(worlds: int) -> PublishedStudy:
    """The ombudsman's rules in a consumer market."""
    policy = scenarios.policy(POLICY)
    shares, _, counts = endings("tmall", policy, RULES, worlds)
    other, _, more = endings(ELSEWHERE, policy, RULES, worlds)
    figures = (
        over_worlds(
            "cases that reach an ombudsman",
            "6 to 8 %",
            shares["second"],
            counts,
            "share",
            near_share(0.06, 0.08),
        ),
        over_worlds("ended informally", "51 %", shares["informal"], counts, "share", near_share(0.51)),
        over_worlds(
            "ended with a case handler’s view", "41 %", shares["view"], counts, "share", near_share(0.41)
        ),
        *(
            over_worlds(f"{name}, in {ELSEWHERE}", published, other[key], more, "share")
            for key, name, published in (
                ("second", "cases that reach an ombudsman", "6 to 8 %"),
                ("informal", "ended informally", "51 %"),
                ("view", "ended with a case handler’s view", "41 %"),
            )
        ),
    )
    return PublishedStudy(
        key="ombudsman",
        title="Second tier of an ombudsman",
        source="Financial Ombudsman Service, annual reviews 2006/07 and 2008/09",
        published=(
            "6 to 8 % of closed cases took a final decision by an ombudsman; in 2008/09 51 % ended "
            "informally and 41 % with a case handler’s view."
        ),
        how=(
            "The policy ombudsman_fos in the scenario tmall with a tenth of the orders: cases filed "
            "in the first 300 days of 540, by how they ended. Also, not judged, in nyc_mediation with "
            "three tenths of its orders."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not bank customers and banks; "
                "who asks for a review is the scenario’s propensity (0.75 of the losers who would "
                "gain by it)"
            ),
            "rounds and pushes of informal settlement are guesses of the policy",
        ),
        figures=figures,
        reason=(
            "In the model a loser asks whenever a review is worth it to him and he is of those who "
            "would ask; neither how many accept a view they dislike, nor how well handlers talk them "
            "into it, is known."
        ),
        worlds=worlds,
    )
