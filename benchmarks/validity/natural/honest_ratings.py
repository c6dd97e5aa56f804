"""N6: honest ratings become possible (sellers on eBay may no longer rate buyers, May 2008)."""

from __future__ import annotations

import numpy as np

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import START_UP, Mask, change, paired
from evenhand.sim.runs.records import Columns

DAYS = START_UP + 450
WORST = 0.25


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Problems per order without marks and with them, and how much of it is effort and how much selection."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, DAYS):
        before, after = parts["silenced"].merchants, parts["honest"].merchants
        declared = before["declared_problems"]
        worst = declared >= np.quantile(declared, 1 - WORST)
        everybody = np.ones_like(worst)
        n = before["orders"].sum()
        whole = change(problems(after, everybody), problems(before, everybody))
        found.add("problems per order", whole, n)
        bad, rest = (change(problems(after, who), problems(before, who)) for who in (worst, ~worst))
        found.add("change of the worst quarter less that of the rest", bad - rest, n)
        found.add("share of the improvement by effort", effort(before, after), n)
        found.add("exits", change(after["exits"].sum(), before["exits"].sum()), before["exits"].sum())
    return found


def problems(merchants: Columns, who: Mask) -> float:
    """Problems per order at the end, over merchants by what they sell then."""
    sold = at_the_end(merchants)[who]
    return float((sold * levels(merchants)[who]).sum() / sold.sum())


def levels(merchants: Columns) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Problems per order of each merchant at the end."""
    return np.asarray(merchants["declared_problems"] * merchants["problem"], np.float64)


def at_the_end(merchants: Columns) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What each merchant has sold, as a share of all."""
    sold = merchants["orders"].astype(np.float64)
    return np.asarray(sold / sold.sum())


def effort(before: Columns, after: Columns) -> float:
    """Share of the change that comes from merchants' own levels at the sales from before; the rest is that
    sales and places went to others."""
    was, now, sold = levels(before), levels(after), at_the_end(before)
    whole = float((at_the_end(after) * now).sum() - (sold * was).sum())
    return float((sold * (now - was)).sum()) / whole if whole else float("nan")


EXPERIMENT = NaturalExperiment(
    key="N6",
    title="honest ratings become possible",
    sources=(
        Source("M3", "Klein, Lambertz & Stahl, Journal of Political Economy 2016, abstract", "peer-reviewed"),
        Source("M4", "Hui, Saeedi & Sundaresan, version of June 2017, abstract", "working paper"),
    ),
    published=(
        "When sellers could no longer rate buyers, satisfaction rose, most for the sellers who were rated "
        "worst. One paper finds no more exit, so effort; the other finds 68 % of it by selection."
    ),
    standing="foretold",
    set_by="",
    sets={"silenced": RuleSet(rules={"sanctions": {"rating_step": 0.0}}), "honest": RuleSet()},
    counted=(
        "The policy tmall without marks, as where buyers fear a mark in return, and with them, in the same "
        f"worlds for {DAYS} days. Problems per order at the end, by what merchants sell; effort is the "
        "change of merchants' own levels at the sales without marks."
    ),
    assumed=(
        "before, no dispute marks a seller at all; in truth few did",
        f"the worst are the quarter of merchants with most declared problems (1 - {WORST:g} quantile)",
    ),
    lacking=("ratings by buyers who had no dispute, and ratings of buyers",),
    quantities=(
        Quantity("problems per order", "satisfaction up", "change", sign=-1),
        Quantity(
            "change of the worst quarter less that of the rest", "most for the worst", "points", sign=-1
        ),
        Quantity("share of the improvement by effort", "all, or 32 %", "share"),
        Quantity("exits", "unchanged", "change"),
    ),
    measure=measure,
    reason=(
        "Marks cost sales and care follows, most where problems are many. Most of it is effort, as in "
        "the first paper; exit rises by a fifth, which points to the second: shops leave the sooner "
        "the worse they stand, but too seldom for selection to matter in a year."
    ),
)
