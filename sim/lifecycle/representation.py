"""Claims firms: which claims they take and file, what they pay for it, and what they keep.

A firm goes by the rules and the evidence, and by nothing that the buyer does not have: it takes a claim,
and files it, where its part of the expected refund is worth more than its work and its fee.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import period_at, stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def firm_fee(firm: int, now: float, row: int, policy: PolicyRules, state: State) -> float:
    """What a firm pays for one more filing: nothing up to its allowance of the period."""
    rules = policy.rules[row]
    if not rules.represented_enabled:
        return rules.filing_fee
    made = 0
    if state.firms[firm].period == period_at(now, rules.represented_period):
        made = long(state.firms[firm].filings)
    return rules.represented_fee if made >= rules.represented_free else 0.0


@stage
def firm_credit(fee: float, row: int, policy: PolicyRules) -> float:
    """What of a fee a firm has back that wins."""
    rules = policy.rules[row]
    credit = rules.represented_credit if rules.represented_enabled else rules.filing_credit
    return credit if credit < fee else fee


@stage
def firm_earns(
    d: int, now: float, share: float, files: float, world: World, policy: PolicyRules, state: State
) -> float:
    """What a firm expects of a claim that is granted so much, and is filed with a chance; in money."""
    case, habits, row = world.cases[d], world.habits, long(state.disputes[d].row)
    fee = firm_fee(long(case.firm), now, row, policy, state)
    if policy.rules[row].screening_loser_pays:
        fee *= 1.0 - share
    else:
        fee -= share * firm_credit(fee, row, policy)
    return habits.representatives_contingency * share * case.amount - files * (
        habits.representatives_cost + fee
    )


@stage
def trouble(d: int, world: World, state: State) -> float:
    """What filing costs the buyer in trouble; a firm takes most of it off him."""
    effort = world.cases[d].effort
    return effort * world.habits.representatives_effort if state.disputes[d].represented else effort


@stage
def own_fee(d: int, fee: float, state: State) -> float:
    """What of the fee for filing is the buyer's."""
    return 0.0 if state.disputes[d].represented else fee


@stage
def charge_filing(d: int, amount: float, state: State) -> None:
    """Charge whoever files, or with a negative amount give back."""
    mine = state.disputes[d]
    if mine.represented:
        mine.firm_fees += amount
    else:
        mine.buyer_fees += amount


@stage
def commit_firm(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The firm will file: what it then owes is settled, and the filing counts against its allowance."""
    mine, row, firm = state.disputes[d], long(state.disputes[d].row), long(world.cases[d].firm)
    mine.firm_due = firm_fee(firm, now, row, policy, state)
    agent, period = state.firms[firm], period_at(now, policy.rules[row].represented_period)
    if agent.period != period:
        agent.period = period
        agent.filings = 0
    agent.filings += 1


@stage
def pay_filing_fee(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The fee is due with the filing; a firm's is what it was when it made up its mind."""
    mine = state.disputes[d]
    if not mine.represented:
        charge_filing(d, policy.rules[mine.row].filing_fee, state)
        return
    if mine.firm_due != mine.firm_due:  # filed without asking the firm, by the rules
        commit_firm(d, now, world, policy, state)
    charge_filing(d, mine.firm_due, state)


@stage
def filing_credit(d: int, policy: PolicyRules, state: State) -> float:
    """What of the fee for filing its payer has back who wins."""
    mine = state.disputes[d]
    row = long(mine.row)
    return firm_credit(mine.firm_fees, row, policy) if mine.represented else policy.rules[row].filing_credit


@stage
def keep_commission(d: int, world: World, state: State) -> None:
    """The firm keeps its part of a refund."""
    mine = state.disputes[d]
    if mine.represented:
        mine.commission = world.habits.representatives_contingency * mine.refund
