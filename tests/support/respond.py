"""The small market with merchants who respond: care, standing, contests, turnover, categories of goods."""

from __future__ import annotations

from functools import reduce
from typing import Any

from evenhand.sim.scenario.scenario import Scenario
from tests.support import patch, small, talking

REST = {"flagship": {"cost": 5990.0, "marks": 14.6}, "small": {"cost": 5820.0, "marks": 15.3}}
"""About what disputes cost these groups under the small policy; see `benchmarks.rest_point`."""
CARE: dict[str, Any] = {
    "merchants": {"groups": {name: {"rest": rest} for name, rest in REST.items()}},
    "behaviour": {"care": {"enabled": True, "memory": "40 d", "response": "40 d"}},
}
STANDING: dict[str, Any] = {
    "merchants": {"groups": {name: {"rest": rest} for name, rest in REST.items()}},
    "behaviour": {"standing": {"enabled": True, "memory": "40 d"}},
}
CONTEST: dict[str, Any] = {"behaviour": {"contest": {"enabled": True}}}
TURNOVER: dict[str, Any] = {
    "merchants": {"groups": {"flagship": {"exit_per_month": 0.1}, "small": {"exit_per_month": 0.2}}},
    "behaviour": {"turnover": {"enabled": True, "newcomer_after": "10 d", "young_time": "20 d"}},
}
CATEGORIES: dict[str, Any] = {
    "market": {
        "categories": {
            "clothes": {"share": 3, "salvage": 0.6, "condition": 0.5, "causes": {"remorse": 2}},
            "cameras": {"share": 1, "amount": {"median": 500, "sigma": 0.5}, "goods": "durable"},
        }
    }
}
ALL = (CARE, STANDING, CONTEST, TURNOVER, CATEGORIES)
CLAIMS: dict[str, Any] = {"behaviour": {"claims": {"enabled": True}}}


def everything(*more: dict[str, Any]) -> Scenario:
    """The small scenario with all that its people can do: talks and claims too; with further changes."""
    return patch.scenario(reduce(patch.lay_over, (talking.CHANGES, *ALL, CLAIMS, *more)))


def scenario(*parts: dict[str, Any]) -> Scenario:
    """The small scenario with these parts, by default all."""
    whole: dict[str, Any] = {}
    for part in parts or ALL:
        whole = patch.lay_over(whole, part)
    return small.scenario(whole)
