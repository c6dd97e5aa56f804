"""The UK Financial Ombudsman, 2006 to 2009: few cases reach the second tier."""

from __future__ import annotations

from benchmarks.validity.cohort import CALM, ELSEWHERE, PEOPLE, Rule, endings, shares_in
from benchmarks.validity.finding import PublishedStudy, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "ombudsman_fos"
SOURCE = "Financial Ombudsman Service, annual reviews 2006/07 and 2008/09"
PUBLISHED = (
    "6 to 8 % of closed cases took a final decision by an ombudsman; in 2008/09 51 % ended "
    "informally and 41 % with a case handler’s view."
)
GUESSES = "rounds and pushes of informal settlement are guesses of the policy"
RULES: dict[str, Rule] = {
    "second": lambda d: d["reviews"] > 0,
    "informal": lambda d: ~word(d, "ending", "ruled", "defaulted"),
    "view": lambda d: word(d, "ending", "ruled", "defaulted") & (d["reviews"] == 0),
}


FIGURES = {
    "second": ("cases that reach an ombudsman", "6 to 8 %", near_share(0.06, 0.08)),
    "informal": ("ended informally", "51 %", near_share(0.51)),
    "view": ("ended with a case handler’s view", "41 %", near_share(0.41)),
}


def study(worlds: int) -> PublishedStudy:
    """The ombudsman's rules in a consumer market."""
    figures = shares_in(CALM, scenarios.policy(POLICY), RULES, FIGURES, worlds)
    other, _, more = endings(ELSEWHERE, scenarios.policy(POLICY), RULES, worlds)
    figures += [
        over_worlds(f"{name}, in {ELSEWHERE}", published, other[key], more, "share")
        for key, (name, published, _) in FIGURES.items()
    ]
    return PublishedStudy(
        key="ombudsman",
        title="Second tier of an ombudsman",
        source=SOURCE,
        published=PUBLISHED,
        how=(
            "The policy ombudsman_fos in the scenario tmall_unresponsive with a tenth of the orders: cases "
            "filed in the first 300 days of 540, by how they ended. Also, not judged, in nyc_mediation with "
            "three tenths of its orders."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not bank customers and banks; "
                "who asks for a review is the scenario’s propensity (0.75 of the losers who would "
                "gain by it)"
            ),
            GUESSES,
        ),
        figures=tuple(figures),
        reason=(
            "In the model a loser asks whenever a review is worth it to him and he is of those who "
            "would ask; neither how many accept a view they dislike, nor how well handlers talk them "
            "into it, is known."
        ),
        worlds=worlds,
    )


def with_people(worlds: int) -> PublishedStudy:
    """The same where people respond to the rules, and losers' opinions to reasons."""
    return PublishedStudy(
        key="ombudsman-people",
        title="Second tier of an ombudsman, with people who respond",
        source=SOURCE,
        published=PUBLISHED,
        how=(
            f"The policy ombudsman_fos in the scenario {PEOPLE} with a tenth of the orders and buyers: cases "
            "filed in the first 300 days of 540, by how they ended."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not bank customers and banks; who asks "
                "for a review weighs it by an opinion that the ruling has moved"
            ),
            GUESSES,
        ),
        figures=tuple(shares_in(PEOPLE, scenarios.policy(POLICY), RULES, FIGURES, worlds)),
        reason=(
            "Losers’ opinions move with the reasons they are given, and a review must pay: the second tier "
            "is as small as published. In earlier runs 59 % ended informally, because two things happened "
            "twice: a merchant gave in by a coin besides settling by choice, and a buyer lost patience "
            "besides giving up as a hazard of waiting. Each is one choice now, and shares are as published."
        ),
        worlds=worlds,
        standing="partly fitted",
        set_by=(
            "the share of rulings that are reviewed was a target of a stand-alone prototype; mechanisms were "
            "looked at again after a first run, with no number set"
        ),
    )
