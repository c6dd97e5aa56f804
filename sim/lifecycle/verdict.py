"""The count of a panel's votes, and what happens without a verdict."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.case_file import open_file
from evenhand.sim.lifecycle.codes import BY_PANEL, NO_VERDICT, PANEL_RULED
from evenhand.sim.lifecycle.decision import hand_to_desk, remember
from evenhand.sim.lifecycle.decision_rule import Award, weigh
from evenhand.sim.lifecycle.review import announce
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, level_of, log_event, log_event_by, stage
from evenhand.sim.policy.compile import FOR_BUYER, TO_DESK, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def votes_counted(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """A side with more than the needed share of the votes cast has won; else the fallback decides."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    mine.votes_buyer, mine.votes_merchant = mine.coming_for_buyer, mine.coming_for_merchant
    cast = mine.votes_buyer + mine.votes_merchant
    mine.votes += cast
    mine.juror_pay += rules.panel_fee * cast
    needed = rules.panel_majority * cast
    for_buyer, for_merchant = mine.votes_buyer > needed, mine.votes_merchant > needed
    if cast < rules.panel_quorum or not (for_buyer or for_merchant):
        log_event(d, now, NO_VERDICT, state)
        if rules.panel_fallback == TO_DESK:
            return hand_to_desk(d, now, world, policy, state)
        for_buyer = rules.panel_fallback == FOR_BUYER
    else:
        wrong = mine.votes_merchant if for_buyer else mine.votes_buyer
        mine.stakes_lost += rules.panel_stake * rules.panel_slashed * (wrong + mine.absent)
    mine.decider = BY_PANEL
    shared = world.levels[level_of(d, world, state)].shared
    terms = weigh(open_file(d, world, policy, state, False), mine.row, policy)
    remember(d, terms, shared, policy, state)
    log_event_by(d, now, PANEL_RULED, long(mine.votes_buyer), state)
    whole = case.shown if rules.remedy_proportional else 1.0
    verdict = Award(True, whole) if for_buyer else Award(False, 0.0)
    return announce(d, now, verdict, world, policy, state)
