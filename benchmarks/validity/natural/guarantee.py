"""N7: a guarantee for buyers, with consequences for sellers and without (eBay, Eachnet)."""

from __future__ import annotations

import numpy as np

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.honest_ratings import at_the_end, problems
from benchmarks.validity.natural.pairs import START_UP, by_group, change, paired, world_of

DAYS = START_UP + 450
BAD = ("unable", "bad_faith")


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Problems per order, and what bad sellers sell, against no guarantee at all."""
    found = Measured()
    scenario = world_of(experiment.sets["none"])
    for parts in paired(experiment.sets, worlds, DAYS):
        none, strict, mild = (parts[name].merchants for name in ("none", "with", "without"))
        everybody = np.ones(len(none["orders"]), np.bool_)
        bad = by_group(scenario, none, *BAD)
        n = none["orders"].sum()
        level = problems(none, everybody)
        found.add("problems per order, with consequences", change(problems(strict, everybody), level), n)
        found.add("problems per order, without", change(problems(mild, everybody), level), n)
        for name, other in (("with consequences", strict), ("without", mild)):
            moved = change(at_the_end(other)[bad].sum(), at_the_end(none)[bad].sum())
            found.add(f"sales of bad sellers, {name}", moved, n)
    return found


EXPERIMENT = NaturalExperiment(
    key="N7",
    title="a guarantee with consequences for sellers, and without",
    sources=(
        Source("M5", "Hui, Saeedi, Shen & Sundaresan, Management Science 2016, abstract", "peer-reviewed"),
        Source("M6", "Cai, Jin, Liu & Zhou 2013, abstract", "working paper"),
    ),
    published=(
        "Buyer protection on eBay: the badge's premium fell, bad sellers left, quality and welfare (+2.9 %) "
        "rose. On Eachnet, without incentives for sellers: worse evaluations, slower growth."
    ),
    standing="foretold",
    set_by=(
        "a prototype had opposite signs with its own numbers; the weights of points and ratings here are "
        "from there, and not moved"
    ),
    sets={
        "none": RuleSet(rules={"screening": {"heard": False}, "negotiation": {"silence": "escalate"}}),
        "with": RuleSet(),
        "without": RuleSet(
            rules={
                "funding": {"payer": "platform"},
                "sanctions": {
                    "rating_step": 0.0,
                    "points_loss": 0.0,
                    "points_default": 0.0,
                    "points_forgery": 0.0,
                },
            }
        ),
    },
    counted=(
        "No filing is heard; tmall, where the merchant pays, is marked and has points; and tmall where the "
        f"platform pays, without marks and points; in the same worlds for {DAYS} days. Problems per order at "
        f"the end, by what merchants sell; bad sellers are the groups {' and '.join(BAD)}."
    ),
    assumed=("without a guarantee a merchant's silence in talks costs it nothing",),
    lacking=(
        "prices and badges, so no premium",
        "buyers' surplus, so no welfare",
    ),
    quantities=(
        Quantity("problems per order, with consequences", "quality up", "change", sign=-1),
        Quantity("problems per order, without", "quality down", "change", sign=1),
        Quantity("sales of bad sellers, with consequences", "they leave", "change", sign=-1),
        Quantity("sales of bad sellers, without", "", "change"),
        Quantity("welfare, with consequences", "+2.9 %", "change", possible=False),
    ),
    measure=measure,
    reason=(
        "With consequences quality rises and bad sellers lose sales; without them quality falls, by "
        "little, because the case without a guarantee is nearly as slack: there nobody pays either. "
        "What made things worse on Eachnet, buyers who look less closely and sellers who come because "
        "of it, is no choice in the model. Against the guarantee with consequences, problems rise by "
        "about a third."
    ),
)
