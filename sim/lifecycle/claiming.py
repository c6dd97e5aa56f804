"""Whether to claim: what it brings in expectation, net of trouble, fees, and what exclusion would cost.

With `behaviour.claims` a grievance, or an occasion, becomes a claim with a chance that rises with its net
gain. The chance to be granted comes from the rules as far as the buyer knows them, else from what is told
in his group; both give way to what he has met with himself.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import kinds_shown
from evenhand.sim.lifecycle.bargaining import buyer_opinion, expected, filing_cost
from evenhand.sim.lifecycle.presence import grow_trust, maybe_leave
from evenhand.sim.lifecycle.representation import experience, firm_earns, firm_hopes
from evenhand.sim.lifecycle.rule_variants import has
from evenhand.sim.lifecycle.sales import is_counted
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, chance_of, stage, stop
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.evidence import chance, faded
from evenhand.sim.sampling.world_rows import ClaimRow, World
from evenhand.sim.scenario.vocabulary import N_VALID, REPAIR, REPLACEMENT

KINDS = 4
"""Valid, remorse, opportunistic, malicious."""


@stage
def kind_of(cause: int) -> int:
    """The kind of a claim by its true cause."""
    return 0 if cause < N_VALID else cause - N_VALID + 1


@stage
def by_the_rules(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """The share of the amount that the platform would give, to one who takes the rules into account."""
    case = world.cases[d]
    rules = policy.rules[row]
    if not rules.screening_heard or kinds_shown(d, world) < rules.minimum_evidence:
        return 0.0
    opinion = buyer_opinion(d, row, world, policy)
    win = chance_of(world, opinion, rules.decision_standard)
    ex_parte = rules.automatic_enabled and rules.automatic_ex_parte
    small = case.amount <= rules.automatic_max_amount and has(rules.automatic_causes, case.claimed)
    if ex_parte and small and opinion - rules.decision_standard >= rules.automatic_margin:
        win = 1.0  # decided on the buyer's word, before anybody else is asked
    return expected(d, row, win, world, policy)


@stage
def told(group: int, kind: int, now: float, world: World, state: State) -> float:
    """What claims of a kind got lately, as it is told in a group of buyers."""
    habits, hearsay = world.habits, state.hearsay[group * KINDS + kind]
    left = 1.0 if habits.open_loop else faded(world, (now - hearsay.at) / habits.claims_hearsay_memory)
    first = habits.claims_hearsay_weight
    granted = hearsay.granted * left + first * world.claim_kinds[kind].chance
    return granted / (hearsay.claims * left + first)


@stage
def after_experience(d: int, kind: int, share: float, now: float, world: World, state: State) -> float:
    """What a buyer expects who was told so much, and has claims of his own to go by."""
    customer, habits = state.buyers[world.cases[d].buyer], world.habits
    left = faded(world, (now - customer.claimed_at) / habits.claims_own_memory)
    made = customer.own_claims if kind == 0 else customer.made_up
    granted = customer.own_granted if kind == 0 else customer.made_up_granted
    return (habits.claims_own_weight * share + granted * left) / (habits.claims_own_weight + made * left)


@stage
def is_barred(d: int, row: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the buyer's record bars him from the platform."""
    limit = policy.rules[row].abuse_limit
    return limit > 0 and state.buyers[world.cases[d].buyer].recent_strikes >= limit


@stage
def expected_share(
    d: int, now: float, row: int, known: float, world: World, policy: PolicyRules, state: State
) -> float:
    """The share of the amount that the buyer expects to be granted, whom the rules would give `known`.

    Rises with it.
    """
    case = world.cases[d]
    kind, buyer = kind_of(long(case.cause)), world.buyers[case.buyer]
    hearsay = told(long(buyer.group), kind, now, world, state)
    share = buyer.knowledge * known + (1.0 - buyer.knowledge) * hearsay
    share = after_experience(d, kind, share, now, world, state)
    if is_barred(d, row, world, policy, state):
        share *= world.claim_kinds[kind].gated
    return share


@stage
def worth(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What being granted the whole is worth to the buyer, as a share of the amount.

    All of it where he keeps the goods; what they are worth less to him where they must go back.
    """
    case = world.cases[d]
    rules, kind = policy.rules[row], world.claim_kinds[kind_of(long(case.cause))]
    value = 1.0
    if rules.returns_required and case.in_hand and not has(rules.returns_exempt, case.claimed):
        value = case.loss + kind.spare
        if value > 1.0:
            value = 1.0
        if not rules.returns_freight_merchant:
            value -= rules.returns_freight_cost / case.amount
    return value + kind.bonus


@stage
def exclusion(
    d: int, now: float, row: int, share: float, world: World, policy: PolicyRules, state: State
) -> float:
    """What the risk of exclusion costs, as a share of the amount: who never claims loses nothing by it."""
    customer, habits = state.buyers[world.cases[d].buyer], world.habits
    limit = policy.rules[row].abuse_limit
    if limit <= 0:
        return 0.0
    nearer = (customer.recent_strikes + 1.0) / limit
    if nearer > 1.0:
        nearer = 1.0
    made = customer.made_up * faded(world, (now - customer.claimed_at) / habits.claims_own_memory)
    return (1.0 - share) * nearer * habits.claims_sanction * made / (made + habits.claims_sanction_half)


@stage
def hear_firm(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The buyer is represented if a firm takes the claim and he gains more by it than by himself.

    He then goes by what the firm, which knows the rules, expects; a firm that has not read the case can only
    say what its claims get, and he goes by that where it is more than he thinks himself.
    """
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    row, kind = long(mine.row), world.claim_kinds[kind_of(long(case.cause))]
    unread, files = habits.representatives_reading > 0.0, habits.claims_escalated
    barred = kind.gated if mine.gated else 1.0
    if unread:
        share = barred * experience(long(case.firm), now, world, state)
        earns = firm_hopes(d, now, share, files, world, policy, state)
    else:
        share = barred * by_the_rules(d, row, world, policy)
        earns = firm_earns(d, now, share, files, world, policy, state)
    if earns <= 0.0:
        return
    if unread and share < mine.expected_chance:
        share = mine.expected_chance
    gain = share * worth(d, row, world, policy) * (1.0 - habits.representatives_contingency)
    gain -= kind.effort * habits.representatives_effort * case.effort / case.amount
    gain -= exclusion(d, now, row, share, world, policy, state)
    if gain > mine.net_gain:
        mine.represented = True
        mine.expected_chance = share
        mine.net_gain = gain


@stage
def gain_before_risk(d: int, row: int, share: float, world: World, policy: PolicyRules) -> float:
    """What a claim that is granted so much brings net of trouble and fees, as a share of the amount."""
    case = world.cases[d]
    effort = world.claim_kinds[kind_of(long(case.cause))].effort * case.effort
    cost = effort + world.habits.claims_escalated * filing_cost(policy.rules[row], share)
    return share * worth(d, row, world, policy) - cost / case.amount


@stage
def response(kind: ClaimRow, gain: float, world: World) -> float:
    """The share of those with an occasion who claim at this gain."""
    return kind.low + (kind.high - kind.low) * chance(world, (gain - kind.middle) / kind.slope)


@stage
def surely_quiet(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the buyer keeps quiet whatever the evidence is, which then need not be looked at.

    The most that the rules can give bounds his gain from above, as long as being granted more is worth
    more; `is_claimed` would say no as well. The slack is far above the rounding of either.
    """
    case, row = world.cases[d], long(state.disputes[d].row)
    if case.firm >= 0 or worth(d, row, world, policy) < 0.0:
        return False
    most = 1.0 if policy.rules[row].screening_heard else 0.0
    share = expected_share(d, now, row, most, world, policy, state)
    kind = world.claim_kinds[kind_of(long(case.cause))]
    highest = response(kind, gain_before_risk(d, row, share, world, policy), world)
    return case.claim_luck * kind.high >= highest + 1e-9


@stage
def is_claimed(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the buyer complains at all; what he expects is noted.

    The candidate was drawn at the highest response; its own uniform decides whether this one is enough. Not
    asked of one who is surely quiet.
    """
    case, mine = world.cases[d], state.disputes[d]
    row, kind = long(mine.row), world.claim_kinds[kind_of(long(case.cause))]
    share = expected_share(d, now, row, by_the_rules(d, row, world, policy), world, policy, state)
    gain = gain_before_risk(d, row, share, world, policy)
    gain -= exclusion(d, now, row, share, world, policy, state)
    mine.gated = is_barred(d, row, world, policy, state)
    mine.expected_chance = share
    mine.net_gain = gain
    if case.firm >= 0:
        hear_firm(d, now, world, policy, state)
    return case.claim_luck * kind.high < response(kind, mine.net_gain, world)


@stage
def keep_quiet(d: int, now: float, world: World, state: State) -> Transition:
    """Nobody hears of it; a real grievance costs trust, and maybe the customer (Hirschman 1970)."""
    case, habits = world.cases[d], world.habits
    state.disputes[d].exists = False
    if case.cause < N_VALID:
        if is_counted(case.order_at, world):
            seller = state.merchants[case.merchant]
            seller.silent += 1
            seller.silent_loss += case.loss * case.amount
        if not habits.open_loop:
            customer = state.buyers[case.buyer]
            grow_trust(long(case.buyer), now, world, state)
            customer.trust -= habits.claims_silence_costs * case.loss * customer.trust
            maybe_leave(d, now, case.loss, world, state)
    return stop()


@stage
def granted(d: int, world: World, state: State) -> float:
    """The share that a buyer goes by and tells of: whole goods for a real harm are all that he hoped for.

    Another piece of what was never wrong is worth nothing to him (`worth_to_owner`).
    """
    mine = state.disputes[d]
    if mine.remedy in (REPLACEMENT, REPAIR) and world.cases[d].valid:
        return 1.0
    return mine.share


@stage
def spread_word(d: int, now: float, world: World, state: State) -> None:
    """What a claim got becomes part of what is told, and of what its buyer has met with."""
    case, share, habits = world.cases[d], granted(d, world, state), world.habits
    customer, kind = state.buyers[case.buyer], kind_of(long(case.cause))
    hearsay = state.hearsay[long(world.buyers[case.buyer].group) * KINDS + kind]
    left = faded(world, (now - hearsay.at) / habits.claims_hearsay_memory)
    hearsay.claims = hearsay.claims * left + 1.0
    hearsay.granted = hearsay.granted * left + share
    hearsay.at = now
    left = faded(world, (now - customer.claimed_at) / habits.claims_own_memory)
    customer.claimed_at = now
    customer.own_claims *= left
    customer.own_granted *= left
    customer.made_up *= left
    customer.made_up_granted *= left
    if kind == 0:
        customer.own_claims += 1.0
        customer.own_granted += share
    else:
        customer.made_up += 1.0
        customer.made_up_granted += share
    if kind == 0 and share <= 0.0:
        maybe_leave(d, now, 1.0, world, state)
