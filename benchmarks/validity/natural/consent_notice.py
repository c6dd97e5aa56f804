"""N8: a forum that needs both sides' consent, but tells the trader (the EU's platform, 2016)."""

from __future__ import annotations

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import (
    START_UP,
    decided,
    ended,
    filed,
    left_the_line,
    paired,
    part_of,
)
from benchmarks.validity.worlds import word

COUNTED, FOLLOWED = 180, 90
LAST = START_UP + COUNTED


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Complaints that lapse, and those that the two sides deal with by themselves all the same."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, LAST + FOLLOWED):
        disputes = parts["forum"].disputes
        mine = filed(disputes, START_UP, LAST) & ended(disputes)
        settled = word(disputes, "ending", "settled")
        refused = word(disputes, "reason", "no consent to the procedure")
        n = mine.sum()
        found.add("complaints that reach no body", part_of(refused | settled, mine), n)
        found.add("complaints that are dealt with bilaterally", part_of(settled, mine), n)
        found.add("complaints that lapse with nothing", part_of(refused, mine), n)
        found.add("complaints that a body decides", part_of(decided(disputes), mine), n)
        found.add("complaints that leave the line", part_of(left_the_line(disputes), mine), n)
    return found


EXPERIMENT = NaturalExperiment(
    key="N8",
    title="a forum that needs consent, but tells the trader",
    sources=(
        Source("S15", "europakonsument.at on the EU platform's first year", "secondary"),
        Source("S15", "European Commission, COM(2017) 744", "first-party"),
    ),
    published=(
        "Of 24,000 complaints in the first year 85 % lapsed without a body; in about 40 % trader and "
        "consumer dealt with it bilaterally all the same (one summary says solved, another only contacted)."
    ),
    standing="fitted",
    set_by="what a trader loses by ignoring a notice was set in a prototype so that 85 % lapse",
    sets={"forum": RuleSet("eu_odr")},
    counted=(
        f"The policy eu_odr: complaints filed in {COUNTED} days after a start-up of {START_UP}, followed for "
        f"{FOLLOWED} more. No body: consent was refused, or the sides agreed by themselves after the filing."
    ),
    assumed=("what ignoring a notice costs a trader, and the cost of a call to settle (scenario)",),
    lacking=("contacts that come to nothing: only agreements count as dealt with",),
    quantities=(
        Quantity("complaints that reach no body", "85 %", "share", (0.75, 0.95)),
        Quantity("complaints that are dealt with bilaterally", "about 40 %", "share", (0.25, 0.50)),
        Quantity("complaints that lapse with nothing", "", "share"),
        Quantity("complaints that a body decides", "2 % by 2019", "share"),
        Quantity("complaints that leave the line", "", "share"),
    ),
    measure=measure,
    reason=(
        "As many lapse as published. Fewer are dealt with bilaterally: in this market those who would "
        "settle on a notice have mostly settled in the talks before (a guess), and only agreements count "
        "here, where one summary of the source counts contacts. What a notice costs to ignore was fitted "
        "in a prototype whose complaints came without such talks (a guess)."
    ),
)
