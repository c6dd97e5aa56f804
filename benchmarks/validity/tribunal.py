"""British Columbia's Civil Resolution Tribunal, July 2024: how claims end, and how long they stay."""

from __future__ import annotations

from benchmarks.validity.cohort import ELSEWHERE, Rule, endings
from benchmarks.validity.finding import PublishedStudy, near, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "online_tribunal_crt"
PUBLISHED = {"withdrawn": 0.39, "agreed": 0.11, "decided": 0.20, "default": 0.31}
MONTHS, DAYS_A_MONTH = 8, 30.4
RULES: dict[str, Rule] = {
    "withdrawn": lambda d: word(d, "ending", "withdrawn", "abandoned", "lapsed", "inadmissible"),
    "agreed": lambda d: word(d, "ending", "settled"),
    "decided": lambda d: word(d, "ending", "ruled"),
    "default": lambda d: word(d, "ending", "defaulted"),
}


def study(worlds: int) -> PublishedStudy:
    """The tribunal's rules in a consumer market."""
    policy = scenarios.policy(POLICY)
    shares, stays, counts = endings("tmall", policy, RULES, worlds)
    other, longer, more = endings(ELSEWHERE, policy, RULES, worlds)
    figures = [
        over_worlds(name, f"{100 * value:.0f} %", shares[name], counts, "share", near_share(value))
        for name, value in PUBLISHED.items()
    ]
    stay = MONTHS * DAYS_A_MONTH
    figures.append(over_worlds("mean stay", f"{MONTHS} months", stays, counts, "days", near(stay)))
    figures += [
        over_worlds(f"{name}, in {ELSEWHERE}", f"{100 * value:.0f} %", other[name], more, "share")
        for name, value in PUBLISHED.items()
    ]
    figures.append(over_worlds(f"mean stay, in {ELSEWHERE}", f"{MONTHS} months", longer, more, "days"))
    return PublishedStudy(
        key="tribunal",
        title="Endings and stay at an online tribunal",
        source="Civil Resolution Tribunal, British Columbia, key statistics of July 2024",
        published=(
            "Small claims ended withdrawn 39 %, agreed 11 %, decided 20 % and by default 31 %; by its "
            "stock and flow a claim stays about eight months."
        ),
        how=(
            "The policy online_tribunal_crt in the scenario tmall with a tenth of the orders: claims "
            "filed in the first 300 days of 540, by their endings. Also, not judged, in nyc_mediation "
            "with three tenths of its orders."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not the tribunal’s parties: how "
                "many answer, give up or agree is the scenario’s"
            ),
            (
                "the length of each step but the answer, and the pushes of facilitators, are guesses "
                "of the policy"
            ),
            (
                "enough staff that nobody waits long: a backlog of eight months is the tribunal’s "
                "capacity, which is not published"
            ),
        ),
        figures=tuple(figures),
        reason=(
            "Which merchants stay silent and which buyers withdraw are habits of a scenario, and no "
            "figures of the tribunal’s parties exist to set them by. The stay is a backlog: a "
            "scenario with enough staff has none."
        ),
        worlds=worlds,
    )
