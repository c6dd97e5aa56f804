"""What a claims firm does with a case that it has taken: files it read or unread, and drops what is hopeless.

With `behaviour.representatives.reading` above 0 a firm files on the off chance as long as filings are cheap:
what would lose is sorted out only where that costs less than the filings that it spares. What was filed
unread is looked at when the merchant has answered.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import weight_from_merchant
from evenhand.sim.lifecycle.bargaining import buyer_opinion, expected
from evenhand.sim.lifecycle.claiming import by_the_rules
from evenhand.sim.lifecycle.representation import (
    commit_firm,
    experience,
    firm_credit,
    firm_earns,
    firm_hopes,
    learn,
    reads_first,
)
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import chance_of, stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def firm_files(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the firm of a buyer files for him; if so, it is committed to it, and its fee is settled."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    if habits.representatives_reading > 0.0:
        so_far = experience(long(case.firm), now, world, state)
        if firm_hopes(d, now, so_far, 1.0, world, policy, state) <= 0.0:
            return False
        if not reads_first(d, now, so_far, world, policy, state):
            mine.unread = True
            commit_firm(d, now, world, policy, state)
            return True
        mine.firm_work += habits.representatives_reading
    known = by_the_rules(d, long(mine.row), world, policy)
    if habits.representatives_reading > 0.0:
        learn(long(case.firm), known, now, world, state)
    if firm_earns(d, now, known, 1.0, world, policy, state) <= 0.0:
        return False
    commit_firm(d, now, world, policy, state)
    return True


@stage
def firm_drops(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the firm gives up a case that it filed unread, now that the merchant has answered.

    It goes on where its part of what can now be expected, with the fee that comes back, is worth the reading.
    """
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    if not (mine.represented and mine.unread):
        return False
    row = long(mine.row)
    opinion = buyer_opinion(d, row, world, policy) + weight_from_merchant(d, world, state)
    win = chance_of(world, opinion, policy.rules[row].decision_standard)
    part = habits.representatives_contingency * expected(d, row, win, world, policy) * case.amount
    if part + win * firm_credit(mine.firm_fees, row, policy) <= habits.representatives_reading:
        return True
    mine.firm_work += habits.representatives_reading
    return False
