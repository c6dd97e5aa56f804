"""Bray et al. (2016): a judge who finishes the oldest case first is quicker than one who juggles."""

from __future__ import annotations

import numpy as np

from benchmarks.validity.finding import Figure, PublishedStudy, near, over_worlds
from benchmarks.validity.worlds import court, court_rules, lived
from evenhand import sim
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.sim.runs.records import Columns

HEARINGS, HOURS, LOAD = 3, 1.0, 0.9
DAYS, EARLY = 400, 60
CUT = -0.12
GAP = 20
"""Days between hearings, in the form that was added later: no figure of the court's is known."""


def study(worlds: int) -> PublishedStudy:
    """The same cases heard hearing by hearing, and case by case."""
    figures = (
        _change("mean time from filing to ruling", "−12 %", worlds, LOAD, near(CUT)),
        _change("the same at a load of 80 %", "", worlds, 0.8),
        _change("the same at a load of 95 %", "", worlds, 0.95),
        _order("whole cases, oldest order first instead of first come", worlds),
        _with_gaps(f"the same with {GAP} days between hearings", worlds),
    )
    return PublishedStudy(
        key="docket",
        title="Case-level first in, first out",
        source="Bray, Coviello, Ichino & Persico (2016), Manufacturing & Service Operations Management 18(4)",
        published=(
            "Judges of an Italian labour court who went from hearing-level to case-level first in, first "
            "out cut the mean duration of a case by 12 %."
        ),
        how=(
            "One desk, Poisson filings. Before: every case has three hearings, and after each goes to the "
            "end of the queue (the rounds of mediation, without a settlement). After: the oldest case is "
            "heard to its end."
        ),
        assumed=(
            (
                "three hearings of one hour each for every case; load 90 %; nothing happens between "
                "hearings. None of these is published for the court"
            ),
            "judges keep strictly to either order",
            "it is a court without people, so people who respond to rules (tmall) change nothing here",
        ),
        figures=figures,
        reason=(
            "With hearings of even length the work that is left of a case falls with every hearing, so "
            "that finishing what is begun is best. How much it saves follows from the number of hearings "
            "and the load, which are assumed. A court’s durations also hold the months between hearings, "
            "which no order of hearings shortens, so its percentage is smaller; with twenty days between "
            "hearings nothing is saved. To reorder whole cases that are never interrupted cannot change "
            "the mean: work is conserved."
        ),
        worlds=worlds,
    )


def _change(
    name: str, published: str, worlds: int, load: float, within: tuple[float, float] = (np.nan, np.nan)
) -> Figure:
    scenarios = [_docket(load, HOURS), _docket(load, HOURS * HEARINGS)]
    rules = [_hearings(HEARINGS), _hearings(1)]
    before, after = (
        [_durations(world) for world in lived(scenario, rule, worlds, DAYS)]
        for scenario, rule in zip(scenarios, rules, strict=True)
    )
    changes = [b.mean() / a.mean() - 1 for a, b in zip(before, after, strict=True)]
    return over_worlds(name, published, changes, [len(one) for one in before], "change", within)


def _order(name: str, worlds: int) -> Figure:
    """Whole cases at the decision desk: first come against oldest order, which deliveries scramble."""
    rate = 24 * LOAD / (HOURS * HEARINGS)
    scenario = court(
        {
            "market": {"orders_per_day": rate, "delivery": {"law": "exponential", "mean": 48.0}},
            "desks": {"decision": {"staff": 1, "service": {"law": "constant", "value": HOURS * HEARINGS}}},
        }
    )
    times = []
    for discipline in ("fifo", "oldest_order"):
        rules = court_rules({"decision": {"discipline": discipline}})
        times.append([_durations(world) for world in lived(scenario, rules, worlds, DAYS)])
    changes = [b.mean() / a.mean() - 1 for a, b in zip(*times, strict=True)]
    return over_worlds(name, "", changes, [len(one) for one in times[0]], "change")


def _with_gaps(name: str, worlds: int) -> Figure:
    """Hearings that cannot follow at once: each waits its turn, or cases that have begun are heard first."""
    whole = {"law": "constant", "value": HOURS * HEARINGS}
    scenario = court(
        {
            "market": {"orders_per_day": 24 * LOAD / (HOURS * HEARINGS)},
            "desks": {"decision": {"staff": 1, "service": whole}},
        }
    )
    times = []
    for order in ("hearing", "case"):
        hearings = {"number": HEARINGS, "gap": f"{GAP} d", "order": order}
        rules = court_rules({"decision": {"hearings": hearings}})
        times.append([_durations(world) for world in lived(scenario, rules, worlds, DAYS)])
    changes = [b.mean() / a.mean() - 1 for a, b in zip(*times, strict=True)]
    return over_worlds(name, "", changes, [len(one) for one in times[0]], "change")


def _docket(load: float, hours: float) -> sim.Scenario:
    return court(
        {
            "market": {"orders_per_day": 24 * load / (HOURS * HEARINGS)},
            "desks": {"mediation": {"staff": 1, "service": {"law": "constant", "value": hours}}},
            "behaviour": {"bargaining": {"concession": [0.0]}},
        }
    )


def _hearings(rounds: int) -> sim.Policy:
    """Nobody ever settles: offers are nothing, and no mediator pushes or gives up."""
    return court_rules(
        {
            "windows": {"mediate": f"{DAYS} d"},
            "mediation": {"rounds": rounds, "push": 0.0, "give_up": 1.0},
        }
    )


def _durations(disputes: Columns) -> Floats:
    """Hours from filing to ruling, of cases filed after the desk has filled and in time to see the end."""
    filed, ruled = disputes["filed_at"], disputes["ruled_at"]
    counted = (filed > 24 * EARLY) & (filed < 24 * (DAYS - EARLY)) & ~np.isnan(ruled)
    return np.asarray(ruled[counted] - filed[counted], np.float64)
