"""Signs 3, 4 and 12: care follows who pays and what is at stake, and the worst shops stand worst."""

from __future__ import annotations

from typing import Any

import numpy as np

from evenhand.sim.runs.records import Run
from tests.support import respond, small
from tests.support.runs import compiled
from tests.support.signs.effect import Effect, Floats

LONG = {"replications": 8, "days": 240, "seed": 11, "events": False}
FLOOR = 0.9
"""Problems that no care avoids, in the worlds that look at it."""


def problems(run: Run) -> Floats:
    """Problem rate of each replication at the end, orders counted."""
    merchants = run.merchants
    weight = np.bincount(merchants["replication"], merchants["orders"] * merchants["problem"])
    return np.asarray(weight / np.bincount(merchants["replication"], merchants["orders"]))


def who_pays() -> list[Effect]:
    """Problems where the platform pays beside where merchants do."""
    market = respond.scenario(respond.CARE)
    pays = compiled(market, small.policy(), **LONG)
    spared = compiled(market, small.policy({"funding": {"payer": "platform"}}), **LONG)
    rates = problems(spared) / problems(pays)
    return [Effect.over("problem rate: platform pays over merchant pays", rates, "ratio", above=1.0)]


def points() -> list[Effect]:
    """Problems under a hundred times the points, and the fewest that any shop has under a floor."""
    mild, strict = (
        small.policy({"sanctions": {"points_loss": points, "points_limit": None}}) for points in (1, 100)
    )
    usual, careful = (compiled(respond.scenario(respond.CARE), rules, **LONG) for rules in (mild, strict))
    floor = {"behaviour": {"care": {"floor": FLOOR}}}
    floored = compiled(respond.scenario(respond.CARE, floor), strict, **LONG)
    return [
        Effect.over(
            "problem rate: 100 points a loss over 1", problems(careful) / problems(usual), "ratio", below=1.0
        ),
        Effect.over("fewest problems of a shop, 1 = as declared", _fewest(careful), "number", below=FLOOR),
        Effect(
            f"fewest in any of the worlds, with a floor of {FLOOR:g}",
            *[float(_fewest(floored).min())] * 3,
            floored.replications,
            "number",
            above=FLOOR - 1e-9,
            below=FLOOR + 0.01,
        ),
    ]


def _fewest(run: Run) -> Floats:
    shops = run.merchants
    worlds = range(run.replications)
    return np.array([shops["problem"][shops["replication"] == k].min() for k in worlds])


def standing() -> list[Effect]:
    """How much worse a shop stands for a log unit more of true problems, its size held fixed."""
    run = compiled(respond.scenario(respond.STANDING), small.policy(), replications=8, days=240, seed=11)
    shops: Any = run.merchants
    slopes = []
    for k in range(run.replications):
        mine = shops["replication"] == k
        columns = np.log(shops["declared_problems"][mine]), np.log(shops["orders"][mine] + 1.0)
        x = np.column_stack([np.ones(mine.sum()), *columns])
        slopes.append(np.linalg.lstsq(x, shops["standing"][mine], rcond=None)[0][1])
    return [Effect.over("standing for a log unit of true problems", np.array(slopes), "number", above=0.0)]
