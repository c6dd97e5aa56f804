"""Claims firms: which claims they take, what they pay for a filing, and what they keep.

A firm that reads a case goes by the rules and the evidence, and by nothing that the buyer does not have.
Unread, it goes by what its claims have got so far. It takes a claim where its part of the expected refund
is worth more than its work and its fee; what it files, and what it drops, is in `firm_choices`.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import period_at, stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.evidence import faded
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
    return share_of_firm(d, share, world) - files * filing_costs(d, now, share, world, policy, state)


@stage
def share_of_firm(d: int, share: float, world: World) -> float:
    """What a firm keeps of a refund of this share of the amount."""
    return world.habits.representatives_contingency * share * world.cases[d].amount


@stage
def filing_costs(d: int, now: float, share: float, world: World, policy: PolicyRules, state: State) -> float:
    """Work and fee of one more filing that is granted so much."""
    row = long(state.disputes[d].row)
    fee = firm_fee(long(world.cases[d].firm), now, row, policy, state)
    if policy.rules[row].screening_loser_pays:
        fee *= 1.0 - share
    else:
        fee -= share * firm_credit(fee, row, policy)
    return world.habits.representatives_cost + fee


@stage
def experience(firm: int, now: float, world: World, state: State) -> float:
    """The share of the amount that the claims of a firm got lately."""
    habits, agent = world.habits, state.firms[firm]
    left = 1.0 if habits.open_loop else faded(world, (now - agent.at) / habits.claims_hearsay_memory)
    first = habits.claims_hearsay_weight
    granted = agent.granted * left + first * habits.representatives_chance
    return granted / (agent.claims * left + first)


@stage
def learn(firm: int, share: float, now: float, world: World, state: State) -> None:
    """One more claim of a firm has got so much, or would by the rules, as it has read."""
    if world.habits.open_loop:
        return
    agent = state.firms[firm]
    left = faded(world, (now - agent.at) / world.habits.claims_hearsay_memory)
    agent.claims = agent.claims * left + 1.0
    agent.granted = agent.granted * left + share
    agent.at = now


@stage
def cost_if_read(d: int, now: float, share: float, world: World, policy: PolicyRules, state: State) -> float:
    """What reading first, and filing only what will win, costs on average, if this share of claims does."""
    return world.habits.representatives_reading + share * filing_costs(d, now, 1.0, world, policy, state)


@stage
def reads_first(d: int, now: float, share: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether to sort out first what would lose is cheaper than to file all, if so many win.

    That is, whether reading costs less than (1 - share) x (work + fee): the filings that it spares.
    """
    unread = filing_costs(d, now, share, world, policy, state)
    return cost_if_read(d, now, share, world, policy, state) < unread


@stage
def firm_hopes(
    d: int, now: float, share: float, files: float, world: World, policy: PolicyRules, state: State
) -> float:
    """What a firm expects of a claim that it has not read, by what its claims get; in money."""
    cost = filing_costs(d, now, share, world, policy, state)
    if reads_first(d, now, share, world, policy, state):
        cost = cost_if_read(d, now, share, world, policy, state)
    return share_of_firm(d, share, world) - files * cost


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
    """The fee is due with the filing, and a firm's work; its fee is what it was when it made up its mind."""
    mine = state.disputes[d]
    if not mine.represented:
        charge_filing(d, policy.rules[mine.row].filing_fee, state)
        return
    if mine.firm_due != mine.firm_due:  # filed without asking the firm, by the rules
        mine.unread = world.habits.representatives_reading > 0.0
        commit_firm(d, now, world, policy, state)
    mine.firm_work += world.habits.representatives_cost
    charge_filing(d, mine.firm_due, state)


@stage
def filing_credit(d: int, policy: PolicyRules, state: State) -> float:
    """What of the fee for filing its payer has back who wins."""
    mine = state.disputes[d]
    row = long(mine.row)
    return firm_credit(mine.firm_fees, row, policy) if mine.represented else policy.rules[row].filing_credit


@stage
def keep_commission(d: int, now: float, world: World, state: State) -> None:
    """The firm keeps its part of a refund, and learns what a claim has got that it did not read."""
    mine = state.disputes[d]
    if mine.represented:
        mine.commission = world.habits.representatives_contingency * mine.refund
        if mine.unread:
            learn(long(world.cases[d].firm), mine.share, now, world, state)
