"""SimPy engine: the lifecycle on plain Python rows, with traces and decision rules in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evenhand.sim.engine.simpy_loop import move_all
from evenhand.sim.jit.structs import LazyRows, from_rows, to_rows
from evenhand.sim.lifecycle.case_file import open_file
from evenhand.sim.lifecycle.codes import RULE
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.lifecycle.dispatch import advance
from evenhand.sim.lifecycle.forgery_checks import is_checked
from evenhand.sim.lifecycle.state import (
    BuyerState,
    DeskState,
    FirmState,
    Hearsay,
    MarketState,
    MerchantState,
    Progress,
    State,
)
from evenhand.sim.lifecycle.transitions import keep_up
from evenhand.sim.policy.compile import Condition, KindRules, PolicyRules, Rules, Span
from evenhand.sim.sampling.business_hours import service_takes
from evenhand.sim.sampling.world_rows import ROWS, Buyer, ClaimRow, Day, Life, Manner, Merchant, World

_WORLD = ROWS | {
    "buyers": Buyer,
    "merchants": Merchant,
    "lives": Life,
    "days": Day,
    "claim_kinds": ClaimRow,
    "manners": Manner,
}
_WORLD_PLAIN = (
    "arbiter_level",
    "arbiter_pattern",
    "model_shared",
    "model_spread",
    "market_time",
    "concession",
    "logistic",
    "decay",
    "first_seat",
)
_STATE = {
    "disputes": Progress,
    "buyers": BuyerState,
    "merchants": MerchantState,
    "market": MarketState,
    "desks": DeskState,
    "hearsay": Hearsay,
    "firms": FirmState,
}
_POLICY_PLAIN = ("prior",)


def as_python(tuple_: Any, rows: dict[str, type], plain: tuple[str, ...] = ()) -> Any:
    """A copy of a world, policy or state whose arrays are lists of Python rows and numbers."""
    changed: dict[str, Any] = {
        name: to_rows(getattr(tuple_, name), row) for name, row in rows.items() if name != "votes"
    }
    changed |= {name: getattr(tuple_, name).tolist() for name in plain}
    if "votes" in rows:
        changed["votes"] = LazyRows(tuple_.votes, rows["votes"])
    return tuple_._replace(**changed)


def run_simpy(
    world: World,
    policy: PolicyRules,
    state: State,
    horizon: float,
    decide: Callable[[CaseFile], float] | None = None,
    trace: Callable[[float, int, int], None] | None = None,
) -> None:
    """Move all disputes of a world through the lifecycle under SimPy, into the arrays of `state`."""
    drawn: World = as_python(world, _WORLD, _WORLD_PLAIN)
    rules: PolicyRules = as_python(
        policy, {"rules": Rules, "windows": Span, "conditions": Condition, "kinds": KindRules}, _POLICY_PLAIN
    )
    now_state: State = as_python(state, _STATE)

    def step(at: int, d: int, now: float) -> tuple[int, float, int, float]:
        if decide is not None and at == RULE:
            keep_up(d, now, drawn, rules, now_state)
            checked = is_checked(d, drawn, rules, now_state)
            share = float(decide(open_file(d, drawn, rules, now_state, checked)))
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"a decision rule gives a share from 0 to 1, found {share}")
            now_state.disputes[d].instructed = share
        return advance(at, d, now, drawn, rules, now_state)

    def takes(desk: int, now: float, hours: float) -> float:
        return service_takes(desk, now, hours, drawn)

    def stays(d: int, now: float) -> float:
        return now_state.disputes[d].leaves_at - now

    arrivals = [case.order_at for case in drawn.cases]
    shifts: Any = world.shifts
    move_all(arrivals, horizon, step, takes, now_state.desks, trace, stays, shifts.tolist())
    for name in _STATE:
        from_rows(getattr(now_state, name), getattr(state, name))
