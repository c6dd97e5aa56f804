"""N11: what an outcome does to later buying (late rides, eBay disputants, recovery studies)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import (
    DAY,
    START_UP,
    Mask,
    change,
    ended,
    got_something,
    paired,
    valid,
    world_of,
)
from benchmarks.validity.worlds import laid_over, word
from evenhand.sim.runs.records import Columns
from evenhand.sim.scenario.claim_supply import occasions

COUNTED, LATER, FOLLOWED = 270, 90, 30
LAST = START_UP + COUNTED
DAYS = LAST + LATER + FOLLOWED
ALWAYS = {"behaviour": {"claims": {"valid": {"low": 0.8, "high": 0.8}}}}
"""Whoever has a real grievance complains with one chance, so that grievances count what he buys."""


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """Later purchases of the same buyers, where disappointment moves them and where it does not."""
    found = Measured()
    for parts in paired(as_present(experiment), worlds, DAYS):
        moved, unmoved = parts["moved"].disputes, parts["unmoved"].disputes
        over = ended(moved) & (moved["closed_at"] >= DAY * START_UP) & (moved["closed_at"] < DAY * LAST)
        over &= valid(moved)
        nothing = over & ~got_something(moved)
        usually = change(*(float(_in_time(d).sum()) for d in (moved, unmoved)))
        settled = over & got_something(moved) & word(moved, "ending", "settled")
        for name, who in (("after nothing", nothing), ("after a settlement", settled)):
            after, usual = (_later(d, moved, who) for d in (moved, unmoved))
            relative = (1.0 + change(after, usual)) / (1.0 + usually) - 1.0
            found.add(f"later buying {name}", relative, usual)
    return found


def as_present(experiment: NaturalExperiment) -> dict[str, RuleSet]:
    """The rule sets, where buyers whom nothing drives away leave by themselves as often as the others.

    Candidates for claims are scaled to the buyers who are there: with as many there, both have the same ones.
    """
    moved, unmoved = (world_of(experiment.sets[name]) for name in ("moved", "unmoved"))
    wanted = occasions(moved)[0, 0]

    def short(leaves: float) -> float:
        return float(occasions(laid_over(unmoved, _leaving(leaves)))[0, 0] - wanted)

    own = moved.behaviour.claims.leaves
    leaves = float(brentq(short, own, 20 * own, xtol=1e-12, rtol=1e-14))
    still = experiment.sets["unmoved"]
    claims = {**still.world["behaviour"]["claims"], "leaves": leaves}
    world = {**still.world, "behaviour": {**still.world["behaviour"], "claims": claims}}
    return {**experiment.sets, "unmoved": replace(still, world=world)}


def _leaving(leaves: float) -> dict[str, Any]:
    return {"behaviour": {"claims": {"leaves": leaves}}}


def _in_time(disputes: Columns) -> Mask:
    """Real grievances about all orders from the first counted day to the last later one."""
    at = disputes["order_at"]
    return valid(disputes) & (at >= DAY * START_UP) & (at < DAY * (LAST + LATER))


def _later(disputes: Columns, asked: Columns, who: Mask) -> int:
    """Real grievances about orders that buyers made in some time after these disputes of theirs ended."""
    mine = valid(disputes)
    order = np.lexsort((disputes["order_at"][mine], disputes["buyer"][mine]))
    key = _key(disputes["buyer"][mine][order], disputes["order_at"][mine][order])
    begins = asked["closed_at"][who]
    low, high = (np.searchsorted(key, _key(asked["buyer"][who], begins + add)) for add in (0.0, DAY * LATER))
    return int((high - low).sum())


def _key(buyers: NDArray[np.int32], hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Buyer and time as one number that sorts by buyer first."""
    return np.asarray(buyers.astype(np.float64) * (DAY * (DAYS + LATER) + 1.0) + hours)


EXPERIMENT = NaturalExperiment(
    key="N11",
    title="what an outcome does to later buying",
    sources=(
        Source("P4", "Rule, on eBay and PayPal cohorts, 2012 and 2014", "first-party"),
        Source("P5", "Halperin, Ho, List & Muir, Economic Journal 132, 2022, abstract", "peer-reviewed"),
        Source(
            "P6",
            "de Matos, Henrique & Rossi, Journal of Service Research 10(1) 2007, abstract",
            "peer-reviewed",
        ),
        Source("V7", "TARP, by fastcompany.com 663494 (2003)", "secondary"),
    ),
    published=(
        "A bad experience without a remedy lowers later spending by 5 to 10 %; buyers whose dispute was "
        "settled bought about 9 % more than those who had none, part of it selection; failing itself "
        "brings no gain."
    ),
    standing="foretold",
    set_by="",
    sets={
        "moved": RuleSet(world=ALWAYS),
        "unmoved": RuleSet(
            world={"behaviour": {"claims": {**ALWAYS["behaviour"]["claims"], "leaves_hurt": 0.0}}}
        ),
    },
    counted=(
        "The policy tmall, against the same worlds in which being let down drives nobody away: real "
        f"grievances about orders of the {LATER} days after a dispute, by the same buyers, whose disputes "
        f"ended in {COUNTED} days after a start-up of {START_UP}. Everybody with a grievance complains "
        "with one chance, so that grievances count purchases, and all buyers’ grievances in the two are "
        "taken as even."
    ),
    assumed=(
        "the buyer himself in the world where nothing drives him away is his own match in activity",
        (
            "where nothing drives a buyer away he leaves by himself so much oftener that as many are there: "
            "otherwise claims would come at other times"
        ),
        "what moves trust without driving a buyer away is the same in both",
    ),
    lacking=(
        "orders by buyer on record, so that purchases are counted by what goes wrong with them",
        "buying that grows with trust: a settlement can keep a customer, not make one",
    ),
    quantities=(
        Quantity("later buying after nothing", "−5 to −10 %", "change", (-0.15, -0.03), -1),
        Quantity("later buying after a settlement", "about +9 %", "change", (0.0, 0.10)),
    ),
    measure=measure,
    reason=(
        "A refused or empty claim keeps a share of buyers away for some months, but fewer than "
        "published: the whole interval lies outside the band. After a settlement a little more is "
        "bought, as the band allows, though trust that is won makes nobody buy more: it is who settles "
        "(a guess). In a first run the control had claims at other times (it changed how many buyers "
        "are there), which showed as −43 % after either ending; the control was mended, no band and no "
        "parameter was."
    ),
)
