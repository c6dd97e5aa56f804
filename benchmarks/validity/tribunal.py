"""British Columbia's Civil Resolution Tribunal, July 2024: how claims end, and how long they stay."""

from __future__ import annotations

from benchmarks.validity.cohort import CALM, ELSEWHERE, PEOPLE, Rule, endings
from benchmarks.validity.finding import Figure, PublishedStudy, near, near_share, over_worlds
from benchmarks.validity.worlds import word
from evenhand import scenarios

POLICY = "online_tribunal_crt"
SOURCE = "Civil Resolution Tribunal, British Columbia, key statistics of July 2024"
FOUND = (
    "Small claims ended withdrawn 39 %, agreed 11 %, decided 20 % and by default 31 %; by its "
    "stock and flow a claim stays about eight months."
)
GUESSES = "the length of each step but the answer, and the pushes of facilitators, are guesses of the policy"
BACKLOG = (
    "enough staff that nobody waits long: a backlog of eight months is the tribunal’s "
    "capacity, which is not published"
)
PUBLISHED = {"withdrawn": 0.39, "agreed": 0.11, "decided": 0.20, "default": 0.31}
MONTHS, DAYS_A_MONTH = 8, 30.4
RULES: dict[str, Rule] = {
    "withdrawn": lambda d: word(d, "ending", "withdrawn", "abandoned", "lapsed", "inadmissible"),
    "agreed": lambda d: word(d, "ending", "settled"),
    "decided": lambda d: word(d, "ending", "ruled"),
    "default": lambda d: word(d, "ending", "defaulted"),
}


STAY = MONTHS * DAYS_A_MONTH


def study(worlds: int) -> PublishedStudy:
    """The tribunal's rules in a consumer market."""
    figures = _figures(CALM, worlds)
    other, longer, more = endings(ELSEWHERE, scenarios.policy(POLICY), RULES, worlds)
    figures += [
        over_worlds(f"{name}, in {ELSEWHERE}", f"{100 * value:.0f} %", other[name], more, "share")
        for name, value in PUBLISHED.items()
    ]
    figures.append(over_worlds(f"mean stay, in {ELSEWHERE}", f"{MONTHS} months", longer, more, "days"))
    return PublishedStudy(
        key="tribunal",
        title="Endings and stay at an online tribunal",
        source=SOURCE,
        published=FOUND,
        how=(
            "The policy online_tribunal_crt in the scenario tmall_unresponsive with a tenth of the orders: "
            "claims filed in the first 300 days of 540, by their endings. Also, not judged, in nyc_mediation "
            "with three tenths of its orders."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not the tribunal’s parties: how "
                "many answer, give up or agree is the scenario’s"
            ),
            GUESSES,
            BACKLOG,
        ),
        figures=tuple(figures),
        reason=(
            "Which merchants stay silent and which buyers withdraw are habits of a scenario, and no "
            "figures of the tribunal’s parties exist to set them by. The stay is a backlog: a "
            "scenario with enough staff has none."
        ),
        worlds=worlds,
    )


def with_people(worlds: int) -> PublishedStudy:
    """The same where people respond to the rules, and may settle, withdraw or perform while they wait."""
    return PublishedStudy(
        key="tribunal-people",
        title="Endings and stay at an online tribunal, with people who respond",
        source=SOURCE,
        published=FOUND,
        how=(
            f"The policy online_tribunal_crt in the scenario {PEOPLE} with a tenth of the orders and buyers: "
            "claims filed in the first 300 days of 540, by their endings."
        ),
        assumed=(
            (
                "the people are shoppers and shops of a marketplace, not the tribunal’s parties; who "
                "answers, gives up or agrees weighs what it costs and brings"
            ),
            GUESSES,
            BACKLOG,
        ),
        figures=tuple(_figures(PEOPLE, worlds)),
        reason=(
            "Choices after filing go the right way (more by default, fewer agreed) and not far: hazards "
            "act by the day, and with enough staff a case lasts days. What withdraws at the tribunal does "
            "so in eight months of waiting, and its respondents, who are no merchants, let it go by "
            "default."
        ),
        worlds=worlds,
        standing="partly fitted",
        set_by="hazards of settling and withdrawing were set in a stand-alone prototype, not to these shares",
    )


def _figures(market: str, worlds: int) -> list[Figure]:
    shares, stays, counts = endings(market, scenarios.policy(POLICY), RULES, worlds)
    figures = [
        over_worlds(name, f"{100 * value:.0f} %", shares[name], counts, "share", near_share(value))
        for name, value in PUBLISHED.items()
    ]
    return [*figures, over_worlds("mean stay", f"{MONTHS} months", stays, counts, "days", near(STAY))]
