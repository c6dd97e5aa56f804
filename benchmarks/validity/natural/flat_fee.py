"""N2: a flat fee for everyone who files (UK employment tribunals, July 2013)."""

from __future__ import annotations

from math import log

import numpy as np

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import (
    DAY,
    change,
    decided,
    filed,
    left_the_line,
    paired,
    part_of,
    valid,
)
from benchmarks.validity.worlds import word

FROM = 120
"""Day of the run from which the fee is due."""
QUARTER = 90
FIRST = FROM + 60
"""The first full quarter of the tribunals' statistics began two months after the fee."""
LATER = FROM + 3 * 365
DAYS = LATER + QUARTER + 60
FEE = 52.0
"""43 % of the median order of CNY 120, as GBP 390 of a median wage award of GBP 900."""


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Filings with and without the fee, at first and three years later."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, DAYS):
        before, after = parts["free"].disputes, parts["fee"].disputes
        for name, first in (("first full quarter", FIRST), ("three years on", LATER)):
            one, other = (filed(d, first, first + QUARTER) for d in (before, after))
            found.add(f"filings, {name}", change(other.sum(), one.sum()), one.sum())
        one, other = filed(before, FIRST, LATER + QUARTER), filed(after, FIRST, LATER + QUARTER)
        merit = part_of(valid(after), other) - part_of(valid(before), one)
        found.add("merit of what is filed", merit, one.sum())
        won = [part_of(d["upheld"] > 0, mine & decided(d)) for d, mine in ((after, other), (before, one))]
        found.add("success of what is decided", won[0] - won[1], one.sum())
        for kind, real in (("real grievances", True), ("groundless", False)):
            was, now = ((valid(d) == real) & mine for d, mine in ((before, one), (after, other)))
            found.add(f"filings, {kind}", change(now.sum(), was.sum()), was.sum())
            gain = float(before["amount"][was].mean()) if was.any() else np.nan
            fell = log(now.sum() / was.sum()) if was.any() and now.any() else np.nan
            found.add(f"log filings for a fee of the whole stake, {kind}", fell * gain / FEE, was.sum())
        opened = (after["opened_at"] >= DAY * FIRST) & (after["opened_at"] < DAY * (LATER + QUARTER))
        broke = word(after, "reason", "fee beyond the buyer's means")
        found.add("claims given up for want of money", part_of(broke, opened), opened.sum())
        found.add("filings that leave the line, free", part_of(left_the_line(before), one), one.sum())
        found.add("filings that leave the line, fee", part_of(left_the_line(after), other), other.sum())
    return found


EXPERIMENT = NaturalExperiment(
    key="N2",
    title="a flat fee for everyone who files",
    sources=(
        Source("S9", "lexology.com and sillslegal.co.uk on fees of UK employment tribunals", "secondary"),
        Source("S10", "official figures in unison.org.uk, March 2014", "secondary"),
        Source("S11", "table in tuc.org.uk, July 2017", "secondary"),
        Source("S12", "Ministry review Cm 9373, by employmentlawworldview.com", "secondary"),
        Source("S13", "UK Supreme Court judgment, figures in sillslegal.co.uk", "secondary"),
    ),
    published=(
        "GBP 390 to file and be heard, of a median wage award of 900: claims fell by 79 % in the first full "
        "quarter and were 69 % lower three years on, without recovery; success at hearing did not rise."
    ),
    standing="partly fitted",
    set_by=(
        "a stand-alone prototype met the fall and the merit with one set of purses and slopes; the purse of "
        "this scenario is from there"
    ),
    sets={
        "free": RuleSet(),
        "fee": RuleSet(rules={"reforms": [{"starts": FROM, "changes": {"screening": {"filing_fee": FEE}}}]}),
    },
    counted=(
        f"The policy tmall, and the same with a fee of CNY {FEE:g} from day {FROM} on, in the same worlds. "
        f"First full quarter: filings of {QUARTER} days from day {FIRST}; three years on: from day {LATER}. "
        "Merit is the share of real grievances among filings of all that time."
    ),
    assumed=(
        "the fee is 43 % of the median order; it is not given back to who wins, and nobody is spared it",
        "purses are lognormal with a median of CNY 120 (scenario)",
    ),
    lacking=(
        "fees that are remitted to the poor (29 % had one)",
        (
            "employees’ claims against one employer; here a buyer may turn to the merchant first, and "
            "mostly does"
        ),
    ),
    quantities=(
        Quantity("filings, first full quarter", "−79 %", "change", (-0.80, -0.60), -1),
        Quantity("filings, three years on", "−69 %", "change", (-0.80, -0.60), -1),
        Quantity("merit of what is filed", "success at hearing not higher", "points", (-0.05, 0.02)),
        Quantity("success of what is decided", "not higher", "points"),
        Quantity("filings, real grievances", "", "change"),
        Quantity("filings, groundless", "", "change"),
        Quantity("log filings for a fee of the whole stake, real grievances", "", "ratio"),
        Quantity("log filings for a fee of the whole stake, groundless", "", "ratio"),
        Quantity("claims given up for want of money", "", "share"),
        Quantity("filings that leave the line, free", "", "share"),
        Quantity("filings that leave the line, fee", "", "share"),
    ),
    measure=measure,
    reason=(
        "Filings fall as published, at once and for good. But they are selected on merit: groundless "
        "filings fall more than real ones, because those who know the rules see that they would lose "
        "the fee. The tribunals' claimants were not selected; a prototype needed flatter slopes of the "
        "groundless and smaller purses for that, and neither was set here. Hardly anybody leaves the "
        "line of a desk, with or without the fee."
    ),
)
