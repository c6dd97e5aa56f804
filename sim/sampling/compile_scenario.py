"""Compile a scenario, and the people of a replication, to sampling parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.structs import dtype_of
from evenhand.sim.sampling.inverse_cdf import Distributions
from evenhand.sim.sampling.parameters import (
    BuyerTraits,
    CategoryTraits,
    CauseTraits,
    CrowdRow,
    MerchantTraits,
    Odds,
    Parameters,
    Weights,
)
from evenhand.sim.sampling.population import Population
from evenhand.sim.scenario.market import Category, Grievance, Groundless
from evenhand.sim.scenario.people import BuyerGroup
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.settings import by_path
from evenhand.sim.scenario.vocabulary import (
    CAUSES,
    EVIDENCE_KINDS,
    FAULTS,
    GOODS,
    GROUNDLESS_CAUSES,
    VALID_CAUSES,
)

Floats = NDArray[np.float64]


def parameters_of(scenario: Scenario) -> Parameters:
    """All that drawing a dispute reads of a scenario; distributions and groups are in its order."""
    distributions = Distributions([], [])
    causes, evidence = scenario.causes, scenario.evidence
    grievances = [causes.grievance(name) for name in VALID_CAUSES]
    groundless = [causes.groundless(name) for name in GROUNDLESS_CAUSES]
    traits = [_of_cause(g, distributions) for g in grievances] + [
        _of_cause(g, distributions) for g in groundless
    ]
    faults = [[getattr(g.fault, name) for name in FAULTS] for g in grievances]
    faults += [[float(name == "buyer") for name in FAULTS]] * len(groundless)
    claims = np.array([[g.claimed_as.get(name, 0.0) for name in VALID_CAUSES] for g in groundless])
    columns: dict[str, Any] = {
        "odds": _table(Odds, [by_path(Odds, scenario, distributions.add)]),
        "buyer_groups": _table(
            BuyerTraits, [_of_buyers(group, distributions) for group in scenario.buyers.groups.values()]
        ),
        "merchant_groups": _table(
            MerchantTraits,
            [
                by_path(MerchantTraits, group, distributions.add)
                for group in scenario.merchants.groups.values()
            ],
        ),
        "causes": _table(CauseTraits, traits),
        "fault_ends": np.cumsum(faults, axis=1).reshape(-1),
        "claimed_ends": np.cumsum(claims, axis=1).reshape(-1),
        "goods_ends": np.cumsum([scenario.market.goods.get(kind, 0.0) for kind in GOODS]),
        **_categories(scenario, distributions),
        "firm_ends": _firms(scenario),
        "held_by_buyer": np.array([evidence.held_by_buyer.get(kind, 0.0) for kind in EVIDENCE_KINDS]),
        "held_by_merchant": np.array([evidence.held_by_merchant.get(kind, 0.0) for kind in EVIDENCE_KINDS]),
        "strengths": np.array([g.evidence.get(kind, 0.0) for g in grievances for kind in EVIDENCE_KINDS]),
    }
    blank: dict[str, Any] = {name: () for name in Parameters._fields if name not in columns}
    blank["positions"] = np.empty(0, np.int64)
    return Parameters(
        **{
            **blank,
            **columns,
            "distributions": distributions.table(),
            "steps": np.array(distributions.steps, float),
        }
    )


def of_people(parameters: Parameters, people: Population) -> Parameters:
    """The parameters with its people."""
    crowd = people.crowd
    columns: dict[str, Any] = {
        "ordering": _crowd(people, crowd.activity),
        "tempted": _crowd(people, crowd.activity * crowd.temptation),
        "ordering_each": weights_of(crowd.own_orders),
        "tempted_each": weights_of(crowd.own_claims),
        "members": crowd.members.astype(np.int32),
        "reply_factor": people.reply_factor,
        "cause_ends": np.cumsum(people.cause_rate, axis=1).reshape(-1),
    }
    return parameters._replace(**columns)


def _of_buyers(group: BuyerGroup, distributions: Distributions) -> BuyerTraits:
    waits = distributions.add(group.queue_patience) if group.queue_patience else -1
    return by_path(BuyerTraits, group, distributions.add, queue_patience=waits)


def _of_cause(cause: Grievance | Groundless, distributions: Distributions) -> CauseTraits:
    harms = {name: getattr(cause, name, None) for name in ("severity", "dislike")}
    numbers = {name: distributions.add(harm) if harm else -1 for name, harm in harms.items()}
    lacking = {name: 0.0 for name in CauseTraits._fields if name not in type(cause).model_fields}
    return by_path(CauseTraits, cause, None, **(lacking | numbers))


def _categories(scenario: Scenario, distributions: Distributions) -> dict[str, Any]:
    """Categories of goods, and for each cause where their shares end; a neutral one if there is none."""
    some = list(scenario.market.categories.values()) or [Category(share=1.0)]
    rows = []
    for one in some:
        amount = distributions.add(one.amount or scenario.market.amount)
        kind = GOODS.index(one.goods) if one.goods else -1
        rows.append(by_path(CategoryTraits, one, None, amount=amount, kind=kind))
    weights = [[one.weight(cause) for one in some] for cause in CAUSES]
    ends = np.cumsum(weights, axis=1).reshape(-1)
    return {"categories": _table(CategoryTraits, rows), "category_ends": ends}


def _firms(scenario: Scenario) -> Floats:
    """Where the offers of each claims firm end, by size."""
    some = scenario.behaviour.representatives
    if not some.enabled:
        return np.empty(0)
    return np.asarray(np.cumsum(np.arange(1, some.firms + 1) ** -some.zipf))


def _crowd(people: Population, weight: Floats) -> NDArray[Any]:
    """Groups of buyers whose members weigh so much each."""
    crowd = people.crowd
    ends = np.cumsum(crowd.sizes * weight)
    each = np.where(weight > 0, weight, 1.0)
    columns = ends - crowd.sizes * weight, ends, each, crowd.first, crowd.sizes
    return _table(CrowdRow, list(zip(*(column.tolist() for column in columns), strict=True)))


def weights_of(each: Floats) -> Weights:
    """How a buyer is found among those of these weights; nothing where there are none."""
    ends = np.cumsum(each)
    parts = np.arange(len(each)) / max(len(each), 1)
    guide = np.searchsorted(ends, parts * (ends[-1] if len(ends) else 0.0), "right")
    return Weights(ends, np.minimum(guide, max(len(each) - 1, 0)).astype(np.int32))  # type: ignore[arg-type]


def _table(row: type, rows: list[Any]) -> NDArray[Any]:
    return np.array([tuple(one) for one in rows], dtype_of(row))
