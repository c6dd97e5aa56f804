"""What each side shows of its evidence, what the platform sees by itself, and what each side knows.

Where evidence is shared (scenario: evidence.model) every artefact counts once: an original that the
platform has seen, then what the buyer shows, then what the merchant adds. Where it is separate, each side
has one weight of its own, and the platform sees nothing.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_KINDS


@stage
def weight_of_kinds(d: int, kinds: int, world: World) -> float:
    """What the artefacts of these kinds weigh together, towards the buyer."""
    at, found = d * world.artefacts_each, 0.0
    while kinds > 0:
        if kinds & 1:
            found += world.artefacts[at].weight
        kinds >>= 1
        at += 1
    return found


@stage
def kinds_brought(d: int, world: World) -> int:
    """The kinds that the buyer sends with his filing: not what would hurt, if he knows better."""
    case = world.cases[d]
    if world.artefacts_each > 0:
        return long(case.buyer_shows)
    return 0 if case.buyer_withholds and case.buyer_weight < 0.0 else long(case.buyer_kinds)


@stage
def kinds_shown(d: int, world: World) -> int:
    """How many kinds of evidence come with a filing; forged evidence counts like any other."""
    kinds = kinds_brought(d, world)
    count = 1 if world.cases[d].buyer_forges else 0
    while kinds > 0:
        count += kinds % 2
        kinds //= 2
    return count


@stage
def kinds_sent(d: int, row: int, world: World, policy: PolicyRules) -> int:
    """The kinds that the merchant sends with its answer: not what would hurt, if it knows better.

    What the rules ask for it only keeps back if that hurts more than not to cooperate.
    """
    case, rules = world.cases[d], policy.rules[row]
    if world.artefacts_each == 0:
        return 0 if case.merchant_withholds and case.merchant_weight > 0.0 else long(case.merchant_kinds)
    sent, kept = (
        long(case.merchant_shows),
        case.merchant_kinds & ~case.merchant_shows & rules.answer_requested,
    )
    for kind in range(N_KINDS):
        if kept >> kind & 1:
            hurts = world.artefacts[d * world.artefacts_each + kind].weight
            if hurts <= rules.answer_non_cooperation:
                sent |= 1 << kind
    return sent


@stage
def lacks_what_is_asked(d: int, row: int, sent: int, world: World, policy: PolicyRules) -> bool:
    """Whether an answer lacks a kind that the rules ask for and that bears on the claim."""
    return policy.rules[row].answer_requested & world.cases[d].kinds_at_issue & ~sent != 0


@stage
def shown_by_buyer(d: int, world: World) -> float:
    """Weight of what the buyer shows with his filing, a forgery included."""
    case = world.cases[d]
    if world.artefacts_each > 0:
        weight = case.buyer_brings
    else:
        weight = 0.0 if case.buyer_withholds and case.buyer_weight < 0.0 else case.buyer_weight
    if case.buyer_forges:
        weight += world.habits.forgery_shift
    return weight


@stage
def records_expected(d: int, row: int, shown: int, world: World, policy: PolicyRules) -> float:
    """What the platform's own records will add on average to what is shown of them already."""
    left, kind, found = world.cases[d].platform_kinds & ~shown, 0, 0.0
    while left > 0:
        if left & 1:
            sees = policy.kinds[row * N_KINDS + kind].platform_sees
            found += sees * world.artefacts[d * world.artefacts_each + kind].weight
        left >>= 1
        kind += 1
    return found


@stage
def buyer_known(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """Weight of the evidence before the merchant shows its own: the buyer's, and the platform's records."""
    weight = shown_by_buyer(d, world)
    if world.artefacts_each > 0:
        weight += records_expected(d, row, long(world.cases[d].buyer_shows), world, policy)
    return weight


@stage
def known_to_both(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """Weight of all that either side shows, and of the platform's records: what the parties talk about.

    Where evidence is shared every artefact counts once, whoever shows it.
    """
    case = world.cases[d]
    if world.artefacts_each == 0:
        return shown_by_buyer(d, world) + case.merchant_weight
    records = records_expected(d, row, case.buyer_shows | case.merchant_shows, world, policy)
    return shown_by_buyer(d, world) + case.merchant_brings + records


@stage
def merchant_adds(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What the merchant's own evidence adds to the weight of what is known without it."""
    if world.artefacts_each == 0:
        return world.cases[d].merchant_weight
    return known_to_both(d, row, world, policy) - buyer_known(d, row, world, policy)


@stage
def merchant_hides(d: int, row: int, world: World, policy: PolicyRules) -> bool:
    """Whether the merchant's answer would come without evidence, because that speaks for the buyer."""
    case = world.cases[d]
    if world.artefacts_each == 0:
        return case.merchant_withholds and case.merchant_weight > 0.0
    return kinds_sent(d, row, world, policy) == 0


@stage
def look_at_records(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """Note which of its own records the platform sees in this case."""
    mine, seen = state.disputes[d], 0
    for kind in range(N_KINDS):
        if world.cases[d].platform_kinds >> kind & 1:
            luck = world.artefacts[d * world.artefacts_each + kind].seen_luck
            if luck < policy.kinds[mine.row * N_KINDS + kind].platform_sees:
                seen |= 1 << kind
    mine.platform_saw = seen


@stage
def weight_from_buyer(d: int, world: World, state: State) -> float:
    """What the buyer's own evidence adds to the file; an unclear filing is cleared up by a rebuttal."""
    case, mine = world.cases[d], state.disputes[d]
    weight = 0.0
    if mine.buyer_showed:
        weight = shown_by_buyer(d, world)
        if world.artefacts_each > 0:
            weight -= weight_of_kinds(d, case.buyer_shows & mine.platform_saw, world)
            if case.unclear and not mine.supplemented:
                weight *= world.habits.unclear_factor
    if mine.supplemented:
        weight += case.supplement_weight
        if world.artefacts_each > 0:
            new = case.buyer_later & ~mine.platform_saw & ~mine.merchant_sent
            weight += weight_of_kinds(d, new, world)
    return weight


@stage
def weight_from_merchant(d: int, world: World, state: State) -> float:
    """What the merchant's own evidence adds to the file."""
    case, mine = world.cases[d], state.disputes[d]
    weight = 0.0
    if mine.merchant_showed:
        if world.artefacts_each > 0:
            own = case.merchant_shows & ~case.buyer_shows
            asked = mine.merchant_sent & ~case.merchant_shows & ~case.buyer_shows & ~mine.platform_saw
            weight = case.merchant_brings - weight_of_kinds(d, own & mine.platform_saw, world)
            weight += weight_of_kinds(d, asked, world)
        else:
            weight = case.merchant_weight if mine.merchant_sent > 0 else 0.0
        if mine.merchant_forged:
            weight -= world.habits.forgery_shift
    if mine.rebutted:
        weight += case.rebuttal_weight
    return weight
