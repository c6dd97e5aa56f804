"""N3: a return that takes more trouble (an online retailer's thresholds for free shipping)."""

from __future__ import annotations

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import DAY, START_UP, Mask, change, made_up, paired, valid
from benchmarks.validity.worlds import word
from evenhand.sim.runs.records import Columns

COUNTED, FOLLOWED = 180, 60
LAST = START_UP + COUNTED


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Goods that go back, and orders, where a return is easy and where it takes trouble."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, LAST + FOLLOWED):
        easy = parts["easy"]
        before, orders = _returned(easy.disputes), easy.merchants["orders"].sum()
        after = _returned(parts["modest"].disputes)
        n = before["made up"]
        found.add("returns of made-up claims", change(after["made up"], n), n)
        found.add("orders", change(parts["modest"].merchants["orders"].sum(), orders), orders)
        for kind in ("remorse", "real"):
            found.add(f"returns, {kind}", change(after[kind], before[kind]), before[kind])
        twice = _returned(parts["twice"].disputes)["made up"]
        found.add("returns of made-up claims, twice the trouble", change(twice, n), n)
    return found


def _returned(disputes: Columns) -> dict[str, float]:
    at = disputes["order_at"]
    back: Mask = word(disputes, "remedy", "return") & (at >= DAY * START_UP) & (at < DAY * LAST)
    kinds = {
        "made up": made_up(disputes),
        "remorse": word(disputes, "cause", "remorse"),
        "real": valid(disputes),
    }
    return {name: float((back & mine).sum()) for name, mine in kinds.items()}


def _trouble(money: float) -> RuleSet:
    return RuleSet(rules={"returns": {"freight": "buyer", "freight_cost": money}})


EXPERIMENT = NaturalExperiment(
    key="N3",
    title="a return that takes more trouble",
    sources=(
        Source("R2", "Hemmati, Elmaghraby, Kabra & Jain, SSRN 3794442 (2021), abstract", "working paper"),
    ),
    published=(
        "Where a threshold for free shipping meets easy returns, small orders are padded and 2.9 to 18.5 % "
        "of the padding comes back; with modest hassle such returns vanish, and padding stays within 3 "
        "points."
    ),
    standing="foretold",
    set_by="",
    sets={"easy": RuleSet(), "modest": _trouble(12.0), "twice": _trouble(24.0)},
    counted=(
        "The policy tmall with returns at the merchant's cost, against the same where a return costs the "
        f"buyer CNY 12 in trouble: orders of {COUNTED} days after a start-up of {START_UP}, followed for "
        f"{FOLLOWED} more. Spurious returns: goods that go back on claims that are made up."
    ),
    assumed=(
        (
            "trouble is put as money, a tenth of the median order, and stands where the freight does: the "
            "merchant is spared the freight, which trouble would not do"
        ),
        "opportunists stand for those who pad an order to send the padding back",
    ),
    lacking=(
        "a setting of the policy for trouble that is not money",
        "padding of orders, and demand that responds to how easily goods go back",
    ),
    quantities=(
        Quantity("returns of made-up claims", "vanish", "change", (-1.0, -0.80), -1),
        Quantity("orders", "padding within 3 points", "change", (-0.10, 0.10)),
        Quantity("returns, remorse", "", "change"),
        Quantity("returns, real", "", "change"),
        Quantity("returns of made-up claims, twice the trouble", "", "change"),
    ),
    measure=measure,
    reason=(
        "Trouble of a tenth of the median price is about one slope of the response, and half of the "
        "made-up claims are made at no gain at all (a floor and a middle near 0), so they fall by a sixth, "
        "and by three tenths at twice the trouble, instead of vanishing. Those who pad an order lose their "
        "whole gain by a little trouble; opportunists here keep the goods in most cases, and few returns "
        "are theirs. That demand stays is built in: orders do not respond to returns."
    ),
)
